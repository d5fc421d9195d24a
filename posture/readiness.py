"""Makes the data folder ready, or says what stands in the way and what to do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError

from posture.common.fingerprint import load_key

# Below this a collection could fill the disk under the database.
LEAST_FREE_BYTES = 64 * 2**20


def prepare_data_folder(*, migrate: bool) -> None:
    """Make the data folder and its keys, and bring the database up to date.

    Raises:
        CommandError: with exit code 2, where the folder, the disk, the key or the database cannot be used.
    """
    folder = Path(settings.DATA_DIR)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"x")
        probe.unlink()
        for name in (settings.QUEUE_DIR, Path(settings.QUEUE_DIR) / "control", settings.WORKSPACE_DIR):
            Path(name).mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CommandError(
            f"The data folder {folder} cannot be written: {error.strerror}. "
            "Give this user the right to write there, free some space, or set POSTURE_DATA_DIR to another folder.",
            returncode=2,
        ) from error
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise CommandError(
            f"Only {free // 2**20} MiB are free where the data folder {folder} lies; at least "
            f"{LEAST_FREE_BYTES // 2**20} MiB are needed. Free some space, or set POSTURE_DATA_DIR.",
            returncode=2,
        )
    try:
        load_key(Path(settings.FINGERPRINT_KEY_FILE), create=True)
    except (ValueError, OSError) as error:
        raise CommandError(str(error), returncode=2) from error
    if migrate:
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            raise CommandError(
                "The database cannot be used. Check DATABASE_URL, that the server runs, and the rights on the data "
                f"folder {folder}. It says: {str(error).splitlines()[0] if str(error) else type(error).__name__}",
                returncode=2,
            ) from error
