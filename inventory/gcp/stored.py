"""What Secret Manager's list and the versions say of one secret, as the inventory's record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from inventory.collector import SecretRecord
from inventory.detection.plausibility import plausible_secret
from inventory.gcp.instants import as_time
from inventory.gcp.names import number_in
from inventory.gcp.rotation import Schedule, judged
from inventory.store_records import HeldRecord, SecretKind, VersionRecord, VersionState
from inventory.stores.hints import hints_in

_SERVICE = "Secret Manager"
_SAME = timedelta(minutes=1)
"""Two times so near belong to one act."""
_LONGEST = timedelta(days=36_500)
# Certificates are not among these: no age is asked of that kind, and what is stored here does not tell their end.
_OF_DATABASES = ("CLOUD_SQL_DB_CREDENTIALS", "OTHER_DB_CREDENTIALS")
_ENABLED, _DISABLED, _DESTROYED = "ENABLED", "DISABLED", "DESTROYED"


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """One version, as far as it counts here."""

    number: int
    state: str
    created_at: datetime | None
    ends_at: datetime | None = None
    """When it will be destroyed, where somebody asked for that."""


@dataclass
class Found:
    """What was learned of one secret beyond the list."""

    versions: list[StoredVersion] | None = None
    """None where they were not told."""
    why: str = ""
    policy: Any = None
    policy_why: str = ""
    held: dict[int, tuple[HeldRecord, ...]] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)
    """Why values have no fingerprint, and how many."""
    gone: bool = False


def version_of(entry: Any) -> StoredVersion | None:
    """Return a version from the official client's answer; None for what Secret Manager would not name."""
    number = number_in(entry.name)
    if not number:
        return None
    state = getattr(entry.state, "name", "")
    return StoredVersion(number, state, as_time(entry.create_time), as_time(entry.scheduled_destroy_time))


def secret_record(
    entry: Any, found: Found, path: str, address: str, location: str, now: datetime, key_id: str
) -> SecretRecord:
    """Return a secret, from the official client's answers."""
    hints = hints_in(dict(entry.labels), "Google label")
    evidence: dict[str, str] = dict(hints.evidence)
    aliases = {str(name): int(number) for name, number in entry.version_aliases.items()}
    current = current_numbers(found.versions or (), aliases)
    created, rotated = _ages(as_time(entry.create_time), found, current, evidence)
    expires = as_time(entry.expire_time)
    evidence["expires_at"] = f"{_SERVICE}, expireTime" if expires else f"{_SERVICE} sets no end"
    evidence["last_used_at"] = "only the data access log of Cloud Audit Logs tells"
    evidence["ephemeral"] = "a stored value"
    schedule = schedule_of(entry)
    versions = found.versions or []
    made = [each.created_at for each in versions if each.created_at]
    rotation = judged(schedule, made, now, whole=found.versions is not None and len(made) == len(versions))
    evidence |= {"auto_rotated": rotation.auto_why, "rotation_failed": rotation.failed_why}
    kind = SecretKind.DATABASE_PASSWORD if getattr(entry.secret_type, "name", "") in _OF_DATABASES else None
    if kind:
        evidence["kind"] = f"{_SERVICE}, secretType"
    return SecretRecord(
        path,
        kind=kind or hints.kind or SecretKind.STORED,
        address=address,
        environment=hints.environment,
        tier=hints.tier,
        created_at=created,
        rotated_at=rotated,
        expires_at=expires,
        enabled=_enabled(found, expires, now, evidence),
        auto_rotated=rotation.auto,
        rotation_failed=rotation.failed,
        ephemeral=False,
        versions=tuple(_version_record(each, current, found, key_id) for each in versions),
        evidence=evidence,
        attributes=_attributes(entry, found, schedule, aliases, location)
        | ({"Owner, by its labels": hints.owner} if hints.owner else {})
        | ({"Further labels": hints.others} if hints.others else {}),
    )


def current_numbers(versions: Sequence[StoredVersion], aliases: Mapping[str, int]) -> frozenset[int]:
    """Return the versions in use: the newest that is enabled, and those that an alias leads to."""
    enabled = {each.number for each in versions if each.state == _ENABLED}
    return frozenset({max(enabled)} | (enabled & set(aliases.values()))) if enabled else frozenset()


def schedule_of(entry: Any) -> Schedule:
    """Return what a secret says of its rotation."""
    period = entry.rotation.rotation_period
    usable = isinstance(period, timedelta) and timedelta(0) < period <= _LONGEST
    status = entry.rotation.managed_rotation_status
    state = getattr(status.state, "name", "")
    return Schedule(
        as_time(entry.rotation.next_rotation_time),
        period if usable else None,
        {"ACTIVE": True, "INACTIVE": False}.get(state),
        bool(status.error.code),
    )


