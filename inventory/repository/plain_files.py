"""Files of a repository that somebody else made: only plain ones are opened, by us and by git (G15).

A pipe where git expects a file makes it wait for ever, a device never ends, and a link leads elsewhere.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

_SMALL = 1 << 16
_CONFIGURATION = 1 << 20
"""Bytes of a configuration that are checked; a longer one is refused."""
MOST_FILES = 5_000_000
"""Files of a repository that are looked at before it is refused."""
_TOP = ("HEAD", "config", "config.worktree", "packed-refs", "shallow", "commondir")
_INCLUDE = re.compile(rb"\[\s*include", re.IGNORECASE)
_Allow = Callable[[Path], bool]


class Refused(Exception):
    """A repository that is not read; `reason` is a word for counting, the message says what to do."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


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


def refuse_irregular(git_dir: Path) -> None:
    """Refuse a repository in which git would open anything but plain files, or follow its configuration elsewhere.

    Only names are looked at, so that a hundred thousand loose objects cost a tenth of a second.

    Raises:
        Refused: with what to do.
    """
    for name in _TOP:
        _refuse_unless_plain(git_dir / name, git_dir)
    for name, allowed in (("objects", _no_link), ("refs", _plain_reference(git_dir)), ("info", _unread_link)):
        for path in _irregular(git_dir / name, allowed):
            raise _irregular_file(path)
    for name in ("config", "config.worktree"):
        _refuse_includes(git_dir / name)


def _refuse_unless_plain(path: Path, git_dir: Path) -> None:
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return
    if stat.S_ISREG(mode):
        return
    # HEAD as a link to a reference is how git once wrote it; the references are looked at by themselves.
    if path == git_dir / "HEAD" and stat.S_ISLNK(mode) and _names_reference(os.readlink(path)):
        return
    raise _irregular_file(path)


def _names_reference(target: str) -> bool:
    return target.startswith("refs/") and ".." not in target.split("/")


def _irregular(top: Path, allowed: _Allow) -> Iterator[Path]:
    """Yield what is neither folder nor plain file below a folder, which must be a real one itself."""
    try:
        if not stat.S_ISDIR(os.lstat(top).st_mode):
            yield top
            return
    except FileNotFoundError:
        return
    left = MOST_FILES
    folders = [os.fspath(top)]
    while folders:
        try:
            entries = os.scandir(folders.pop())
        except FileNotFoundError:
            continue  # Tidied up by git in this moment.
        with entries:
            for entry in entries:
                left -= 1
                if left < 0:
                    raise Refused("too many files", f"{top} holds too many files. Run `git gc` there.")
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif not entry.is_file(follow_symlinks=False) and not allowed(Path(entry.path)):
                    yield Path(entry.path)


def _no_link(path: Path) -> bool:
    return False


def _plain_reference(git_dir: Path) -> _Allow:
    references = git_dir / "refs"

    def allowed(path: Path) -> bool:
        """Say whether it is a link to a plain reference; one to a folder could lead round in circles."""
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            return False
        return path.is_symlink() and target.is_relative_to(references.resolve()) and target.is_file()

    return allowed


def _unread_link(path: Path) -> bool:
    """Say whether it is a link that git does not follow when it is cloned from: many people link their `exclude`."""
    return path.is_symlink() and path.name not in ("attributes", "grafts")


def _irregular_file(path: Path) -> Refused:
    if path.is_symlink():
        return Refused("borrowed objects", f"{path} is a link. Replace it by what it points at, then collect again.")
    return Refused("not a plain file", f"{path} is not a plain file or folder as git writes it. Remove it.")


def _refuse_includes(path: Path) -> None:
    """Refuse a configuration that sends git to another file, which may be a pipe or anybody's."""
    content = read_small(path, _CONFIGURATION + 1) or b""
    if len(content) > _CONFIGURATION:
        raise Refused("included configuration", f"{path} is too long to check. Shorten it.")
    for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        # A section may follow others on a line; a comment or a value starts otherwise.
        if line.lstrip().startswith(b"[") and _INCLUDE.search(line):
            raise Refused(
                "included configuration",
                f"{path} includes another file. Write its settings there instead, then collect again.",
            )
