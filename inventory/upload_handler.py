"""Where an upload lies until it is checked: a folder of this product, never the system's, and never without bound."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from inventory.generic.entries import MOST_BYTES

_MOST_REQUEST = MOST_BYTES + (1 << 20)
LEFT_BEHIND_SECONDS = 3600


class PrivateUploadHandler(TemporaryFileUploadHandler):
    """Puts what is too large for memory into a folder that nobody else may look into (D1).

    A file may hold values by mistake, and is checked only when all of it has come. The sender may be anybody who has
    reached the sign-in page, so that a request larger than any file that is read is turned away unread.
    """

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803 - Django gives it by this name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Turn away what is too large.

        Raises:
            RequestDataTooBig: it is.
        """
        if content_length > _MOST_REQUEST:
            raise RequestDataTooBig(f"A file may have {MOST_BYTES >> 20} MB.")
        _folder().mkdir(mode=0o700, parents=True, exist_ok=True)


def sweep_uploads() -> int:
    """Delete what a web server that was killed has left of uploads; returns how many files."""
    swept = 0
    oldest = time.time() - LEFT_BEHIND_SECONDS
    for file in _folder().glob("*.upload*"):
        # Another process may have deleted it just now.
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < oldest:
                file.unlink()
                swept += 1
    return swept


def _folder() -> Path:
    return Path(settings.FILE_UPLOAD_TEMP_DIR)
