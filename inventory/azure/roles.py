"""What roles and access policies let somebody do with what a vault holds, in the inventory's words: pure.

Names of operations: Microsoft's documentation, "Azure permissions for Security", Microsoft.KeyVault, and "Assign a
Key Vault access policy".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from inventory.access_rule import fits
from inventory.store_records import Capability, Matching

PLURALS = ("secrets", "keys", "certificates")
Rights = Mapping[str, frozenset[Capability]]
"""What may be done, for each of PLURALS."""
_READ, _LIST, _WRITE, _DELETE, _USE, _MANAGE = (
    *(Capability.READ, Capability.LIST, Capability.WRITE, Capability.DELETE, Capability.USE, Capability.MANAGE),
)
_DATA: Mapping[str, Mapping[Capability, str]] = {
    "secrets": {
        _READ: "getSecret/action",
        _LIST: "readMetadata/action",
        _WRITE: "setSecret/action update/action restore/action recover/action",
        _DELETE: "delete purge/action",
    },
    "keys": {
        _LIST: "read",
        _USE: "encrypt/action decrypt/action wrap/action unwrap/action sign/action verify/action release/action",
        _WRITE: "create/action import/action update/action restore/action recover/action rotate/action",
        _DELETE: "delete purge/action",
    },
    "certificates": {
        _LIST: "read",
        _WRITE: "create/action import/action update/action restore/action recover/action",
        _DELETE: "delete purge/action",
    },
}
# Of the Resource Manager, which holds whatever the vault's own rules say.
_CONTROL: Mapping[str, Mapping[Capability, str]] = {
    "secrets": {_LIST: "secrets/read", _WRITE: "secrets/write", _DELETE: "delete"},
    "keys": {_LIST: "keys/read", _WRITE: "keys/write", _DELETE: "delete"},
    "certificates": {_DELETE: "delete"},
}
_GIVES_ROLES = "Microsoft.Authorization/roleAssignments/write"
_GIVES_POLICIES = ("Microsoft.KeyVault/vaults/write", "Microsoft.KeyVault/vaults/accessPolicies/write")
_POLICY: Mapping[str, Mapping[Capability, str]] = {
    "secrets": {_READ: "get", _LIST: "list", _WRITE: "set restore recover", _DELETE: "delete purge"},
    "keys": {
        _LIST: "get list",
        _USE: "encrypt decrypt wrapkey unwrapkey sign verify release",
        _WRITE: "create import update restore recover rotate setrotationpolicy",
        _DELETE: "delete purge",
    },
    "certificates": {
        _LIST: "get list getissuers listissuers",
        _WRITE: "create import update restore recover managecontacts setissuers manageissuers",
        _DELETE: "delete purge deleteissuers",
    },
}


@dataclass(frozen=True, slots=True)
class Role:
    """What a role is."""

    name: str
    permissions: tuple[Mapping[str, tuple[str, ...]], ...] = field(default_factory=tuple)

    def rights(self, *, by_roles: bool) -> Rights:
        """Return what it allows in a vault that goes by roles, or by access policies of its own."""
        found: dict[str, set[Capability]] = {plural: set() for plural in PLURALS}
        for permission in self.permissions:
            allows, denies = permission["actions"], permission["notActions"]
            for plural in PLURALS:
                found[plural] |= _matched(_CONTROL[plural], "Microsoft.KeyVault/vaults/", allows, denies)
                if by_roles:
                    prefix = f"Microsoft.KeyVault/vaults/{plural}/"
                    found[plural] |= _matched(
                        _DATA[plural], prefix, permission["dataActions"], permission["notDataActions"]
                    )
            givers = (_GIVES_ROLES,) if by_roles else (_GIVES_ROLES, *_GIVES_POLICIES)
            if any(_allows(giver, allows, denies) for giver in givers):
                for plural in PLURALS:
                    found[plural].add(_MANAGE)
        return _with_private_keys(found)


def role_of(told: Mapping[str, Any]) -> Role:
    """Read a role definition."""
    properties = _mapping(told.get("properties"))
    permissions = properties.get("permissions")
    return Role(
        str(properties.get("roleName") or told.get("name") or "without a name")[:100],
        tuple(
            {name: _texts(each.get(name)) for name in ("actions", "notActions", "dataActions", "notDataActions")}
            for each in (permissions if isinstance(permissions, list) else ())
            if isinstance(each, dict)
        ),
    )


def policy_rights(permissions: Any) -> Rights:
    """Return what an access policy allows; `all` stands for everything."""
    given = _mapping(permissions)
    found: dict[str, set[Capability]] = {}
    for plural in PLURALS:
        words = {word.lower() for word in _texts(given.get(plural))}
        found[plural] = {
            capability for capability, names in _POLICY[plural].items() if "all" in words or words & set(names.split())
        }
    return _with_private_keys(found)


def policy_words(permissions: Any) -> str:
    """Return an access policy in its own words."""
    given = _mapping(permissions)
    parts = []
    for plural in PLURALS:
        if words := _texts(given.get(plural)):
            more = f" and {len(words) - 20} more" if len(words) > 20 else ""
            parts.append(f"{plural} {', '.join(word[:40] for word in words[:20])}{more}")
    return "; ".join(parts)


def _with_private_keys(found: Mapping[str, set[Capability]]) -> Rights:
    # The private key of a certificate is a secret of the same name.
    private = {_READ} & found["secrets"]
    return {plural: frozenset(found[plural] | (private if plural == "certificates" else set())) for plural in PLURALS}


def _matched(
    table: Mapping[Capability, str], prefix: str, allows: Iterable[str], denies: Iterable[str]
) -> set[Capability]:
    return {
        capability
        for capability, names in table.items()
        if any(_allows(prefix + name, allows, denies) for name in names.split())
    }


def _allows(operation: str, allows: Iterable[str], denies: Iterable[str]) -> bool:
    return _named(operation, allows) and not _named(operation, denies)


def _named(operation: str, patterns: Iterable[str]) -> bool:
    # Capitals mean nothing, and only the star is a wildcard.
    wanted = operation.lower()
    return any(fits(pattern.lower(), Matching.GLOB, wanted) for pattern in patterns if "?" not in pattern)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


__all__ = ["PLURALS", "Rights", "Role", "policy_rights", "policy_words", "role_of"]
