"""What a read remembers for the next one: rules, key, and every reference with its tip."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any

VERSION = 2
_PLAIN_TIPS = 200
"""With more references than this the tips are stored compressed; a cursor is a column of a row."""


def pack_tips(tips: Mapping[bytes, bytes]) -> dict[str, str] | str:
    """Return references and tips as JSON that is not too large."""
    named = named_tips(tips)
    if len(named) <= _PLAIN_TIPS:
        return named
    return base64.b64encode(zlib.compress(json.dumps(named).encode(), 6)).decode()


def named_tips(tips: Mapping[bytes, bytes]) -> dict[str, str]:
    """Return the tips by a digest of each reference's name: a name may hold a secret, and only its identity counts."""
    return {ref_digest(name): oid.hex() for name, oid in sorted(tips.items())}


def ref_digest(name: bytes) -> str:
    """Return what stands for a reference's name in a cursor."""
    return hashlib.sha256(name).hexdigest()[:32]


def unpack_tips(packed: Any) -> dict[str, str]:
    """Undo `pack_tips`."""
    if isinstance(packed, str):
        packed = json.loads(zlib.decompress(base64.b64decode(packed)))
    return dict(packed)


def usable(cursor: Mapping[str, Any], rules: str, key_id: str) -> bool:
    """Say whether what the former read found still counts: same format of cursor, same rules, same key."""
    return cursor.get("version") == VERSION and cursor.get("rules") == rules and cursor.get("key_id") == key_id
