"""Secrets of one namespace: what their metadata says, and, where it is asked for, what their values hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from inventory.collector import ProgressRecord, Record, SecretRecord, SkipRecord
from inventory.kube.answer import Refused
from inventory.kube.client import JSON, TABLE, KubeClient, segment
from inventory.kube.metadata import entries, hints_of, instant, is_subdomain, owner_of, table, written_at
from inventory.kube.subjects import account
from inventory.kube.values import HELM, ends_at, pairs_of
from inventory.store_records import HeldRecord, SecretKind, VersionRecord, VersionState
from inventory.stores.crew import Crew
from inventory.stores.hints import Hints
from inventory.stores.values import Values

TOKEN, TLS = "kubernetes.io/service-account-token", "kubernetes.io/tls"
# Built-in types of the core API, and two that its own tools make.
_KINDS: Mapping[str, SecretKind] = {
    TOKEN: SecretKind.TOKEN,
    TLS: SecretKind.CERTIFICATE,
    "kubernetes.io/dockerconfigjson": SecretKind.TOKEN,
    "kubernetes.io/dockercfg": SecretKind.TOKEN,
    "kubernetes.io/ssh-auth": SecretKind.PRIVATE_KEY,
    "bootstrap.kubernetes.io/token": SecretKind.TOKEN,
}
_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9.-]{0,62}(?:/[A-Za-z0-9._-]{1,62})?")
_ACCOUNT = "kubernetes.io/service-account.name"
_LAST_USED, _INVALID = "kubernetes.io/legacy-token-last-used", "kubernetes.io/legacy-token-invalid-since"
_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""What `kubectl apply` sent, values and all: it comes with the metadata, and is looked for by its name alone."""
_SETTLED = timedelta(seconds=5)
"""The server's times are of whole seconds: for so long another change could have the same."""
_MADE_WITHIN = timedelta(seconds=2)
_MOST_USERS = 8
# What makes secrets: (owner's kind) → who that is, and whether it renews them by itself.
_MAKERS: Mapping[str, tuple[str, bool | None]] = {
    "ExternalSecret": ("External Secrets", None),
    "ClusterExternalSecret": ("External Secrets", None),
    "PushSecret": ("External Secrets", None),
    "SealedSecret": ("Sealed Secrets", False),
    "Certificate": ("cert-manager", True),
    "CertificateRequest": ("cert-manager", True),
    "VaultStaticSecret": ("Vault Secrets Operator", None),
    "VaultDynamicSecret": ("Vault Secrets Operator", True),
    "VaultPKISecret": ("Vault Secrets Operator", True),
    "SecretProviderClass": ("Secrets Store CSI driver", None),
    "SecretProviderClassPodStatus": ("Secrets Store CSI driver", None),
}
_NOT_TOLD = "Kubernetes counts no uses of secrets; only its audit log does"


@dataclass(frozen=True, slots=True)
class _Read:
    """What reading the values of one secret brought."""

    meta: Mapping[str, Any] = field(default_factory=dict)
    held: tuple[HeldRecord, ...] | None = None
    why: str = ""
    expires_at: datetime | None = None
    immutable: bool | None = None


