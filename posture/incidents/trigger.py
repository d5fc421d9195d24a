"""What opens an incident about a stored secret or an identity. One file per trigger in `triggers/`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from inventory.severity import Rated, Severity
from posture.common.registry import attribute, discover
from posture.incidents.models.incidents import EXPOSED


class Trigger(ABC):
    """A condition on rows of the inventory: what meets it has an incident, until evidence says that it no longer does.

    The docstring is shown to users. Both questions are put to the database, since there may be very many rows.
    """

    slug: ClassVar[str]
    label: ClassVar[str]
    """What happened, as a heading: `Rotation failed`."""
    about: ClassVar[str]
    """The field of the incident that names the row: `secret` or `principal`."""

    @abstractmethod
    def met(self) -> QuerySet[Any]:
        """Return the rows that meet it now."""

    @abstractmethod
    def ended(self) -> Q:
        """Return the condition on rows for what a collection proved to be over; what is not known is not over."""

    @abstractmethod
    def rate(self, row: Any) -> Rated:
        """Return how bad it is for a row, and why."""

    @abstractmethod
    def proof(self, row: Any) -> str:
        """Return in words what shows that it is over for a row."""

    @abstractmethod
    def remedy(self) -> str:
        """Return in a sentence what to do, for the message and the page."""


def by_tier(tier: str) -> Severity:
    """Return the severity that a tier gives; medium where nobody said."""
    return Severity(tier) if tier in list(Severity) else Severity.MEDIUM


@cache
def triggers() -> Mapping[str, Trigger]:
    """Return the triggers by slug."""
    return discover("posture.incidents.triggers", attribute("TRIGGER"), lambda trigger: trigger.slug)


def trigger_label(slug: str) -> str:
    """Return what happened in words, also where its file is no longer there."""
    if slug == EXPOSED:
        return "Exposed value"
    found = triggers().get(slug)
    return found.label if found else slug.replace("-", " ").capitalize()
