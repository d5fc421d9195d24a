"""What a chart is: a pure function from rows to a figure with a finding as its title, and a table of the same data.

One file per chart in `charts/`. Colours are our CSS properties, resolved in the browser, so that both themes work.
A mark leads to its items by an address of our own in `customdata`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any


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


def day_words(day: date) -> str:
    """Return a day as people read it: 24 Nov 2026."""
    return f"{day.day} {day:%b %Y}"


def count_words(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: 1 credential, 2,000 credentials."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
