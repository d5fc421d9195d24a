"""Scans the plain files of a folder, for whoever runs `scan` on a working copy: no database, no git.

The folder may hold anything: only regular files are opened, links are never followed, nothing waits.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inventory.detection.engine import Finding
from inventory.detection.hyperscan_engine import HyperscanEngine

LARGEST_FILE = 1 << 30
"""Files above this size are skipped and counted."""
WHOLE_FILE = 20 << 20
"""Files up to this size are scanned in one piece, larger ones through windows."""
DEEPEST_FOLDER = 200

_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_OPEN_FOLDER = _OPEN | os.O_DIRECTORY


class WorktreeScan:
    """One scan of a folder or a file: what it found, how much it read, and what it skipped and why."""

    def __init__(self, engine: HyperscanEngine, root: Path) -> None:
        self._engine = engine
        self._root = root
        self.skipped: Counter[str] = Counter()
        """Reason → number of files or folders."""
        self.files = 0
        self.bytes = 0

    def findings(self) -> Iterator[dict[str, Any]]:
        """Yield one object for each finding: path below the root, lines, rule and confidence, never the value.

        Raises:
            OSError: the root itself cannot be read.
        """
        about = os.stat(self._root)
        if stat.S_ISREG(about.st_mode):
            descriptor = os.open(self._root, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            yield from self._file(descriptor, self._root.name)
        elif stat.S_ISDIR(about.st_mode):
            yield from self._tree(os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC), about.st_dev)
        else:
            raise OSError(f"{shown(os.fsencode(self._root))} is neither a file nor a folder")

    def _tree(self, root: int, device: int) -> Iterator[dict[str, Any]]:
        """Walk the tree without recursion, each folder opened below its parent so that no link can lead astray."""
        open_folders = [(root, b"", sorted(os.listdir(root), reverse=True))]
        try:
            while open_folders:
                folder, path, names = open_folders[-1]
                if not names:
                    os.close(folder)
                    open_folders.pop()
                    continue
                name = os.fsencode(names.pop())
                below = path + name
                descriptor = self._open(folder, name, device)
                if descriptor is None:
                    continue
                if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
                    yield from self._file(descriptor, shown(below))
                elif len(open_folders) >= DEEPEST_FOLDER:
                    os.close(descriptor)
                    self.skipped["folder nested too deeply"] += 1
                else:
                    open_folders.append((descriptor, below + b"/", sorted(os.listdir(descriptor), reverse=True)))
        finally:
            for folder, _path, _names in open_folders:
                os.close(folder)

    def _open(self, folder: int, name: bytes, device: int) -> int | None:
        """Open a file or folder, or count why it is not read."""
        try:
            about = os.lstat(name, dir_fd=folder)
            if stat.S_ISDIR(about.st_mode):
                if name == b".git":
                    return None
                reason = "" if about.st_dev == device else "on another file system"
                flags = _OPEN_FOLDER
            else:
                reason = self._reason(about)
                flags = _OPEN
            if reason:
                self.skipped[reason] += 1
                return None
            descriptor = os.open(name, flags, dir_fd=folder)
        except OSError as error:
            self.skipped[f"cannot be read ({error.strerror})"] += 1
            return None
        opened = os.fstat(descriptor)
        if (opened.st_dev, opened.st_ino) != (about.st_dev, about.st_ino):
            os.close(descriptor)
            self.skipped["changed while it was read"] += 1
            return None
        return descriptor

    @staticmethod
    def _reason(about: os.stat_result) -> str:
        if stat.S_ISLNK(about.st_mode):
            return "symbolic link"
        if not stat.S_ISREG(about.st_mode):
            return "not a regular file"
        if about.st_size > LARGEST_FILE:
            return f"larger than {LARGEST_FILE >> 20} MiB"
        return ""

    def _file(self, descriptor: int, path: str) -> Iterator[dict[str, Any]]:
        try:
            with os.fdopen(descriptor, "rb", buffering=0) as handle:
                content = _read(handle, WHOLE_FILE + 1)
                if len(content) <= WHOLE_FILE:
                    result = self._engine.scan_fully(content)
                    size = len(content)
                else:
                    handle.seek(0)
                    result = self._engine.scan_windows(handle.read)
                    size = handle.tell()
        except OSError as error:
            self.skipped[f"cannot be read ({error.strerror})"] += 1
            return
        self.files += 1
        self.bytes += size
        if result.truncated:
            self.skipped[f"rest of a file ({result.truncated})"] += 1
        for finding in result.findings:
            yield as_row(path, finding)


def as_row(path: str, finding: Finding) -> dict[str, Any]:
    """Return a finding as `scan --json` prints it."""
    return {
        "path": path,
        "line": finding.line,
        "end_line": finding.end_line,
        "rule": finding.rule,
        "confidence": finding.confidence,
    }


def shown(path: bytes) -> str:
    """Return a path as text that can be printed and put into JSON, whatever bytes it is made of."""
    return path.decode("utf-8", "backslashreplace")


def _read(handle: Any, limit: int) -> bytes:
    """Read up to `limit` bytes from an unbuffered file."""
    parts = []
    while limit > 0 and (part := handle.read(limit)):
        parts.append(part)
        limit -= len(part)
    return b"".join(parts)
