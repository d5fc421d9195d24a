"""Secrets Manager: what is stored in one region, its versions and rotation, and who its own policies let in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from inventory.aws.failures import Refused
from inventory.aws.policy import Policy, PolicyUnreadable, parse_policy
from inventory.aws.reading import Reading, as_time
from inventory.aws.resource_policy import Outsiders
from inventory.aws.tags import tag_attributes, tag_hints
from inventory.collector import ProgressRecord, Record, SecretRecord, SkipRecord
from inventory.held import json_pairs
from inventory.store_records import READERS, HeldRecord, SecretKind, VersionRecord, VersionState
from posture.common.secret_value import SecretValue

_CURRENT, _PENDING = "AWSCURRENT", "AWSPENDING"
_SAME = timedelta(minutes=1)
"""Two times so near belong to one act."""
_LATE = timedelta(days=1)
_SERVICE = "Secrets Manager"


@dataclass
class _Found:
    """What was learned of one secret beyond the list."""

    versions: list[Mapping[str, Any]] | None = None
    """None where they were not asked for, or not told."""
    why: str = ""
    policy: Any = None
    policy_why: str = ""
    """Why it was not handed out."""
    policy_unread: str = ""
    held: dict[str, tuple[HeldRecord, ...]] = field(default_factory=dict)
    unread: int = 0
    gone: bool = False


@dataclass
class StoredSecrets:
    """The secrets of one region."""

    reading: Reading
    region: str
    outsiders: Outsiders

    def read(self) -> Iterator[Record]:
        """Yield every secret with its grants."""
        refused: dict[tuple[str, str], int] = {}
        ended: list[Refused] = []
        for entry, found in self.reading.crew().each(self._listed(ended), self._job):
            if found.gone:
                continue
            self.reading.secrets += 1
            path = self._path(entry)
            policy = self._policy(found)
            yield secret_record(entry, found, path, self.reading.address(entry["ARN"]), self.reading.now, self._key_id)
            for what, why in (("resource policies", found.policy_why), ("dates of versions", found.why)):
                if why:
                    refused[what, why] = refused.get((what, why), 0) + 1
            if found.unread:
                reason = "the value may not be read, so that it has no fingerprint"
                yield SkipRecord(reason, path, found.unread, partial=False)
            if policy is not None:
                yield from self.outsiders.grants(entry["ARN"], entry["Name"], policy)
            elif found.policy_unread:
                yield SkipRecord(found.policy_unread, path)
            if self.reading.secrets % 200 == 0:
                yield ProgressRecord("secrets", self.reading.secrets, self.reading.secrets)
        for (what, why), count in refused.items():
            # Grants that were not looked at must not be taken for gone.
            yield SkipRecord(why, f"{what} of secrets in {self.region}", count, partial=what == "resource policies")
        for each in ended:
            raise each

    @property
    def _key_id(self) -> str:
        return self.reading.values.key_id if self.reading.values else ""

    def _path(self, entry: Mapping[str, Any]) -> str:
        return f"secretsmanager/{self.region}/{entry.get('Name', '')}"

    def _listed(self, ended: list[Refused]) -> Iterator[Mapping[str, Any]]:
        given: dict[str, Any] = {"IncludePlannedDeletion": True, "PaginationConfig": {"PageSize": 100}}
        for entry in self.reading.entries(ended, "SecretList", "secretsmanager", "list_secrets", self.region, **given):
            if entry.get("ARN") and entry.get("Name"):
                yield entry

    def _job(self, entry: Mapping[str, Any]) -> _Found:
        found, client, arn = _Found(), self.reading.client, entry["ARN"]
        try:
            found.policy = client.call("secretsmanager", "get_resource_policy", self.region, SecretId=arn).get(
                "ResourcePolicy"
            )
        except Refused as refused:
            found.gone = refused.gone
            found.policy_why = refused.why
        if not found.gone and (self.reading.values or _has_a_past(entry)):
            try:
                pages = client.pages(
                    "secretsmanager", "list_secret_version_ids", self.region, SecretId=arn, IncludeDeprecated=True
                )
                found.versions = [each for page in pages for each in page.get("Versions", ())]
            except Refused as refused:
                found.gone = refused.gone
                found.why = refused.why
        if self.reading.values and not found.gone and not entry.get("DeletedDate"):
            self._fetch(entry, found)
        return found

    def _fetch(self, entry: Mapping[str, Any], found: _Found) -> None:
        """Fetch the value of each version that was not read before, one at a time."""
        values = self.reading.values
        assert values is not None
        path = self._path(entry)
        for number in _stages(entry, found):
            if values.knows(path, number):
                continue
            try:
                answer = self.reading.client.call(
                    "secretsmanager", "get_secret_value", self.region, SecretId=entry["ARN"], VersionId=number
                )
            except Refused:
                found.unread += 1
                continue
            value = answer.get("SecretString")
            binary = SecretValue(answer.get("SecretBinary") or b"")
            found.held[number] = values.held([("", binary)] if value is None else json_pairs(SecretValue(value)))

    def _policy(self, found: _Found) -> Policy | None:
        """Return the secret's own policy; where it is not understood, take note of that."""
        if not found.policy:
            return None
        try:
            return parse_policy(found.policy)
        except PolicyUnreadable as error:
            found.policy_unread = f"its policy is not understood: {error}"
            return None


