"""Finds the repositories below a folder without following a link out of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from inventory.collector import SkipRecord
from inventory.repository.foreign import Refused, is_git_dir, locate, refuse_borrowed_objects
from inventory.repository.text import path_text

MOST_DEPTH = 10
MOST_FOLDERS = 500_000


def discover(root: Path, alive: Callable[[], None]) -> Iterator[Path | SkipRecord]:
    """Yield each repository's folder, and a skip for each that is refused; nested ones too, worktrees once."""
    folders: list[tuple[Path, int]] = [(root, 0)]
    seen: set[Path] = set()
    looked = 0
    while folders:
        folder, depth = folders.pop()
        looked += 1
        if looked % 500 == 0:
            alive()
        if looked > MOST_FOLDERS:
            yield SkipRecord("too many folders", f"folders beyond the first {MOST_FOLDERS}", len(folders))
            return
        try:
            yield from _repository(folder, root, seen)
            if is_git_dir(folder) and not os.path.lexists(folder / ".git"):
                continue
            below = _below(folder)
        except OSError as error:
            yield SkipRecord("unreadable", f"{_name(folder, root)}: {error.strerror}")
            continue
        if depth >= MOST_DEPTH:
            if below:
                yield SkipRecord("too deep", f"folders below {_name(folder, root)}", len(below), partial=False)
            continue
        folders.extend((path, depth + 1) for path in reversed(below))


def _repository(folder: Path, root: Path, seen: set[Path]) -> Iterator[Path | SkipRecord]:
    try:
        foreign = locate(folder, root)
        if foreign is None:
            return
        if foreign.worktree_of is not None:
            yield SkipRecord("worktree", f"{_name(folder, root)}: read with its repository", partial=False)
            return
        if foreign.git_dir in seen:
            yield SkipRecord("same repository", f"{_name(folder, root)}: read already", partial=False)
            return
        refuse_borrowed_objects(foreign.git_dir)
    except Refused as refused:
        yield SkipRecord(refused.reason, f"{_name(folder, root)}: {path_text(os.fsencode(str(refused)))}")
        return
    seen.add(foreign.git_dir)
    yield folder


def _below(folder: Path) -> list[Path]:
    """Return the real folders in a folder, sorted; links are not followed."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.name != ".git" and entry.is_dir(follow_symlinks=False))
    return [folder / name for name in names]


def _name(folder: Path, root: Path) -> str:
    return path_text(os.fsencode(os.path.relpath(folder, root)))
