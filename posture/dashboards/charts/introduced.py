"""How many of today's exposed credentials had been committed by each week: what has piled up, and how fast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from posture.dashboards.chart import Chart, count_words, day_words

WEEKS = 26


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def draw(new_by_week: Mapping[date, int], before: int, unknown: int, today: date, scope: str, link: str) -> Chart:
    """Draw the stock of exposed credentials by the week of the commit that brought them.

    `new_by_week` counts by Monday; `before` is what is older than the weeks shown, `unknown` what has no age yet.
    """
    weeks: Sequence[date] = [monday(today) - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    new = [new_by_week.get(week, 0) for week in weeks]
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
                "customdata": [link] * len(weeks),
            },
            {
                "type": "bar",
                "name": "new that week",
                "x": [week.isoformat() for week in weeks],
                "y": new,
                "marker": {"color": "var(--c-vermillion)"},
                "hovertemplate": "week of %{x|%d %b}: %{y} new<extra></extra>",
                "customdata": [link] * len(weeks),
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
    rows = tuple((day_words(week), added, number) for week, added, number in zip(weeks, new, stock, strict=True))
    return Chart(title, subtitle, empty, figure, ("Week of", "New", "In all"), rows[::-1])
