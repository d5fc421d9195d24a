"""Decoding base64 as it stands in text: wrapped, unpadded, in either alphabet."""

from __future__ import annotations

import base64
import binascii

import regex

_NOT_BASE64 = regex.compile(rb"[^A-Za-z0-9+/=]")


def decode_base64(text: bytes) -> bytes:
    """Decode base64 or base64url, ignoring line breaks and missing padding; empty if it is neither."""
    packed = _NOT_BASE64.sub(b"", text.replace(b"\\n", b"").replace(b"-", b"+").replace(b"_", b"/")).rstrip(b"=")
    if len(packed) % 4 == 1:
        packed = packed[:-1]
    try:
        return base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
