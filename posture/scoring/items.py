"""What the items of a score are about, and under which names people see them.

A stored card names an item by its row's number. Shown to two teams, that number would tell them that they hold
the same value (SECURITY W27), so every page and answer gives the viewer's own id instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posture.accounts.models import User
from posture.accounts.opaque import opaque_id, row_number

EXPOSURE = "exposure"
"""The pillar whose items are credentials."""
CREDENTIAL = "credential"


def credential_of(item: Mapping[str, Any]) -> int | None:
    """Return the row's number of the credential that a stored item is about; None where it is about something else.

    It is for looking the credential up and never for showing.
    """
    return int(item["item"]) if item["pillar"] == EXPOSURE and _is_number(item["item"]) else None


def item_key(user: User, pillar: str, item: str) -> str:
    """Return how this viewer names an item, for a form: `exposure:` and an id of their own."""
    return f"{pillar}:{opaque_id(user, _kind(pillar), int(item))}" if _is_number(item) else f"{pillar}:{item}"


def item_named(user: User, key: str) -> tuple[str, str] | None:
    """Return the pillar and item that a viewer's key names; None where it names nothing."""
    pillar, _, name = key.partition(":")
    if not name or _is_number(name):
        return None  # A row's number is nobody's name for anything.
    number = row_number(user, _kind(pillar), name)
    return pillar, name if number is None else str(number)


def _kind(pillar: str) -> str:
    return CREDENTIAL if pillar == EXPOSURE else f"score-{pillar}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
