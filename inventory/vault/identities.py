"""Entities, which stand for one person or workload over several logins, and the groups that they are in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from inventory.collector import PrincipalRecord, Record, SkipRecord
from inventory.store_records import PrincipalKind
from inventory.stores.crew import Crew
from inventory.vault.answer import Answer, Unanswered
from inventory.vault.client import VaultClient
from inventory.vault.instants import instant
from inventory.vault.naming import entity_id, group_id, policy_ids
from inventory.vault.tokens import Login, Sessions

_PEOPLE = frozenset({"userpass", "ldap", "oidc", "okta", "radius", "github", "saml", "kerberos"})
_NO_USE = "Vault tells uses only in its audit log"


@dataclass
class Identities:
    """The entities and groups of one namespace."""

    client: VaultClient
    crew: Crew
    namespace: str
    personal: set[Login]
    """Logins that are told as principals, and that one entity has for itself."""
    sessions: dict[Login, Sessions]
    entities: dict[Login, str] = field(default_factory=dict)
    """The entity that a listed login leads to."""
    principals: int = 0

    def read(self) -> Iterator[Record]:
        """Yield every entity and group."""
        by_session = {
            told.entity: login for login, told in self.sessions.items() if told.entity and login in self.personal
        }
        for uuid, answer in self._each("entity"):
            if isinstance(answer, SkipRecord):
                yield answer
                continue
            logins = [login_of(alias) for alias in _aliases(answer)]
            known = {login for login in logins if login is not None and login in self.personal}
            if (login := by_session.get(uuid)) is not None:
                known.add(login)
            self.entities.update(dict.fromkeys(known, uuid))
            yield entity_record(self.namespace, uuid, answer, carried=bool(logins) and len(known) >= len(logins))
            self.principals += 1
        for uuid, answer in self._each("group"):
            if isinstance(answer, SkipRecord):
                yield answer
                continue
            yield group_record(self.namespace, uuid, answer)
            self.principals += 1

    def _each(self, kind: str) -> Iterator[tuple[str, Answer | SkipRecord]]:
        skips: list[SkipRecord] = []

        def uuids() -> Iterator[str]:
            try:
                yield from self.client.names(f"identity/{kind}/id", self.namespace)
            except Unanswered as unanswered:
                skips.append(SkipRecord(unanswered.answer.why, f"identity {kind} list", partial=unanswered.hides))

        def job(uuid: str) -> Answer:
            return self.client.ask("GET", f"identity/{kind}/id/{uuid}", self.namespace)

        for uuid, answer in self.crew.each(uuids(), job):
            if answer.ok:
                yield uuid, answer
            elif answer.status != 404:
                yield uuid, SkipRecord(answer.why, f"identity {kind}s")
        for skip in skips:
            yield "", skip


def login_of(alias: dict[str, Any]) -> Login | None:
    """Return the login that an alias names, as far as it tells the role or user."""
    mount = alias.get("mount_path")
    metadata = alias.get("metadata")
    told = metadata if isinstance(metadata, dict) else {}
    # An AppRole's alias is called by its role id, which the metadata leads back to the role.
    name = told.get("role_name") or alias.get("name")
    if not isinstance(mount, str) or not isinstance(name, str):
        return None
    return mount.removeprefix("auth/"), name


def entity_record(namespace: str, uuid: str, answer: Answer, *, carried: bool) -> PrincipalRecord:
    """Return an entity; one whose logins all are principals themselves only carries rights for them."""
    aliases = _aliases(answer)
    types = {str(alias.get("mount_type")) for alias in aliases}
    acting = PrincipalKind.HUMAN if types & _PEOPLE else PrincipalKind.WORKLOAD
    disabled = answer.data.get("disabled")
    groups = answer.texts("direct_group_ids") or answer.texts("group_ids")
    return PrincipalRecord(
        entity_id(uuid),
        PrincipalKind.ROLE if carried else acting,
        _name(answer, aliases, uuid),
        member_of=(*policy_ids(namespace, answer.texts("policies")), *map(group_id, groups)),
        created_at=instant(answer.data.get("creation_time")),
        enabled=not disabled if isinstance(disabled, bool) else None,
        evidence={
            "created_at": "Vault entity, creation_time",
            "enabled": "Vault entity, disabled",
            "expires_at": "Vault sets an entity no end",
            "last_used_at": _NO_USE,
        },
        attributes={
            "Logs in by": ", ".join(sorted({str(alias.get("mount_path", ""))[:100] for alias in aliases})) or "nothing",
        },
    )


def group_record(namespace: str, uuid: str, answer: Answer) -> PrincipalRecord:
    """Return a group of entities."""
    parents = map(group_id, answer.texts("parent_group_ids"))
    return PrincipalRecord(
        group_id(uuid),
        PrincipalKind.GROUP,
        answer.text("name")[:300] or uuid,
        member_of=(*policy_ids(namespace, answer.texts("policies")), *parents),
        created_at=instant(answer.data.get("creation_time")),
        evidence={"created_at": "Vault group, creation_time", "last_used_at": _NO_USE},
        attributes={
            "Members": len(answer.texts("member_entity_ids")) + len(answer.texts("member_group_ids")),
            "Filled by": "the outside login" if answer.text("type") == "external" else "hand",
        },
    )


def _aliases(answer: Answer) -> list[dict[str, Any]]:
    told = answer.data.get("aliases")
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []


def _name(answer: Answer, aliases: list[dict[str, Any]], uuid: str) -> str:
    name = answer.text("name")
    # The server makes up a name for whoever logs in without having been made before.
    if (not name or name.startswith("entity_")) and aliases and isinstance(aliases[0].get("name"), str):
        return f"{aliases[0]['name'][:200]} ({str(aliases[0].get('mount_path', ''))[:80].strip('/')})"
    return name[:300] or uuid


__all__ = ["Identities", "entity_record", "group_record", "login_of"]
