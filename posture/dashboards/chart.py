"""What a chart is: a pure function from rows to a figure with a finding as its title, and a table of the same data.

One file per chart in `charts/`. Colours are our CSS properties, resolved in the browser, so that both themes work.
A mark leads to its items by an address of our own in `customdata`, and so does the same number in the table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class Linked:
    """A cell of a chart's table that leads to its items."""

    value: object
    url: str

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True)
class Chart:
    """A figure to draw, and the table beside it; `figure` is None where there is nothing to draw yet."""

    title: str
    """The finding, one sentence without a full stop."""
    subtitle: str
    """Unit, scope and as of when."""
    empty: str
    """What to do so that there is something to draw."""
    figure: dict[str, Any] | None = None
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[object, ...], ...] = field(default=())

    @property
    def table(self) -> dict[str, Any] | None:
        """The data for those who cannot or would not see the picture."""
        return {"columns": self.columns, "rows": self.rows} if self.rows else None


def with_query(address: str, **query: str) -> str:
    """Return an address with more in its query."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def linked(number: int, url: str) -> object:
    """Return a number of a table with its items behind it; nothing has none."""
    return Linked(number, url) if number else number


def days_between(first: date | None, last: date | None) -> str:
    """Return what the list of credentials takes for `introduced`: 2026-11-16..2026-11-22, open where None."""
    return f"{first.isoformat() if first else ''}..{last.isoformat() if last else ''}"


def day_words(day: date) -> str:
    """Return a day as people read it: 24 Nov 2026."""
    return f"{day.day} {day:%b %Y}"


def count_words(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: 1 credential, 2,000 credentials."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
