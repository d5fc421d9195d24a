"""What runs in one namespace: which service account is handed which secrets, and what stands in plain sight.

The definitions of workloads hold the literal values of variables beside the names of secrets, and the API hands out
neither without the other. Only the names are taken here; values are looked at where fingerprints are switched on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inventory.collector import LiveExposureRecord, Record
from inventory.kube.answer import unless_refused
from inventory.kube.client import KubeClient, segment
from inventory.kube.metadata import entries, instant, is_subdomain, owner_of, table, written_at
from inventory.kube.values import text_pairs
from inventory.stores.values import Values

PAGE, CONFIG_PAGE = 100, 25
"""Objects in one answer, with their values; a ConfigMap may have 1 MiB."""
# Kind → where it is listed, and where in it a pod is described. What others make of these comes last.
_LISTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Deployment": ("/apis/apps/v1/namespaces/{}/deployments", ("spec", "template")),
    "StatefulSet": ("/apis/apps/v1/namespaces/{}/statefulsets", ("spec", "template")),
    "DaemonSet": ("/apis/apps/v1/namespaces/{}/daemonsets", ("spec", "template")),
    "CronJob": ("/apis/batch/v1/namespaces/{}/cronjobs", ("spec", "jobTemplate", "spec", "template")),
    "Job": ("/apis/batch/v1/namespaces/{}/jobs", ("spec", "template")),
    "Pod": ("/api/v1/namespaces/{}/pods", ()),
}
_HASHED = re.compile(r"(.+)-[a-z0-9]{6,10}")
_VARIABLE = re.compile(r"[ -~]{1,200}")
# Volumes that name a secret: kind → the field below it (Kubernetes API, Volume).
_VOLUMES: Mapping[str, tuple[str, ...]] = {
    "secret": ("secretName",),
    "azureFile": ("secretName",),
    "csi": ("nodePublishSecretRef", "name"),
    **dict.fromkeys(("cephfs", "cinder", "flexVolume", "iscsi", "rbd", "scaleIO"), ("secretRef", "name")),
    "storageos": ("secretRef", "name"),
}
_Use = tuple[str, str]


@dataclass
class Projected:
    """Tokens that pods of one service account are handed, and that end by themselves."""

    seconds: int = 0
    """The longest life that is asked for."""
    workloads: dict[str, None] = field(default_factory=dict)
    audiences: set[str] = field(default_factory=set)


@dataclass
class Workloads:
    """What was learned of the workloads of one namespace."""

    client: KubeClient
    namespace: str
    values: Values | None = None
    uses: dict[_Use, dict[str, set[str]]] = field(default_factory=dict)
    """(service account, secret) → workload → how it is handed over."""
    projected: dict[str, Projected] = field(default_factory=dict)
    count: int = 0
    _seen: set[str] = field(default_factory=set)

    def read(self) -> Iterator[Record]:
        """Yield secrets that stand in variables, where values are looked at; the rest is kept here."""
        for kind, (path, where) in _LISTS.items():
            listed = self._list(kind, path, where)
            yield from unless_refused(listed, f"{kind}s of {self.namespace}", optional=path.startswith("/apis/"))

    def users(self) -> dict[str, dict[str, None]]:
        """Return the workloads by the secret that they are handed."""
        found: dict[str, dict[str, None]] = {}
        for (_, secret), workloads in self.uses.items():
            found.setdefault(secret, {}).update(dict.fromkeys(workloads))
        return found

    def _list(self, kind: str, path: str, where: tuple[str, ...]) -> Iterator[Record]:
        for item in self.client.items(path.format(segment(self.namespace)), page=PAGE):
            meta = table(item.get("metadata"))
            label = self._label(kind, meta)
            if not label:
                continue
            pod: Mapping[str, Any] = item
            for step in where:
                pod = table(pod.get(step))
            spec = table(pod.get("spec"))
            # What a workload that was read has made adds only what was put into it on its way.
            extra = label in self._seen
            self._note(label, spec)
            if extra:
                continue
            self._seen.add(label)
            self.count += 1
            if self.values is not None:
                yield from self._literals(label, meta, spec)

    def _label(self, kind: str, meta: Mapping[str, Any]) -> str:
        """Return what people call it: the workload that made it, else itself; empty where its name is none."""
        name = meta.get("name")
        if not is_subdomain(name):
            return ""
        owner, owner_name = owner_of(meta)
        if not owner:
            return f"{kind} {name}"
        if owner == "ReplicaSet" and (found := _HASHED.fullmatch(owner_name)):
            deployment = f"Deployment {found.group(1)}"
            return deployment if deployment in self._seen else f"ReplicaSet {found.group(1)}"
        if owner == "Job":
            made = next((each for each in _job_makers(owner_name) if each in self._seen), "")
            return made or f"Job {owner_name}"
        return f"{owner} {owner_name}"

    def _note(self, label: str, spec: Mapping[str, Any]) -> None:
        account = spec.get("serviceAccountName") or spec.get("serviceAccount") or "default"
        if not is_subdomain(account):
            return
        for secret, how in references(spec):
            self.uses.setdefault((str(account), secret), {}).setdefault(label, set()).add(how)
        for volume in entries(spec.get("volumes")):
            for source in entries(table(volume.get("projected")).get("sources")):
                if token := table(source.get("serviceAccountToken")):
                    self._project(str(account), label, token)

    def _project(self, account: str, label: str, token: Mapping[str, Any]) -> None:
        found = self.projected.setdefault(account, Projected())
        # Kubernetes API, ServiceAccountTokenProjection: an hour where nothing is said.
        seconds = token.get("expirationSeconds") or 3600
        found.seconds = max(found.seconds, seconds if isinstance(seconds, int) else 0)
        found.workloads[label] = None
        audience = token.get("audience")
        if isinstance(audience, str) and len(audience) <= 100 and audience.isprintable():
            found.audiences.add(audience)

    def _literals(self, label: str, meta: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[Record]:
        assert self.values is not None
        kind, _, name = label.partition(" ")
        since = written_at(meta, "f:spec") or instant(meta.get("creationTimestamp"))
        for container in _containers(spec):
            named = {
                str(each.get("name")): each.get("value")
                for each in entries(container.get("env"))
                if _VARIABLE.fullmatch(str(each.get("name")))
            }
            inside = container.get("name")
            place = f"{kind.lower()}/{name}/{inside if is_subdomain(inside) else 'container'}"
            yield from live(self.values, place, named, since)


def references(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the secrets that the description of a pod names, and how each is handed over."""
    for reference in entries(spec.get("imagePullSecrets")):
        yield from _named(reference.get("name"), "to pull images")
    for container in _containers(spec):
        for variable in entries(container.get("env")):
            of = table(table(variable.get("valueFrom")).get("secretKeyRef"))
            yield from _named(of.get("name"), "as a variable")
        for source in entries(container.get("envFrom")):
            yield from _named(table(source.get("secretRef")).get("name"), "as variables, all of it")
    for volume in entries(spec.get("volumes")):
        for kind, fields in _VOLUMES.items():
            value: Any = table(volume.get(kind))
            for step in fields:
                value = table(value).get(step)
            yield from _named(value, "as a volume" if kind == "secret" else "for a volume")
        for source in entries(table(volume.get("projected")).get("sources")):
            yield from _named(table(source.get("secret")).get("name"), "as a volume")


