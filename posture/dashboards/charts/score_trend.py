"""A score over time, with the days on which nothing was computed left as gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from posture.dashboards.chart import Chart, Linked, day_words, days_between, with_query


@dataclass(frozen=True)
class DayScore:
    """The newest score of one day; None: not assessed."""

    day: date
    score: float | None
    grade: str
    confidence: float


def draw(days: Sequence[DayScore], scope: str, link: str) -> Chart:
    """Draw the score of each day, oldest first; each day leads to the credentials that came since the one before."""
    scored = [each for each in days if each.score is not None]
    empty = "The first score is taken once a source has been collected."
    if not scored:
        return Chart(f"No score yet for {scope}", "Score 0 to 100 by day", empty)
    subtitle = f"Score 0 to 100 by day, {scope}, as of {day_words(days[-1].day)}"
    by_day = {each.day: each.score for each in days}
    came = {each.day: _items(link, before, each.day) for before, each in zip([None, *days], days, strict=False)}
    span = (days[-1].day - days[0].day).days
    shown = [days[0].day + timedelta(days=offset) for offset in range(span + 1)]
    figure = {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers" if len(scored) < 40 else "lines",
                "x": [day.isoformat() for day in shown],
                "y": [by_day.get(day) for day in shown],
                "connectgaps": False,
                "line": {"color": "var(--c-blue)", "width": 2},
                "marker": {"size": 6, "color": "var(--c-blue)"},
                "hovertemplate": "%{x|%d %b %Y}: %{y:.1f}<extra></extra>",
                "customdata": [came.get(day, "") for day in shown],
            }
        ],
        "layout": {
            "yaxis": {"range": [0, 102], "dtick": 25},
            "xaxis": {"type": "date", "showgrid": False, "tickformat": "%d %b", "nticks": 6},
            "annotations": [
                {
                    "x": scored[-1].day.isoformat(),
                    "y": scored[-1].score,
                    "text": f"{scored[-1].score:.0f}",
                    "showarrow": False,
                    "yshift": 14,
                    "font": {"color": "var(--c-blue)", "size": 12},
                }
            ],
        },
    }
    rows = tuple(
        (
            day_words(each.day),
            "not assessed" if each.score is None else Linked(f"{each.score:.1f}", came[each.day]),
            each.grade,
            f"{each.confidence:.0%}",
        )
        for each in reversed(days)
    )
    return Chart(_finding(scored, scope), subtitle, empty, figure, ("Day", "Score", "Grade", "Known"), rows)


def _items(link: str, before: DayScore | None, day: date) -> str:
    """Return where the credentials are that came after the day before, up to this one."""
    return with_query(link, introduced=days_between(before.day + timedelta(days=1) if before else None, day))


def _finding(scored: Sequence[DayScore], scope: str) -> str:
    first, last = scored[0], scored[-1]
    if first.day == last.day:
        return f"First score of {scope}: {last.score:.0f}"
    change = round((last.score or 0) - (first.score or 0), 1)
    since = day_words(first.day)
    if abs(change) < 0.05:
        return f"Unchanged since {since}"
    return f"{'Up' if change > 0 else 'Down'} {abs(change):g} points since {since}"
