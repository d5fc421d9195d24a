"""Roles and users of the ways to log in, and the secret ids of AppRoles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from inventory.collector import PrincipalRecord, ProgressRecord, Record, SecretRecord, SkipRecord
from inventory.policy import EPHEMERAL_HOURS
from inventory.store_records import HeldRecord, PrincipalKind, SecretKind, VersionRecord, VersionState
from inventory.stores.crew import Crew
from inventory.stores.values import Values
from inventory.vault.answer import Answer, Unanswered
from inventory.vault.client import VaultClient
from inventory.vault.instants import instant, seconds, spoken
from inventory.vault.mounts import Mount
from inventory.vault.naming import accessor_digest, accessor_hint, entity_id, policy_ids, principal_id
from inventory.vault.tokens import Login, Sessions
from posture.common.secret_value import SecretValue

_W, _H, _G, _R = PrincipalKind.WORKLOAD, PrincipalKind.HUMAN, PrincipalKind.GROUP, PrincipalKind.ROLE
LOGINS: dict[str, tuple[tuple[str, PrincipalKind], ...]] = {
    "approle": (("role", _W),),
    "userpass": (("users", _H),),
    "ldap": (("users", _H), ("groups", _G)),
    "okta": (("users", _H), ("groups", _G)),
    "radius": (("users", _H),),
    "kerberos": (("groups", _G),),
    "github": (("map/users", _H), ("map/teams", _G)),
    "jwt": (("role", _W),),
    "oidc": (("role", _H),),
    "saml": (("role", _H),),
    "kubernetes": (("role", _W),),
    "cert": (("certs", _W),),
    "aws": (("roles", _W),),
    "azure": (("role", _W),),
    "gcp": (("roles", _W),),
    "alicloud": (("role", _W),),
    "oci": (("role", _W),),
    "cf": (("roles", _W),),
    "token": (("roles", _R),),
}
"""Ways to log in by type: where their roles, users and groups are listed, as their documentation names it."""
_PERSONAL = frozenset({"approle", "userpass", "ldap", "okta", "radius", "github"})
_ONLY = "1"
"""The one version of a secret id."""
ROLE_ID_RULE = "hashicorp-vault-approle-role-id"
"""The format that finds role ids in files."""
_NO_TIME = "Vault keeps no time of it"
_BOUND = ("bound_service_account_names", "bound_service_account_namespaces", "bound_audiences", "bound_subject")


@dataclass(frozen=True, slots=True)
class Entry:
    """One role, user or group of a way to log in, or a secret id of an AppRole."""

    mount: Mount
    place: str
    kind: PrincipalKind
    name: str
    accessor: str = ""
    names_role: bool = False
    """A secret id that is to carry the role id, which is the same for all of an AppRole."""

    @property
    def login(self) -> Login:
        """Return what tokens and aliases call it."""
        return self.mount.path, self.name

    @property
    def path(self) -> str:
        """Return where the server keeps it."""
        return f"auth/{self.mount.path}{self.place}/{self.name}"

    @property
    def secret(self) -> str:
        """Return what a secret id is called in the inventory."""
        return f"{self.path}/secret-id/{accessor_digest(self.accessor)}"

    @property
    def principal(self) -> str:
        """Return what the role or user is called in the inventory."""
        return principal_id(self.mount.namespace, f"auth/{self.mount.path}{self.place}", self.name)


@dataclass
class Logins:
    """The roles and users of one namespace."""

    client: VaultClient
    crew: Crew
    mounts: list[Mount]
    values: Values | None = None
    """Where values may be read for their fingerprints."""
    listed: set[Login] = field(default_factory=set)
    personal: set[Login] = field(default_factory=set)
    """Those that one person or workload has for itself."""
    entries: list[Entry] = field(default_factory=list)
    principals: int = 0
    secrets: int = 0
    refused: bool = False
    """Whether what one of them has was not handed out."""

    def names(self) -> Iterator[SkipRecord]:
        """List them all, without their facts; yields what cannot be listed."""
        for mount in self.mounts:
            if mount.type not in LOGINS:
                yield SkipRecord(
                    f"logins of the type {mount.type} are not known here", f"auth/{mount.name}", partial=False
                )
            for place, kind in LOGINS.get(mount.type, ()):
                try:
                    for name in self.client.names(f"auth/{mount.path}{place}", mount.namespace):
                        entry = Entry(mount, place, kind, name.rstrip("/"))
                        self.entries.append(entry)
                        if kind in (_W, _H):
                            self.listed.add(entry.login)
                        if mount.type in _PERSONAL:
                            self.personal.add(entry.login)
                except Unanswered as unanswered:
                    if unanswered.hides:
                        yield SkipRecord(unanswered.answer.why, f"names in auth/{mount.name}{place}")

    def read(
        self, sessions: Mapping[Login, Sessions], entities: Mapping[Login, str], *, live: bool
    ) -> Iterator[Record]:
        """Yield every role, user and group, and every secret id; `live` says that the tokens could be counted."""
        skips: list[SkipRecord] = []

        def job(entry: Entry) -> tuple[Answer, RoleId]:
            namespace = entry.mount.namespace
            if not entry.accessor:
                return self.client.ask("GET", entry.path, namespace), RoleId()
            body = {"secret_id_accessor": entry.accessor}
            told = self.client.ask("POST", f"{entry.path}/secret-id-accessor/lookup", namespace, body=body)
            return told, self._role_id(entry)

        def more(entry: Entry, result: tuple[Answer, RoleId]) -> Iterator[Entry]:
            if entry.mount.type == "approle" and not entry.accessor:
                yield from self._secret_ids(entry, skips)

        for entry, (answer, role) in self.crew.each(self.entries, job, more):
            if answer.status == 404 or (entry.accessor and answer.status in (400, 500)):
                # It ended between the list and this.
                continue
            if entry.accessor:
                if answer.ok:
                    self.secrets += 1
                    yield secret_id_record(entry, answer, role)
                    if role.why:
                        what = f"role id of {entry.path}, by which a secret id that is found elsewhere would be known"
                        skips.append(SkipRecord(role.why, what, partial=False))
                else:
                    skips.append(SkipRecord(f"secret id not read: {answer.why}", entry.path))
                continue
            if not answer.ok:
                self.refused = True
                skips.append(SkipRecord(f"not read: {answer.why}", entry.path, partial=False))
            self.principals += 1
            told = sessions.get(entry.login, Sessions()) if live else None
            yield login_record(entry, answer, told, entities.get(entry.login, ""))
            if self.principals % 200 == 0:
                yield ProgressRecord("roles and users", self.principals, len(self.entries))
        yield from skips

    def _role_id(self, entry: Entry) -> RoleId:
        """Read by which id an AppRole is known to whoever logs in, for one of its secret ids."""
        if self.values is None:
            return RoleId()
        if not entry.names_role:
            # One that carried it before carries it no longer; what the others hold stays not known.
            return RoleId(key_id=self.values.key_id if self.values.knows(entry.secret, _ONLY) else "")
        answer = self.client.ask("GET", f"{entry.path}/role-id", entry.mount.namespace)
        if not answer.ok:
            return RoleId(why="" if answer.status == 404 else answer.why)
        told = answer.text("role_id")
        if not told:
            return RoleId()
        held = self.values.identifier("role_id", SecretValue(told), ROLE_ID_RULE)
        return RoleId((held,), self.values.key_id)

    def _secret_ids(self, entry: Entry, skips: list[SkipRecord]) -> Iterator[Entry]:
        try:
            # The first by name, the same each time: values in several secrets would count as reused.
            for number, accessor in enumerate(
                sorted(self.client.names(f"{entry.path}/secret-id", entry.mount.namespace))
            ):
                yield replace(entry, accessor=accessor, names_role=self.values is not None and number == 0)
        except Unanswered as unanswered:
            if unanswered.hides:
                skips.append(SkipRecord(unanswered.answer.why, f"secret ids of {entry.path}"))


@dataclass(frozen=True, slots=True)
class RoleId:
    """The fingerprint of the role id of an AppRole, or why it is not known."""

    held: tuple[HeldRecord, ...] = ()
    key_id: str = ""
    """Under which fingerprint key; empty where it was not looked at."""
    why: str = ""


_UNASKED = RoleId()


def login_record(entry: Entry, answer: Answer, sessions: Sessions | None, entity: str) -> PrincipalRecord:
    """Return a role, user or group of a way to log in; its last use is the newest of its live tokens."""
    namespace, data = entry.mount.namespace, answer.data
    policies = _list(data.get("token_policies")) or _list(data.get("policies")) or _list(data.get("value"))
    if entry.kind in (_W, _H) and answer.ok and data.get("token_no_default_policy") is not True:
        policies.append("default")
    kind = _H if data.get("role_type") == "oidc" else entry.kind
    groups = [
        principal_id(namespace, f"auth/{entry.mount.path}groups", name)
        for name in (_list(data.get("groups")) if entry.place == "users" else [])
    ]
    newest = sessions.newest if sessions else None
    evidence = {
        "created_at": _NO_TIME,
        "expires_at": "Vault sets it no end",
        "last_used_at": "the newest of its live tokens" if newest else "none of its tokens is live, or none is listed",
    }
    return PrincipalRecord(
        entry.principal,
        kind,
        f"{entry.name} ({namespace}auth/{entry.mount.path.rstrip('/')})"[:900],
        member_of=(*policy_ids(namespace, policies), *groups, *([entity_id(entity)] if entity else [])),
        members_told=answer.ok,
        last_used_at=newest,
        evidence=evidence,
        attributes=_facts(entry, answer, sessions),
    )


def secret_id_record(entry: Entry, answer: Answer, role: RoleId = _UNASKED) -> SecretRecord:
    """Return what is told of a secret id, known by its accessor: never the id. `role` is what it holds, if anything."""
    made, ends = instant(answer.data.get("creation_time")), instant(answer.data.get("expiration_time"))
    period = seconds(answer.data.get("secret_id_ttl"))
    short = bool(made and ends and ends - made <= timedelta(hours=EPHEMERAL_HOURS))
    attributes: dict[str, Any] = {"AppRole": entry.name, "Accessor": accessor_hint(entry.accessor)}
    attributes["Lives for"] = spoken(period) if period else "ever"
    if uses := seconds(answer.data.get("secret_id_num_uses")):
        attributes["Uses left"] = uses
    attributes["Bound to addresses"] = bool(answer.texts("cidr_list"))
    return SecretRecord(
        entry.secret,
        kind=SecretKind.TOKEN,
        logs_in_as=entry.principal,
        created_at=made,
        expires_at=ends,
        enabled=True,
        auto_rotated=False,
        ephemeral=short,
        versions=(VersionRecord(_ONLY, VersionState.CURRENT, made, role.key_id, role.held),),
        evidence={
            "created_at": "Vault secret id, creation_time",
            "rotated_at": "a secret id is not changed, another one is made",
            "expires_at": "Vault secret id, expiration_time" if ends else "Vault secret id: it never expires",
            "enabled": "Vault lists only those that are valid",
            "auto_rotated": "Vault makes no new one by itself",
            "rotation_failed": "Vault makes no new one by itself",
            "ephemeral": "Vault secret id, its time to live",
            "last_used_at": "Vault tells uses only in its audit log",
        },
        attributes=attributes,
    )


def _facts(entry: Entry, answer: Answer, sessions: Sessions | None) -> dict[str, Any]:
    data = answer.data
    facts: dict[str, Any] = {}
    if not answer.ok:
        return {"Policies": f"not known: {answer.why}"}
    for label, names in (
        ("Tokens live for", ("token_ttl", "ttl")),
        ("Tokens live at most for", ("token_max_ttl", "max_ttl")),
        ("Tokens are renewed by periods of", ("token_period", "period")),
    ):
        if period := next((found for name in names if (found := seconds(data.get(name)))), None):
            facts[label] = spoken(period)
    if entry.mount.type == "approle":
        facts["Needs a secret id"] = data.get("bind_secret_id") is not False
        period = seconds(data.get("secret_id_ttl"))
        facts["Secret ids live for"] = spoken(period) if period else "ever"
        if uses := seconds(data.get("secret_id_num_uses")):
            facts["Uses of a secret id"] = uses
    for name in _BOUND:
        if bound := _list(data.get(name)):
            facts[name.replace("_", " ").capitalize()] = ", ".join(bound)[:300]
    if sessions is not None:
        facts["Live tokens"] = sessions.live
        if sessions.oldest:
            facts["Oldest live token"] = sessions.oldest.isoformat()
    return facts


def _list(value: Any) -> list[str]:
    """Return texts that older servers join by commas."""
    if isinstance(value, str):
        return [each.strip() for each in value.split(",") if each.strip()]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


__all__ = ["LOGINS", "Entry", "Logins", "login_record", "secret_id_record"]
