"""Holds a foreign git folder while git copies it, and notices what was put in its place meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inventory.repository.foreign import Foreign, Refused, refuse_borrowed_objects

_FOLDERS = ("", "objects", "objects/pack")
_TIMED = ("objects/info", "objects/info/alternates")
"""Where a list of borrowed objects comes and goes, or is written over: the time of that is nobody's to set."""


class Changed(Refused):
    """The folder is not what was checked; what was copied from it may be anybody's and is thrown away."""

    def __init__(self, git_dir: Path) -> None:
        super().__init__(
            "changed while it was read",
            f"{git_dir} was changed while it was copied, so the copy was thrown away. Collect again; "
            "if it comes again, look at who writes to that folder.",
        )


class Held:
    """A checked git folder: git is led to the folder itself, wherever its name leads by then."""

    def __init__(self, foreign: Foreign, descriptor: int) -> None:
        self._foreign = foreign
        self._before = _identity(foreign.git_dir)
        # The name of an open folder, which no renaming turns elsewhere; git is our child and sees it there.
        pinned = Path(f"/proc/{os.getpid()}/fd/{descriptor}")
        self.path = pinned if pinned.exists() else foreign.git_dir
        opened = os.fstat(descriptor)
        same = (opened.st_dev, opened.st_ino)
        if same != self._before[0][:2] or (foreign.identity and tuple(foreign.identity) != same):
            raise Changed(foreign.git_dir)

    def named(self, message: str) -> str:
        """Say the folder's own name where git says the one that it was led by."""
        return message.replace(str(self.path), str(self._foreign.git_dir))

    def verify(self) -> None:
        """Check the folder once more, after it was copied.

        Raises:
            Changed: another folder stands in its place, or objects were borrowed meanwhile.
            Refused: it would not be read as it is now.
        """
        refuse_borrowed_objects(self._foreign.git_dir)
        if _identity(self._foreign.git_dir) != self._before:
            raise Changed(self._foreign.git_dir)


@contextmanager
def held(foreign: Foreign) -> Iterator[Held]:
    """Open and check a git folder for as long as it is copied.

    Raises:
        Refused: it is not what it was when it was found, or would not be read as it is now.
    """
    git_dir = foreign.git_dir
    try:
        descriptor = os.open(git_dir, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise Changed(git_dir) from error
    try:
        holding = Held(foreign, descriptor)
        refuse_borrowed_objects(git_dir)
        yield holding
    finally:
        os.close(descriptor)


def _identity(git_dir: Path) -> tuple[tuple[int, ...], ...]:
    """Tell apart the folders from which git takes objects, and what was done to the list of borrowed ones.

    Raises:
        Changed: a part is gone, or the folder lies behind a link now.
    """
    said: list[tuple[int, ...]] = []
    for part in (*_FOLDERS, *_TIMED):
        try:
            found = os.lstat(git_dir / part)
        except FileNotFoundError:
            said.append(())
            continue
        changed = found.st_ctime_ns if part in _TIMED else 0
        said.append((found.st_dev, found.st_ino, changed))
    if not said[0] or git_dir.resolve() != git_dir:
        raise Changed(git_dir)
    return tuple(said)
