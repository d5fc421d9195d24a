"""Finds the repositories below a folder without following a link out of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from inventory.collector import SkipRecord
from inventory.repository.foreign import (
    Foreign,
    Refused,
    is_git_dir,
    locate,
    points_back,
    refuse_borrowed_objects,
)
from inventory.repository.text import path_text

MOST_DEPTH = 40
"""Folders within folders; the working trees of honest projects are a dozen deep, and a hidden one may be deeper."""
MOST_FOLDERS = 500_000


def discover(root: Path, alive: Callable[[], None]) -> Iterator[Path | SkipRecord]:
    """Yield each repository's folder, and a skip for each that is refused; nested ones too, worktrees once.

    What has its git folder by itself comes first, so that no `.git` file or link can take it over (G21).
    """
    return _Discovery(root, alive).places()


class _Discovery:
    def __init__(self, root: Path, alive: Callable[[], None]) -> None:
        self._root = root
        self._alive = alive
        self._taken: set[Path] = set()
        """Git folders that were found, read or refused."""
        self._linked: list[tuple[Path, Foreign]] = []

    def places(self) -> Iterator[Path | SkipRecord]:
        yield from self._walk()
        # A submodule's own folder before any other that points at the same.
        for folder, foreign in sorted(self._linked, key=lambda each: not points_back(each[1], each[0])):
            self._alive()
            yield from self._guarded(folder, foreign)

    def _walk(self) -> Iterator[Path | SkipRecord]:
        folders: list[tuple[Path, int]] = [(self._root, 0)]
        looked = 0
        while folders:
            folder, depth = folders.pop()
            looked += 1
            if looked % 500 == 0:
                self._alive()
            if looked > MOST_FOLDERS:
                yield SkipRecord("too many folders", f"folders beyond the first {MOST_FOLDERS}", len(folders))
                return
            try:
                yield from self._repository(folder)
                if is_git_dir(folder) and not os.path.lexists(folder / ".git"):
                    continue
                below = _below(folder)
            except OSError as error:
                yield SkipRecord("unreadable", f"{self._name(folder)}: {error.strerror}")
                continue
            if depth >= MOST_DEPTH:
                if below:
                    yield SkipRecord("too deep", f"folders below {self._name(folder)}", len(below))
                continue
            folders.extend((path, depth + 1) for path in reversed(below))

    def _repository(self, folder: Path) -> Iterator[Path | SkipRecord]:
        try:
            foreign = locate(folder, self._root)
        except Refused as refused:
            yield self._refused(folder, refused)
            return
        if foreign is None:
            return
        if foreign.linked and not _is_beside(foreign.git_dir, folder):
            self._linked.append((folder, foreign))
        else:
            yield from self._take(folder, foreign)

    def _guarded(self, folder: Path, foreign: Foreign) -> Iterator[Path | SkipRecord]:
        try:
            yield from self._take(folder, foreign)
        except OSError as error:
            yield SkipRecord("unreadable", f"{self._name(folder)}: {error.strerror}")

    def _take(self, folder: Path, foreign: Foreign) -> Iterator[Path | SkipRecord]:
        if foreign.git_dir in self._taken:
            if foreign.worktree_of is not None:
                yield SkipRecord("worktree", f"{self._name(folder)}: read with its repository", partial=False)
            else:
                # Only a link can come too late for the repository that it names: somebody may want to be taken for it.
                what = f"{self._name(folder)}: points at a repository that is read by itself"
                yield SkipRecord("same repository", what, partial=foreign.linked)
            return
        self._taken.add(foreign.git_dir)
        try:
            refuse_borrowed_objects(foreign.git_dir)
        except Refused as refused:
            yield self._refused(folder, refused)
            return
        yield folder

    def _refused(self, folder: Path, refused: Refused) -> SkipRecord:
        return SkipRecord(refused.reason, f"{self._name(folder)}: {path_text(os.fsencode(str(refused)))}")

    def _name(self, folder: Path) -> str:
        return path_text(os.fsencode(os.path.relpath(folder, self._root)))


def _is_beside(git_dir: Path, folder: Path) -> bool:
    """Say whether a git folder is kept as `.bare` or the like, hidden in the folder that it belongs to."""
    return git_dir.parent == folder and git_dir.name.startswith(".")


def _below(folder: Path) -> list[Path]:
    """Return the real folders in a folder, sorted; links are not followed."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.name != ".git" and entry.is_dir(follow_symlinks=False))
    return [folder / name for name in names]
