"""What columns and keys a file may have. One that may hold values is refused before anything of the file is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from inventory.collector import CollectorError

SECRETS = MappingProxyType(
    {
        "store": "Which store it is in; the source's own name for it where the column is missing or empty.",
        "path": "Its name within the store. The one column that every file must have.",
        "kind": "What it is (see below); generic-secret where empty.",
        "created_at": "When it was made.",
        "rotated_at": "When its value last changed; `never` where it is the one it was made with.",
        "expires_at": "When it ends by itself.",
        "last_used_at": "When somebody last read or used it.",
        "environment": "production, staging, development, test or a word of your own.",
        "tier": "critical, high, medium or low.",
        "auto_rotated": "Whether something rotates it on schedule.",
        "rotation_failed": "Whether the last rotation failed.",
        "ephemeral": "Whether it is made on request and ended by its issuer.",
        "enabled": "Whether the store hands it out.",
        "versions": "Names of its versions, oldest first, with a | between them; the last one is the current one.",
        "fingerprintless": "Must be yes where it is there: a file carries no values and no fingerprints.",
    }
)
PRINCIPALS = MappingProxyType(
    {
        "store": "As for secrets.",
        "id": "Its name within the store, which grants and members refer to. Required.",
        "kind": "human, workload, role, group or token. Required.",
        "name": "What people call it; its id where empty.",
        "environment": "As for secrets.",
        "member_of": "List of ids of the roles and groups of the same store that it has.",
        "created_at": "When it was made.",
        "last_used_at": "When it was last used.",
        "expires_at": "When it ends by itself.",
        "enabled": "Whether it can be used.",
        "granted": "How many rights it has, where the store counts their use.",
        "used": "How many of them it used.",
    }
)
GRANTS = MappingProxyType(
    {
        "store": "As for secrets.",
        "principal": "Id of a principal of the same store. Required.",
        "pattern": "Path of a secret, or a pattern: * stands for anything, ? for one character. Required.",
        "capabilities": "List of read, list, write, delete, use, manage and admin. Required.",
        "rule": "The rule in the store's own words.",
        "deny": "Whether it forbids instead.",
        "condition": "What else must hold for it, in words.",
        "last_used_at": "When it was last made use of.",
    }
)
SECTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"secrets": SECRETS, "principals": PRINCIPALS, "grants": GRANTS}
)
_SHORT = {
    "created": "created_at",
    "rotated": "rotated_at",
    "expires": "expires_at",
    "last_used": "last_used_at",
    "version": "versions",
}
_VALUE = re.compile(
    r"value|passw|pwd|passphrase|plaintext|payload|credential|api_?key|private_?key|access_?key|^secrets?$|"
    r"(^|_)secret(_?(string|binary|data|text|id|key))?$|^token$|^data$|^content"
)
_WORDS = re.compile(r"[A-Za-z]{1,20}(?:[_ -][A-Za-z]{1,20}){0,3}")


@lru_cache(maxsize=256)
def column(name: str) -> str:
    """Return the one spelling of a column's name: `Last used` is last_used_at."""
    short = re.sub(r"[\s_-]+", "_", name.strip().lower())
    return _SHORT.get(short, short)


def check_names(given: Iterable[str], known: Mapping[str, str], where: str) -> None:
    """Refuse names that may hold values, and unknown ones.

    A file whose first row is no header has its content there, so only what looks like a name is repeated.

    Raises:
        CollectorError: naming them.
    """
    names = list(given)
    unknown = [(place, name) for place, name in enumerate(names, 1) if column(name) not in known]
    if not unknown:
        return
    for place, name in unknown:
        if _VALUE.search(column(name)):
            raise CollectorError(
                f"{where} {_shown(place, name)} looks as if it held values. A file may describe secrets, never "
                "hold them: take it out and give the file anew. Nothing of it was kept.",
                permanent=True,
            )
    if len(unknown) == len(names):
        raise CollectorError(
            f"{where}: none of the names is known, so this is something else or its header is missing. "
            f"Known are {', '.join(known)}.",
            permanent=True,
        )
    listed = ", ".join(_shown(place, name) for place, name in unknown[:10])
    raise CollectorError(f"{where} {listed}: not known. Known are {', '.join(known)}.", permanent=True)


def _shown(place: int, name: str) -> str:
    return f"{name.strip()!r}" if _WORDS.fullmatch(name.strip()) and len(name) <= 30 else f"number {place}"


__all__ = ["GRANTS", "PRINCIPALS", "SECRETS", "SECTIONS", "check_names", "column"]
