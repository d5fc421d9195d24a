"""What a read remembers for the next one: rules, key and tips, without the names that strangers gave them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

VERSION = 3


def pack_tips(tips: Iterable[bytes]) -> str:
    """Return the distinct object ids as short text; a cursor is a column of a row."""
    return base64.b64encode(b"".join(sorted(set(tips)))).decode()


def unpack_tips(packed: str, oid_size: int) -> set[bytes]:
    """Undo `pack_tips`."""
    raw = base64.b64decode(packed)
    return {raw[start : start + oid_size] for start in range(0, len(raw), oid_size)}


def refs_digest(tips: Mapping[bytes, bytes], default_ref: bytes) -> str:
    """Return a digest that changes when any reference moves, comes or goes, or another one becomes the default."""
    said = hashlib.sha256(default_ref)
    for name, oid in sorted(tips.items()):
        said.update(b"\0" + name + b"\0" + oid)
    return said.hexdigest()


def usable(cursor: Mapping[str, Any], rules: str, key_id: str) -> bool:
    """Say whether what the former read found still counts: same format of cursor, same rules, same key."""
    return cursor.get("version") == VERSION and cursor.get("rules") == rules and cursor.get("key_id") == key_id