@dataclass
class Secrets:
    """All secrets of one namespace."""

    client: KubeClient
    namespace: str
    space: Mapping[str, Any]
    """The namespace's own metadata."""
    users: Mapping[str, Mapping[str, None]]
    """Secret → the workloads that are handed it."""
    values: Values | None = None
    count: int = 0
    types: Counter[str] = field(default_factory=Counter)
    makers: Counter[str] = field(default_factory=Counter)
    unknown_types: bool = False

    @property
    def _path(self) -> str:
        return f"/api/v1/namespaces/{segment(self.namespace)}/secrets"

    def read(self) -> Iterator[Record]:
        """Yield every secret.

        Raises:
            Refused: the list is not handed out, or not to its end.
        """
        ended: list[Refused] = []
        if self.values is None:
            for item in self._listed(ended):
                yield from self._told(item, None)
        else:
            for item, found in Crew(self.client.at_once, self.client.alive).each(self._listed(ended), self._values_of):
                yield from self._told(item, found)
        if ended:
            raise ended[0]

    def _listed(self, ended: list[Refused]) -> Iterator[dict[str, Any]]:
        # Raising it here would drop what is under way for the secrets before.
        try:
            yield from self.client.items(self._path, accept=TABLE)
        except Refused as refused:
            ended.append(refused)

    def _told(self, item: Mapping[str, Any], found: _Read | None) -> Iterator[Record]:
        name = table(item.get("metadata")).get("name")
        if not is_subdomain(name):
            yield SkipRecord("its name is none that Kubernetes allows", f"a secret in {self.namespace}")
            return
        if found is not None and found.why:
            reason = f"the value may not be read, so that it has no fingerprint: {found.why}"
            yield SkipRecord(reason, f"{self.namespace}/{name}", partial=False)
        self.count += 1
        yield self._record(str(name), item, found)
        if self.count % 500 == 0:
            yield ProgressRecord("secrets", self.count, self.count)

    def _values_of(self, item: Mapping[str, Any]) -> _Read:
        """Read one secret's values; what Helm packs into a release is left alone."""
        assert self.values is not None
        meta = table(item.get("metadata"))
        name, number = str(meta.get("name")), self._number(meta)
        if not is_subdomain(name) or type_of(item) == HELM:
            return _Read()
        tls = type_of(item) == TLS
        # What a certificate says is not kept from one read to the next, so that it is read each time.
        if self.values.knows(name, number) and not tls:
            return _Read()
        try:
            whole = self.client.get(f"{self._path}/{segment(name)}", accept=JSON)
        except Refused as refused:
            return _Read() if refused.status == 404 else _Read(why=refused.why)
        immutable = whole.get("immutable")
        return _Read(
            table(whole.get("metadata")),
            self.values.held(pairs_of(whole.get("data"))),
            expires_at=ends_at(whole.get("data")) if tls else None,
            immutable=immutable is True,
        )

    def _number(self, meta: Mapping[str, Any]) -> str:
        """Return what tells a version from the next: when the values were written, else the object's own version."""
        changed = written_at(meta, "f:data", "f:stringData")
        own = str(meta.get("resourceVersion") or "1")[:60]
        if changed is None:
            return own
        said = changed.strftime("%Y-%m-%dT%H:%M:%SZ")
        return said if self.client.now() - changed > _SETTLED else f"{said} {own}"

    def _record(self, name: str, item: Mapping[str, Any], found: _Read | None) -> SecretRecord:
        meta = table(item.get("metadata"))
        if found is not None and found.meta.get("name") == name:
            # It may have changed since it was listed, and this is what the values belong to.
            meta = found.meta
        kind_told, owner = type_of(item), owner_of(meta)
        self.types[kind_told or "type not told"] += 1
        self.unknown_types = self.unknown_types or not kind_told
        hints = hints_of(meta, self.space)
        evidence: dict[str, str] = {**hints.evidence, "last_used_at": _NOT_TOLD}
        attributes: dict[str, Any] = {"Type": kind_told} if kind_told else {}
        labels = table(meta.get("labels"))
        created, rotated = _ages(meta, item, evidence, attributes)
        last_used = self._token_facts(kind_told, labels, meta, evidence, attributes)
        auto = self._maker(owner, meta, kind_told, evidence, attributes)
        self._use(name, attributes)
        if immutable := _immutable(meta, found):
            attributes["Immutable"] = immutable
        if _APPLIED in table(meta.get("annotations")):
            attributes["Repeated"] = "kubectl apply left its values in an annotation, which metadata alone has too"
        if owner_hint := hints.owner:
            attributes["Owner label"] = owner_hint
        expires = found.expires_at if found else None
        evidence["expires_at"] = _end(kind_told, expires, looked=found is not None)
        invalid = bool(labels.get(_INVALID))
        evidence["enabled"] = f"label {_INVALID}" if invalid else "it is there, and Kubernetes switches no secret off"
        evidence["ephemeral"] = "a stored value"
        evidence["rotation_failed"] = "Kubernetes changes no secret by itself; whoever does keeps its own record"
        read = self.values is not None and found is not None and found.held is not None
        version = VersionRecord(
            self._number(meta),
            VersionState.CURRENT,
            rotated or created,
            key_id=self.values.key_id if read and self.values else "",
            held=(found.held or ()) if found else (),
        )
        return SecretRecord(
            name,
            kind=_kind(kind_told, labels, hints),
            address=address_of(self.namespace, name),
            logs_in_as=self._account(kind_told, meta),
            environment=hints.environment,
            tier=hints.tier,
            created_at=created,
            rotated_at=rotated,
            expires_at=expires,
            last_used_at=last_used,
            enabled=not invalid,
            auto_rotated=auto,
            ephemeral=False,
            versions=(version,),
            evidence=evidence,
            attributes=attributes,
        )

    def _token_facts(
        self,
        kind_told: str,
        labels: Mapping[str, Any],
        meta: Mapping[str, Any],
        evidence: dict[str, str],
        attributes: dict[str, Any],
    ) -> datetime | None:
        """Tell of a service account's token for whom it is and when it was used last, which the server notes by day."""
        if kind_told != TOKEN:
            return None
        if name := _account_of(meta):
            attributes["Service account"] = name
        used = instant(labels.get(_LAST_USED))
        if used is not None:
            evidence["last_used_at"] = f"label {_LAST_USED}, which has whole days"
        else:
            evidence["last_used_at"] = f"there is no label {_LAST_USED}: unused since Kubernetes notes it (1.27)"
        return used

    def _account(self, kind_told: str, meta: Mapping[str, Any]) -> str:
        """Return the service account that a token lets in, as the inventory calls it."""
        name = _account_of(meta) if kind_told == TOKEN else ""
        return account(self.namespace, name).id if name else ""

    def _maker(
        self,
        owner: tuple[str, str],
        meta: Mapping[str, Any],
        kind_told: str,
        evidence: dict[str, str],
        attributes: dict[str, Any],
    ) -> bool | None:
        """Say what makes the secret, and whether that renews it."""
        kind, name = owner
        annotations = table(meta.get("annotations"))
        certificate = annotations.get("cert-manager.io/certificate-name")
        if kind not in _MAKERS and is_subdomain(certificate):
            kind, name = "Certificate", str(certificate)
        if kind_told == HELM:
            self.makers["Helm"] += 1
            attributes["Holds"] = "a Helm release, with the values it was installed with"
        if kind in _MAKERS:
            maker, renews = _MAKERS[kind]
            self.makers[maker] += 1
            attributes["Made by"] = f"{kind} {name} ({maker})"
            evidence["auto_rotated"] = {
                True: f"{maker} renews what it makes",
                False: f"{maker} only unpacks what was put into it",
                None: f"{maker} follows a store elsewhere; whether that rotates is told there",
            }[renews]
            return renews
        if name:
            attributes["Belongs to"] = f"{kind} {name}"
        evidence["auto_rotated"] = "Kubernetes changes no secret by itself, and no maker is named"
        return None if name else False

    def _use(self, name: str, attributes: dict[str, Any]) -> None:
        users = list(self.users.get(name, ()))
        if users:
            more = f" and {len(users) - _MOST_USERS} more" if len(users) > _MOST_USERS else ""
            attributes["Used by"] = ", ".join(users[:_MOST_USERS]) + more


