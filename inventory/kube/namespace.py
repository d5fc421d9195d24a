"""One namespace: its service accounts, what runs as them, what its roles give, and its secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inventory.collector import (
    AssetFactsRecord,
    CollectorError,
    GrantRecord,
    PrincipalRecord,
    Record,
    SecretRecord,
    SkipRecord,
)
from inventory.kube.answer import Refused, unless_refused
from inventory.kube.bindings import Access, member_of
from inventory.kube.client import METADATA, KubeClient, segment
from inventory.kube.metadata import entries, hints_of, instant, is_subdomain, table
from inventory.kube.secrets import Secrets, address_of
from inventory.kube.subjects import account
from inventory.kube.workloads import Projected, Workloads, config_maps
from inventory.store_records import Capability, Matching, SecretKind
from inventory.stores.values import Values

_MOST_TYPES = 8
_MOST_SHOWN = 8


@dataclass
class Namespace:
    """One read of one namespace."""

    client: KubeClient
    name: str
    values: Values | None = None
    look_at_workloads: bool = True
    access_told: bool = True
    """Once read, whether all was told that decides who can read."""
    secrets: int = 0
    principals: int = 0
    _accounts: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def read(self) -> Iterator[Record]:
        """Yield everything in it."""
        space = self._space()
        access = Access(self.client, self.name)
        yield from access.read()
        self.access_told = access.told
        workloads = Workloads(self.client, self.name, self.values)
        if self.look_at_workloads:
            yield from self._deciding(workloads.read())
        yield from self._deciding(unless_refused(self._take_accounts(), f"service accounts of {self.name}"))
        yield from self._principals(access, workloads, space)
        yield from self._projected(workloads.projected, space)
        secrets = Secrets(self.client, self.name, space, workloads.users(), self.values)
        yield from unless_refused(secrets.read(), f"secrets of {self.name}")
        if secrets.unknown_types:
            reason = "the server tells no types with its metadata; they are known with fingerprints only"
            yield SkipRecord(reason, f"types of secrets in {self.name}", partial=False)
        if self.values is not None:
            yield from unless_refused(config_maps(self.client, self.name, self.values), f"ConfigMaps of {self.name}")
        self.secrets += secrets.count
        self.principals += access.principals
        yield AssetFactsRecord(attributes=self._facts(secrets, workloads))

    def _deciding(self, records: Iterator[Record]) -> Iterator[Record]:
        """Yield what tells of somebody who can read; where a part is missing, not all who can are known."""
        for record in records:
            if isinstance(record, SkipRecord) and record.partial:
                self.access_told = False
            yield record

    def _space(self) -> Mapping[str, Any]:
        """Return the namespace's own metadata, as far as it may be read.

        Raises:
            CollectorError: it is gone.
        """
        try:
            found = self.client.get(f"/api/v1/namespaces/{segment(self.name)}", accept=METADATA)
        except Refused as refused:
            if refused.status == 404:
                raise CollectorError(f"The namespace {self.name} is not there any more.") from None
            return {}
        return table(found.get("metadata"))

    def _take_accounts(self) -> Iterator[Record]:
        for item in self.client.items(f"/api/v1/namespaces/{segment(self.name)}/serviceaccounts"):
            meta = table(item.get("metadata"))
            name = meta.get("name")
            if is_subdomain(name):
                pulls = [each.get("name") for each in entries(item.get("imagePullSecrets"))]
                self._accounts[str(name)] = {
                    "created": instant(meta.get("creationTimestamp")),
                    "pulls": [each for each in pulls if is_subdomain(each)],
                    "mounts": item.get("automountServiceAccountToken"),
                }
        yield from ()

    def _principals(self, access: Access, workloads: Workloads, space: Mapping[str, Any]) -> Iterator[Record]:
        """Yield every service account, with the secrets that what runs as it is handed."""
        used: dict[str, dict[str, None]] = {}
        for (name, _), labels in workloads.uses.items():
            used.setdefault(name, {}).update(dict.fromkeys(labels))
        for name, projected in workloads.projected.items():
            used.setdefault(name, {}).update(projected.workloads)
        environment = hints_of(space).environment
        for name in sorted({*self._accounts, *used}):
            told, subject = self._accounts.get(name), account(self.name, name)
            running = list(used.get(name, ()))
            more = f" and {len(running) - _MOST_SHOWN} more" if len(running) > _MOST_SHOWN else ""
            attributes: dict[str, Any] = {"Runs": ", ".join(running[:_MOST_SHOWN]) + more} if running else {}
            if told is None:
                attributes["Missing"] = "workloads name it, but it is not listed"
            elif told["mounts"] is False:
                attributes["Token"] = "handed to no pod unless that asks for it"
            created: datetime | None = told["created"] if told else None
            self.principals += 1
            yield PrincipalRecord(
                subject.id,
                subject.kind,
                subject.name,
                environment=environment,
                member_of=member_of(access, subject),
                members_told=access.members_told,
                created_at=created,
                evidence={
                    "created_at": "Kubernetes metadata, creationTimestamp" if created else "it is not listed",
                    "last_used_at": "Kubernetes tells uses only in its audit log",
                    "enabled": "Kubernetes switches no service account off",
                },
                attributes=attributes,
            )
            for secret in told["pulls"] if told else ():
                yield self._use(subject.id, secret, f"service account {name}: handed over to pull images")
        for (name, secret), labels in workloads.uses.items():
            for label, ways in labels.items():
                words = f"{label}: handed over {', '.join(sorted(ways))}"
                yield self._use(account(self.name, name).id, secret, words)

    def _use(self, principal: str, secret: str, words: str) -> GrantRecord:
        return GrantRecord(principal, address_of(self.name, secret), Matching.EXACT, (Capability.READ,), words)

    def _projected(self, projected: Mapping[str, Projected], space: Mapping[str, Any]) -> Iterator[Record]:
        """Yield the tokens that pods are handed and that end by themselves, one for each service account."""
        hints = hints_of(space)
        for name, token in sorted(projected.items()):
            self.secrets += 1
            minutes = max(1, token.seconds // 60)
            attributes: dict[str, Any] = {
                "Type": "token of a service account, projected into pods",
                "Ends after": f"{minutes} minutes",
                "Used by": ", ".join(list(token.workloads)[:_MOST_SHOWN]),
            }
            if token.audiences:
                attributes["Audiences"] = ", ".join(sorted(token.audiences)[:_MOST_SHOWN])
            why = "made anew for each pod, and again before it ends"
            address = f"namespaces/{self.name}/serviceaccounts/{name}/token"
            words = "handed over to its own pods, projected"
            yield GrantRecord(account(self.name, name).id, address, Matching.EXACT, (Capability.READ,), words)
            yield SecretRecord(
                f"serviceaccounts/{name}/token",
                kind=SecretKind.DYNAMIC,
                address=address,
                environment=hints.environment,
                tier=hints.tier,
                enabled=True,
                auto_rotated=True,
                ephemeral=True,
                evidence={
                    **hints.evidence,
                    "ephemeral": f"pods have it projected, for {minutes} minutes at a time",
                    "auto_rotated": why,
                    "enabled": "pods ask for it",
                    **dict.fromkeys(("created_at", "rotated_at", "expires_at"), why),
                    "last_used_at": "Kubernetes tells uses only in its audit log",
                },
                attributes=attributes,
            )

    def _facts(self, secrets: Secrets, workloads: Workloads) -> dict[str, str]:
        facts = {}
        if secrets.types:
            facts["types"] = ", ".join(f"{kind} {count}" for kind, count in secrets.types.most_common(_MOST_TYPES))
        if secrets.makers:
            facts["makers"] = ", ".join(f"{maker} {count}" for maker, count in secrets.makers.most_common())
        if self.look_at_workloads:
            facts["workloads"] = str(workloads.count)
        if minutes := round(self.client.skew.total_seconds() / 60):
            facts["clock"] = f"{abs(minutes)} minutes {'ahead of' if minutes > 0 else 'behind'} ours"
        return facts


__all__ = ["Namespace"]
