"""How people, service accounts, groups and roles of a cluster are called in the inventory. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inventory.kube.metadata import is_label, is_subdomain
from inventory.store_records import PrincipalKind

MASTERS, SIGNED_IN, ANYBODY = "system:masters", "system:authenticated", "system:unauthenticated"
_ACCOUNTS = "system:serviceaccounts"
_ACCOUNT_USER = "system:serviceaccount:"
_MEANT: Mapping[str, str] = {
    MASTERS: "whoever has a client certificate that says so; past every rule",
    SIGNED_IN: "everybody who signs in, service accounts too",
    ANYBODY: "everybody who reaches the API server, without signing in",
    _ACCOUNTS: "every service account of the cluster",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody that a binding names."""

    id: str
    kind: PrincipalKind
    name: str
    namespace: str = ""
    """A service account's."""

    @property
    def meant(self) -> str:
        """Who is in a group that Kubernetes fills itself."""
        name = self.name
        if self.kind is not PrincipalKind.GROUP:
            return ""
        if name.startswith(f"{_ACCOUNTS}:"):
            return f"every service account of {name.removeprefix(f'{_ACCOUNTS}:')}"
        return _MEANT.get(name, "known to whatever signs people in, not to Kubernetes")

    @property
    def in_groups(self) -> tuple[str, ...]:
        """The groups that Kubernetes itself puts it into."""
        if self.kind is PrincipalKind.GROUP:
            return (group_id(SIGNED_IN),) if self.name.startswith(_ACCOUNTS) else ()
        if self.namespace:
            own = f"{_ACCOUNTS}:{self.namespace}"
            return group_id(own), group_id(_ACCOUNTS), group_id(SIGNED_IN)
        return (group_id(ANYBODY),) if self.name == "system:anonymous" else (group_id(SIGNED_IN),)


def account(namespace: str, name: str) -> Subject:
    """Return a service account."""
    return Subject(f"serviceaccount:{namespace}/{name}", PrincipalKind.WORKLOAD, f"{namespace}/{name}", namespace)


def subject_of(given: Mapping[str, Any]) -> Subject | None:
    """Return whom an entry of a binding means; None where it means nobody."""
    kind, name, namespace = given.get("kind"), given.get("name"), given.get("namespace")
    if not isinstance(name, str) or not name:
        return None
    if kind == "ServiceAccount":
        return account(str(namespace), name) if is_label(namespace) and is_subdomain(name) else None
    if kind == "Group":
        return Subject(group_id(name), PrincipalKind.GROUP, name)
    if kind != "User":
        return None
    if name.startswith(_ACCOUNT_USER):
        space, _, own = name.removeprefix(_ACCOUNT_USER).partition(":")
        return account(space, own) if is_label(space) and is_subdomain(own) else None
    kind_of_user = PrincipalKind.WORKLOAD if name.startswith("system:") else PrincipalKind.HUMAN
    return Subject(f"user:{name}", kind_of_user, name)


def group_id(name: str) -> str:
    """Return what a group is called in the inventory."""
    return f"group:{name}"


def role_id(kind: str, name: str, namespace: str) -> str:
    """Return what a role is called in the inventory; one of the whole cluster for each place it is bound in."""
    if kind == "Role":
        return f"role:{namespace}/{name}"
    return f"clusterrole:{name}@{namespace}" if namespace else f"clusterrole:{name}"


__all__ = ["ANYBODY", "MASTERS", "SIGNED_IN", "Subject", "account", "group_id", "role_id", "subject_of"]
