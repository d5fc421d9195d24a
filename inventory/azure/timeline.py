"""What the versions of one thing say of its age: pure.

Every version has its own dates, and what a list says of the thing itself is what its newest version says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inventory.azure.entry import Entry
from inventory.store_records import HeldRecord, VersionRecord, VersionState
from inventory.stores.hints import Hints, hints_in

SERVICE = "Key Vault"


@dataclass(frozen=True, slots=True)
class Timeline:
    """Ages, with where they are known from."""

    created: datetime | None = None
    rotated: datetime | None = None
    versions: tuple[VersionRecord, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)


def timeline(
    versions: Sequence[Entry] | None,
    why: str = "",
    held: Mapping[str, tuple[HeldRecord, ...]] | None = None,
    key_id: str = "",
) -> Timeline:
    """Order what is known of all versions; None are those that were not told, for the reason `why`."""
    if not versions:
        said = f"not known: {why or 'the vault names no version'}"
        return Timeline(evidence={"created_at": said, "rotated_at": said})
    values = held or {}
    dated = [each.created for each in versions if each.created]
    newest = max(dated, default=None)
    records = tuple(
        VersionRecord(
            each.version,
            # The dates count whole seconds: where two are the newest, either may be the current one.
            VersionState.CURRENT if each.created == newest else VersionState.SUPERSEDED,
            each.created,
            key_id=key_id if each.version in values else "",
            held=values.get(each.version, ()),
        )
        for each in versions
    )
    if len(dated) < len(versions):
        said = "not known: the vault does not date every version"
        return Timeline(versions=records, evidence={"created_at": said, "rotated_at": said})
    several = len(versions) > 1
    return Timeline(
        min(dated),
        newest if several else None,
        records,
        {
            "created_at": f"{SERVICE}, created of the oldest version",
            "rotated_at": f"{SERVICE}, created of the newest version"
            if several
            else f"{SERVICE}: there is only one version",
        },
    )


def shared_facts(entry: Entry, hints: Hints) -> dict[str, Any]:
    """Return the facts that a record of any kind has, for its constructor."""
    return {
        "environment": hints.environment,
        "tier": hints.tier,
        "expires_at": entry.expires,
        "enabled": entry.enabled,
        "ephemeral": False,
    }


def shared_evidence(entry: Entry, hints: Hints) -> dict[str, str]:
    """Return where these facts are known from."""
    return dict(hints.evidence) | {
        "expires_at": f"{SERVICE}, attributes.exp" if entry.expires else f"{SERVICE}: no end is set",
        "enabled": f"{SERVICE}, attributes.enabled"
        if entry.enabled is not None
        else f"not known: {SERVICE} does not tell",
        "ephemeral": f"{SERVICE} keeps it until somebody deletes it",
        "last_used_at": "not known: only the vault's diagnostic log tells",
    }


def shared_attributes(entry: Entry, hints: Hints, versions: Sequence[Entry] | None) -> dict[str, Any]:
    """Return further facts for people."""
    facts: dict[str, Any] = {}
    if versions is not None:
        facts["Versions"] = len(versions)
        if off := sum(each.enabled is False for each in versions):
            facts["Versions switched off"] = off
    if entry.updated:
        facts["Last changed in any way"] = entry.updated.isoformat()
    if entry.starts:
        facts["Valid from"] = entry.starts.isoformat()
    if hints.owner:
        facts["Owner, by its tags"] = hints.owner
    if hints.others:
        facts["Further tags"] = hints.others
    return facts


def hints_of(entry: Entry) -> Hints:
    """Return what the tags say."""
    return hints_in(dict(entry.tags), "Azure tag")


__all__ = [
    "SERVICE",
    "Timeline",
    "hints_of",
    "shared_attributes",
    "shared_evidence",
    "shared_facts",
    "timeline",
]