def _has_a_past(entry: Mapping[str, Any]) -> bool:
    """Say whether the list alone leaves open when the value was changed last."""
    created, changed = as_time(entry.get("CreatedDate")), as_time(entry.get("LastChangedDate"))
    if created is None or len(entry.get("SecretVersionsToStages") or {}) != 1 or entry.get("LastRotatedDate"):
        return True
    return changed is not None and changed - created > _SAME


def _stages(entry: Mapping[str, Any], found: _Found) -> dict[str, list[str]]:
    """Return the labels of each version, by its id."""
    if found.versions is None:
        return dict(entry.get("SecretVersionsToStages") or {})
    return {each["VersionId"]: each.get("VersionStages") or [] for each in found.versions if each.get("VersionId")}


def secret_record(
    entry: Mapping[str, Any], found: _Found, path: str, address: str, now: datetime, key_id: str
) -> SecretRecord:
    """Return what the list and the versions say of one secret."""
    hints = tag_hints(entry.get("Tags"))
    evidence: dict[str, str] = dict(hints.evidence)
    stages = _stages(entry, found)
    dates = {each.get("VersionId", ""): as_time(each.get("CreatedDate")) for each in found.versions or ()}
    created, rotated = _ages(entry, found, stages, dates, evidence)
    deleted, used = as_time(entry.get("DeletedDate")), as_time(entry.get("LastAccessedDate"))
    evidence["enabled"] = f"{_SERVICE}, DeletedDate"
    evidence["expires_at"] = f"{_SERVICE}, DeletedDate" if deleted else f"{_SERVICE}: no deletion is planned"
    evidence["last_used_at"] = (
        f"{_SERVICE}, LastAccessedDate, to the day" if used else f"{_SERVICE} tells no access; it may have had none"
    )
    evidence["ephemeral"] = "a stored value"
    rotates = entry.get("RotationEnabled") is True
    evidence["auto_rotated"] = f"{_SERVICE}, RotationEnabled"
    evidence["rotation_failed"] = "it is not rotated automatically"
    if found.policy_why or found.policy_unread:
        evidence[READERS] = f"resource policy of the secret: {found.policy_why or found.policy_unread}"
    rds = entry.get("OwningService") == "rds"
    return SecretRecord(
        path,
        kind=SecretKind.DATABASE_PASSWORD if rds else hints.kind or SecretKind.STORED,
        address=address,
        environment=hints.environment,
        tier=hints.tier,
        created_at=created,
        rotated_at=rotated,
        expires_at=deleted,
        last_used_at=used,
        enabled=deleted is None,
        auto_rotated=rotates,
        rotation_failed=_failed(entry, stages, dates, now, evidence) if rotates else None,
        ephemeral=False,
        versions=tuple(
            VersionRecord(
                number,
                VersionState.CURRENT if _CURRENT in labels and deleted is None else VersionState.SUPERSEDED,
                dates.get(number)
                or (as_time(entry.get("CreatedDate")) if found.versions is None and len(stages) == 1 else None),
                key_id=key_id if number in found.held else "",
                held=found.held.get(number, ()),
            )
            for number, labels in stages.items()
        ),
        evidence=evidence,
        attributes=_attributes(entry, stages) | tag_attributes(hints),
    )


