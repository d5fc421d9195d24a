"""Bytes that strangers wrote, made fit to be stored and shown."""

from __future__ import annotations

import re

_ANSI = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_URL_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
STDERR_LIMIT = 64 * 1024


def path_text(raw: bytes) -> str:
    """Return a path, a reference or a person's name as text that every database takes.

    Valid UTF-8 stays as it is, newlines and angle brackets included, since pages escape what they show.
    Bytes that are no UTF-8, and NUL, become backslash escapes (`\\xff`).
    """
    return raw.decode("utf-8", "backslashreplace").replace("\x00", "\\x00")


def path_bytes(text: str) -> bytes:
    """Undo `path_text` for a path that had to be escaped."""
    return re.sub(rb"\\x([0-9a-f]{2})", lambda found: bytes.fromhex(found.group(1).decode()), text.encode())


def message_text(raw: bytes) -> str:
    """Return what a program printed, without colour codes, control characters and credentials in addresses."""
    text = _ANSI.sub(b"", raw[:STDERR_LIMIT]).decode("utf-8", "replace")
    return _URL_CREDENTIALS.sub("", _CONTROL.sub(" ", text)).strip()
