"""Whom a member of a policy stands for, as principals of the inventory. Pure.

Google tells of a group, a domain or everybody only that a policy names them. Who they are is not known; that there
is somebody must show all the same, so that each has one identity that stands for its members.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inventory.collector import PrincipalRecord
from inventory.detection.plausibility import plausible_secret
from inventory.gcp.bindings import ANYONE
from inventory.store_records import PrincipalKind

_FACTS = ("created_at", "last_used_at", "expires_at", "enabled", "granted", "used")
_NAMED_ONLY = "IAM tells of it only that a policy names it"
_ANYONE = {"allUsers": "Anyone on the internet", "allAuthenticatedUsers": "Anyone with a Google account"}
_GROUPS = {
    "group": "Members of the group",
    "domain": "Everybody of the domain",
    "principalSet": "Identities of the set",
    "projectOwner": "Owners of the project",
    "projectEditor": "Editors of the project",
    "projectViewer": "Viewers of the project",
}


def member_id(project: str, member: str) -> str:
    """Return the external id of a member; an address is written in any case."""
    kind, sign, name = member.partition(":")
    lowered = f"{kind}{sign}{name.lower()}" if "@" in name else member
    return f"{project}/{lowered}"[:900]


def is_gone(member: str) -> bool:
    """Say whether a member was deleted, so that the policy gives it nothing."""
    return member.startswith("deleted:")


def member_records(project: str, member: str) -> Iterator[PrincipalRecord]:
    """Yield the principals that a member stands for: the one that has the role, then whom it stands for."""
    kind, _, name = member.partition(":")
    own = member_id(project, member)
    evidence = dict.fromkeys(_FACTS, _NAMED_ONLY)
    if member in ANYONE:
        yield _record(own, PrincipalKind.WORKLOAD, _ANYONE[member], evidence, {"Public": True})
    elif kind == "user":
        yield _record(own, PrincipalKind.HUMAN, name, evidence)
    elif kind == "serviceAccount":
        yield _record(own, PrincipalKind.WORKLOAD, name, evidence)
    elif kind == "principal":
        human = "/workforcePools/" in name
        yield _record(own, PrincipalKind.HUMAN if human else PrincipalKind.WORKLOAD, _subject(name), evidence)
    else:
        shown = _subject(name) if kind == "principalSet" else name or member
        yield _record(own, PrincipalKind.GROUP, shown, evidence)
        words = f"{_GROUPS.get(kind, 'Whoever belongs to')} {shown}"
        why = dict.fromkeys(_FACTS, "IAM does not tell who belongs to it, or how many they are")
        yield _record(f"{own}#members"[:900], PrincipalKind.HUMAN, words, why, {"Stands for": "members"}, (own,))


def account_record(
    project: str, account: dict[str, Any], used: Any, used_why: str, keys: int | None
) -> PrincipalRecord:
    """Return a service account of the project."""
    email = str(account["email"])
    facts: dict[str, Any] = {}
    title = str(account.get("displayName") or "")[:100]
    # People write all sorts of things there, now and then a value.
    if title and not any(plausible_secret(word.encode()) for word in title.split()):
        facts["Called"] = title
    if keys is not None:
        facts["Keys held by people"] = keys
    return PrincipalRecord(
        member_id(project, f"serviceAccount:{email}"),
        PrincipalKind.WORKLOAD,
        email,
        last_used_at=used,
        enabled=account.get("disabled") is not True,
        evidence={
            "created_at": "IAM does not date service accounts",
            "last_used_at": used_why,
            "expires_at": "IAM sets no end",
            "enabled": "IAM, disabled",
        },
        attributes=facts,
    )


def _record(
    own: str,
    kind: PrincipalKind,
    name: str,
    evidence: dict[str, str],
    facts: dict[str, Any] | None = None,
    member_of: tuple[str, ...] = (),
) -> PrincipalRecord:
    return PrincipalRecord(own, kind, name[:500], member_of=member_of, evidence=evidence, attributes=facts or {})


def _subject(name: str) -> str:
    """Return what a federated identity is called: its pool with what follows, without what leads to the pool."""
    for sign in ("/workloadIdentityPools/", "/workforcePools/"):
        if sign in name:
            return name.partition(sign)[2]
    return name.removeprefix("//")


__all__ = ["account_record", "is_gone", "member_id", "member_records"]
