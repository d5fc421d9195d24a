"""What the items of a score are about, and under which names people see them.

A stored card names an item by its row's number. Shown to two teams, the number of a credential would tell them that
they hold the same value (SECURITY W27), so every page and answer gives the viewer's own id instead. Stored secrets
and principals belong to one team, and have one address for all who may see them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from posture.accounts.models import User
from posture.accounts.opaque import opaque_id, row_number

EXPOSURE = "exposure"
LEAST_PRIVILEGE = "least_privilege"
REMEDIATION = "remediation"
PART = "part"
_PILLARS = (EXPOSURE, "rotation", LEAST_PRIVILEGE)
"""Those whose items are rows of the inventory; those of remediation are parts of incidents."""


class Kind(StrEnum):
    """What an item is about."""

    CREDENTIAL = "credential"
    """Named by its number alone: it stands exposed."""
    VALUE = "value"
    """A credential too, for what several secrets hold."""
    SECRET = "secret"
    PRINCIPAL = "principal"
    PART = PART
    """One team's part of an incident."""


class Thing(NamedTuple):
    """A row of the inventory; its number is for looking it up and, of a credential, never for showing."""

    kind: Kind
    number: int


def thing_of(item: Mapping[str, Any]) -> Thing | None:
    """Return the row that a stored item is about; None where it is about something else."""
    if item["pillar"] not in (*_PILLARS, REMEDIATION):
        return None
    if _is_number(item["item"]):
        if item["pillar"] == REMEDIATION:
            return None
        return Thing(Kind.VALUE if item["pillar"] == LEAST_PRIVILEGE else Kind.CREDENTIAL, int(item["item"]))
    word, _, number = item["item"].partition("-")
    return (
        Thing(Kind(word), int(number))
        if word in (Kind.SECRET, Kind.PRINCIPAL, Kind.PART) and _is_number(number)
        else None
    )


def item_key(user: User, pillar: str, item: str) -> str:
    """Return how this viewer names an item, for a form: `exposure:` and an id of their own."""
    return f"{pillar}:{opaque_id(user, _kind(pillar), int(item))}" if _is_number(item) else f"{pillar}:{item}"


def item_named(user: User, key: str) -> tuple[str, str] | None:
    """Return the pillar and item that a viewer's key names; None where it names nothing."""
    pillar, _, name = key.partition(":")
    if not name or _is_number(name):
        return None  # A credential's number is nobody's name for anything.
    number = row_number(user, _kind(pillar), name)
    return pillar, name if number is None else str(number)


def _kind(pillar: str) -> str:
    return str(Kind.CREDENTIAL) if pillar in _PILLARS else f"score-{pillar}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
