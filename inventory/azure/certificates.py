"""The certificates of one vault, with when they end and whether the vault renews them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from inventory.azure.client import VaultClient
from inventory.azure.entry import Entry
from inventory.azure.failures import Refused
from inventory.azure.keys import LATE
from inventory.azure.reading import Reading
from inventory.azure.timeline import SERVICE, hints_of, shared_attributes, shared_evidence, shared_facts, timeline
from inventory.collector import Record, SecretRecord
from inventory.store_records import SecretKind


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a certificate's policy says of its renewal."""

    automatic: bool = False
    percentage: int | None = None
    """Of its life, after which it is renewed."""
    days_before: int | None = None
    issuer: str = ""
    months: int | None = None
    exportable: bool | None = None

    def due(self, starts: datetime | None, expires: datetime | None) -> datetime | None:
        """Return when a certificate that is valid in this time is to be renewed."""
        if expires and self.days_before is not None:
            return expires - timedelta(days=min(self.days_before, 36_500))
        if starts and expires and self.percentage is not None:
            return starts + (expires - starts) * min(self.percentage, 100) / 100
        return None


@dataclass
class _Found:
    """What was learned of one certificate beyond the list."""

    versions: list[Entry] | None = None
    why: str = ""
    renewal: Renewal | None = None
    renewal_why: str = ""
    gone: bool = False


@dataclass
class Certificates:
    """The certificates of one vault."""

    reading: Reading

    def read(self) -> Iterator[Record]:
        """Yield every certificate; their names tell secrets and keys which of them are no others."""
        listing = lambda vault: vault.certificates.list_properties_of_certificates()  # noqa: E731 - it names no more than the call
        for each in self.reading.each("list certificates", listing, self._job):
            if not isinstance(each, tuple):
                yield each
                continue
            entry, found = each
            self.reading.certificates.add(entry.name)
            if found.gone:
                self.reading.vanished += 1
                continue
            self.reading.secrets += 1
            yield self._record(entry, found)
        yield from self.reading.left_out()

    def _job(self, entry: Entry) -> _Found:
        found, name = _Found(), entry.name

        def listing(vault: VaultClient) -> Any:
            return vault.certificates.list_properties_of_certificate_versions(name)

        try:
            found.versions = self.reading.versions("list versions of certificates", listing)
            found.renewal = self.reading.client.ask(
                "read how certificates renew",
                lambda vault: renewal_of(vault.certificates.get_certificate_policy(name)),
            )
        except Refused as refused:
            if found.versions is None:
                found.gone, found.why = refused.gone, refused.why
            found.renewal_why = refused.why
        return found

    def _record(self, entry: Entry, found: _Found) -> SecretRecord:
        if found.renewal is None:
            self.reading.note("renewal of certificates", Refused(found.renewal_why))
        if found.versions is None:
            self.reading.note("versions of certificates", Refused(found.why))
        hints, path = hints_of(entry), f"certificates/{entry.name}"
        ages = timeline(found.versions, found.why)
        automatic, failed, said = judged(found.renewal, found.renewal_why, entry, self.reading.client.now())
        attributes = shared_attributes(entry, hints, found.versions)
        if found.renewal:
            attributes |= _told(found.renewal)
        return SecretRecord(
            path,
            SecretKind.CERTIFICATE,
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


def renewal_of(policy: Any) -> Renewal:
    """Read what Microsoft's client made of a certificate's policy; an e-mail to somebody renews nothing."""
    facts: dict[str, Any] = {
        "issuer": str(policy.issuer_name or ""),
        "months": policy.validity_in_months if isinstance(policy.validity_in_months, int) else None,
        "exportable": policy.exportable if isinstance(policy.exportable, bool) else None,
    }
    for action in policy.lifetime_actions or ():
        if str(getattr(action.action, "value", action.action)).lower() == "autorenew":
            percentage, before = action.lifetime_percentage, action.days_before_expiry
            return Renewal(
                # Of an authority that it does not know, the vault can only make the request.
                facts["issuer"].lower() != "unknown",
                percentage if isinstance(percentage, int) else None,
                before if isinstance(before, int) else None,
                **facts,
            )
    return Renewal(**facts)


def judged(
    renewal: Renewal | None, why: str, entry: Entry, now: datetime
) -> tuple[bool | None, bool | None, dict[str, str]]:
    """Return whether a certificate is renewed by the vault, whether that failed, and where that is known from."""
    if renewal is None:
        said = f"not known: {why}"
        return None, None, {"auto_rotated": said, "rotation_failed": said}
    evidence = {"auto_rotated": f"{SERVICE}, policy of the certificate"}
    if not renewal.automatic:
        return False, None, evidence | {"rotation_failed": f"{SERVICE}: no renewal is set"}
    due = renewal.due(entry.starts, entry.expires)
    if due is None or entry.enabled is False:
        why = "the vault gives no date that it counts from" if due is None else "it is switched off"
        return True, None, evidence | {"rotation_failed": f"not known: {why}"}
    failed = now - due > LATE
    said = f"{SERVICE}, policy of the certificate"
    return True, failed, evidence | {"rotation_failed": f"{said}: it fell due on {due:%Y-%m-%d}" if failed else said}


def _told(renewal: Renewal) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if renewal.issuer:
        facts["Issuer"] = renewal.issuer[:100]
    if renewal.automatic and renewal.percentage is not None:
        facts["Renewed after"] = f"{renewal.percentage} % of its life"
    if renewal.automatic and renewal.days_before is not None:
        facts["Renewed before its end by"] = f"{renewal.days_before} days"
    if renewal.exportable is not None:
        facts["Private key can leave the vault"] = renewal.exportable
    return facts


__all__ = ["Certificates", "Renewal", "judged", "renewal_of"]
