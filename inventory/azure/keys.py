"""The keys of one vault: they never leave it, so that age and rotation are all there is to know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inventory.azure.client import VaultClient
from inventory.azure.entry import Entry
from inventory.azure.failures import Refused
from inventory.azure.reading import Reading
from inventory.azure.timeline import (
    SERVICE,
    Timeline,
    hints_of,
    shared_attributes,
    shared_evidence,
    shared_facts,
    timeline,
)
from inventory.collector import Record, SecretRecord
from inventory.store_records import SecretKind

LATE = timedelta(days=2)
"""For so long after it fell due a rotation may still be under way."""
_DURATION = re.compile(r"P(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T.*)?")
_DAYS = (365, 30, 7, 1)


@dataclass(frozen=True, slots=True)
class Rotation:
    """When a key is to be replaced by the vault itself."""

    after: str = ""
    """Time after it was made, as ISO 8601 writes durations."""
    before: str = ""
    """Time before its end."""
    new_ends: str = ""
    """How long a new version lives."""

    @property
    def automatic(self) -> bool:
        """Whether it is replaced at all."""
        return bool(self.after or self.before)

    def due(self, created: datetime | None, expires: datetime | None) -> datetime | None:
        """Return when a version that has these dates is to be replaced; None where that cannot be told."""
        after, before = days(self.after), days(self.before)
        if after is not None and created:
            return _moved(created, after)
        return _moved(expires, -before) if before is not None and expires else None


@dataclass
class _Found:
    """What was learned of one key beyond the list."""

    versions: list[Entry] | None = None
    why: str = ""
    rotation: Rotation | None = None
    rotation_why: str = ""
    gone: bool = False


@dataclass
class Keys:
    """The keys of one vault."""

    reading: Reading

    def read(self) -> Iterator[Record]:
        """Yield every key that is not a certificate's."""
        listing = lambda vault: vault.keys.list_properties_of_keys()  # noqa: E731 - it names no more than the call
        for each in self.reading.each("list keys", listing, self._job):
            if not isinstance(each, tuple):
                yield each
                continue
            entry, found = each
            if found is None:
                continue
            if found.gone:
                self.reading.vanished += 1
                continue
            self.reading.secrets += 1
            yield self._record(entry, found)
        yield from self.reading.left_out()

    def _job(self, entry: Entry) -> _Found | None:
        if entry.managed or entry.name in self.reading.certificates:
            return None
        found, name = _Found(), entry.name

        def listing(vault: VaultClient) -> Any:
            return vault.keys.list_properties_of_key_versions(name)

        try:
            found.versions = self.reading.versions("list versions of keys", listing)
            policy = self.reading.client.ask(
                "read how keys rotate", lambda vault: rotation_of(vault.keys.get_key_rotation_policy(name))
            )
            found.rotation = policy
        except Refused as refused:
            if found.versions is None:
                found.gone, found.why = refused.gone, refused.why
            found.rotation_why = refused.why
        return found

    def _record(self, entry: Entry, found: _Found) -> SecretRecord:
        if found.rotation is None:
            self.reading.note("rotation of keys", Refused(found.rotation_why))
        if found.versions is None:
            self.reading.note("versions of keys", Refused(found.why))
        hints, path = hints_of(entry), f"keys/{entry.name}"
        ages = timeline(found.versions, found.why)
        automatic, failed, said = judged(found.rotation, found.rotation_why, ages, entry, self.reading.client.now())
        attributes = shared_attributes(entry, hints, found.versions)
        if found.rotation:
            attributes |= _told(found.rotation)
        return SecretRecord(
            path,
            SecretKind.ENCRYPTION_KEY,
            address=self.reading.address(path),
            created_at=ages.created,
            rotated_at=ages.rotated,
            auto_rotated=automatic,
            rotation_failed=failed,
            versions=ages.versions,
            evidence=shared_evidence(entry, hints) | dict(ages.evidence) | said,
            attributes=attributes,
            **shared_facts(entry, hints),
        )


def rotation_of(policy: Any) -> Rotation:
    """Read what Microsoft's client made of a rotation policy; reminders rotate nothing."""
    for action in policy.lifetime_actions or ():
        if str(getattr(action.action, "value", action.action)).lower() == "rotate":
            after, before = str(action.time_after_create or ""), str(action.time_before_expiry or "")
            if days(after) is not None or days(before) is not None:
                return Rotation(after, before, str(policy.expires_in or ""))
    return Rotation()


def judged(
    rotation: Rotation | None, why: str, ages: Timeline, entry: Entry, now: datetime
) -> tuple[bool | None, bool | None, dict[str, str]]:
    """Return whether a key rotates by itself, whether that failed, and where that is known from."""
    if rotation is None:
        said = f"not known: {why}"
        return None, None, {"auto_rotated": said, "rotation_failed": said}
    evidence = {"auto_rotated": f"{SERVICE}, rotation policy"}
    if not rotation.automatic:
        return False, None, evidence | {"rotation_failed": f"{SERVICE}: no rotation is set"}
    due = rotation.due(ages.rotated or ages.created, entry.expires)
    if due is None:
        return True, None, evidence | {"rotation_failed": f"not known: {SERVICE} gives no date that it counts from"}
    if entry.enabled is False:
        return True, None, evidence | {"rotation_failed": f"{SERVICE} rotates no key that is switched off"}
    failed = now - due > LATE
    said = f"{SERVICE}, rotation policy: it fell due on {due:%Y-%m-%d}" if failed else f"{SERVICE}, rotation policy"
    return True, failed, evidence | {"rotation_failed": said}


def days(duration: str) -> int | None:
    """Return the days of a duration as ISO 8601 writes it, a month as 30; None for anything else."""
    found = _DURATION.fullmatch(duration)
    if not found or not any(found.groups()):
        return None
    return sum(int(each or 0) * length for each, length in zip(found.groups(), _DAYS, strict=True))


def _moved(start: datetime, count: int) -> datetime | None:
    try:
        return start + timedelta(days=count)
    except OverflowError:
        return None


def _told(rotation: Rotation) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for label, duration in (
        ("Rotates after", rotation.after),
        ("Rotates before its end by", rotation.before),
        ("A new version lives for", rotation.new_ends),
    ):
        if (count := days(duration)) is not None:
            facts[label] = f"{count} days"
    return facts


__all__ = ["LATE", "Keys", "Rotation", "days", "judged", "rotation_of"]
