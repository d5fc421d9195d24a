"""How many of today's exposed credentials had been committed by each week: what has piled up, and how fast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from posture.dashboards.chart import Chart, count_words, day_words, days_between, linked, with_query

WEEKS = 26


@dataclass
class Weeks:
    """How many came in which week."""

    new: Counter[date] = field(default_factory=Counter)
    """By the Monday of the week."""
    before: int = 0
    """Older than the weeks that are shown."""
    unknown: int = 0
    """Of no age yet."""

    def add(self, week: date | None, number: int) -> None:
        """Count what came in the week of that Monday; None: before the weeks that are shown."""
        if week is None:
            self.before += number
        else:
            self.new[week] += number


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def first_monday(today: date) -> date:
    """Return where the weeks that are shown begin."""
    return monday(today) - timedelta(weeks=WEEKS - 1)


def draw(found: Weeks, today: date, scope: str, link: str) -> Chart:
    """Draw the stock of exposed credentials by the week of the commit that brought them."""
    weeks: Sequence[date] = [first_monday(today) + timedelta(weeks=number) for number in range(WEEKS)]
    new = [found.new[week] for week in weeks]
    before, unknown = found.before, found.unknown
    subtitle = (
        f"Credentials that stand outside a store today, by the week of the commit that brought them, "
        f"{scope}, as of {day_words(today)}"
    )
    empty = "Weeks appear here once something was found and its age is worked out."
    if not before and not any(new):
        return Chart("No exposed credential of known age", subtitle, empty)
    stock, total = [], before
    for number in new:
        total += number
        stock.append(total)
    recent = sum(new)
    if unknown:
        subtitle += f". {count_words(unknown, 'more has', 'more have')} no age yet"
    title = (
        f"{count_words(recent, 'credential')} of {total:,} came in the last {WEEKS} weeks"
        if recent
        else f"No new credential in {WEEKS} weeks, {total:,} stand from before"
    )
    figure = {
        "data": [
            {
                "type": "bar",
                "name": "from before",
                "x": [week.isoformat() for week in weeks],
                "y": [number - added for number, added in zip(stock, new, strict=True)],
                "marker": {"color": "var(--c-quiet)"},
                "hovertemplate": "week of %{x|%d %b}: %{y} from before<extra></extra>",
                "customdata": [_items(link, None, week - timedelta(days=1)) for week in weeks],
            },
            {
                "type": "bar",
                "name": "new that week",
                "x": [week.isoformat() for week in weeks],
                "y": new,
                "marker": {"color": "var(--c-vermillion)"},
                "hovertemplate": "week of %{x|%d %b}: %{y} new<extra></extra>",
                "customdata": [_items(link, week, _end(week, today)) for week in weeks],
            },
        ],
        "layout": {
            "barmode": "stack",
            "showlegend": True,
            "legend": {"y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
            "yaxis": {"rangemode": "tozero", "nticks": 5},
            "xaxis": {"type": "date", "showgrid": False, "tickformat": "%d %b", "nticks": 7},
        },
    }
    rows = tuple(
        (
            day_words(week),
            linked(added, _items(link, week, _end(week, today))),
            linked(number, _items(link, None, _end(week, today))),
        )
        for week, added, number in zip(weeks, new, stock, strict=True)
    )
    return Chart(title, subtitle, empty, figure, ("Week of", "New", "In all"), rows[::-1])


def _end(week: date, today: date) -> date | None:
    """Return the last day of a week; the one that runs has none, since a commit may claim a day to come."""
    return week + timedelta(days=6) if week < monday(today) else None


def _items(link: str, first: date | None, last: date | None) -> str:
    """Return the list of what came between two days."""
    return with_query(link, introduced=days_between(first, last))
