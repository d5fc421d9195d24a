"""One process at a time on a folder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class FolderInUseError(Exception):
    """Another process holds the folder; the message is the line that it left, or nothing."""


class FolderLock:
    """Held by the one `up` of a data folder; the kernel gives it back however the process ends."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "up.lock"
        self._descriptor = -1

    def take(self) -> None:
        """Take it.

        Raises:
            FolderInUseError: another process has it.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            left = os.read(descriptor, 200).decode(errors="replace").strip()
            os.close(descriptor)
            raise FolderInUseError(left) from error
        self._descriptor = descriptor
        self.describe("")

    def describe(self, text: str) -> None:
        """Leave a line for whoever finds the folder in use."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)