def _version_record(version: StoredVersion, current: frozenset[int], found: Found, key_id: str) -> VersionRecord:
    if version.state == _DESTROYED:
        state = VersionState.DESTROYED
    else:
        state = VersionState.CURRENT if version.number in current else VersionState.SUPERSEDED
    read = version.number in found.held
    return VersionRecord(
        str(version.number),
        state,
        version.created_at,
        key_id=key_id if read else "",
        held=found.held.get(version.number, ()),
    )


def _ages(
    made: datetime | None, found: Found, current: frozenset[int], evidence: dict[str, str]
) -> tuple[datetime | None, datetime | None]:
    """Return when a secret was made and when its value changed last: by its versions, not by its settings."""
    evidence["created_at"] = f"{_SERVICE}, createTime" if made else f"{_SERVICE} has no createTime"
    if found.versions is None:
        why = f"the dates of its versions are not known: {found.why}"
        evidence["created_at"] = evidence["rotated_at"] = why
        return None, None
    if not found.versions:
        evidence["created_at"] = evidence["rotated_at"] = "it has no version, so that it holds no value"
        return None, None
    newest = max(found.versions, key=lambda each: (each.number in current, each.number))
    if newest.created_at is None:
        evidence["created_at"] = evidence["rotated_at"] = f"{_SERVICE} does not date its newest version"
        return None, None
    which = "newest enabled version" if newest.number in current else "newest version, none is enabled"
    evidence["rotated_at"] = f"{_SERVICE}, createTime of the {which}"
    if newest.number == 1 and made is not None and newest.created_at - made <= _SAME:
        evidence["rotated_at"] = f"{_SERVICE}: its first version is as old as it is"
        return made, None
    return made, newest.created_at


def _enabled(found: Found, expires: datetime | None, now: datetime, evidence: dict[str, str]) -> bool | None:
    if expires is not None and expires <= now:
        evidence["enabled"] = f"{_SERVICE}, expireTime, which has passed"
        return False
    if found.versions is None:
        evidence["enabled"] = f"the states of its versions are not known: {found.why}"
        return None
    evidence["enabled"] = f"{_SERVICE}, states of its versions"
    if any(each.state == _ENABLED for each in found.versions):
        return True
    if all(each.state in (_DISABLED, _DESTROYED) for each in found.versions):
        return False
    evidence["enabled"] = f"{_SERVICE} gives its versions a state that is not known here"
    return None


def _attributes(
    entry: Any, found: Found, schedule: Schedule, aliases: Mapping[str, int], location: str
) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if found.versions is not None:
        facts["Versions"] = len(found.versions)
        for label, state in (("Versions switched off", _DISABLED), ("Versions destroyed", _DESTROYED)):
            if count := sum(each.state == state for each in found.versions):
                facts[label] = count
        if ends := min((each.ends_at for each in found.versions if each.ends_at), default=None):
            facts["Next version to be destroyed"] = ends.isoformat()
    if schedule.period:
        facts["Notification every"] = _words(schedule.period)
    if schedule.next:
        facts["Next notification"] = schedule.next.isoformat()
    if entry.topics:
        facts["Notification topics"] = len(entry.topics)
    if named := ", ".join(f"{name} → {number}" for name, number in sorted(aliases.items()) if _harmless(name)):
        facts["Version aliases"] = named[:300]
    facts["Kept in"] = _places(entry, location)
    if keys := sorted(set(_keys(entry))):
        facts["Encrypted with"] = ", ".join(keys)[:300]
    if entry.annotations:
        # What stands in them is for programs, and may be anything.
        facts["Annotations"] = len(entry.annotations)
    if entry.version_destroy_ttl:
        facts["Versions are destroyed after"] = _words(entry.version_destroy_ttl)
    return facts


def _places(entry: Any, location: str) -> str:
    if location:
        return location
    if entry.replication.user_managed.replicas:
        return ", ".join(each.location[:40] for each in entry.replication.user_managed.replicas)[:300]
    return "wherever Google replicates it" if "automatic" in entry.replication else "not told"


def _keys(entry: Any) -> list[str]:
    named = [entry.customer_managed_encryption, entry.replication.automatic.customer_managed_encryption]
    named += [each.customer_managed_encryption for each in entry.replication.user_managed.replicas]
    return [each.kms_key_name[:200] for each in named if each.kms_key_name]


def _words(span: timedelta) -> str:
    return f"{span.days} days" if span.days else f"{round(span.total_seconds() / 3600, 1):g} hours"


def _harmless(name: str) -> bool:
    return not plausible_secret(name.encode())


__all__ = ["Found", "StoredVersion", "current_numbers", "schedule_of", "secret_record", "version_of"]
