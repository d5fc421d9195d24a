"""Key-value stores: what their metadata says of each secret, and, where it is asked for, what its values hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inventory.collector import CollectorError, ProgressRecord, Record, SecretRecord, SkipRecord
from inventory.held import json_pairs
from inventory.store_records import HeldRecord, SecretKind, VersionRecord, VersionState
from inventory.stores.crew import Crew
from inventory.stores.hints import hints_in
from inventory.stores.values import Values
from inventory.vault.answer import Answer, Unanswered
from inventory.vault.client import VaultClient
from inventory.vault.instants import instant, seconds, spoken
from inventory.vault.mounts import Mount
from posture.common.secret_value import SecretValue

MOST_FAILURES = 20
"""So many secrets in a row that the server fails to answer for end the read."""
_NO_USES = "Vault tells uses only in its audit log"
_NO_ROTATION = "a key-value store changes no value by itself"


@dataclass(frozen=True, slots=True)
class _Place:
    path: str
    folder: bool
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Listed:
    names: list[str]
    following: str


@dataclass(frozen=True, slots=True)
class _Found:
    answer: Answer
    held: Mapping[str, tuple[HeldRecord, ...]] = field(default_factory=dict)
    unread: int = 0


@dataclass
class KeyValueStore:
    """One key-value store, read side by side, each secret with one request for its metadata."""

    client: VaultClient
    crew: Crew
    mount: Mount
    values: Values | None = None
    secrets: int = 0

    @property
    def _area(self) -> str:
        return f"{self.mount.path}metadata/" if self.mount.version == 2 else self.mount.path

    def read(self) -> Iterator[Record]:
        """Yield every secret."""
        listed = failed = 0
        for place, result in self.crew.each([_Place("", folder=True)], self._job, self._below):
            match result:
                case _Listed():
                    listed += sum(not name.endswith("/") for name in result.names)
                    yield from self._unusable(place, result)
                case Unanswered():
                    yield SkipRecord(result.answer.why, f"names in {self.mount.name}{place.path}")
                case _Found():
                    failed = failed + 1 if result.answer.status >= 500 else 0
                    if failed >= MOST_FAILURES:
                        raise CollectorError(
                            f"Vault failed to answer for {failed} secrets in a row (status {result.answer.status}). "
                            "Look at its log and collect again; what was read is kept."
                        )
                    yield from self._secret(place.path, result)
                    if self.secrets % 500 == 0:
                        yield ProgressRecord("secrets", self.secrets, max(listed, self.secrets))

    def _job(self, place: _Place) -> _Listed | _Found | Unanswered:
        namespace = self.mount.namespace
        if place.folder:
            try:
                return _Listed(*self.client.page(self._area + place.path, namespace, place.after))
            except Unanswered as unanswered:
                return unanswered
        if self.mount.version == 2:
            answer = self.client.ask("GET", self._area + place.path, namespace)
            return self._with_values(place.path, answer) if self.values else _Found(answer)
        if self.values is None:
            return _Found(Answer(200))
        answer = self.client.ask("GET", self._area + place.path, namespace)
        held = self._held(answer, dict(answer.data))
        if held is None:
            # Its name is known all the same.
            return _Found(Answer(200), unread=1)
        return _Found(Answer(200), {"1": held})

    def _below(self, place: _Place, result: object) -> Iterator[_Place]:
        if not isinstance(result, _Listed):
            return
        for name in result.names:
            if _usable(name):
                yield _Place(place.path + name, name.endswith("/"))
        if result.following:
            yield _Place(place.path, folder=True, after=result.following)

    def _unusable(self, place: _Place, result: _Listed) -> Iterator[SkipRecord]:
        count = sum(not _usable(name) for name in result.names)
        if count:
            reason = "its name cannot stand in an address"
            yield SkipRecord(reason, f"{self.mount.name}{place.path}", count)

    def _with_values(self, path: str, answer: Answer) -> _Found:
        """Fetch the values of each version that would be handed out and was not read before, one at a time."""
        assert self.values is not None
        held: dict[str, tuple[HeldRecord, ...]] = {}
        unread = 0
        now = self.client.now()
        for number, facts in answer.table("versions").items():
            gone = not isinstance(facts, dict) or facts.get("destroyed") is True or _is_deleted(facts, now)
            if gone or self.values.knows(path, number):
                continue
            read = self.client.ask(
                "GET", f"{self.mount.path}data/{path}", self.mount.namespace, params={"version": number}
            )
            found = self._held(read, read.data.get("data"))
            if found is None:
                unread += 1
            else:
                held[number] = found
        return _Found(answer, held, unread)

    def _held(self, answer: Answer, value: object) -> tuple[HeldRecord, ...] | None:
        """Return what an answer's values hold; None where it has none."""
        assert self.values is not None
        if not answer.ok or not isinstance(value, dict):
            return None
        return self.values.held(json_pairs(SecretValue(json.dumps(value))))

    def _secret(self, path: str, found: _Found) -> Iterator[Record]:
        answer, mount = found.answer, self.mount
        if found.unread:
            reason = "the value may not be read, so that it has no fingerprint"
            yield SkipRecord(reason, mount.name + path, found.unread, partial=False)
        if answer.status == 404:
            # It went away between the list and this.
            return
        self.secrets += 1
        if mount.version == 1:
            yield kv1_record(mount, path, found.held.get("1"), self._key_id)
        elif answer.ok:
            yield kv2_record(mount, path, answer, self.client.now(), found.held, self._key_id)
        else:
            yield SkipRecord(f"metadata not read: {answer.why}", mount.name + path)
            yield kv2_named_only(mount, path, answer)

    @property
    def _key_id(self) -> str:
        return self.values.key_id if self.values else ""


