"""Certificates that an engine issued, and keys that stay inside one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from inventory.collector import ProgressRecord, Record, SecretRecord, SkipRecord
from inventory.policy import EPHEMERAL_HOURS
from inventory.store_records import SecretKind, VersionRecord, VersionState
from inventory.stores.crew import Crew
from inventory.vault.answer import Answer, Unanswered
from inventory.vault.client import VaultClient
from inventory.vault.engines import OVERDUE
from inventory.vault.instants import instant, seconds, spoken
from inventory.vault.mounts import Mount

LISTS = {"pki": "certs", "transit": "keys", "totp": "keys"}
READS = {"pki": "cert/", "transit": "keys/", "totp": ""}
KEPT_AFTER_END = timedelta(days=30)
"""So long an expired certificate is still told; engines keep them until somebody tidies up."""
_MOST_PEM = 100_000
_NO_USES = "Vault tells uses only in its audit log"
_UNREADABLE = (ValueError, TypeError, x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


@dataclass
class KeyEngine:
    """One engine with certificates or keys, read side by side."""

    client: VaultClient
    crew: Crew
    mount: Mount
    secrets: int = 0
    expired: int = 0

    def read(self) -> Iterator[Record]:
        """Yield every certificate or key."""
        skips: list[SkipRecord] = []
        for name, answer in self.crew.each(self._names(skips), self._job):
            record: SecretRecord | None = None
            if self.mount.type == "pki" and answer.ok:
                record = certificate_record(name, answer)
                if record is None:
                    yield SkipRecord("the certificate cannot be read", f"{self.mount.name}cert/{name}", partial=False)
                elif record.expires_at and record.expires_at < self.client.now() - KEPT_AFTER_END:
                    self.expired += 1
                    continue
            elif self.mount.type == "transit" and answer.ok:
                record = transit_record(self.mount, name, answer, self.client.now())
            elif self.mount.type == "totp":
                record = totp_record(self.mount, name)
            elif answer.status != 404:
                yield SkipRecord(f"not read: {answer.why}", f"{self.mount.name}{READS[self.mount.type]}{name}")
            if record is not None:
                self.secrets += 1
                yield record
            if self.secrets % 200 == 0:
                yield ProgressRecord(LISTS[self.mount.type], self.secrets, self.secrets)
        yield from skips

    def _names(self, skips: list[SkipRecord]) -> Iterator[str]:
        try:
            yield from self.client.names(self.mount.path + LISTS[self.mount.type], self.mount.namespace)
        except Unanswered as unanswered:
            skips.append(SkipRecord(unanswered.answer.why, f"names in {self.mount.name}{LISTS[self.mount.type]}"))

    def _job(self, name: str) -> Answer:
        if not READS[self.mount.type]:
            return Answer(200)
        return self.client.ask("GET", f"{self.mount.path}{READS[self.mount.type]}{name}", self.mount.namespace)


def certificate_record(serial: str, answer: Answer) -> SecretRecord | None:
    """Return what a certificate says of itself; None where it is none."""
    pem = answer.text("certificate")
    if not 0 < len(pem) <= _MOST_PEM:
        return None
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm):
        return None
    revoked = instant(answer.data.get("revocation_time"))
    evidence = {
        "created_at": "the certificate, not before",
        "rotated_at": "a certificate is not changed, another one is issued",
        "expires_at": "the certificate, not after",
        "enabled": "Vault, revocation_time" if revoked else "Vault: it was not revoked",
        "last_used_at": "nobody tells the uses of a certificate",
        "auto_rotated": "whether somebody renews it is not told here",
        "rotation_failed": "whether somebody renews it is not told here",
        "ephemeral": f"valid for {spoken(int((ends - begins).total_seconds()))}",
    }
    return SecretRecord(
        f"cert/{serial}",
        kind=SecretKind.CERTIFICATE,
        created_at=begins,
        expires_at=ends,
        enabled=revoked is None,
        ephemeral=ends - begins <= timedelta(hours=EPHEMERAL_HOURS),
        versions=(VersionRecord(serial, VersionState.CURRENT, begins),),
        evidence=evidence,
        attributes=_certificate_facts(certificate) | ({"Revoked at": revoked.isoformat()} if revoked else {}),
    )


def transit_record(mount: Mount, name: str, answer: Answer, now: datetime) -> SecretRecord:
    """Return what is told of a key that never leaves the engine."""
    times = {number: _made_at(told) for number, told in answer.table("keys").items() if number.isdigit()}
    latest = str(answer.data.get("latest_version") or "")
    oldest = seconds(answer.data.get("min_decryption_version")) or 0
    period = seconds(answer.data.get("auto_rotate_period"))
    rotated = times.get(latest) if latest not in ("", "1") else None
    overdue = False
    made = times.get(latest)
    if period and made is not None:
        with suppress(OverflowError):
            overdue = made + timedelta(seconds=period) + OVERDUE < now
    signs = answer.data.get("supports_decryption") is False and answer.data.get("supports_signing") is True
    versions = tuple(
        VersionRecord(
            number,
            VersionState.CURRENT
            if number == latest
            else VersionState.SUPERSEDED
            if int(number[:12]) >= oldest
            else VersionState.DESTROYED,
            made_at,
        )
        for number, made_at in times.items()
    )
    evidence = {
        "created_at": "Vault key, time of version 1" if times.get("1") else "version 1 is not kept any more",
        "rotated_at": f"Vault key, time of version {latest}" if rotated else "Vault key: version 1 is the latest",
        "expires_at": "Vault sets a key no end",
        "enabled": "Vault key" if "soft_deleted" in answer.data else "Vault has no way to switch a key off",
        "auto_rotated": "Vault key, auto_rotate_period" if period is not None else "Vault does not tell a period",
        "rotation_failed": "Vault key: latest version against its period" if period else "it has no period",
        "last_used_at": _NO_USES,
        "ephemeral": "a key that stays",
    }
    return SecretRecord(
        f"keys/{name}",
        kind=SecretKind.ENCRYPTION_KEY,
        address=f"{mount.name}{'sign' if signs else 'decrypt'}/{name}",
        created_at=times.get("1"),
        rotated_at=rotated,
        enabled=not answer.data["soft_deleted"] if isinstance(answer.data.get("soft_deleted"), bool) else None,
        auto_rotated=None if period is None else period > 0,
        rotation_failed=overdue if period else None,
        ephemeral=False,
        versions=versions,
        evidence=evidence,
        attributes=_key_facts(answer, period),
    )


def totp_record(mount: Mount, name: str) -> SecretRecord:
    """Return a seed of one-time codes, of which only the name is told."""
    why = "the engine keeps no times"
    fields = ("created_at", "rotated_at", "expires_at", "enabled", "auto_rotated", "rotation_failed")
    return SecretRecord(
        f"keys/{name}",
        address=f"{mount.name}code/{name}",
        ephemeral=False,
        evidence=dict.fromkeys(fields, why) | {"last_used_at": _NO_USES, "ephemeral": "a seed that stays"},
        attributes={"Holds": "a seed of one-time codes"},
    )


def _made_at(told: Any) -> datetime | None:
    """Symmetric keys tell seconds, others an object."""
    return instant(told.get("creation_time")) if isinstance(told, dict) else instant(told)


def _key_facts(answer: Answer, period: int | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"Type": answer.text("type")[:60]}
    if period:
        facts["Rotates every"] = spoken(period)
    for label, name in (("Can be exported", "exportable"), ("Can be deleted", "deletion_allowed")):
        if isinstance(answer.data.get(name), bool):
            facts[label] = answer.data[name]
    return facts


def _certificate_facts(certificate: x509.Certificate) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    with suppress(ValueError, TypeError):
        facts["Subject"] = certificate.subject.rfc4514_string()[:300]
        facts["Issuer"] = certificate.issuer.rfc4514_string()[:300]
    with suppress(*_UNREADABLE):
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        facts["Names"] = ", ".join(str(each.value) for each in names)[:300]
    with suppress(*_UNREADABLE):
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        facts["Is an authority"] = basic.ca
    with suppress(ValueError, TypeError, NotImplementedError):
        facts["Key"] = _key_name(certificate.public_key())
    return facts


def _key_name(key: object) -> str:
    match key:
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}"
        case ec.EllipticCurvePublicKey():
            return f"EC {key.curve.name}"
        case ed25519.Ed25519PublicKey():
            return "Ed25519"
        case ed448.Ed448PublicKey():
            return "Ed448"
    return "another kind"


__all__ = ["LISTS", "KeyEngine", "certificate_record", "totp_record", "transit_record"]
