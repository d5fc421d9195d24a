"""What the metadata of an object says: times, who made it, what it belongs to. Pure.

Annotations are read by name only: one of them (kubectl's last applied configuration) repeats a secret's values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from inventory.stores.hints import Hints, hints_in

# RFC 1123 labels and subdomains, as the API server checks names of namespaces and of most objects.
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_SUBDOMAIN = re.compile(r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{0,62}")


def is_label(name: Any) -> bool:
    """Say whether it is a name as namespaces have it."""
    return isinstance(name, str) and _LABEL.fullmatch(name) is not None


def is_subdomain(name: Any) -> bool:
    """Say whether it is a name as secrets, service accounts and workloads have it."""
    return isinstance(name, str) and _SUBDOMAIN.fullmatch(name) is not None


def table(value: Any) -> Mapping[str, Any]:
    """Return an object of an answer, or an empty one."""
    return value if isinstance(value, dict) else {}


def entries(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a list of an answer."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """Return the texts of a list of an answer."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def instant(value: Any) -> datetime | None:
    """Return the time that a text means; None for nothing and nonsense."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None:
        return None
    found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    return found if 1970 < found.year < 9000 else None


def written_at(meta: Mapping[str, Any], *fields: str) -> datetime | None:
    """Return when whoever wrote one of these fields wrote last, by the field managers; None where none tells.

    The server notes one time for each writer, so that what is told is no earlier than the field's own change.
    """
    times = [
        instant(entry.get("time"))
        for entry in entries(meta.get("managedFields"))
        if not entry.get("subresource") and not table(entry.get("fieldsV1")).keys().isdisjoint(fields)
    ]
    known = [each for each in times if each is not None]
    # Where one writer's time is missing, nothing says that the others' are the last.
    return max(known) if known and len(known) == len(times) else None


def owner_of(meta: Mapping[str, Any]) -> tuple[str, str]:
    """Return kind and name of the object that this one belongs to, its controller first; empty where it has none."""
    owners = [
        each
        for each in entries(meta.get("ownerReferences"))
        if _WORD.fullmatch(str(each.get("kind"))) and is_subdomain(each.get("name"))
    ]
    owners.sort(key=lambda each: each.get("controller") is not True)
    return (str(owners[0]["kind"]), str(owners[0]["name"])) if owners else ("", "")


def hints_of(*metas: Mapping[str, Any]) -> Hints:
    """Return what labels and annotations say, each also by the part behind its prefix; the first object's beat."""
    said: dict[str, Any] = {}
    for meta in metas:
        for part in ("labels", "annotations"):
            for key, value in table(meta.get(part)).items():
                said.setdefault(str(key).rpartition("/")[2].lower(), value)
    return hints_in(said, "Kubernetes labels")


__all__ = [
    "entries",
    "hints_of",
    "instant",
    "is_label",
    "is_subdomain",
    "owner_of",
    "table",
    "texts",
    "written_at",
]
