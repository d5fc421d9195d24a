"""Who can reach Halden's vault: policies good and bad, people, workloads, groups, and tokens that were left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posture.demo.organisation import TEAMS
from posture.demo.shelf import SHELF

READER = "secrets-posture"
"""The AppRole that collects the vault, and its policy."""
_FULL = "create read update patch delete list"


def rule(path: str, capabilities: str) -> str:
    """Return one path of a policy."""
    listed = ", ".join(f'"{each}"' for each in capabilities.split())
    return f'path "{path}" {{ capabilities = [{listed}] }}'


def policies() -> dict[str, str]:
    """Return every policy's text: two for each team that are as they should be, and those of a grown company."""
    found = {}
    for team in TEAMS:
        slug = team.slug
        found[f"{slug}-services"] = "\n".join(
            rule(f"{mount}/data/{slug}/+/+", "read") for mount in ("kv-prod", "kv-staging", "kv-dev")
        )
        found[f"{slug}-engineers"] = "\n".join(
            [
                *(rule(f"{mount}/data/{slug}/*", _FULL) for mount in ("kv-staging", "kv-dev")),
                *(rule(f"{mount}/metadata/{slug}/*", "read list") for mount in ("kv-prod", "kv-staging", "kv-dev")),
            ]
        )
    return found | _GROWN


_GROWN = {
    # Everything, for everybody who was ever on call.
    "ops-everything": rule("*", f"{_FULL} sudo"),
    "platform-admin": "\n".join(
        [
            rule("sys/policies/acl/*", _FULL),
            rule("sys/auth/*", f"{_FULL} sudo"),
            rule("auth/*", _FULL),
            rule("identity/*", _FULL),
        ]
    ),
    "deploy": "\n".join([rule("kv-prod/data/*", "read"), rule("kv-staging/data/*", "read")]),
    "deploy-one": rule("kv-prod/data/+/{{identity.entity.name}}/*", "read"),
    "legacy-readers": rule("legacy/*", "read list"),
    "auditors": "\n".join([rule(f"{mount}/metadata/*", "read list") for mount in ("kv-prod", "kv-staging", "kv-dev")]),
    "payments-closed": rule("kv-prod/data/payments/*", "deny"),
    "sign-and-encrypt": "\n".join([rule("transit/encrypt/+", "update"), rule("transit/decrypt/+", "update")]),
    "issue-certificates": rule("pki/issue/services", "update"),
    "warehouse-databases": rule("database/creds/+", "read"),
    "contractor-2023": "\n".join([rule("kv-prod/data/checkout/*", "read"), rule("kv-prod/data/mobile/*", "read")]),
}


@dataclass(frozen=True)
class Workload:
    """An AppRole with its secret ids: days since each was made."""

    name: str
    policies: tuple[str, ...]
    secret_ids: tuple[float, ...]
    lives_days: int = 0
    """After how many days a secret id ends; 0 is never."""
    logs_in: bool = True


def workloads() -> tuple[Workload, ...]:
    """Return the AppRoles: one for most services, and those of pipelines."""
    found = []
    services = [plan.repository for plan in SHELF if plan.stack is not None and plan.repository.team]
    for at, service in enumerate(services[::2]):
        team = str(service.team)
        name = service.name if service.name.startswith(team) else f"{team}-{service.name}"
        extra = {0: ("sign-and-encrypt",), 3: ("issue-certificates",), 4: ("warehouse-databases",)}.get(at % 6, ())
        # Some live for ever, and some of these for very long already.
        lives = 0 if at % 4 == 1 else 90
        ids = ((430.0, 12.0), (760.0,))[at // 4 % 2] if not lives else (80.0 - 11 * (at % 7),)
        found.append(Workload(name, (f"{team}-services", *extra), ids, lives, logs_in=at % 4 != 3))
    return (
        *found,
        Workload("platform-deploy", ("deploy",), (540.0, 300.0, 4.0)),
        Workload("platform-deploy-each", ("deploy-one",), (20.0,), 30),
        Workload("jenkins", ("deploy", "legacy-readers"), (1_020.0,), logs_in=False),
        Workload("data-nightly", ("data-services", "warehouse-databases", "legacy-readers"), (210.0,)),
    )


@dataclass(frozen=True)
class Person:
    """A user who logs in with a password."""

    name: str
    groups: tuple[str, ...]
    policies: tuple[str, ...]
    logged_in: float | None
    """Days since the login whose token lives still."""


def people() -> tuple[Person, ...]:
    """Return most of the teams' people, and one who left."""
    found = []
    for team in TEAMS:
        for at, member in enumerate(team.members[:3]):
            given = ("platform-admin",) if team.slug == "platform" and at < 2 else ()
            if (team.slug, at) in {("platform", 0), ("data", 0)}:
                given = (*given, "ops-everything")
            duty = ("on-call",) if at == 1 and team.slug in ("platform", "logistics") else ()
            groups = (team.slug, *duty, *(("auditors",) if team.slug == "identity" and at == 0 else ()))
            login = (0.2, 17.0, None)[at] if team.slug not in ("mobile", "marketing-sites") else None
            found.append(Person(member.name.lower().replace(" ", "."), groups, given, login))
    return (*found, Person("viktor.sand", (), ("ops-everything", "legacy-readers"), None))


GROUPS: Mapping[str, tuple[str, ...]] = {team.slug: (f"{team.slug}-engineers",) for team in TEAMS} | {
    "on-call": ("ops-everything",),
    "auditors": ("auditors",),
}
"""Groups of people with what each gives; everybody is in the group of the team."""


@dataclass(frozen=True)
class LeftToken:
    """A token that somebody made once and that lives still; nobody keeps its value."""

    name: str
    policies: tuple[str, ...]
    days: float
    lives_hours: int = 0


TOKENS = (
    LeftToken("first-set-up", ("root",), 980),
    LeftToken("migration", ("ops-everything",), 402, 17_520),
    LeftToken("grafana-agent", ("auditors",), 150, 8_760),
    LeftToken("contractor", ("contractor-2023",), 610, 43_800),
)


__all__ = [
    "GROUPS",
    "READER",
    "TOKENS",
    "LeftToken",
    "Person",
    "Workload",
    "people",
    "policies",
    "rule",
    "workloads",
]
