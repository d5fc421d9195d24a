"""Secure parameters of Systems Manager in one region, by their metadata.

What lists the history of a parameter hands its values out too, so that it is asked only where fingerprints are on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inventory.aws.failures import Refused
from inventory.aws.reading import Reading, as_time
from inventory.aws.tags import tag_attributes, tag_hints
from inventory.collector import ProgressRecord, Record, SecretRecord, SkipRecord
from inventory.held import json_pairs
from inventory.store_records import HeldRecord, SecretKind, VersionRecord, VersionState
from posture.common.secret_value import SecretValue

_SERVICE = "Systems Manager"
_NO_USES = "Systems Manager tells uses only in CloudTrail"
_NO_ROTATION = "Systems Manager changes no value by itself"


@dataclass
class _Found:
    tags: Any = None
    tags_why: str = ""
    history: list[tuple[str, datetime | None]] = field(default_factory=list)
    history_why: str = ""
    held: dict[str, tuple[HeldRecord, ...]] = field(default_factory=dict)
    unread: int = 0
    gone: bool = False


@dataclass
class Parameters:
    """The secure parameters of one region."""

    reading: Reading
    region: str

    def read(self) -> Iterator[Record]:
        """Yield every parameter that holds a secret."""
        refused: dict[tuple[str, str], int] = {}
        ended: list[Refused] = []
        for entry, found in self.reading.crew().each(self._listed(ended), self._job):
            if found.gone:
                continue
            self.reading.secrets += 1
            path = self._path(entry)
            yield self._record(entry, found, path)
            for what, why in (("tags", found.tags_why), ("history", found.history_why)):
                if why:
                    refused[what, why] = refused.get((what, why), 0) + 1
            if found.unread:
                reason = "the value may not be read, so that it has no fingerprint"
                yield SkipRecord(reason, path, found.unread, partial=False)
            if self.reading.secrets % 200 == 0:
                yield ProgressRecord("secrets", self.reading.secrets, self.reading.secrets)
        for (what, why), count in refused.items():
            yield SkipRecord(why, f"{what} of parameters in {self.region}", count, partial=False)
        for each in ended:
            raise each

    def _path(self, entry: Mapping[str, Any]) -> str:
        return f"ssm/{self.region}/{str(entry['Name']).lstrip('/')}"

    def _listed(self, ended: list[Refused]) -> Iterator[Mapping[str, Any]]:
        only = [{"Key": "Type", "Option": "Equals", "Values": ["SecureString"]}]
        given: dict[str, Any] = {"ParameterFilters": only, "PaginationConfig": {"PageSize": 50}}
        for entry in self.reading.entries(ended, "Parameters", "ssm", "describe_parameters", self.region, **given):
            if entry.get("Name") and entry.get("Type") == "SecureString":
                yield entry

    def _job(self, entry: Mapping[str, Any]) -> _Found:
        found, client = _Found(), self.reading.client
        try:
            answer = client.call(
                "ssm", "list_tags_for_resource", self.region, ResourceType="Parameter", ResourceId=entry["Name"]
            )
            found.tags = answer.get("TagList")
        except Refused as refused:
            found.gone, found.tags_why = refused.gone, refused.why
        if self.reading.values and not found.gone:
            self._fetch(entry, found)
        return found

    def _fetch(self, entry: Mapping[str, Any], found: _Found) -> None:
        """Learn the versions, and fetch the value of each that was not read before, one at a time."""
        values, client, name = self.reading.values, self.reading.client, entry["Name"]
        assert values is not None
        try:
            pages = client.pages("ssm", "get_parameter_history", self.region, Name=name, WithDecryption=False)
            found.history = [
                (str(each["Version"]), as_time(each.get("LastModifiedDate")))
                for page in pages
                for each in page.get("Parameters", ())
                if each.get("Version") is not None and each.get("Type") == "SecureString"
            ]
        except Refused as refused:
            found.history_why = refused.why
        path = self._path(entry)
        for number, _ in found.history or [(str(entry.get("Version", "")), None)]:
            if not number or values.knows(path, number):
                continue
            try:
                answer = client.call("ssm", "get_parameter", self.region, Name=f"{name}:{number}", WithDecryption=True)
            except Refused:
                found.unread += 1
                continue
            value = (answer.get("Parameter") or {}).get("Value") or ""
            found.held[number] = values.held(json_pairs(SecretValue(value)))

    def _record(self, entry: Mapping[str, Any], found: _Found, path: str) -> SecretRecord:
        hints = tag_hints(found.tags)
        evidence: dict[str, str] = dict(hints.evidence)
        changed, number = as_time(entry.get("LastModifiedDate")), str(entry.get("Version") or "")
        dates = dict(found.history) | ({number: changed} if number else {})
        created = dates.get("1")
        rotated = None if number == "1" else changed
        evidence["created_at"] = (
            f"{_SERVICE}, LastModifiedDate of version 1"
            if created
            else ("Systems Manager tells the first version's date only to who may read values")
        )
        evidence["rotated_at"] = (
            f"{_SERVICE}: version 1 is the only one" if number == "1" else f"{_SERVICE}, LastModifiedDate"
        )
        ends = _end(entry.get("Policies"))
        evidence |= {
            "expires_at": f"{_SERVICE}, expiration policy" if ends else f"{_SERVICE}: no expiration policy",
            "last_used_at": _NO_USES,
            "enabled": f"{_SERVICE} lists it",
            "auto_rotated": _NO_ROTATION,
            "rotation_failed": _NO_ROTATION,
            "ephemeral": "a stored value",
        }
        name = str(entry["Name"])
        account = self.reading.account
        arn = f"arn:{account.partition}:ssm:{self.region}:{account.number}:parameter/{name.lstrip('/')}"
        key_id = self.reading.values.key_id if self.reading.values else ""
        return SecretRecord(
            path,
            kind=hints.kind or SecretKind.STORED,
            address=self.reading.address(entry.get("ARN") or arn),
            environment=hints.environment,
            tier=hints.tier,
            created_at=created,
            rotated_at=rotated,
            expires_at=ends,
            enabled=True,
            auto_rotated=False,
            ephemeral=False,
            versions=tuple(
                VersionRecord(
                    each,
                    VersionState.CURRENT if each == number else VersionState.SUPERSEDED,
                    date,
                    key_id=key_id if each in found.held else "",
                    held=found.held.get(each, ()),
                )
                for each, date in dates.items()
            ),
            evidence=evidence,
            attributes=_attributes(entry) | tag_attributes(hints),
        )


def _attributes(entry: Mapping[str, Any]) -> dict[str, Any]:
    facts = {}
    for label, name in (("Version", "Version"), ("Tier", "Tier"), ("Encrypted with", "KeyId")):
        if entry.get(name):
            facts[label] = str(entry[name])[:300]
    if str(entry.get("LastModifiedUser") or "").startswith("arn:"):
        facts["Last changed by"] = str(entry["LastModifiedUser"])[:300]
    return facts


def _end(policies: Any) -> datetime | None:
    """Return when an expiration policy deletes a parameter."""
    for policy in policies if isinstance(policies, list) else ():
        if not isinstance(policy, dict) or policy.get("PolicyType") != "Expiration":
            continue
        try:
            text = json.loads(policy.get("PolicyText") or "")["Attributes"]["Timestamp"]
            return as_time(datetime.fromisoformat(text))
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
    return None


__all__ = ["Parameters"]