def kv1_record(mount: Mount, path: str, held: tuple[HeldRecord, ...] | None, key_id: str) -> SecretRecord:
    """Return what version 1 of the key-value store tells: a name."""
    why = "version 1 of the key-value store keeps no times"
    version = VersionRecord("1", VersionState.CURRENT, key_id="" if held is None else key_id, held=held or ())
    return SecretRecord(
        path,
        address=mount.name + path,
        auto_rotated=False,
        ephemeral=False,
        versions=(version,),
        evidence={
            "created_at": why,
            "rotated_at": why,
            "expires_at": why,
            "last_used_at": _NO_USES,
            "auto_rotated": _NO_ROTATION,
            "rotation_failed": _NO_ROTATION,
            "ephemeral": "a stored value",
            "enabled": why,
        },
    )


def kv2_named_only(mount: Mount, path: str, answer: Answer) -> SecretRecord:
    """Return a secret of which only the name may be seen."""
    fields = ("created_at", "rotated_at", "expires_at", "enabled", "last_used_at", "rotation_failed")
    return SecretRecord(
        path,
        address=f"{mount.name}data/{path}",
        named_only=True,
        evidence=dict.fromkeys(fields, f"metadata not read: {answer.why}"),
    )


def kv2_record(
    mount: Mount,
    path: str,
    answer: Answer,
    now: datetime,
    held: Mapping[str, tuple[HeldRecord, ...]],
    key_id: str,
) -> SecretRecord:
    """Return what the metadata of one secret says."""
    data = answer.data
    table = answer.table("versions")
    current = str(data.get("current_version") or "")
    latest = table.get(current)
    latest = latest if isinstance(latest, dict) else {}
    hints = hints_in(data.get("custom_metadata"), "Vault custom metadata")
    evidence: dict[str, str] = dict(hints.evidence)
    created, rotated = instant(data.get("created_time")), None
    evidence["created_at"] = "Vault metadata, created_time" if created else "Vault metadata has no created_time"
    if not table and current in ("", "0"):
        created = None
        evidence["created_at"] = evidence["rotated_at"] = "it has metadata, but no version was ever written"
    elif current not in ("", "0", "1"):
        rotated = instant(latest.get("created_time")) or instant(data.get("updated_time"))
        evidence["rotated_at"] = f"Vault metadata, created_time of version {current}"
    else:
        evidence["rotated_at"] = "Vault metadata: version 1 is the only one ever written"
    ends, destroyed = instant(latest.get("deletion_time")), latest.get("destroyed") is True
    gone = destroyed or _is_deleted(latest, now)
    evidence["enabled"] = f"Vault metadata, version {current or 'none'}"
    evidence["expires_at"] = "Vault metadata, deletion_time" if ends and not gone else "Vault metadata: no end is set"
    evidence |= {
        "last_used_at": _NO_USES,
        "auto_rotated": _NO_ROTATION,
        "rotation_failed": _NO_ROTATION,
        "ephemeral": "a stored value",
    }
    return SecretRecord(
        path,
        kind=hints.kind or SecretKind.STORED,
        address=f"{mount.name}data/{path}",
        environment=hints.environment,
        tier=hints.tier,
        created_at=created,
        rotated_at=rotated,
        expires_at=None if gone else ends,
        enabled=bool(latest) and not gone,
        auto_rotated=False,
        ephemeral=False,
        versions=tuple(_versions(table, current, now, held, key_id)),
        evidence=evidence,
        attributes=_attributes(data, table, now, hints.owner, hints.others),
    )


def _versions(
    table: Mapping[str, Any], current: str, now: datetime, held: Mapping[str, tuple[HeldRecord, ...]], key_id: str
) -> Iterator[VersionRecord]:
    for number, facts in table.items():
        if isinstance(facts, dict):
            yield VersionRecord(
                number,
                _state(number, facts, current, now),
                instant(facts.get("created_time")),
                key_id=key_id if number in held else "",
                held=held.get(number, ()),
            )


def _state(number: str, facts: Any, current: str, now: datetime) -> VersionState:
    if not isinstance(facts, dict) or facts.get("destroyed") is True:
        return VersionState.DESTROYED
    # A deleted version can be brought back, but nobody is handed it.
    if number == current and not _is_deleted(facts, now):
        return VersionState.CURRENT
    return VersionState.SUPERSEDED


def _is_deleted(facts: Any, now: datetime) -> bool:
    ends = instant(facts.get("deletion_time")) if isinstance(facts, dict) else None
    return ends is not None and ends <= now


def _attributes(
    data: Mapping[str, Any], table: Mapping[str, Any], now: datetime, owner: str, others: int
) -> dict[str, Any]:
    destroyed = sum(isinstance(facts, dict) and facts.get("destroyed") is True for facts in table.values())
    deleted = sum(_is_deleted(facts, now) for facts in table.values())
    facts: dict[str, Any] = {"Versions kept": len(table) - destroyed}
    if destroyed:
        facts["Destroyed versions"] = destroyed
    if deleted:
        facts["Deleted versions that can be brought back"] = deleted
    if period := seconds(data.get("delete_version_after")):
        facts["Deletes each version after"] = spoken(period)
    if owner:
        facts["Owner, by its metadata"] = owner
    if others:
        facts["Further custom metadata"] = others
    return facts


def _usable(name: str) -> bool:
    return "\0" not in name and name.rstrip("/") not in ("", ".", "..")


__all__ = ["KeyValueStore", "kv1_record", "kv2_named_only", "kv2_record"]
