"""Who is bound to which role, for one namespace or for the whole cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from inventory.collector import PrincipalRecord, Record, SkipRecord
from inventory.kube.answer import Refused
from inventory.kube.client import KubeClient, segment
from inventory.kube.grants import grants_of, masters
from inventory.kube.metadata import entries, instant, is_label, table
from inventory.kube.subjects import MASTERS, Subject, group_id, role_id, subject_of
from inventory.store_records import PrincipalKind

RBAC = "/apis/rbac.authorization.k8s.io/v1"
_NO_USE = "Kubernetes tells uses only in its audit log"
_MOST_SHOWN = 5
_DEFAULTS = "kubernetes.io/bootstrapping"


@dataclass
class Bound:
    """One role in one place, with the bindings that give it."""

    kind: str
    name: str
    bindings: list[str] = field(default_factory=list)
    count: int = 0


@dataclass(frozen=True, slots=True)
class Binding:
    """One binding, as far as it decides."""

    name: str
    namespace: str
    """Where it gives the role; empty for the whole cluster."""
    kind: str
    role: str
    subjects: tuple[Subject, ...]

    @classmethod
    def of(cls, given: Mapping[str, Any], *, cluster: bool) -> Binding | None:
        """Read one; None where it gives nothing."""
        meta, reference = table(given.get("metadata")), table(given.get("roleRef"))
        namespace, kind, role = meta.get("namespace"), reference.get("kind"), reference.get("name")
        if kind not in (("ClusterRole",) if cluster else ("ClusterRole", "Role")) or not isinstance(role, str):
            return None
        if not cluster and not is_label(namespace):
            return None
        found = filter(None, map(subject_of, entries(given.get("subjects"))))
        subjects = tuple({subject.id: subject for subject in found}.values())
        return cls(str(meta.get("name")), "" if cluster else str(namespace), str(kind), role, subjects)

    @property
    def gives(self) -> str:
        """The id of the role that it gives, in its place."""
        return role_id(self.kind, self.role, self.namespace)


@dataclass
class Access:
    """The rights in one namespace, or, where that is empty, in the whole cluster."""

    client: KubeClient
    namespace: str = ""
    roles: dict[str, Bound] = field(default_factory=dict)
    """Id → the role that is given in this place."""
    members: dict[str, dict[str, None]] = field(default_factory=dict)
    """Id of a subject that this place tells of → the roles that it has, anywhere."""
    subjects: dict[str, Subject] = field(default_factory=dict)
    principals: int = 0
    missing: int = 0
    told: bool = True
    """Whether all was handed out that decides who can read what is here."""
    members_told: bool = True
    """Whether all bindings were, so that `members` is all that somebody has."""

    def read(self) -> Iterator[Record]:
        """Yield roles with what they give, and for the cluster users and groups; members are kept here."""
        try:
            yield from self._bindings(cluster=True)
        except Refused as refused:
            # Whoever is bound there may do everything here.
            self.told = self.members_told = False
            yield SkipRecord(refused.why, "bindings of the whole cluster")
        yield from self._bindings_of_namespaces()
        if self.namespace:
            own = f"/namespaces/{segment(self.namespace)}/roles"
            yield from self._needed(self._listed_roles(own, "Role"), f"roles of {self.namespace}")
            yield from self._cluster_roles()
        else:
            yield from self._needed(self._listed_roles("/clusterroles", "ClusterRole"), "roles of the whole cluster")
        if self.missing:
            reason = "a binding names a role that is not there; whoever makes it gives what it says"
            yield SkipRecord(reason, self.namespace or "the whole cluster", self.missing, partial=False)
        if not self.namespace:
            yield from self._people()

    def _bindings_of_namespaces(self) -> Iterator[Record]:
        """Take the bindings of all namespaces: an account may have rights in others, and people in any."""
        try:
            yield from self._bindings(cluster=False)
        except Refused as refused:
            self.members_told = False
            # Who has rights elsewhere is the whole cluster's to tell.
            self.told = self.told and bool(self.namespace)
            yield SkipRecord(refused.why, "bindings of other namespaces", partial=not self.namespace)
            if self.namespace:
                own = f"/namespaces/{segment(self.namespace)}"
                yield from self._needed(self._bindings(cluster=False, at=own), f"bindings of {self.namespace}")

    def _needed(self, records: Iterator[Record], what: str) -> Iterator[Record]:
        """Yield records without which it is not known who can read; where they are refused, say so."""
        try:
            yield from records
        except Refused as refused:
            self.told = False
            yield SkipRecord(refused.why, what)

    def _bindings(self, *, cluster: bool, at: str = "") -> Iterator[Record]:
        path = f"{RBAC}/clusterrolebindings" if cluster else f"{RBAC}{at}/rolebindings"
        for item in self.client.items(path):
            binding = Binding.of(item, cluster=cluster)
            if binding is not None:
                self._take(binding)
        yield from ()

    def _take(self, binding: Binding) -> None:
        if binding.namespace == self.namespace:
            bound = self.roles.setdefault(binding.gives, Bound(binding.kind, binding.role))
            if binding.name not in bound.bindings:
                bound.count += 1
                bound.bindings = [*bound.bindings, binding.name][:_MOST_SHOWN]
        for subject in binding.subjects:
            # Accounts are told with their namespace, people and groups with the cluster.
            if subject.namespace == self.namespace:
                self.subjects[subject.id] = subject
                self.members.setdefault(subject.id, {})[binding.gives] = None

    def _listed_roles(self, path: str, kind: str) -> Iterator[Record]:
        found: set[str] = set()
        for item in self.client.items(f"{RBAC}{path}"):
            name = table(item.get("metadata")).get("name")
            identity = role_id(kind, str(name), self.namespace)
            if identity in self.roles and identity not in found:
                found.add(identity)
                yield from self._role(identity, item)
        self.missing += sum(bound.kind == kind for identity, bound in self.roles.items() if identity not in found)

    def _cluster_roles(self) -> Iterator[Record]:
        """Ask for each role of the cluster that is given in this namespace alone; they are few."""
        for identity, bound in self.roles.items():
            if bound.kind != "ClusterRole":
                continue
            try:
                item = self.client.get(f"{RBAC}/clusterroles/{segment(bound.name)}")
            except Refused as refused:
                if refused.status == 404:
                    self.missing += 1
                else:
                    self.told = False
                    yield SkipRecord(refused.why, f"clusterrole {bound.name[:100]}")
                continue
            yield from self._role(identity, item)

    def _role(self, identity: str, item: Mapping[str, Any]) -> Iterator[Record]:
        bound, meta = self.roles[identity], table(item.get("metadata"))
        label = f"role {self.namespace}/{bound.name}" if bound.kind == "Role" else f"clusterrole {bound.name}"
        shown = label.partition(" ")[2]
        more = f" and {bound.count - len(bound.bindings)} more" if bound.count > len(bound.bindings) else ""
        attributes: dict[str, Any] = {"Given by": ", ".join(bound.bindings) + more, "Rule of": label}
        if _DEFAULTS in table(meta.get("labels")):
            attributes["Made by"] = "Kubernetes itself"
        if item.get("aggregationRule"):
            attributes["Aggregated"] = "its rules are put together from other roles"
        self.principals += 1
        yield PrincipalRecord(
            identity,
            PrincipalKind.ROLE,
            shown if bound.kind == "Role" or not self.namespace else f"{shown} in {self.namespace}",
            created_at=instant(meta.get("creationTimestamp")),
            evidence={"created_at": "Kubernetes metadata, creationTimestamp", "last_used_at": _NO_USE},
            attributes=attributes,
        )
        yield from grants_of(identity, label, entries(item.get("rules")), self.namespace)

    def _people(self) -> Iterator[Record]:
        """Yield users and groups that bindings name, and the group that needs none."""
        group = Subject(group_id(MASTERS), PrincipalKind.GROUP, MASTERS)
        for subject in ({group.id: group} | self.subjects).values():
            self.principals += 1
            roles = tuple(self.members.get(subject.id, ()))
            yield PrincipalRecord(
                subject.id,
                subject.kind,
                subject.name,
                member_of=roles + tuple(each for each in subject.in_groups if each in self.subjects),
                members_told=self.members_told,
                evidence={
                    "created_at": "Kubernetes keeps no users and groups; whatever signs people in does",
                    "enabled": "Kubernetes keeps no users and groups; whatever signs people in does",
                    "last_used_at": _NO_USE,
                },
                attributes={"Who": subject.meant} if subject.meant else {},
            )
        if self.told:
            # Alone it would make every secret look read by nobody, since nobody is told to be in the group.
            yield masters(group.id)


def member_of(access: Access, subject: Subject) -> tuple[str, ...]:
    """Return the roles and groups that a service account has."""
    return (*access.members.get(subject.id, ()), *subject.in_groups)


__all__ = ["RBAC", "Access", "Binding", "Bound", "member_of"]
