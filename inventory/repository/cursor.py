"""What a read remembers for the next one: rules, key, and every reference with its tip."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

from inventory.repository.text import path_text

VERSION = 1
_PLAIN_TIPS = 200
"""With more references than this the tips are stored compressed; a cursor is a column of a row."""


def pack_tips(tips: Mapping[bytes, bytes]) -> dict[str, str] | str:
    """Return references and tips as JSON that is not too large."""
    named = {path_text(name): oid.hex() for name, oid in sorted(tips.items())}
    if len(named) <= _PLAIN_TIPS:
        return named
    return base64.b64encode(zlib.compress(json.dumps(named).encode(), 6)).decode()


def unpack_tips(packed: Any) -> dict[str, str]:
    """Undo `pack_tips`."""
    if isinstance(packed, str):
        packed = json.loads(zlib.decompress(base64.b64decode(packed)))
    return dict(packed)


def usable(cursor: Mapping[str, Any], rules: str, key_id: str) -> bool:
    """Say whether what the former read found still counts: same format of cursor, same rules, same key."""
    return cursor.get("version") == VERSION and cursor.get("rules") == rules and cursor.get("key_id") == key_id
