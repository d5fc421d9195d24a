"""Reads and writes the binary form of the server's records (protocol buffers), as far as times need it: pure.

The encoding is public: https://protobuf.dev/programming-guides/encoding/. What is not touched stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_FIXED = {FIXED64: 8, FIXED32: 4}
Field = tuple[int, int, int | bytes]
"""Number, type and content."""


def read_fields(data: bytes) -> Iterator[Field]:
    """Yield the fields of a message.

    Raises:
        ValueError: it is none.
    """
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == VARINT:
            value, at = _varint(data, at)
            yield number, kind, value
            continue
        if kind == BYTES:
            size, at = _varint(data, at)
        elif kind in _FIXED:
            size = _FIXED[kind]
        else:
            raise ValueError(f"field {number} is of the unknown type {kind}")
        if at + size > len(data):
            raise ValueError(f"field {number} ends in the middle")
        yield number, kind, data[at : at + size]
        at += size


def write_fields(fields: Iterable[Field]) -> bytes:
    """Return a message of these fields."""
    out = bytearray()
    for number, kind, value in fields:
        out += _as_varint(number << 3 | kind)
        if isinstance(value, int):
            out += _as_varint(value)
        else:
            out += (_as_varint(len(value)) if kind == BYTES else b"") + value
    return bytes(out)


def timestamp(at: datetime) -> bytes:
    """Return a time as a message."""
    return write_fields([(1, VARINT, int(at.timestamp()))])


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("a number ends in the middle")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _as_varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


__all__ = ["BYTES", "VARINT", "read_fields", "timestamp", "write_fields"]
