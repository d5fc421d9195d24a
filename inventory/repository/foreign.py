"""A repository that somebody else made, read as plain files: where it lies, whose it is, what it borrows.

Git is never started in it. Everything here may lie; it only decides what is refused and what is cloned.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from inventory.repository.plain_files import Refused, read_small, refuse_irregular

__all__ = [
    "Foreign",
    "Refused",
    "is_git_dir",
    "locate",
    "points_back",
    "read_small",
    "refuse_borrowed_objects",
]

_ALTERNATES = 1 << 20
"""Bytes of a list of borrowed object folders that are checked; a longer one is refused."""


@dataclass(frozen=True)
class Foreign:
    """A repository on disk: its git folder, and whether people work in it (then origin's branch counts)."""

    git_dir: Path
    working: bool
    worktree_of: Path | None = None
    """Set when this is a further worktree of another repository, which holds everything."""
    linked: bool = False
    """Reached by a `.git` file or link; whoever holds the git folder by itself comes first."""
    identity: tuple[int, ...] = ()
    """Device and inode of the git folder when it was looked at, so that another put in its place is noticed."""

    @classmethod
    def at(cls, git_dir: Path, *, working: bool, linked: bool = False, worktree: bool = False) -> Foreign:
        """Describe a git folder as it is now."""
        found = os.lstat(git_dir)
        return cls(git_dir, working, git_dir if worktree else None, linked, (found.st_dev, found.st_ino))


def is_git_dir(path: Path) -> bool:
    """Say whether a folder looks like a bare repository or the inside of a `.git`."""
    return (path / "objects").is_dir() and os.path.lexists(path / "HEAD") and os.path.lexists(path / "refs")


def locate(path: Path, root: Path) -> Foreign | None:
    """Find the repository that a folder is (G21); `root` has no links in it.

    A `.git` file or link is followed only to what is the folder's own: below it, a submodule's folder in the
    repository around it, or a worktree's folder that points back here.

    Raises:
        Refused: it is damaged, lies outside the root, or is another folder's repository.
    """
    here = _inside(path, root)
    if here != Path(os.path.abspath(path)):
        raise Refused("another repository", f"{path} leads through a link to {here}, which is collected by itself.")
    dot_git = here / ".git"
    try:
        mode = os.lstat(dot_git).st_mode
    except FileNotFoundError:
        return _by_itself(here, here, root, working=False) if is_git_dir(here) else None
    if stat.S_ISDIR(mode):
        return _by_itself(dot_git, here, root, working=True)
    target = _target(here, root)
    common = _common(target, root)
    if common is not None:
        if not is_git_dir(common) or os.path.lexists(common / "commondir"):
            raise Refused("not a repository", f"{path} is a worktree of {common}, which is not a repository.")
        if not _is_worktree(target, common, here):
            raise Refused(
                "another repository",
                f"{path} says it is a worktree of {common}, which does not know it. "
                "Run `git worktree repair` there, or remove the folder.",
            )
        return Foreign.at(common, working=True, linked=True, worktree=True)
    _demand_git_dir(target, here)
    if not target.is_relative_to(here) and not _is_submodule(target, here, root):
        raise Refused(
            "another repository",
            f"{path} has a .git that points at {target}, outside of it. That repository is collected by itself; "
            "remove the link, or clone into this folder.",
        )
    return Foreign.at(target, working=True, linked=True)


def _by_itself(git_dir: Path, here: Path, root: Path, *, working: bool) -> Foreign:
    """Describe a git folder that is no link; one that says it is a worktree would hide what it holds."""
    common = _common(git_dir, root)
    if common is not None:
        raise Refused(
            "another repository",
            f"{here} takes its objects from {common} (commondir), which only a worktree may. Remove that file.",
        )
    _demand_git_dir(git_dir, here)
    return Foreign.at(git_dir, working=working)


def _demand_git_dir(git_dir: Path, here: Path) -> None:
    if not is_git_dir(git_dir):
        raise Refused(
            "not a repository", f"{here} has a .git that is not a repository (HEAD, objects or refs is missing)."
        )


def _target(here: Path, root: Path) -> Path:
    """Follow a `.git` file or link to a folder under the root."""
    dot_git = _inside(here / ".git", root)
    if dot_git.is_dir():
        return dot_git
    said = read_small(dot_git) or b""
    if not said.startswith(b"gitdir: "):
        raise Refused(
            "not a repository",
            f"{here / '.git'} does not name a git folder. Remove it or repair the repository.",
        )
    return _inside(here / os.fsdecode(said[8:].rstrip(b"\r\n")), root)


def _common(git_dir: Path, root: Path) -> Path | None:
    """Return the repository that a git folder shares, if it says so."""
    said = read_small(git_dir / "commondir")
    return None if said is None else _inside(git_dir / os.fsdecode(said.rstrip(b"\r\n")), root)


def _is_worktree(admin: Path, common: Path, here: Path) -> bool:
    """Say whether a worktree's folder lies where git puts it and names the folder that says it is that worktree."""
    said = read_small(admin / "gitdir") or b""
    back = admin / os.fsdecode(said.rstrip(b"\r\n").replace(b"\0", b""))
    return admin.parent == common / "worktrees" and back.name == ".git" and back.parent.resolve() == here


def _is_submodule(target: Path, here: Path, root: Path) -> bool:
    """Say whether a git folder lies among the modules of a repository around this folder."""
    for above in here.parents:
        if not above.is_relative_to(root):
            return False
        own = _own_git_dir(above, root)
        if own is not None and target.is_relative_to(own / "modules"):
            return True
    return False


def _own_git_dir(here: Path, root: Path) -> Path | None:
    """Return the git folder that is a folder's own, or its part of one where it is a worktree."""
    try:
        if stat.S_ISDIR(os.lstat(here / ".git").st_mode):
            return here / ".git"
        target = _target(here, root)
        common = _common(target, root)
    except (Refused, FileNotFoundError):
        return None
    if common is not None:
        return target if _is_worktree(target, common, here) else None
    return target if target.is_relative_to(here) else None


def points_back(foreign: Foreign, here: Path) -> bool:
    """Say whether a submodule's configuration names this folder as the one it is checked out in."""
    try:
        lines = [line for name in ("config.worktree", "config") for line in _lines(foreign.git_dir / name)]
    except Refused:
        return False
    for key, _, value in (line.partition(b"=") for line in lines):
        if key.strip().lower() == b"worktree":
            return (foreign.git_dir / os.fsdecode(value.strip().replace(b"\0", b""))).resolve() == here
    return False


def _lines(path: Path) -> list[bytes]:
    return (read_small(path) or b"").splitlines()


def _inside(path: Path, root: Path) -> Path:
    """Resolve every link and demand that the end lies under the root."""
    try:
        resolved = path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise Refused("not a repository", f"{path} leads nowhere. Repair the link or remove it.") from error
    # Not resolved: a root that was replaced by a link since it was named must lead nowhere.
    if not resolved.is_relative_to(root):
        raise Refused(
            "outside the folder",
            f"{path} points at {resolved}, outside the folder of this source. Add that folder as a source of its own.",
        )
    return resolved


def refuse_borrowed_objects(git_dir: Path) -> None:
    """Refuse a repository that takes objects or references from elsewhere (G20) or stores them as we cannot read.

    Raises:
        Refused: with what to do.
    """
    if os.path.lexists(git_dir / "reftable"):
        raise Refused("unknown format", f"{git_dir} stores its references as a reftable, which is not read yet.")
    refuse_irregular(git_dir)
    alternates = read_small(git_dir / "objects/info/alternates", _ALTERNATES + 1)
    if alternates is not None and len(alternates) > _ALTERNATES:
        # What lies beyond would be read by git and not by us.
        raise Refused("borrowed objects", f"{git_dir} has an objects/info/alternates that is too long to check.")
    for line in (alternates or b"").splitlines():
        if line.strip() and not line.startswith(b"#"):
            raise Refused(
                "borrowed objects",
                f"{git_dir} borrows objects of another repository (objects/info/alternates). "
                "Run `git repack -a -d` there and delete that file, then collect again.",
            )
