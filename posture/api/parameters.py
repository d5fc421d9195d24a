"""The filters of a list: a closed set, so that no name of a request reaches a queryset (SECURITY W7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from posture.api import BadParameter

PAGE = ("cursor", "page_size")
LONGEST_TEXT = 200


def as_text(value: str) -> str:
    """Read a text."""
    if len(value) > LONGEST_TEXT or "\x00" in value:
        raise BadParameter(f"A text parameter takes up to {LONGEST_TEXT} characters.")
    return value


def as_number(value: str) -> int:
    """Read an id."""
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise BadParameter("This parameter takes a whole number.")
    return int(value)


def as_day(value: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadParameter("This parameter takes a day, as 2026-01-31.") from None


@dataclass(frozen=True)
class Parameter:
    """One filter of a list: it says itself how its value is read."""

    name: str
    help: str
    narrow: Callable[[QuerySet[Any], Any], QuerySet[Any]]
    read: Callable[[str], Any] = as_text
    choices: Sequence[str] = ()

    def apply(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Narrow the rows.

        Raises:
            BadParameter: the value is not one that it takes.
        """
        if self.choices and value not in self.choices:
            raise BadParameter(f"{self.name} does not know that value.", self.choices)
        return self.narrow(rows, self.read(value))

    @property
    def documented(self) -> OpenApiParameter:
        """Return it for the schema."""
        kinds: dict[Any, type] = {as_number: int, as_day: date}
        return OpenApiParameter(
            self.name, kinds.get(self.read, str), description=self.help, enum=list(self.choices) or None
        )


def refuse_unknown(request: Request, allowed: Sequence[str]) -> None:
    """Refuse parameters that are not among those allowed, or that come twice.

    Raises:
        BadParameter: with what is allowed.
    """
    if set(request.query_params) - set(allowed):
        known = f"Known here: {', '.join(allowed)}." if allowed else "This address takes none."
        raise BadParameter(f"There is no such parameter. {known}", allowed)
    if any(len(values) > 1 for _, values in request.query_params.lists()):
        raise BadParameter("A parameter is there twice.")
