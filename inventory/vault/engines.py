"""Engines that make credentials on request, and those that keep and change the password of an account."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from inventory.collector import ProgressRecord, Record, SecretRecord, SkipRecord
from inventory.store_records import SecretKind, VersionRecord, VersionState
from inventory.stores.crew import Crew
from inventory.vault.answer import Answer, Unanswered
from inventory.vault.client import VaultClient
from inventory.vault.instants import instant, seconds, spoken
from inventory.vault.mounts import Mount

OVERDUE = timedelta(hours=24)
"""So long after its time a rotation that has not happened counts as failed."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Where an engine keeps its roles, and where it hands out what they make."""

    list_at: str
    hand_out_at: str
    static: bool = False


_ROLES = Roles("roles", "creds")
ENGINES: dict[str, tuple[Roles, ...]] = {
    "database": (_ROLES, Roles("static-roles", "static-creds", static=True)),
    "ldap": (Roles("role", "creds"), Roles("static-role", "static-cred", static=True)),
    "openldap": (Roles("role", "creds"), Roles("static-role", "static-cred", static=True)),
    "aws": (_ROLES, Roles("static-roles", "static-creds", static=True)),
    "azure": (_ROLES,),
    "gcp": (Roles("rolesets", "roleset"), Roles("impersonated-account", "impersonated-account")),
    "kubernetes": (_ROLES,),
    "rabbitmq": (_ROLES,),
    "consul": (_ROLES,),
    "nomad": (Roles("role", "creds"),),
    "alicloud": (Roles("role", "creds"),),
    "mongodbatlas": (_ROLES,),
    "terraform": (Roles("role", "creds"),),
    "ssh": (_ROLES,),
}
"""Engines by type, as their documentation of the API names their paths."""
_TTL = ("ttl", "default_ttl", "token_default_ttl", "default_sts_ttl", "default_lease")
_MAX_TTL = ("max_ttl", "token_max_ttl", "max_sts_ttl")


@dataclass(frozen=True, slots=True)
class Leases:
    """The leases of a namespace that could not be revoked; `why_not` says why they are not known."""

    irrevocable: tuple[str, ...] = ()
    why_not: str = ""

    def failed(self, prefix: str) -> int:
        """Return how many there are below a path."""
        return sum(each.startswith(prefix) for each in self.irrevocable)


