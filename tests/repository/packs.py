"""Packs written by hand, object by object, as no git would write them."""

from __future__ import annotations

import hashlib
import struct
import zlib

COMMIT, TREE, BLOB, OFFSET_DELTA, NAMED_DELTA = 1, 2, 3, 6, 7


def header(kind: int, size: int) -> bytes:
    """Return an object's header in a pack."""
    first = (kind << 4) | (size & 15)
    size >>= 4
    raw = bytearray()
    while size:
        raw.append(first | 0x80)
        first, size = size & 0x7F, size >> 7
    raw.append(first)
    return bytes(raw)


def varint(number: int) -> bytes:
    """Return a size in a delta."""
    raw = bytearray()
    while number >= 0x80:
        raw.append(number & 0x7F | 0x80)
        number >>= 7
    raw.append(number)
    return bytes(raw)


def copy(offset: int, size: int) -> bytes:
    """Return the delta command that copies from the base."""
    return b"\xff" + struct.pack("<I", offset) + struct.pack("<I", size)[:3]


def oid(kind: str, content: bytes) -> bytes:
    """Return an object's id."""
    return hashlib.sha1(f"{kind} {len(content)}\0".encode() + content).digest()


def pack(objects: list[bytes]) -> bytes:
    """Return a pack of encoded objects."""
    body = struct.pack(">4sII", b"PACK", 2, len(objects)) + b"".join(objects)
    return body + hashlib.sha1(body).digest()


def delta_bomb(levels: int, base: bytes = b"a" * 1024) -> bytes:
    """Return a pack whose last blob is the base, 16 times as large with each of the levels."""
    objects = [header(BLOB, len(base)) + zlib.compress(base)]
    size = len(base)
    length = len(objects[0])
    for _ in range(levels):
        most = 0xFFFFFF
        commands = b""
        for _ in range(16):
            left = size
            while left:
                part = min(left, most)
                commands += copy(size - left, part)
                left -= part
        delta = varint(size) + varint(16 * size) + commands
        # An offset below 128 bytes fits one byte, below 16,512 two.
        offset = bytes([length]) if length < 128 else bytes([0x80 | ((length >> 7) - 1), length & 0x7F])
        objects.append(header(OFFSET_DELTA, len(delta)) + offset + zlib.compress(delta))
        length = len(objects[-1])
        size *= 16
    return pack(objects)
