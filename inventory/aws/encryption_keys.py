"""KMS keys of one region that the account's people manage: rotation and state. Key material never leaves KMS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inventory.aws.failures import Refused
from inventory.aws.reading import Reading, as_time
from inventory.aws.tags import tag_attributes, tag_hints
from inventory.collector import Record, SecretRecord, SkipRecord
from inventory.store_records import SecretKind

_SYMMETRIC = "SYMMETRIC_DEFAULT"


@dataclass
class _Found:
    key: Mapping[str, Any] = field(default_factory=dict)
    rotation: Mapping[str, Any] | None = None
    rotations: list[datetime] | None = None
    tags: Any = None
    refused: list[tuple[str, str]] = field(default_factory=list)
    gone: bool = False


@dataclass
class EncryptionKeys:
    """The customer managed keys of one region."""

    reading: Reading
    region: str

    def read(self) -> Iterator[Record]:
        """Yield every key."""
        names: dict[str, str] = {}
        try:
            for page in self.reading.pages("kms", "list_aliases", self.region):
                names |= {each["TargetKeyId"]: each["AliasName"] for each in page["Aliases"] if "TargetKeyId" in each}
        except Refused as refused:
            yield SkipRecord(refused.why, f"names of keys in {self.region}", partial=False)
        told: dict[tuple[str, str], int] = {}
        ended: list[Refused] = []
        size = {"PaginationConfig": {"PageSize": 1000}}
        listed = self.reading.entries(ended, "Keys", "kms", "list_keys", self.region, **size)
        for entry, found in self.reading.crew().each(listed, self._job):
            for what in found.refused:
                told[what] = told.get(what, 0) + 1
            if not found.gone and found.key.get("KeyManager") == "CUSTOMER":
                self.reading.secrets += 1
                yield self._record(found, names.get(entry["KeyId"], ""))
        for (fact, why), count in told.items():
            yield SkipRecord(why, f"{fact} of keys in {self.region}", count, partial=fact == "descriptions")
        for each in ended:
            raise each

    def _job(self, entry: Mapping[str, Any]) -> _Found:
        found, client, key = _Found(), self.reading.client, entry["KeyId"]
        try:
            found.key = client.call("kms", "describe_key", self.region, KeyId=key).get("KeyMetadata") or {}
        except Refused as refused:
            found.gone = True
            found.refused += [] if refused.gone else [("descriptions", refused.why)]
            return found
        if found.key.get("KeyManager") != "CUSTOMER":
            return found
        try:
            found.tags = client.call("kms", "list_resource_tags", self.region, KeyId=key).get("Tags")
        except Refused as refused:
            found.refused.append(("tags", refused.why))
        if _rotatable(found.key):
            self._rotation(key, found)
        return found

    def _rotation(self, key: str, found: _Found) -> None:
        try:
            found.rotation = self.reading.client.call("kms", "get_key_rotation_status", self.region, KeyId=key)
            pages = self.reading.client.pages("kms", "list_key_rotations", self.region, KeyId=key)
            dates = (as_time(each.get("RotationDate")) for page in pages for each in page.get("Rotations", ()))
            found.rotations = [each for each in dates if each is not None]
        except Refused as refused:
            found.refused.append(("rotation", refused.why))

    def _record(self, found: _Found, alias: str) -> SecretRecord:
        key, hints = found.key, tag_hints(found.tags)
        evidence: dict[str, str] = dict(hints.evidence)
        created, state = as_time(key.get("CreationDate")), str(key.get("KeyState") or "")
        rotates = None if found.rotation is None else found.rotation.get("KeyRotationEnabled") is True
        if not _rotatable(key):
            rotates = False
        rotated = max(found.rotations or [], default=None)
        evidence |= {
            "created_at": "KMS, CreationDate",
            "rotated_at": "KMS, ListKeyRotations",
            "auto_rotated": "KMS, KeyRotationEnabled" if rotates is not None else "KMS does not tell it",
            "rotation_failed": "KMS does not tell it",
            "last_used_at": "KMS tells uses only in CloudTrail",
            "enabled": "KMS, KeyState",
            "ephemeral": "a stored key",
        }
        if not _rotatable(key):
            evidence["auto_rotated"] = "KMS rotates only symmetric keys that it made itself"
            evidence["rotated_at"] = "its material stays the same: KMS does not rotate it"
        elif found.rotations is None:
            # Without the list of rotations its material may be younger than the key.
            evidence["created_at"] = evidence["rotated_at"] = "KMS does not tell when its material was made"
            created = None
        ends = as_time(key.get("DeletionDate")) or as_time(key.get("ValidTo"))
        evidence["expires_at"] = "KMS, DeletionDate or ValidTo" if ends else "KMS: no end is set"
        return SecretRecord(
            f"kms/{self.region}/{key['KeyId']}",
            kind=SecretKind.ENCRYPTION_KEY,
            address=self.reading.address(key.get("Arn") or ""),
            environment=hints.environment,
            tier=hints.tier,
            created_at=created,
            rotated_at=rotated,
            expires_at=ends,
            enabled=state == "Enabled" if state else None,
            auto_rotated=rotates,
            ephemeral=False,
            evidence=evidence,
            attributes=_attributes(key, found.rotation or {}, alias) | tag_attributes(hints),
        )


def _rotatable(key: Mapping[str, Any]) -> bool:
    return key.get("KeySpec", _SYMMETRIC) == _SYMMETRIC and key.get("Origin", "AWS_KMS") == "AWS_KMS"


def _attributes(key: Mapping[str, Any], rotation: Mapping[str, Any], alias: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if alias:
        facts["Alias"] = alias[:300]
    for label, name in (("State", "KeyState"), ("Use", "KeyUsage"), ("Made of", "KeySpec"), ("Origin", "Origin")):
        if key.get(name):
            facts[label] = str(key[name])[:100]
    if days := rotation.get("RotationPeriodInDays"):
        facts["Rotates every"] = f"{days} days"
    if due := as_time(rotation.get("NextRotationDate")):
        facts["Next rotation"] = due.isoformat()
    return facts


__all__ = ["EncryptionKeys"]
