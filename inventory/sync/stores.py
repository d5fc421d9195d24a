"""Writes what a store tells: secrets with their versions and holdings, principals with their links, and grants."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from inventory.access_rule import literal_prefix
from inventory.collector import GrantRecord, PrincipalRecord, SecretRecord, SkipRecord
from inventory.models import Asset, Credential, Grant, Holding, Principal, Secret, Source, Version
from inventory.scored import score_again
from inventory.store_records import Capability, VersionRecord
from inventory.sync.credentials import Credentials
from inventory.sync.links import link_members
from inventory.sync.skips import Skips

BATCH = 500
# Lengths that the columns hold.
MOST_PATH, MOST_ADDRESS, MOST_NUMBER = 1000, 2000, 200
_SECRET_FACTS = (
    *("address", "logs_in_as", "kind", "environment", "tier", "created_at", "rotated_at", "expires_at", "last_used_at"),
    *("enabled", "auto_rotated", "rotation_failed", "ephemeral", "evidence", "attributes"),
)
_PRINCIPAL_FACTS = (
    *("kind", "name", "environment", "enabled", "created_at", "last_used_at", "expires_at", "granted", "used"),
    *("member_of", "evidence", "attributes"),
)
_SEEN = ["last_seen_at", "seen_by", "gone_at"]


class StoreWriter:
    """The secrets, principals and grants of one read of one asset."""

    def __init__(self, asset: Asset, tag: str, credentials: Credentials, skips: Skips) -> None:
        self.asset = asset
        self.tag = tag
        self.credentials = credentials
        self.skips = skips
        self._secrets: dict[str, SecretRecord] = {}
        self._principals: dict[str, PrincipalRecord] = {}
        self._grants: list[GrantRecord] = []
        self._wrote = False

    @property
    def waiting(self) -> int:
        """How many records are to be written; a secret counts with its versions."""
        versions = sum(len(record.versions) for record in self._secrets.values())
        return len(self._secrets) + versions + len(self._principals) + len(self._grants)

    def take(self, record: object) -> bool:
        """Keep a record until the next writing; says whether it was one of these."""
        match record:
            case SecretRecord():
                if len(record.path) > MOST_PATH or len(record.address) > MOST_ADDRESS:
                    self.skips.add([SkipRecord(f"its path is longer than {MOST_PATH} characters", record.path[:200])])
                else:
                    self._secrets[record.path] = record
            case PrincipalRecord():
                if len(record.external_id) > MOST_PATH:
                    reason = f"its name is longer than {MOST_PATH} characters"
                    self.skips.add([SkipRecord(reason, record.external_id[:200])])
                else:
                    self._principals[record.external_id] = record
            case GrantRecord():
                self._grants.append(record)
            case _:
                return False
        return True

    def write(self) -> None:
        """Write what was taken; the caller holds the transaction and the lease."""
        secrets, principals, grants = self._secrets, self._principals, self._grants
        self._secrets, self._principals, self._grants = {}, {}, []
        self._wrote = self._wrote or bool(secrets or principals or grants)
        if secrets:
            self._write_secrets(list(secrets.values()))
        if principals:
            self._write_principals(principals.values())
        if grants:
            self._write_grants(grants)

    def finish(self, *, whole: bool) -> None:
        """Join members to their groups; after a `whole` read, what was not seen is gone."""
        if Principal.objects.filter(asset=self.asset).exists():
            own = Principal.objects.present().filter(asset=self.asset, seen_by=self.tag)
            link_members(own, self.asset.source_id)
        swept = self._sweep() if whole else 0
        if self._wrote or swept:
            Source.objects.filter(pk=self.asset.source_id).owe_readers()

    def _sweep(self) -> int:
        """Mark as gone what this read did not see; returns how much."""
        secrets = Secret.objects.present().filter(asset=self.asset).exclude(seen_by=self.tag)
        principals = Principal.objects.present().filter(asset=self.asset).exclude(seen_by=self.tag)
        grants = Grant.objects.present().filter(asset=self.asset).exclude(seen_by=self.tag)
        held = Credential.objects.filter(holdings__version__secret__in=secrets)
        Credential.objects.filter(pk__in=held.values("pk")).update(severity_due=True)
        # Who owns what is gone is asked nowhere else: a store may hold things of other teams than its own.
        score_again(secrets, principals)
        return sum(rows.update(gone_at=Now()) for rows in (secrets, principals, grants))

    def _write_secrets(self, records: list[SecretRecord]) -> None:
        now = timezone.now()
        rows = [
            Secret(
                asset=self.asset,
                path=record.path,
                seen_by=self.tag,
                first_seen_at=now,
                last_seen_at=now,
                policy_due=True,
                **_facts(record, _SECRET_FACTS),
            )
            for record in records
        ]
        told = [
            [row for row, record in zip(rows, records, strict=True) if record.named_only is only]
            for only in (False, True)
        ]
        for some, names in zip(told, ([*_SECRET_FACTS, *_SEEN, "policy_due"], ["address", *_SEEN]), strict=True):
            Secret.objects.bulk_create(
                some, update_conflicts=True, unique_fields=["asset", "path"], update_fields=names
            )
        found = Secret.objects.filter(asset=self.asset, path__in=[record.path for record in records])
        by_path = dict(found.values_list("path", "pk"))
        self._write_versions([(by_path[record.path], each) for record in records for each in record.versions])
        # What was gone and is back may be known by name alone, without its versions.
        _rate_again([by_path[record.path] for record in records if not record.versions])
        self._supersede(
            [(by_path[record.path], {_number(each.number) for each in record.versions}) for record in records]
        )

    def _write_versions(self, versions: list[tuple[int, VersionRecord]]) -> None:
        by_key = {(secret, _number(record.number)): record for secret, record in versions}
        if not by_key:
            return
        rows = [
            Version(secret_id=secret, number=number, state=record.state, created_at=record.created_at)
            for (secret, number), record in by_key.items()
        ]
        Version.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["secret", "number"],
            update_fields=["state", "created_at"],
        )
        secrets = {secret for secret, _ in by_key}
        found = Version.objects.filter(secret__in=secrets).values_list("secret", "number", "pk", "state")
        pks = {(secret, number): pk for secret, number, pk, _ in found}
        held = {pks[key]: record for key, record in by_key.items() if record.key_id}
        if held:
            self._hold(held)
        # Whether a value is a current one decides how severe its exposure is.
        _rate_again(secrets)

    def _hold(self, held: dict[int, VersionRecord]) -> None:
        """Set what versions hold, where their values were read."""
        findings = [each.finding for record in held.values() for each in record.held]
        self.credentials.learn(findings)
        credentials = self.credentials.of({each.fingerprint for each in findings}) if findings else {}
        self.credentials.mark_guessable(credentials, ((each.fingerprint, each.rule) for each in findings))
        wanted = {
            (pk, each.key[:200]): credentials[each.finding.fingerprint]
            for pk, record in held.items()
            for each in record.held
        }
        stale = {
            pk: credential
            for pk, version, key, credential in Holding.objects.filter(version__in=held).values_list(
                "pk", "version", "key", "credential"
            )
            if wanted.get((version, key)) != credential
        }
        Holding.objects.filter(pk__in=stale).delete()
        # Nothing leads from here to a value that is no longer held, but what it opens and where it is reused changed.
        Credential.objects.filter(pk__in=set(stale.values())).update(severity_due=True)
        rows = [Holding(version_id=pk, key=key, credential_id=each) for (pk, key), each in wanted.items()]
        Holding.objects.bulk_create(rows, ignore_conflicts=True)
        for key_id in {record.key_id for record in held.values()}:
            read = [pk for pk, record in held.items() if record.key_id == key_id]
            Version.objects.filter(pk__in=read).update(read_key=key_id)

    def _supersede(self, told: list[tuple[int, set[str]]]) -> None:
        """A version that its store no longer names is no current one; it is kept for what it held."""
        named = dict(told)
        rows = Version.objects.filter(secret__in=named, state=Version.State.CURRENT).values_list(
            "pk", "secret", "number"
        )
        gone = [pk for pk, secret, number in rows if named[secret] and number not in named[secret]]
        Version.objects.filter(pk__in=gone).update(state=Version.State.SUPERSEDED)

    def _known_members(self, records: Collection[PrincipalRecord]) -> dict[str, list[str]]:
        """Return what those were members of before of whom this read does not tell all: nothing is lost by that."""
        names = [record.external_id for record in records if not record.members_told]
        rows = Principal.objects.present().filter(asset=self.asset, external_id__in=names)
        return dict(rows.values_list("external_id", "member_of")) if names else {}

    def _write_principals(self, records: Collection[PrincipalRecord]) -> None:
        now, known = timezone.now(), self._known_members(records)
        rows = []
        for record in records:
            facts = _facts(record, _PRINCIPAL_FACTS)
            member_of = dict.fromkeys((*record.member_of, *known.get(record.external_id, ())))
            facts |= {"name": facts["name"][:MOST_PATH], "member_of": list(member_of)}
            rows.append(
                Principal(
                    asset=self.asset,
                    external_id=record.external_id,
                    seen_by=self.tag,
                    first_seen_at=now,
                    last_seen_at=now,
                    **facts,
                )
            )
        Principal.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["asset", "external_id"],
            update_fields=[*_PRINCIPAL_FACTS, *_SEEN],
        )

    def _write_grants(self, records: list[GrantRecord]) -> None:
        names = {record.principal for record in records}
        found = Principal.objects.filter(asset=self.asset, external_id__in=names)
        principals = dict(found.values_list("external_id", "pk"))
        rows: dict[tuple[int, str], Grant] = {}
        for record in records:
            principal = principals.get(record.principal)
            if principal is None:
                self.skips.add([SkipRecord("a grant to somebody the store does not list", record.principal[:200])])
                continue
            grant = _grant(record, self.asset, principal, self.tag)
            rows[principal, grant.rule_digest] = grant
        Grant.objects.bulk_create(
            rows.values(),
            update_conflicts=True,
            unique_fields=["principal", "rule_digest"],
            update_fields=["capabilities", "deny", "admin", "wildcard", "last_used_at", "seen_by", "gone_at"],
        )


def _number(told: str) -> str:
    """Return a version's number as it is stored: a long one ends in its digest, so that it stays another's apart."""
    return told if len(told) <= MOST_NUMBER else f"{told[:100]}…{hashlib.sha256(told.encode()).hexdigest()}"


def _rate_again(secrets: Collection[int]) -> None:
    """Have what these secrets hold rated again."""
    if secrets:
        touched = Credential.objects.filter(holdings__version__secret__in=secrets)
        Credential.objects.filter(pk__in=touched.values("pk")).update(severity_due=True)


def _grant(record: GrantRecord, asset: Asset, principal: int, tag: str) -> Grant:
    key = "\x00".join((record.pattern, record.matching, record.rule, record.condition, str(record.deny)))
    return Grant(
        asset=asset,
        source_id=asset.source_id,
        principal_id=principal,
        pattern=record.pattern,
        matching=record.matching,
        prefix=literal_prefix(record.pattern, record.matching),
        capabilities=sorted(record.capabilities),
        rule=record.rule,
        rule_digest=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest(),
        deny=record.deny,
        condition=record.condition,
        admin=Capability.ADMIN in record.capabilities and not record.deny,
        wildcard=record.wildcard and not record.deny,
        last_used_at=record.last_used_at,
        seen_by=tag,
    )


def _facts(record: SecretRecord | PrincipalRecord, names: tuple[str, ...]) -> dict[str, Any]:
    facts = {name: getattr(record, name) for name in names}
    return facts | {"evidence": dict(record.evidence), "attributes": dict(record.attributes)}


__all__ = ["StoreWriter"]
