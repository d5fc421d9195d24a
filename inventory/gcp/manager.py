"""Secret Manager: what is stored in a project, its versions, and who the policies of secrets let in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from google_crc32c import value as crc32c

from inventory.collector import ProgressRecord, Record, SkipRecord
from inventory.gcp.client import PAGE
from inventory.gcp.failures import Refused
from inventory.gcp.names import full_name, secret_in
from inventory.gcp.policies import Policies
from inventory.gcp.reading import Reading
from inventory.gcp.roles import ACCESS
from inventory.gcp.stored import Found, StoredVersion, secret_record, version_of
from inventory.held import json_pairs
from posture.common.secret_value import SecretValue

LIST_RIGHT, VERSIONS_RIGHT = "secretmanager.secrets.list", "secretmanager.versions.list"
POLICY_RIGHT = "secretmanager.secrets.getIamPolicy"
MOST_VERSIONS = 2_000
"""Of one secret: one a day for five years. Those of many secrets wait at once."""
_VERSIONS_AT_ONCE = 500
_LARGEST_SECRET, _LARGEST_POLICY = 128 << 10, 1 << 20
"""In bytes: several times what Google lets them have."""
_DAMAGED = "it does not fit its checksum; collect again"


@dataclass
class StoredSecrets:
    """The secrets of a project that belong to no location, or to one."""

    reading: Reading
    policies: Policies
    location: str = ""
    odd: int = 0
    """How many are none of Secret Manager's, by name or size."""
    vanished: int = 0
    """How many were listed and then not there."""

    def read(self) -> Iterator[Record]:
        """Yield every secret with its grants.

        Raises:
            Refused: they may not be listed, or not all of them.
        """
        refused: dict[tuple[str, str], int] = {}
        ended: list[Refused] = []
        for (name, entry), found in self.reading.crew().each(self._listed(ended), self._job):
            if found.gone:
                self.vanished += 1
                continue
            self.reading.secrets += 1
            path, address = self._path(name), full_name(self.reading.project, self.location, name)
            values = self.reading.values
            key_id = values.key_id if values else ""
            shown = self.reading.address(address)
            yield secret_record(entry, found, path, shown, self.location, self.reading.now, key_id)
            for what, why in (("rights on secrets", found.policy_why), ("versions of secrets", found.why)):
                if why:
                    refused[what, why] = refused.get((what, why), 0) + 1
            for why, count in found.unread.items():
                yield SkipRecord(f"the value has no fingerprint: {why}", path, count, partial=False)
            if found.policy is not None:
                yield from self.policies.secret(found.policy, address)
            if self.reading.secrets % 200 == 0:
                yield ProgressRecord("secrets", self.reading.secrets, self.reading.secrets)
        for (what, why), count in refused.items():
            # Grants that were not looked at must not be taken for gone.
            yield SkipRecord(why, f"{what}{self._where}", count, partial=what == "rights on secrets")
        if self.vanished:
            # Most likely they were deleted just now; the next read that finds them listed no more says so.
            yield SkipRecord("they were listed, but not there any more", f"secrets{self._where}", self.vanished)
        if self.odd:
            yield SkipRecord("Secret Manager has none of such names or sizes", f"secrets{self._where}", self.odd)
        for each in ended:
            raise each

    @property
    def _where(self) -> str:
        return f" in {self.location}" if self.location else ""

    def _path(self, name: str) -> str:
        return f"{self.location}/{name}" if self.location else name

    def _listed(self, ended: list[Refused]) -> Iterator[tuple[str, Any]]:
        parent = f"projects/{self.reading.project}" + (f"/locations/{self.location}" if self.location else "")
        client = self.reading.client
        pages = client.pages("list_secrets", LIST_RIGHT, self.location, parent=parent, page_size=PAGE)
        try:
            for page in self.reading.listed(pages):
                for entry in page.secrets:
                    name = secret_in(entry.name, self.location)
                    if name and type(entry).pb(entry).ByteSize() <= _LARGEST_SECRET:
                        yield name, entry
                    else:
                        self.odd += 1
        except Refused as refused:
            # Raising it here would drop what is under way for the secrets before.
            ended.append(refused)

    def _job(self, listed: tuple[str, Any]) -> Found:
        name, _ = listed
        found, client = Found(), self.reading.client
        full = full_name(self.reading.project, self.location, name)
        try:
            pages = client.pages(
                "list_secret_versions", VERSIONS_RIGHT, self.location, parent=full, page_size=_VERSIONS_AT_ONCE
            )
            found.versions = _whole(pages)
        except Refused as refused:
            found.gone = refused.gone
            found.why = refused.why
        if self.reading.bindings and not found.gone:
            asked = {"resource": full, "options": {"requested_policy_version": 3}}
            try:
                policy = client.call("get_iam_policy", POLICY_RIGHT, self.location, **asked)
                if policy.ByteSize() > _LARGEST_POLICY:
                    raise Refused("the policy is larger than Google's are")
                found.policy = policy
            except Refused as refused:
                found.gone = refused.gone
                found.policy_why = refused.why
        if self.reading.values and not found.gone:
            self._fetch(name, full, found)
        return found

    def _fetch(self, name: str, full: str, found: Found) -> None:
        """Fetch the value of each enabled version that was not read before, one at a time."""
        values = self.reading.values
        assert values is not None
        for version in found.versions or ():
            if version.state != "ENABLED" or values.knows(self._path(name), str(version.number)):
                continue
            try:
                asked = f"{full}/versions/{version.number}"
                answer = self.reading.client.call("access_secret_version", ACCESS, self.location, name=asked)
            except Refused as refused:
                found.unread[refused.why] = found.unread.get(refused.why, 0) + 1
                continue
            payload = answer.payload
            if "data_crc32c" in payload and crc32c(payload.data) != payload.data_crc32c:
                found.unread[_DAMAGED] = found.unread.get(_DAMAGED, 0) + 1
                continue
            found.held[version.number] = values.held(json_pairs(SecretValue(payload.data)))


def _whole(pages: Iterator[Any]) -> list[StoredVersion]:
    """Return all versions of one secret.

    Raises:
        Refused: they are more than are read; whether a schedule is followed is not known by a part.
    """
    found: list[StoredVersion] = []
    for page in pages:
        found += [each for each in map(version_of, page.versions) if each is not None]
        if len(found) > MOST_VERSIONS:
            raise Refused(f"it has more than {MOST_VERSIONS:,} versions, of which none is read")
    return found


__all__ = ["LIST_RIGHT", "MOST_VERSIONS", "POLICY_RIGHT", "VERSIONS_RIGHT", "StoredSecrets"]
