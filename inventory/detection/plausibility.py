"""Telling a secret from what only looks like one: pure functions over bytes."""

from __future__ import annotations

import regex

_MASKED = regex.compile(rb"[xX]{6,}|[*]{3,}|[.]{4,}|[#]{4,}|[_-]{8,}|0{10,}|\.\.\.|\xe2\x80\xa6")
_SAYS_SO = regex.compile(
    rb"(?i)example|placeholder|change[_-]?me|redacted|replace[_-]?(?:me|with|this)|your[_-]?(?:api|token|secret|key|access|password)|insert[_-]?(?:your|token|key)"
)
_SERIES = (b"0123456789", b"1234567890", b"9876543210", b"abcdefghij", b"zyxwvutsrq", b"qwertyuiop")


def implausible_token(value: bytes) -> bool:
    """Say whether a token of a provider's own shape is visibly made up: masked, a series, or named an example."""
    if _MASKED.search(value) or _SAYS_SO.search(value) or repeats(value):
        return True
    lower = value.lower()
    return any(series in lower for series in _SERIES)


def repeats(value: bytes) -> bool:
    """Say whether the value's end is one short unit over and over (`abababab`, `deadbeefdeadbeef`)."""
    tail = value[-32:]
    if len(tail) < 12:
        return False
    return any(tail[unit:] == tail[:-unit] for unit in range(1, min(8, len(tail) // 3) + 1))