def live(values: Values, place: str, named: Mapping[str, Any], since: datetime | None) -> Iterator[LiveExposureRecord]:
    """Yield the secrets among texts that stand outside of any store."""
    for held in values.held(text_pairs(named)):
        yield LiveExposureRecord(f"{place}#{held.key}", held.finding, since)


def config_maps(client: KubeClient, namespace: str, values: Values) -> Iterator[Record]:
    """Yield the secrets that stand in ConfigMaps.

    Raises:
        Refused: they are not handed out.
    """
    for item in client.items(f"/api/v1/namespaces/{segment(namespace)}/configmaps", page=CONFIG_PAGE):
        meta = table(item.get("metadata"))
        name = meta.get("name")
        if is_subdomain(name):
            since = written_at(meta, "f:data") or instant(meta.get("creationTimestamp"))
            yield from live(values, f"configmap/{name}", table(item.get("data")), since)


def _containers(spec: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for part in ("initContainers", "containers", "ephemeralContainers"):
        yield from entries(spec.get(part))


def _named(secret: Any, how: str) -> Iterator[tuple[str, str]]:
    if is_subdomain(secret):
        yield secret, how


def _job_makers(job: str) -> Iterator[str]:
    """Yield who may have made a job: one of a CronJob has the minute it was due behind its name."""
    stem, _, due = job.rpartition("-")
    if stem and due.isdigit():
        yield f"CronJob {stem}"
    yield f"Job {job}"


__all__ = ["Projected", "Workloads", "config_maps", "live", "references"]
