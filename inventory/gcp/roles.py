"""What the roles of Google's IAM allow: as IAM lists their permissions, or as Google documents the usual ones."""

from __future__ import annotations

from dataclasses import dataclass, field

from inventory.gcp.answer import texts
from inventory.gcp.client import Client
from inventory.gcp.failures import Refused
from inventory.gcp.names import ROLE
from inventory.store_records import Capability

ACCESS = "secretmanager.versions.access"
_MEANT: dict[str, Capability] = {
    ACCESS: Capability.READ,
    "secretmanager.secrets.get": Capability.LIST,
    "secretmanager.secrets.list": Capability.LIST,
    "secretmanager.versions.get": Capability.LIST,
    "secretmanager.versions.list": Capability.LIST,
    "secretmanager.secrets.create": Capability.WRITE,
    "secretmanager.secrets.update": Capability.WRITE,
    "secretmanager.versions.add": Capability.WRITE,
    "secretmanager.versions.disable": Capability.WRITE,
    "secretmanager.versions.enable": Capability.WRITE,
    "secretmanager.secrets.delete": Capability.DELETE,
    "secretmanager.versions.destroy": Capability.DELETE,
    "secretmanager.secrets.setIamPolicy": Capability.MANAGE,
}
_ABOVE = frozenset(f"resourcemanager.{kind}.setIamPolicy" for kind in ("projects", "folders", "organizations"))
_ALL = frozenset(_MEANT)
_SHOWN = frozenset(each for each, meant in _MEANT.items() if meant is Capability.LIST)
_VERSIONS = frozenset(each for each in _ALL if each.startswith("secretmanager.versions.")) - {ACCESS}
# Google, "Access control with IAM" of Secret Manager, and "Basic and predefined roles"; for where IAM refuses.
_DOCUMENTED: dict[str, frozenset[str]] = {
    "roles/owner": _ALL | _ABOVE,
    "roles/editor": _ALL - {ACCESS, "secretmanager.secrets.setIamPolicy"},
    "roles/viewer": _SHOWN,
    "roles/secretmanager.admin": _ALL,
    "roles/secretmanager.secretAccessor": frozenset({ACCESS}),
    "roles/secretmanager.secretVersionAdder": frozenset({"secretmanager.versions.add"}),
    "roles/secretmanager.secretVersionManager": _VERSIONS,
    "roles/secretmanager.viewer": _SHOWN,
}


@dataclass(frozen=True, slots=True)
class Role:
    """What a role allows, as far as it is about secrets."""

    permissions: frozenset[str] = frozenset()
    why: str = ""
    """Why its permissions are not known; empty where they are."""

    def capabilities(self, *, above: bool) -> tuple[Capability, ...]:
        """Return what it lets somebody do; `above`: it is given for the whole project, not for one secret."""
        found = {_MEANT[each] for each in self.permissions & _ALL}
        if above and self.permissions & _ABOVE:
            # Whoever may change the project's policy gives themselves what they lack.
            found.add(Capability.MANAGE)
            if ACCESS in self.permissions:
                return tuple(Capability)
        return tuple(sorted(found))


@dataclass
class Roles:
    """The roles that policies name; each is asked for once."""

    client: Client
    refused: dict[str, int] = field(default_factory=dict)
    """Why roles could not be read, and how many."""
    _known: dict[str, Role] = field(default_factory=dict)

    def role(self, name: str) -> Role:
        """Return what a role allows."""
        if name not in self._known:
            self._known[name] = self._asked(name)
        return self._known[name]

    def _asked(self, name: str) -> Role:
        if not ROLE.fullmatch(name):
            return Role(why="it has no name that IAM gives")
        try:
            told = self.client.ask("iam", f"v1/{name}", "iam.roles.get")
        except Refused as refused:
            if name in _DOCUMENTED:
                return Role(_DOCUMENTED[name])
            self.refused[refused.why] = self.refused.get(refused.why, 0) + 1
            return Role(why=refused.why)
        if told.get("deleted") is True or told.get("stage") == "DISABLED":
            return Role()
        return Role(frozenset(texts(told, "includedPermissions")) & (_ALL | _ABOVE))


__all__ = ["ACCESS", "Role", "Roles"]
