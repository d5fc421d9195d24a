"""A repository that somebody else made, read as plain files: where it lies, what it borrows, what it points at.

Git is never started in it. Everything here may lie; it only decides what is refused and what is cloned.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_OID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_PACK = re.compile(r"pack-[0-9a-f]+\.pack")
_SMALL = 1 << 16
_PACKED_REFS_LIMIT = 256 << 20
_LOOSE_REFS_LIMIT = 500_000


class Refused(Exception):
    """A repository that is not read; `reason` is a word for counting, the message says what to do."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Foreign:
    """A repository on disk: its git folder, and whether people work in it (then origin's branch counts)."""

    git_dir: Path
    working: bool
    worktree_of: Path | None = None
    """Set when this is a further worktree of another repository, which holds everything."""


_ALTERNATES = 1 << 20
"""Bytes of a list of borrowed object folders that are checked; a longer one is refused."""


def read_small(path: Path, limit: int = _SMALL) -> bytes | None:
    """Return a regular file's content, or nothing when there is none; a link, pipe or device is not opened."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Refused("unreadable", f"{path} cannot be opened as a plain file ({error.strerror}).") from error
    with os.fdopen(descriptor, "rb") as handle:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refused("unreadable", f"{path} is not a plain file.")
        return handle.read(limit)


def is_git_dir(path: Path) -> bool:
    """Say whether a folder looks like a bare repository or the inside of a `.git`."""
    return (path / "objects").is_dir() and os.path.lexists(path / "HEAD") and os.path.lexists(path / "refs")


def locate(path: Path, root: Path) -> Foreign | None:
    """Find the repository that a folder is, following `.git` files and worktrees as far as `root` (G21).

    Raises:
        Refused: it is damaged, or lies outside the root.
    """
    dot_git = path / ".git"
    if not os.path.lexists(dot_git):
        return Foreign(_inside(path, root), working=False) if is_git_dir(path) else None
    if dot_git.is_dir():
        target = _inside(dot_git, root)
    else:
        said = read_small(_inside(dot_git, root)) or b""
        if not said.startswith(b"gitdir: "):
            raise Refused(
                "not a repository", f"{dot_git} does not name a git folder. Remove it or repair the repository."
            )
        target = _inside(path / os.fsdecode(said[8:].rstrip(b"\r\n")), root)
    common = read_small(target / "commondir")
    if common is not None:
        shared = _inside(target / os.fsdecode(common.rstrip(b"\r\n")), root)
        if not is_git_dir(shared):
            raise Refused("not a repository", f"{path} is a worktree of {shared}, which is not a repository.")
        return Foreign(shared, working=True, worktree_of=shared)
    if not is_git_dir(target):
        raise Refused(
            "not a repository", f"{path} has a .git that is not a repository (HEAD, objects or refs is missing)."
        )
    return Foreign(target, working=True)


def _inside(path: Path, root: Path) -> Path:
    """Resolve every link and demand that the end lies under the root."""
    try:
        resolved = path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise Refused("not a repository", f"{path} leads nowhere. Repair the link or remove it.") from error
    if not resolved.is_relative_to(root.resolve()):
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
    if (git_dir / "reftable").exists():
        raise Refused("unknown format", f"{git_dir} stores its references as a reftable, which is not read yet.")
    for name in ("objects", "refs", "objects/pack", "objects/info", "packed-refs", "HEAD", "shallow"):
        _refuse_link(git_dir / name, git_dir)
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
    objects = git_dir / "objects"
    with os.scandir(objects) as folders:
        for folder in folders:
            if folder.is_symlink():
                _refuse_link(Path(folder.path), git_dir)
            elif folder.is_dir(follow_symlinks=False):
                with os.scandir(folder.path) as files:
                    for file in files:
                        if file.is_symlink():
                            _refuse_link(Path(file.path), git_dir)


def _refuse_link(path: Path, git_dir: Path) -> None:
    if not path.is_symlink():
        return
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        target = None
    # HEAD as a link to a reference is how git once wrote it.
    if target is None or not target.is_relative_to(git_dir.resolve()):
        raise Refused(
            "borrowed objects", f"{path} is a link that leaves the repository. Replace it by what it points at."
        )


@dataclass(frozen=True)
class Heads:
    """What a foreign repository's reference files say, by our own parser."""

    working: bool
    refs: dict[bytes, bytes]
    """Full name → object id in hex."""
    head: bytes
    """What HEAD says: a reference's full name, an object id, or nothing."""
    origin_head: bytes
    """The reference that the origin's HEAD names in a working clone, or nothing."""
    shallow: bytes

    @property
    def detached(self) -> bool:
        """Whether HEAD is a commit by itself."""
        return bool(_OID.fullmatch(self.head))

    def digest(self, git_dir: Path) -> str:
        """Return a digest that changes when references, HEAD, the shallow list, packs or loose objects change."""
        said = hashlib.sha256()
        for name, oid in sorted(self.refs.items()):
            said.update(name + b"\0" + oid + b"\0")
        said.update(self.head + b"\0" + self.origin_head + b"\0" + self.shallow + b"\0")
        for pack in packs(git_dir):
            said.update(os.fsencode(pack.name) + str(pack.stat(follow_symlinks=False).st_size).encode())
        with os.scandir(git_dir / "objects") as folders:
            fans = sorted(
                (each.name, each.stat(follow_symlinks=False).st_mtime_ns) for each in folders if len(each.name) == 2
            )
        said.update(repr(fans).encode())
        return said.hexdigest()


def packs(git_dir: Path) -> list[Path]:
    """Return the pack files, in order of name."""
    folder = git_dir / "objects/pack"
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _PACK.fullmatch(path.name) and not path.is_symlink())


def read_heads(git_dir: Path, *, working: bool) -> Heads:
    """Read references, HEAD and the shallow list of a repository on disk."""
    packed = read_small(git_dir / "packed-refs", _PACKED_REFS_LIMIT) or b""
    refs = dict(_packed(packed))
    refs.update(_loose(git_dir))
    return Heads(
        working=working,
        refs=refs,
        head=_pointer(git_dir / "HEAD"),
        origin_head=_pointer(git_dir / "refs/remotes/origin/HEAD") if working else b"",
        shallow=read_small(git_dir / "shallow", 1 << 24) or b"",
    )


def _packed(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    for line in content.split(b"\n"):
        oid, _, name = line.partition(b" ")
        if name.startswith(b"refs/") and _OID.fullmatch(oid):
            yield name.rstrip(b"\r"), oid


def _loose(git_dir: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield references that lie in files of their own, without recursion and never through a link."""
    left = _LOOSE_REFS_LIMIT
    folders = [git_dir / "refs"]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                left -= 1
                if left < 0:
                    raise Refused(
                        "too many references", f"{git_dir} has too many loose references. Run `git pack-refs --all`."
                    )
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    said = (read_small(Path(entry.path), 1024) or b"").strip()
                    if _OID.fullmatch(said):
                        yield os.fsencode(os.path.relpath(entry.path, git_dir)), said


def _pointer(path: Path) -> bytes:
    """Return what a HEAD file names."""
    if path.is_symlink():
        target = os.fsencode(os.readlink(path))
        return target if target.startswith(b"refs/") else b""
    said = (read_small(path, 4096) or b"").strip()
    if said.startswith(b"ref:"):
        name = said[4:].strip()
        return name if name.startswith(b"refs/") else b""
    return said if _OID.fullmatch(said) else b""