def irrevocable_leases(client: VaultClient, namespace: str) -> Leases:
    """Return the leases that failed to revoke; their errors stay behind, since these quote connections."""
    answer = client.ask("GET", "sys/leases", namespace, params={"type": "irrevocable", "limit": "none"})
    if not answer.ok:
        return Leases(why_not=answer.why)
    told = answer.data.get("leases")
    found = [each.get("lease_id") for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    return Leases(tuple(each for each in found if isinstance(each, str)))


@dataclass
class Engine:
    """One engine with roles, read side by side."""

    client: VaultClient
    crew: Crew
    mount: Mount
    secrets: int = 0

    def read(self) -> Iterator[Record]:
        """Yield every role as a secret."""
        leases = irrevocable_leases(self.client, self.mount.namespace)
        skips: list[SkipRecord] = []
        names = chain.from_iterable(self._names(roles, skips) for roles in ENGINES[self.mount.type])
        for (roles, name), (answer, live) in self.crew.each(names, self._job):
            if answer.status == 404:
                continue
            self.secrets += 1
            if not answer.ok:
                yield SkipRecord(
                    f"role not read: {answer.why}", f"{self.mount.name}{roles.list_at}/{name}", partial=False
                )
            if roles.static:
                yield static_record(self.mount, roles, name, answer, self.client.now())
            else:
                yield dynamic_record(self.mount, roles, name, answer, live, leases)
            if self.secrets % 200 == 0:
                yield ProgressRecord("roles", self.secrets, self.secrets)
        yield from skips

    def _names(self, roles: Roles, skips: list[SkipRecord]) -> Iterator[tuple[Roles, str]]:
        try:
            for name in self.client.names(self.mount.path + roles.list_at, self.mount.namespace):
                yield roles, name
        except Unanswered as unanswered:
            # An engine without such roles does not know the path.
            if unanswered.hides:
                what = f"names in {self.mount.name}{roles.list_at}"
                skips.append(SkipRecord(unanswered.answer.why, what))

    def _job(self, item: tuple[Roles, str]) -> tuple[Answer, int | str]:
        roles, name = item
        answer = self.client.ask("GET", f"{self.mount.path}{roles.list_at}/{name}", self.mount.namespace)
        if roles.static or not answer.ok:
            return answer, ""
        live = 0
        try:
            path = f"sys/leases/lookup/{self.mount.path}{roles.hand_out_at}/{name}"
            for _ in self.client.names(path, self.mount.namespace):
                live += 1
        except Unanswered as unanswered:
            return answer, unanswered.answer.why
        return answer, live


def dynamic_record(
    mount: Mount, roles: Roles, name: str, answer: Answer, live: int | str, leases: Leases
) -> SecretRecord:
    """Return a role whose credentials are made on request; `live` counts its leases, or says why not."""
    path = f"{roles.hand_out_at}/{name}"
    failed = leases.failed(f"{mount.path}{path}/")
    evidence = {
        "ephemeral": f"the {mount.type} engine makes one on request and ends it",
        "auto_rotated": "each request makes a new one",
        "created_at": "each request makes a new one",
        "rotated_at": "each request makes a new one",
        "expires_at": "each has a lease of its own",
        "enabled": "the engine tells nothing of it",
        "last_used_at": "Vault tells uses only in its audit log",
        "rotation_failed": leases.why_not or "Vault, leases that cannot be revoked",
    }
    return SecretRecord(
        path,
        kind=SecretKind.DYNAMIC,
        address=mount.name + path,
        auto_rotated=True,
        rotation_failed=None if leases.why_not else failed > 0,
        ephemeral=True,
        evidence=evidence,
        attributes=_lifetime(mount, answer)
        | ({"Live leases": live} if isinstance(live, int) else {"Live leases": f"not known: {live}"} if live else {})
        | ({} if leases.why_not else {"Leases that failed to revoke": failed}),
    )


def static_record(mount: Mount, roles: Roles, name: str, answer: Answer, now: datetime) -> SecretRecord:
    """Return an account whose password the engine keeps and changes."""
    rotated = instant(answer.data.get("last_vault_rotation"))
    period = seconds(answer.data.get("rotation_period")) or None
    schedule = answer.text("rotation_schedule")
    why = "" if answer.ok else answer.why
    overdue: bool | None = None
    if rotated is not None and period is not None:
        with suppress(OverflowError):
            overdue = rotated + timedelta(seconds=period) + OVERDUE < now
    evidence = {
        "created_at": why or "Vault tells only the last rotation",
        "rotated_at": why or ("Vault role, last_vault_rotation" if rotated else "Vault tells no last rotation"),
        "expires_at": why or "it stays until the next rotation",
        "auto_rotated": why or "Vault role, rotation_period or rotation_schedule",
        "rotation_failed": why
        or ("Vault role: last rotation against its period" if overdue is not None else "no period to judge it by"),
        "ephemeral": "an account with a password that stays",
        "enabled": why or "the engine tells nothing of it",
        "last_used_at": "Vault tells uses only in its audit log",
    }
    attributes = {
        "Rotation period": spoken(period) if period else schedule[:100] or None,
        "Account": answer.text("username")[:200] or None,
        "Connection": answer.text("db_name")[:200] or None,
    }
    return SecretRecord(
        f"{roles.hand_out_at}/{name}",
        kind=SecretKind.DATABASE_PASSWORD if mount.type == "database" else SecretKind.STORED,
        address=f"{mount.name}{roles.hand_out_at}/{name}",
        rotated_at=rotated,
        auto_rotated=bool(period or schedule) if answer.ok else None,
        rotation_failed=overdue,
        ephemeral=False,
        versions=(VersionRecord("current", VersionState.CURRENT, rotated),) if answer.ok else (),
        evidence=evidence,
        attributes={label: value for label, value in attributes.items() if value is not None},
    )


def _lifetime(mount: Mount, answer: Answer) -> dict[str, str]:
    """Return how long a credential lives, by its role or else by its engine."""
    given = {"Lives for": (_TTL, mount.default_ttl), "Lives at most for": (_MAX_TTL, mount.max_ttl)}
    facts = {}
    for label, (names, of_mount) in given.items():
        told = next((found for name in names if (found := seconds(answer.data.get(name)))), None)
        period = told or (of_mount if answer.ok else None)
        if period:
            facts[label] = spoken(period) + ("" if told else ", by its engine")
        elif answer.ok:
            facts[label] = "as the server's default"
    return facts


__all__ = [
    "ENGINES",
    "Engine",
    "Leases",
    "Roles",
    "dynamic_record",
    "irrevocable_leases",
    "static_record",
]
