"""Collects what a Kubernetes cluster holds, how old it is, who is handed it and who can reach it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from types import MappingProxyType
from typing import Any, ClassVar

from inventory.collector import (
    ACCESS,
    Ability,
    AssetFactsRecord,
    AssetRecord,
    Collector,
    CollectorError,
    ConfigField,
    DoneRecord,
    ReadContext,
    Record,
    SkipRecord,
)
from inventory.kube.answer import Refused
from inventory.kube.bindings import Access
from inventory.kube.client import METADATA_LIST, KubeClient
from inventory.kube.metadata import is_label, table
from inventory.kube.namespace import Namespace
from inventory.kube.probe import abilities
from inventory.kube.rights import least_rights
from inventory.stores.settings import CONCURRENCY, FINGERPRINT, Settings, listed, parts_of, wrong
from inventory.stores.values import Values
from posture.common.http import HTTPFailure, tls_context
from posture.common.inside import Network
from posture.common.origin import origin_of

_CLUSTER = "cluster"
_NAMESPACE = "namespace"
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")
_TOLD = {"workloads": "who is handed which secret", "fingerprint": "values in variables and ConfigMaps"}


class KubernetesCollector(Collector):
    """Reads a Kubernetes cluster: secrets by their metadata, what runs with them, and who RBAC lets at them.

    Every namespace, and the rights over the whole cluster, is read on its own, so that one that fails leaves the
    others. The server is asked for names, types, ages and writers of secrets without their values, unless fingerprints
    are switched on; then values are read one secret at a time, and variables and ConfigMaps are looked at too. It is
    tested against Kubernetes' own published API, by its official client, not against a running cluster.
    """

    slug: ClassVar[str] = "kubernetes"
    label: ClassVar[str] = "Kubernetes"
    asset_kind: ClassVar[str] = _NAMESPACE
    asset_kinds: ClassVar[Mapping[str, str]] = MappingProxyType({_CLUSTER: "Cluster"})
    rights_reach: ClassVar[Mapping[str, bool]] = MappingProxyType({_CLUSTER: True, _NAMESPACE: False})
    needed_credential: ClassVar[str] = "a service account's token, or a kubeconfig"
    fields: ClassVar[tuple[ConfigField, ...]] = (
        ConfigField(
            "url",
            "Address",
            "Of the API server, such as https://k8s.example.org:6443. Its credential is a service account's token, or "
            "a kubeconfig with a token or a client certificate in it: one that runs a program (exec) or names a file "
            "is refused.",
            required=True,
            kind="url",
        ),
        ConfigField(
            "authority",
            "Certificate authority",
            "The cluster's own, as PEM or as the base64 that a kubeconfig has. Empty where a kubeconfig brings it.",
        ),
        ConfigField("namespaces", "Namespaces", "Those to read, such as pay, web. Empty for all."),
        ConfigField("leave_out", "Leave out", "Namespaces not to read, such as kube-system."),
        ConfigField(
            "leave_out_workloads",
            "Leave out workloads",
            "Do not look at what runs; then it is not known who is handed which secret. Definitions of workloads may "
            "hold values beside that, which are passed over unless fingerprints are on.",
            kind="boolean",
            default=False,
        ),
        replace(
            FINGERPRINT,
            help="Read values, one secret at a time, to recognise them elsewhere, and look for values in variables and "
            "ConfigMaps. Only fingerprints are kept.",
        ),
        CONCURRENCY,
    )
    attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "types": "Types of secrets",
            "makers": "Made by",
            "workloads": "Workloads",
            "version": "Version",
            "roles": "Roles given",
            "clock": "Clock",
        }
    )
    least_rights: ClassVar[str] = least_rights()
    cannot_know: ClassVar[tuple[str, ...]] = (
        "When a secret was read last, and by whom: only the audit log tells. Only of long-lived tokens of service "
        "accounts the last use is noted, by day.",
        "Whether a write changed a value: the server notes when whoever wrote the values wrote last, whatever it was.",
        "When a certificate ends, what a Helm release holds, and whether two secrets hold the same: that takes "
        "fingerprints, and releases are not unpacked even then.",
        "Secrets in variables of workloads and in ConfigMaps: they are looked at only with fingerprints.",
        "Who is in a group: whatever signs people in knows, Kubernetes does not. Whoever has rights by a group alone "
        "is not counted among the readers.",
        "What admission rules, webhooks that authorize, and encryption at rest add or forbid; who reads etcd, its "
        "backups or a node's disk.",
        "What follows from a right by detour, such as starting a pod that is handed a secret, is told as a rule under "
        "a condition, not counted.",
    )
    tested_against: ClassVar[str] = (
        "the project's own client and published API document, and a stand-in that keeps state and enforces RBAC. Not "
        "against a running cluster."
    )

    @classmethod
    def clean(cls, config: Mapping[str, Any]) -> dict[str, Any]:
        """Check address, authority and namespaces."""
        settings = Settings.of(config, cls.fields)
        named, left_out = _names(config.get("namespaces")), _names(config.get("leave_out"))
        if named and not set(named) - set(left_out):
            raise wrong("All namespaces that are named are left out too. Name at least one to read.")
        return {
            "url": _address(settings.text("url")),
            "authority": _authority(settings.text("authority")),
            "namespaces": ", ".join(named),
            "leave_out": ", ".join(left_out),
            "leave_out_workloads": settings.yes("leave_out_workloads"),
            "fingerprint": settings.yes("fingerprint"),
            "concurrency": settings.number("concurrency"),
        }

    @classmethod
    def overlap(cls, config: Mapping[str, Any], other: Mapping[str, Any]) -> str:
        """Compare the cluster and the namespaces to be read of it."""
        if origin_of(str(config["url"])) != origin_of(str(other["url"])):
            return ""
        named, left_out = (
            [set(_names(each.get(of))) for each in (config, other)] for of in ("namespaces", "leave_out")
        )
        here, there = (one - other for one, other in zip(named, left_out, strict=True))
        if here and there and not here & there:
            return ""
        if (here and not there and here <= left_out[1]) or (there and not here and there <= left_out[0]):
            return ""
        return "reads namespaces of the same cluster as"

    def probe(self, context: ReadContext) -> list[Ability]:
        """Ask the API server what the credential allows."""
        with self._client(context) as client:
            looked_at = self._looked_at
            return list(
                abilities(client, self._named, workloads=looked_at["workloads"], values=looked_at["fingerprint"])
            )

    def discover(self, context: ReadContext) -> Generator[AssetRecord | SkipRecord, None, None]:
        """Yield the cluster and every namespace that is to be read."""
        with self._client(context) as client:
            yield AssetRecord(_CLUSTER, _CLUSTER, "cluster", str(self.config["url"]))
            if self._named:
                yield from map(self._asset, self._named)
                return
            left_out = set(_names(self.config.get("leave_out")))
            found: set[str] = set()
            try:
                for item in client.items("/api/v1/namespaces", accept=METADATA_LIST):
                    name = table(item.get("metadata")).get("name")
                    if not is_label(name):
                        yield SkipRecord("its name is none that Kubernetes allows", "a namespace")
                    elif str(name) not in left_out | found:
                        found.add(str(name))
                        yield self._asset(str(name))
            except Refused as refused:
                if not found:
                    raise CollectorError(
                        f"Namespaces may not be listed: {refused.why}. Give the credential the least rights that this "
                        "kind of source names, or name the namespaces to read.",
                        permanent=True,
                    ) from None
                yield SkipRecord(refused.why, "further namespaces")

    def read(self, asset: AssetRecord, context: ReadContext) -> Generator[Record, None, None]:
        """Yield what one namespace holds, or what is given over the whole cluster."""
        with self._client(context) as client:
            if asset.kind == _CLUSTER:
                access = Access(client)
                yield from access.read()
                yield AssetFactsRecord(attributes=self._facts(client, access))
                secrets, principals, cursor = 0, access.principals, {ACCESS: access.told}
            else:
                values = Values.of(context) if self.config.get("fingerprint") else None
                namespace = Namespace(client, asset.name, values, self._looked_at["workloads"])
                yield from namespace.read()
                yield from self._left_out(context, asset.name)
                secrets, principals = namespace.secrets, namespace.principals
                cursor = {each: True for each, now in self._looked_at.items() if now or context.cursor.get(each)}
                cursor[ACCESS] = namespace.access_told
            counts = {"secrets": secrets, "principals": principals, "requests": client.requests}
            yield DoneRecord(cursor=cursor, full=True, counts=counts)

    def _left_out(self, context: ReadContext, namespace: str) -> Iterator[SkipRecord]:
        """Say what was looked at before and is not now: else it would be taken for gone."""
        for part, now in self._looked_at.items():
            if context.cursor.get(part) and not now:
                yield SkipRecord(
                    "by the source's settings it is not looked at any more", f"{_TOLD[part]} in {namespace}"
                )

    def _facts(self, client: KubeClient, access: Access) -> dict[str, str]:
        facts = {"roles": str(len(access.roles))}
        try:
            told = client.get("/version").get("gitVersion")
        except Refused:
            told = None
        if isinstance(told, str) and re.fullmatch(r"v[0-9][0-9A-Za-z.+-]{0,60}", told):
            facts["version"] = told
        return facts

    @property
    def _looked_at(self) -> dict[str, bool]:
        """Return what is looked at beside the secrets' metadata."""
        return {
            "workloads": not self.config.get("leave_out_workloads"),
            "fingerprint": bool(self.config.get("fingerprint")),
        }

    @property
    def _named(self) -> list[str]:
        left_out = _names(self.config.get("leave_out"))
        return [name for name in _names(self.config.get("namespaces")) if name not in left_out]

    def _asset(self, name: str) -> AssetRecord:
        return AssetRecord(
            f"namespaces/{name}", self.asset_kind, name, f"{self.config['url']}/api/v1/namespaces/{name}"
        )

    def _client(self, context: ReadContext) -> closing[KubeClient]:
        return closing(KubeClient.of(self.config, context))


