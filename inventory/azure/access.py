"""Who can do what in one vault: by roles from above, of it and within it, and by its own access policies.

Azure tells of a group only its id. Who belongs to it is not known; that there is somebody must show all the same, so
that each has one identity that stands for its members.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from inventory.azure.failures import Refused
from inventory.azure.management import Management
from inventory.azure.reading import Reading
from inventory.azure.roles import PLURALS, Rights, Role, policy_rights, policy_words, role_of
from inventory.collector import GrantRecord, PrincipalRecord, Record, SkipRecord
from inventory.store_records import Capability, Matching, PrincipalKind

_KINDS = {
    "user": PrincipalKind.HUMAN,
    "group": PrincipalKind.GROUP,
    "foreigngroup": PrincipalKind.GROUP,
    "serviceprincipal": PrincipalKind.WORKLOAD,
    "device": PrincipalKind.WORKLOAD,
}
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_THING = re.compile(r"/(secrets|keys|certificates)/([0-9A-Za-z-]{1,127})", re.I)
_UNASKED: Mapping[str, str] = dict.fromkeys(
    ("name", "enabled", "created_at", "last_used_at", "expires_at"),
    "not known: Microsoft Graph has it, which this source does not read",
)


@dataclass
class Access:
    """The principals and grants of one vault."""

    reading: Reading
    management: Management
    vault_id: str
    facts: dict[str, str] = field(default_factory=dict)
    """What the Resource Manager tells of the vault itself."""
    hidden: bool = False
    """Whether somebody has a role of which it is not known what it allows."""
    _told: set[str] = field(default_factory=set)
    _kinds: dict[str, str] = field(default_factory=dict)
    """What assignments say of whom they name, also those that give nothing here."""

    def read(self) -> Iterator[Record]:
        """Yield who has rights, and which.

        Raises:
            Refused: the Resource Manager does not hand it out.
        """
        properties = _mapping(self.management.vault(self.vault_id).get("properties"))
        by_roles = properties.get("enableRbacAuthorization") is True
        self.facts = facts_of(properties, by_roles=by_roles)
        refused: Refused | None = None
        try:
            yield from self._by_roles(by_roles=by_roles)
        except Refused as error:
            refused = error
        if not by_roles:
            yield from self._by_policies(properties.get("accessPolicies"))
        if refused:
            raise refused

    def _by_roles(self, *, by_roles: bool) -> Iterator[Record]:
        unknown: dict[str, int] = {}
        odd = 0
        for told in self.management.assignments(self.vault_id):
            given = _mapping(told.get("properties"))
            principal, scope = str(given.get("principalId") or ""), str(given.get("scope") or "")
            where = place(scope, self.vault_id)
            if where is None:
                continue
            if not _ID.fullmatch(principal):
                odd += 1
                continue
            self._kinds.setdefault(principal, str(given.get("principalType") or ""))
            try:
                role = role_of(self.management.role(str(given.get("roleDefinitionId") or "")))
            except Refused as refused:
                unknown[refused.why] = unknown.get(refused.why, 0) + 1
                continue
            rights = role.rights(by_roles=by_roles)
            if any(rights.values()):
                yield from self._principal(principal)
                yield from self._granted(principal, rights, role, scope, where, limited=bool(given.get("condition")))
        self.hidden = bool(unknown)
        for why, count in unknown.items():
            yield SkipRecord(why, "roles that somebody has", count)
        if odd:
            yield SkipRecord("they name nobody", "role assignments", odd)

    def _granted(
        self, principal: str, rights: Rights, role: Role, scope: str, where: tuple[str, str], *, limited: bool
    ) -> Iterator[GrantRecord]:
        plural, name = where
        # A condition may quote anything, so that only its presence is told.
        condition = "a condition of the role assignment" if limited else ""
        rule = f"role {role.name} at {scope[:300] or '/'}"
        yield from grants(self.reading, principal, rights, rule, condition, plural, name)

    def _by_policies(self, policies: Any) -> Iterator[Record]:
        for policy in policies if isinstance(policies, list) else ():
            given = _mapping(policy)
            principal, application = str(given.get("objectId") or ""), str(given.get("applicationId") or "")
            rights = policy_rights(given.get("permissions"))
            if not _ID.fullmatch(principal):
                yield SkipRecord("it names nobody", "an access policy")
                continue
            if not any(rights.values()):
                continue
            yield from self._principal(principal)
            condition = f"only through the application {application[:64]}" if application else ""
            rule = f"access policy: {policy_words(given.get('permissions'))}"
            yield from grants(self.reading, principal, rights, rule, condition)

    def _principal(self, principal: str) -> Iterator[PrincipalRecord]:
        own = principal_id(self.reading, principal)
        if own in self._told:
            return
        self._told.add(own)
        self.reading.principals += 1
        known = _KINDS.get(self._kinds.get(principal, "").lower())
        label = {"human": "User", "group": "Group"}.get(known or "", "Service principal" if known else "Object")
        evidence = dict(_UNASKED) | {
            "kind": "role assignment, principalType" if known else "not known: Azure names only an id here",
        }
        attributes = {"Name": "not known"} | ({} if known else {"Kind": "not known"})
        name = f"{label} {principal}"
        yield PrincipalRecord(own, known or PrincipalKind.WORKLOAD, name, evidence=evidence, attributes=attributes)
        if known is PrincipalKind.GROUP:
            yield PrincipalRecord(
                f"{own}#members",
                PrincipalKind.HUMAN,
                f"Members of the group {principal}",
                member_of=(own,),
                evidence=dict(_UNASKED),
                attributes={"Stands for": "members, whoever and however many they are"},
            )


def principal_id(reading: Reading, principal: str) -> str:
    """Return what somebody is called within a source, which may hold many vaults."""
    return f"{reading.name}/{principal}"


def grants(
    reading: Reading, principal: str, rights: Rights, rule: str, condition: str = "", plural: str = "", name: str = ""
) -> Iterator[GrantRecord]:
    """Yield rights in a whole vault, or in one thing of it."""
    for each in PLURALS:
        capabilities = rights[each]
        if plural and plural != each:
            # Whoever may read a certificate's secret has its private key.
            private = plural == "secrets" and each == "certificates"
            capabilities = capabilities & {Capability.READ} if private else frozenset()
        if capabilities:
            yield GrantRecord(
                principal_id(reading, principal),
                reading.pattern(f"{each}/{name or '*'}"),
                Matching.EXACT if name else Matching.GLOB,
                tuple(sorted(capabilities)),
                f"{rule}, on {each}",
                # Names alone open nothing.
                wildcard=not name and bool(capabilities - {Capability.LIST}),
                condition=condition,
            )


def place(scope: str, vault_id: str) -> tuple[str, str] | None:
    """Return what of a vault a scope means: all ("", ""), or a kind and a name; None where it means nothing there.

    The Resource Manager names only scopes above a vault, of it and within it, and of these above any holds.
    """
    mine, other = vault_id.lower().rstrip("/"), scope.lower().rstrip("/")
    if mine == other or mine.startswith(f"{other}/") or other.startswith("/providers/microsoft.management/"):
        return "", ""
    found = _THING.fullmatch(other.removeprefix(mine)) if other.startswith(f"{mine}/") else None
    return (found.group(1), found.group(2)) if found else None


def facts_of(properties: Mapping[str, Any], *, by_roles: bool) -> dict[str, str]:
    """Return what is told of a vault itself, for people."""
    network = _mapping(properties.get("networkAcls"))
    closed = properties.get("publicNetworkAccess") == "Disabled" or network.get("defaultAction") == "Deny"
    # Without a word, vaults keep what was deleted (since December 2020) and do not guard it against purging.
    kept = properties.get("enableSoftDelete") is not False
    return {
        "access": "roles (RBAC)" if by_roles else "access policies of its own",
        "soft_delete": "yes" if kept else "no",
        "purge_protection": "yes" if properties.get("enablePurgeProtection") is True else "no",
        "network": "named networks" if closed else "all networks",
    }


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


__all__ = ["Access", "facts_of", "grants", "place", "principal_id"]
