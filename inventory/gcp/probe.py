"""Says what a service account may do in a project: by what Google says of its rights, and one small request per API."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from inventory.collector import Ability
from inventory.gcp.accounts import ACCOUNT_USES, ACCOUNTS_RIGHT, KEY_USES, KEYS_RIGHT, USES_RIGHT
from inventory.gcp.answer import texts
from inventory.gcp.client import Client
from inventory.gcp.failures import Refused
from inventory.gcp.manager import LIST_RIGHT, POLICY_RIGHT, VERSIONS_RIGHT
from inventory.gcp.rights import METADATA
from inventory.gcp.roles import ACCESS

_WORDS = {
    LIST_RIGHT: ("List secrets", "names, labels and schedules"),
    VERSIONS_RIGHT: ("List versions", "ages, and whether a schedule is followed"),
    POLICY_RIGHT: ("Read the rights on secrets", "who may use a single secret"),
    "resourcemanager.projects.getIamPolicy": ("Read the project's policy", "who may use every secret"),
    "resourcemanager.projects.get": ("Find what is above the project", "the folders and the organisation"),
    "iam.roles.get": ("Read roles", "what custom roles allow"),
    ACCOUNTS_RIGHT: ("List service accounts", "workloads, and who is switched off"),
    KEYS_RIGHT: ("List keys of service accounts", "keys with their age"),
    USES_RIGHT.format(ACCOUNT_USES): ("Read last uses of accounts", "dormant accounts"),
    USES_RIGHT.format(KEY_USES): ("Read last uses of keys", "keys that nobody uses"),
}
_ADD = "Add it to the rights of this source's credential, see the least rights."


def abilities(client: Client, project: str, *, values: bool) -> Iterator[Ability]:
    """Yield what can be done in one project, one ability each; reads no value."""
    allowed = _allowed(client, project)
    yield Ability("Connect and sign in", True, f"as {client.key.email}")
    for right in (each for each in _WORDS if each in METADATA):
        name, gives = _WORDS[right]
        why = _tried(client, project, right)
        if why is None:
            held = None if allowed is None else right in allowed
            yield Ability(name, held, gives, "" if held else _not_held(right, held))
        else:
            yield Ability(name, not why, gives, f"{why}. {_ADD}" if why else "")
    for location in client.locations:
        why = _answers(lambda at=location: _list(client, project, at))  # type: ignore[misc]
        yield Ability(f"List secrets in {location}", not why, "secrets of that location", why)
    yield from _values(allowed, values=values)


def _values(allowed: frozenset[str] | None, *, values: bool) -> Iterator[Ability]:
    held = None if allowed is None else ACCESS in allowed
    if values:
        why = "" if held else f"{_not_held(ACCESS, held)} It may still be given for single secrets."
        yield Ability("Read values", held or None, "fingerprints", why)
    elif held:
        why = f"Without fingerprints {ACCESS} is not needed: take it away from this credential."
        yield Ability("Read values", True, "more than this source needs", why)


def _allowed(client: Client, project: str) -> frozenset[str] | None:
    """Return which rights the account has in the project, by what Google itself says; None: it does not say."""
    try:
        told = client.ask(
            "cloudresourcemanager",
            f"v1/projects/{project}:testIamPermissions",
            "testIamPermissions",
            body={"permissions": sorted({*METADATA, ACCESS})},
        )
    except Refused:
        return None
    return frozenset(texts(told, "permissions"))


def _tried(client: Client, project: str, right: str) -> str | None:
    """Return why a request that takes this right is refused, empty where it is not; None: it is not tried."""
    trials: dict[str, Callable[[], object]] = {
        LIST_RIGHT: lambda: _list(client, project),
        "resourcemanager.projects.getIamPolicy": lambda: client.ask(
            "cloudresourcemanager", f"v1/projects/{project}:getIamPolicy", right, body={}
        ),
        ACCOUNTS_RIGHT: lambda: client.ask(
            "iam", f"v1/projects/{project}/serviceAccounts", right, params={"pageSize": 1}
        ),
    }
    for kind in (ACCOUNT_USES, KEY_USES):
        where = f"v1/projects/{project}/locations/global/activityTypes/{kind}/activities:query"
        trials[USES_RIGHT.format(kind)] = lambda at=where: client.ask(  # type: ignore[misc]
            "policyanalyzer", at, right, params={"pageSize": 1}
        )
    return _answers(trials[right]) if right in trials else None


def _answers(trial: Callable[[], object]) -> str:
    try:
        trial()
    except Refused as refused:
        return refused.why
    return ""


def _list(client: Client, project: str, location: str = "") -> object:
    parent = f"projects/{project}" + (f"/locations/{location}" if location else "")
    return next(client.pages("list_secrets", LIST_RIGHT, location, parent=parent, page_size=1), None)


def _not_held(right: str, held: bool | None) -> str:
    return "Google does not say whether it is allowed." if held is None else f"Google does not allow {right}. {_ADD}"


__all__ = ["abilities"]