def _address(given: str) -> str:
    """Return the address; a path stays, since gateways serve many clusters below theirs.

    Raises:
        CollectorError: it is none.
    """
    parts = parts_of(given)
    if parts is None:
        raise wrong("The address (url) begins with https:// and names a host, such as https://k8s.example.org:6443.")
    if parts.username is not None or parts.password is not None:
        raise wrong("The address (url) may hold no user name and password. Name a credential instead.")
    path = parts.path.rstrip("/")
    if parts.query or parts.fragment or re.search(r"/(?:api|apis)(?:/|$)|//|/\.|[^!-~]|%", path):
        raise wrong("The address (url) ends before /api. Leave out the rest.")
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def _authority(text: str) -> str:
    """Return certificates as PEM, whatever a form did to their lines.

    Raises:
        CollectorError: there is none in it.
    """
    if text and "BEGIN" not in text:
        try:
            text = base64.b64decode("".join(text.split()), validate=True).decode("ascii")
        except (binascii.Error, ValueError):
            text = "-"
    if not text:
        return ""
    blocks = ["".join(block.split()) for block in _PEM.findall(text)]
    pem = "".join(
        "\n".join(("-----BEGIN CERTIFICATE-----", *re.findall(".{1,64}", block), "-----END CERTIFICATE-----", ""))
        for block in blocks
    )
    if "PRIVATE KEY" in text:
        raise wrong("The certificate authority (authority) holds a private key, which belongs in no setting.")
    try:
        if pem:
            tls_context(Network(), pem)
            return pem
    except HTTPFailure:
        pem = ""
    raise wrong("The certificate authority (authority) is no certificate in PEM form, nor its base64.")


def _names(given: Any) -> list[str]:
    """Return namespaces in the order they are named.

    Raises:
        CollectorError: one is none.
    """
    found = listed(given)
    if odd := [name for name in found if not is_label(name)]:
        raise wrong(f"{odd[0][:63]} is no name of a namespace. Those are of lower-case letters, digits and hyphens.")
    return found


COLLECTOR = KubernetesCollector
