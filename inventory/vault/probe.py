"""Says what a credential allows at a server, for whoever sets a source up; reads no value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inventory.collector import Ability
from inventory.vault.answer import Unanswered
from inventory.vault.client import VaultClient
from inventory.vault.instants import instant, spoken
from inventory.vault.mounts import mounts_of

_AT_MOST = 50
"""Mounts that are tried; a server with more is no different."""


@dataclass(frozen=True, slots=True)
class _Trial:
    name: str
    needs: tuple[tuple[str, str], ...]
    """Paths, each with the capability that is needed there."""
    gives: str


_SERVER = (
    _Trial("List what is mounted", (("sys/mounts", "read"),), "every store of the namespace"),
    _Trial("List namespaces", (("sys/namespaces", "list"),), "the stores of the namespaces below"),
    _Trial("List ways to log in", (("sys/auth", "read"),), "roles and users"),
    _Trial("Read policies", (("sys/policies/acl/", "list"), ("sys/policies/acl/x", "read")), "who may do what"),
    _Trial(
        "List tokens",
        (
            ("auth/token/accessors/", "list"),
            ("auth/token/accessors/", "sudo"),
            ("auth/token/lookup-accessor", "update"),
        ),
        "live tokens with age, end and rights",
    ),
    _Trial(
        "Read entities and groups",
        (("identity/entity/id/", "list"), ("identity/entity/id/x", "read"), ("identity/group/id/x", "read")),
        "who is behind several logins",
    ),
    _Trial(
        "Find leases that failed to revoke",
        (("sys/leases", "read"), ("sys/leases", "sudo")),
        "credentials that live on after their end",
    ),
)


def abilities(client: VaultClient, *, values: bool) -> Iterator[Ability]:
    """Yield what can be done, one ability each."""
    yield _connection(client)
    trials = [*_SERVER, *_of_mounts(client)]
    for trial, allowed in zip(trials, _allowed(client, trials), strict=True):
        detail = "" if allowed else "Add it to the policy of this source's credential, see the least rights."
        yield Ability(trial.name, allowed, trial.gives, detail if allowed is False else "")
    yield from _values(client, values=values)


def _connection(client: VaultClient) -> Ability:
    health = client.ask("GET", "sys/health", "", params={"standbyok": "true", "perfstandbyok": "true"})
    told = client.ask("GET", "auth/token/lookup-self")
    ends = instant(told.data.get("expire_time"))
    if ends is None:
        detail = "The token never expires." if told.ok else ""
    else:
        left = max(int((ends - client.now()).total_seconds()), 0)
        detail = f"The token ends in {spoken(left // 60 * 60 or left)}."
    version = health.text("version")
    return Ability("Connect and sign in", True, f"version {version[:40]}" if version else "the server answers", detail)


def _of_mounts(client: VaultClient) -> Iterator[_Trial]:
    try:
        mounts = mounts_of(client, client.namespace)[0]
    except Unanswered:
        return
    for mount in mounts[:_AT_MOST]:
        name = mount.path.rstrip("/")
        if mount.type == "kv" and mount.version == 2:
            needs = ((f"{mount.path}metadata/", "list"), (f"{mount.path}metadata/x", "read"))
            yield _Trial(f"Read the metadata of {name}", needs, "names, ages and versions")
        elif mount.type == "kv":
            yield _Trial(f"List the secrets of {name}", ((mount.path, "list"),), "names; this store keeps no ages")


def _values(client: VaultClient, *, values: bool) -> Iterator[Ability]:
    """Say whether values may be read: needed for fingerprints, too much without."""
    try:
        mounts = [mount for mount in mounts_of(client, client.namespace)[0] if mount.type == "kv"][:_AT_MOST]
    except Unanswered:
        return
    trials = [
        _Trial("", ((f"{mount.path}data/x" if mount.version == 2 else f"{mount.path}x", "read"),), "")
        for mount in mounts
    ]
    found = list(_allowed(client, trials))
    allowed = None if not found or None in found else any(found)
    names = ", ".join(mount.path.rstrip("/") for mount, can in zip(mounts, found, strict=True) if can)
    detail = ""
    if allowed and not values:
        detail = f"It may read values of {names[:300]}, which this source does not need. Take that away."
    elif allowed is False and values:
        detail = "Fingerprints are switched on, but no value may be read. Add what the least rights name for it."
    yield Ability("Read values", allowed, "fingerprints, where they are switched on", detail)


def _allowed(client: VaultClient, trials: Iterable[_Trial]) -> Iterator[bool | None]:
    """Ask the server itself what the token may do, all at once; nothing is tried out."""
    known = list(trials)
    paths = list(dict.fromkeys(path for trial in known for path, _ in trial.needs))
    answer = client.ask("POST", "sys/capabilities-self", body={"paths": paths})
    for trial in known:
        if not answer.ok:
            yield None
            continue
        yield all(
            {needed, "root"} & set(answer.texts(path)) - ({needed} if "deny" in answer.texts(path) else set())
            for path, needed in trial.needs
        )


__all__ = ["abilities"]
