"""What lists of a vault say of one thing or one version of it, without Microsoft's classes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

_NAME = re.compile(r"[0-9A-Za-z-]{1,127}")
_MOST_TAGS, _LONGEST_TAG = 15, 512
"""What Key Vault keeps of tags (Microsoft, "About keys, secrets and certificates"); more is none of its own."""
_VERSION = re.compile(r"[0-9A-Za-z]{1,64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list."""

    name: str
    version: str = ""
    enabled: bool | None = None
    created: datetime | None = None
    updated: datetime | None = None
    starts: datetime | None = None
    expires: datetime | None = None
    tags: Mapping[str, Any] = field(default_factory=dict)
    content_type: str = ""
    managed: bool = False
    """Key Vault keeps it for a certificate or a storage account."""
    deleted: datetime | None = None
    purged: datetime | None = None
    """When what is deleted is gone for good."""

    @property
    def odd(self) -> bool:
        """Whether no vault of Microsoft's could have given this name, so that it is not asked for."""
        return not _NAME.fullmatch(self.name) or bool(self.version and not _VERSION.fullmatch(self.version))


def entry_of(told: Any) -> Entry:
    """Read what one of Microsoft's clients made of a line."""
    facts = getattr(told, "properties", None) or told
    tags = facts.tags
    return Entry(
        str(told.name or facts.name or ""),
        str(facts.version or ""),
        facts.enabled if isinstance(facts.enabled, bool) else None,
        as_time(facts.created_on),
        as_time(facts.updated_on),
        as_time(facts.not_before),
        as_time(facts.expires_on),
        _tags(tags),
        str(getattr(facts, "content_type", None) or "")[:255],
        getattr(facts, "managed", None) is True,
        as_time(getattr(told, "deleted_date", None) or getattr(told, "deleted_on", None)),
        as_time(getattr(told, "scheduled_purge_date", None)),
    )


def _tags(told: Any) -> dict[str, str]:
    """Return tags as a vault keeps them, whatever stands in their place: many entries wait at once."""
    pairs = islice(told.items(), _MOST_TAGS) if isinstance(told, Mapping) else ()
    return {str(name)[:_LONGEST_TAG]: value[:_LONGEST_TAG] for name, value in pairs if isinstance(value, str)}


def as_time(value: Any) -> datetime | None:
    """Return a time that was made of an answer; None for anything else."""
    if not isinstance(value, datetime):
        return None
    found = value if value.tzinfo else value.replace(tzinfo=UTC)
    return found.astimezone(UTC) if 1970 < found.year < 9999 else None


__all__ = ["Entry", "as_time", "entry_of"]
