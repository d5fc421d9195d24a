"""Makes what a collector tells storable: PostgreSQL refuses a whole batch for one character that it stores nowhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

_ODD = re.compile(r"[\0\ud800-\udfff]|\ufffd(?=0000|d[89a-f][0-9a-f]{2}|fffd)")


def storable(value: Any) -> Any:
    """Return a record, or a part of one, with NUL and lone surrogates spelled out.

    Two names that differ still do: each odd character becomes U+FFFD with its number, and so does a U+FFFD that only
    looks like the beginning of one.
    """
    if isinstance(value, str):
        # A word of a closed list stays what it is.
        return _ODD.sub(_spelled, value) if _ODD.search(value) else value
    if isinstance(value, Mapping):
        return {storable(key): storable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(storable, value))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for name in _names(type(value)):
            told = getattr(value, name)
            if (now := storable(told)) != told:
                changed[name] = now
        return replace(value, **changed) if changed else value
    return value


def _spelled(found: re.Match[str]) -> str:
    return f"\ufffd{ord(found.group()):04x}"


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


__all__ = ["storable"]
