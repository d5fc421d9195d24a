"""The secrets of one vault, by what lists tell of them; values only where fingerprints are switched on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from inventory.azure.client import VaultClient
from inventory.azure.entry import Entry
from inventory.azure.failures import Refused
from inventory.azure.reading import Reading
from inventory.azure.timeline import SERVICE, hints_of, shared_attributes, shared_evidence, shared_facts, timeline
from inventory.collector import Record, SecretRecord, SkipRecord
from inventory.detection.plausibility import plausible_secret
from inventory.held import json_pairs
from inventory.store_records import HeldRecord, SecretKind

_OF_CERTIFICATE = frozenset({"application/x-pkcs12", "application/x-pem-file"})
_CONTENT_TYPE = re.compile(r"[A-Za-z][\w.+ /-]{0,60}")
_HINTS = (
    (re.compile(r"connection.?string|database|\bdb\b|sql", re.I), SecretKind.DATABASE_PASSWORD),
    (re.compile(r"storage", re.I), SecretKind.STORAGE_KEY),
    (re.compile(r"token|api.?key", re.I), SecretKind.TOKEN),
    (re.compile(r"application/(x-pkcs12|x-pem-file|pkix-cert)|private.?key", re.I), SecretKind.PRIVATE_KEY),
)


@dataclass
class _Found:
    """What was learned of one secret beyond the list."""

    versions: list[Entry] | None = None
    why: str = ""
    held: dict[str, tuple[HeldRecord, ...]] = field(default_factory=dict)
    unread: int = 0
    off: int = 0
    gone: bool = False


@dataclass
class Secrets:
    """The secrets of one vault."""

    reading: Reading

    def read(self) -> Iterator[Record]:
        """Yield every secret that is not a certificate's."""
        what = "list secrets"
        for each in self.reading.each(what, lambda vault: vault.secrets.list_properties_of_secrets(), self._job):
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
            path = f"secrets/{entry.name}"
            yield self._record(entry, found, path)
            if found.unread:
                reason = "the value may not be read, so that it has no fingerprint"
                yield SkipRecord(reason, path, found.unread, partial=False)
            if found.off:
                yield SkipRecord("versions that are switched off cannot be read", path, found.off, partial=False)
        yield from self.reading.left_out()

    def _job(self, entry: Entry) -> _Found | None:
        if entry.managed and (entry.content_type in _OF_CERTIFICATE or entry.name in self.reading.certificates):
            return None
        found = _Found()
        name = entry.name

        def listing(vault: VaultClient) -> object:
            return vault.secrets.list_properties_of_secret_versions(name)

        try:
            found.versions = self.reading.versions("list versions of secrets", listing)
        except Refused as refused:
            found.gone, found.why = refused.gone, refused.why
        for version in found.versions or () if self.reading.values else ():
            self._fetch(version, found)
        return found

    def _fetch(self, version: Entry, found: _Found) -> None:
        """Fetch one value, unless it was read before."""
        values = self.reading.values
        assert values is not None
        if values.knows(f"secrets/{version.name}", version.version):
            return
        if version.enabled is False:
            found.off += 1
            return
        try:
            value = self.reading.client.value(version.name, version.version)
        except Refused:
            found.unread += 1
            return
        found.held[version.version] = values.held(json_pairs(value))

    def _record(self, entry: Entry, found: _Found, path: str) -> SecretRecord:
        if found.versions is None:
            self.reading.note("versions of secrets", Refused(found.why))
        hints = hints_of(entry)
        key_id = self.reading.values.key_id if self.reading.values else ""
        ages = timeline(found.versions, found.why, found.held, key_id)
        kind, said = (hints.kind, {}) if hints.kind else kind_of(entry.content_type)
        attributes = shared_attributes(entry, hints, found.versions)
        if entry.managed:
            attributes["Managed by Key Vault"] = True
        if _CONTENT_TYPE.fullmatch(entry.content_type) and not plausible_secret(entry.content_type.encode()):
            attributes["Content type"] = entry.content_type
        return SecretRecord(
            path,
            kind or SecretKind.STORED,
            address=self.reading.address(path),
            created_at=ages.created,
            rotated_at=ages.rotated,
            versions=ages.versions,
            evidence=shared_evidence(entry, hints)
            | dict(ages.evidence)
            | said
            | {
                "auto_rotated": f"not known: {SERVICE} does not tell what else writes new versions",
                "rotation_failed": f"not known: {SERVICE} does not tell what else writes new versions",
            },
            attributes=attributes,
            **shared_facts(entry, hints),
        )


def kind_of(content_type: str) -> tuple[SecretKind | None, dict[str, str]]:
    """Return what a content type, which people write as they like, says of a secret's kind."""
    for pattern, kind in _HINTS:
        if pattern.search(content_type[:200]):
            return kind, {"kind": f"{SERVICE}, contentType"}
    return None, {}


__all__ = ["Secrets", "kind_of"]