def _ages(
    entry: Mapping[str, Any],
    found: _Found,
    stages: Mapping[str, list[str]],
    dates: Mapping[str, datetime | None],
    evidence: dict[str, str],
) -> tuple[datetime | None, datetime | None]:
    """Return when a secret was made and when its value changed last: by its current version, not by its settings."""
    created = as_time(entry.get("CreatedDate"))
    evidence["created_at"] = f"{_SERVICE}, CreatedDate" if created else f"{_SERVICE} has no CreatedDate"
    current = next((number for number, labels in stages.items() if _CURRENT in labels), "")
    if not stages:
        evidence["created_at"] = evidence["rotated_at"] = "it has no version, so that it holds no value"
        return None, None
    if found.versions is None and not _has_a_past(entry):
        evidence["rotated_at"] = f"{_SERVICE}: its only version is as old as it is"
        return created, None
    since = dates.get(current)
    if since is not None:
        evidence["rotated_at"] = f"{_SERVICE}, CreatedDate of the current version"
        first = len(stages) == 1 and created is not None and since - created <= _SAME
        first = first and not entry.get("LastRotatedDate")
        return created, None if first else since
    rotated = as_time(entry.get("LastRotatedDate"))
    if rotated is not None:
        evidence["rotated_at"] = f"{_SERVICE}, LastRotatedDate"
        return created, rotated
    # LastChangedDate moves with every setting too: an age by it would be too young.
    why = found.why or f"{_SERVICE} does not date its current version"
    evidence["created_at"] = evidence["rotated_at"] = f"its value may have been changed since: {why}"
    return None, None


def _failed(
    entry: Mapping[str, Any],
    stages: Mapping[str, list[str]],
    dates: Mapping[str, datetime | None],
    now: datetime,
    evidence: dict[str, str],
) -> bool:
    """Say whether rotation stopped: a version that waits for more than a day, or a day of rotation that passed."""
    for number, labels in stages.items():
        made = dates.get(number)
        if _PENDING in labels and _CURRENT not in labels and made is not None and now - made > _LATE:
            evidence["rotation_failed"] = f"{_SERVICE}: a version waits as {_PENDING} since {made:%Y-%m-%d}"
            return True
    due = as_time(entry.get("NextRotationDate"))
    if due is not None and now - due > _LATE:
        evidence["rotation_failed"] = f"{_SERVICE}, NextRotationDate, which has passed"
        return True
    evidence["rotation_failed"] = f"{_SERVICE}, stages of versions and NextRotationDate"
    return False


def _attributes(entry: Mapping[str, Any], stages: Mapping[str, list[str]]) -> dict[str, Any]:
    facts: dict[str, Any] = {"Versions": len(stages)}
    rules = entry.get("RotationRules") or {}
    if days := rules.get("AutomaticallyAfterDays"):
        facts["Rotates every"] = f"{days} days"
    if schedule := rules.get("ScheduleExpression"):
        facts["Rotates by the schedule"] = str(schedule)[:100]
    if lambda_arn := entry.get("RotationLambdaARN"):
        facts["Rotated by"] = str(lambda_arn)[:300]
    for label, name in (("Next rotation", "NextRotationDate"), ("Last changed in any way", "LastChangedDate")):
        if told := as_time(entry.get(name)):
            facts[label] = told.isoformat()
    if owner := entry.get("OwningService"):
        facts["Managed by"] = str(owner)[:100]
    if key := entry.get("KmsKeyId"):
        facts["Encrypted with"] = str(key)[:300]
    if primary := entry.get("PrimaryRegion"):
        facts["Replicated from"] = str(primary)[:40]
    return facts


__all__ = ["StoredSecrets", "secret_record"]
