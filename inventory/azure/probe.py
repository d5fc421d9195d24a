"""Says what an application is allowed, by the smallest request for each thing; reads no value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from inventory.azure.client import VaultClient
from inventory.azure.entry import Entry
from inventory.azure.failures import Refused
from inventory.azure.management import Management
from inventory.collector import Ability

_ADD = "Add it to the application's rights, see the least rights."
Listing = Callable[[VaultClient], Any]
_LISTS: tuple[tuple[str, Listing, str], ...] = (
    ("List secrets", lambda vault: vault.secrets.list_properties_of_secrets(), "names, ages and ends"),
    ("List keys", lambda vault: vault.keys.list_properties_of_keys(), "names and ages"),
    ("List certificates", lambda vault: vault.certificates.list_properties_of_certificates(), "names and ends"),
    ("List deleted secrets", lambda vault: vault.secrets.list_deleted_secrets(), "what can still be recovered"),
)


def vault_abilities(client: VaultClient, name: str, *, values: bool) -> Iterator[Ability]:
    """Yield what can be done in one vault."""
    first: dict[str, Entry] = {}
    for title, listing, gives in _LISTS:
        try:
            page: list[Entry] = next(client.entries(title.lower(), listing), [])
        except Refused as refused:
            yield Ability(title, False, gives, f"{refused.why}. {_ADD}")
        else:
            usable = [each for each in page if not each.odd and not each.managed]
            if usable:
                first[title] = usable[0]
            yield Ability(title, True, gives, f"in the vault {name}")
    yield _of_one(
        client,
        "Read how keys rotate",
        first.get("List keys"),
        "what is replaced by itself",
        lambda vault, entry: vault.keys.get_key_rotation_policy(entry),
    )
    yield _of_one(
        client,
        "Read how certificates renew",
        first.get("List certificates"),
        "what is renewed by itself",
        lambda vault, entry: vault.certificates.get_certificate_policy(entry),
    )
    if values:
        why = "Trying it would read a value. The next collection says where it may not."
        yield Ability("Read values", None, "fingerprints", why)


def access_abilities(management: Management, subscription: str) -> Iterator[Ability]:
    """Yield what can be learned of who has access."""
    gives = "vaults, and who their access policies let in"
    try:
        first = next(management.vaults(subscription), None)
    except Refused as refused:
        yield Ability("List vaults", False, gives, f"{refused.why}, {subscription}. {_ADD}")
        return
    yield Ability("List vaults", True, gives, f"in the subscription {subscription}")
    if first is None:
        yield Ability("Read role assignments", None, "who may do what", "There is no vault to try it on.")
        return
    try:
        assignment = next(management.assignments(str(first.get("id"))), None)
        yield Ability("Read role assignments", True, "who may do what")
        if assignment:
            management.role(str((assignment.get("properties") or {}).get("roleDefinitionId") or ""))
            yield Ability("Read roles", True, "what a role allows")
    except Refused as refused:
        yield Ability("Read roles and their assignments", False, "who may do what", f"{refused.why}. {_ADD}")


def _of_one(
    client: VaultClient, title: str, entry: Entry | None, gives: str, question: Callable[[VaultClient, str], Any]
) -> Ability:
    if entry is None:
        return Ability(title, None, gives, "There is none to try it on.")
    name = entry.name
    try:
        client.ask(title.lower(), lambda vault: question(vault, name))
    except Refused as refused:
        return Ability(title, False, gives, f"{refused.why}. {_ADD}")
    return Ability(title, True, gives)


__all__ = ["access_abilities", "vault_abilities"]