def _account_of(meta: Mapping[str, Any]) -> str:
    name = table(meta.get("annotations")).get(_ACCOUNT)
    return str(name) if is_subdomain(name) else ""


def address_of(namespace: str, name: str) -> str:
    """Return how grants name a secret."""
    return f"namespaces/{namespace}/secrets/{name}"


def type_of(item: Mapping[str, Any]) -> str:
    """Return a listed secret's type; empty where it was not told, or is no word."""
    found = table(item.get("cells")).get("type")
    return found if isinstance(found, str) and _TYPE.fullmatch(found) else ""


def _ages(
    meta: Mapping[str, Any], item: Mapping[str, Any], evidence: dict[str, str], attributes: dict[str, Any]
) -> tuple[datetime | None, datetime | None]:
    """Return when it was made and when its values were written last."""
    created = instant(meta.get("creationTimestamp"))
    changed = written_at(meta, "f:data", "f:stringData")
    if created is None:
        evidence["created_at"] = evidence["rotated_at"] = "Kubernetes told no creationTimestamp"
        return None, changed
    evidence["created_at"] = "Kubernetes metadata, creationTimestamp"
    if changed is None:
        # Without a later time this would read "never changed".
        evidence["created_at"] = evidence["rotated_at"] = (
            "who wrote its values, and when, is not in its metadata (managedFields), so that its age is not known"
        )
        attributes["Created"] = created.astimezone(UTC).strftime("%Y-%m-%d")
        return None, None
    if changed - created <= _MADE_WITHIN:
        evidence["rotated_at"] = "Kubernetes metadata, managedFields: not written since it was made"
        return created, None
    evidence["rotated_at"] = (
        "Kubernetes metadata, managedFields: the last write of whoever wrote its values, which may have left them alone"
    )
    return created, changed


def _immutable(meta: Mapping[str, Any], found: _Read | None) -> str:
    if found is not None and found.immutable is not None:
        return "yes" if found.immutable else ""
    told = any("f:immutable" in table(each.get("fieldsV1")) for each in entries(meta.get("managedFields")))
    return "set when it was written (whether to yes, its metadata does not say)" if told else ""


def _end(kind_told: str, expires: datetime | None, *, looked: bool) -> str:
    if expires is not None:
        return "the certificate in it"
    if kind_told == TLS:
        if not looked:
            return "the certificate in it says so, and it is read only with fingerprints"
        return "its certificate could not be read"
    if kind_told == TOKEN:
        return "such tokens have no end"
    return "Kubernetes sets no end of a secret"


def _kind(kind_told: str, labels: Mapping[str, Any], hints: Hints) -> SecretKind:
    return _KINDS.get(kind_told) or hints.kind or SecretKind.STORED


__all__ = ["TLS", "TOKEN", "Secrets", "address_of", "type_of"]
