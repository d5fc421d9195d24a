"""The one folder of all state: made, checked and locked before anything starts in it."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from pathlib import Path

# Below this much free space a start is refused: the database, the logs and a first mirror need room.
LEAST_FREE_MEGABYTES = 100


class DataFolderError(Exception):
    """The folder can't be used; the message says why and what to do."""


def prepare(folder: Path) -> bool:
    """Make the folder (mode 0700) unless it is there, prove that it takes a file, and say whether it is new.

    Raises:
        DataFolderError: it can't be made or written, or its disk is full.
    """
    is_new = not folder.exists()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise DataFolderError(f"The data folder {folder} is a file. Set POSTURE_DATA_DIR to a folder.") from error
    except OSError as error:
        raise DataFolderError(
            f"The data folder {folder} cannot be made: {error.strerror}. "
            "Set POSTURE_DATA_DIR to a folder that you may write, or correct the permissions of the folder above it."
        ) from error
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < LEAST_FREE_MEGABYTES:
        raise DataFolderError(
            f"The disk of the data folder {folder} is full: {free} MB are free, at least {LEAST_FREE_MEGABYTES} MB are "
            "needed. Free some space, or set POSTURE_DATA_DIR to a folder on a larger disk. Nothing was changed."
        )
    prove_writable(folder)
    if is_new or folder.stat().st_uid == os.geteuid():
        folder.chmod(0o700)  # Nobody else reads the keys, the database or the queue.
    return is_new


def prove_writable(folder: Path) -> None:
    """Write a file and remove it; permission bits alone say nothing on a read-only disk.

    Raises:
        DataFolderError: it was not possible.
    """
    trial = folder / f".trial-{secrets.token_hex(6)}"
    try:
        with trial.open("wb") as handle:
            handle.write(bytes(4096))
            handle.flush()
            os.fsync(handle.fileno())
        trial.unlink()
    except OSError as error:
        trial.unlink(missing_ok=True)
        raise DataFolderError(
            f"The data folder {folder} is not writable: {error.strerror}. "
            f"Make it yours (chown, chmod u+rwx, or mount it writable), or set POSTURE_DATA_DIR to another folder."
        ) from error


class Lock:
    """Held by the one `up` of a data folder; the kernel gives it back however the process ends."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "up.lock"
        self._descriptor = -1

    def take(self) -> None:
        """Take it.

        Raises:
            DataFolderError: another process has it.
        """
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(self._descriptor, 200).decode(errors="replace").strip()
            os.close(self._descriptor)
            raise DataFolderError(
                f"The product already runs on the data folder {self._path.parent} ({holder or 'just starting'}). "
                "Use that one, stop it first, or set POSTURE_DATA_DIR to another folder."
            ) from error

    def describe(self, text: str) -> None:
        """Leave a line for whoever finds the folder locked."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def release(self) -> None:
        """Give it back."""
        os.close(self._descriptor)
