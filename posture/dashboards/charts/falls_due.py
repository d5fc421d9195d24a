"""What falls due in the next 26 weeks, week by week, with what is late already before them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from posture.dashboards.chart import Chart, count_words, day_words, linked

WEEKS = 26
RENEWED, BY_HAND, BY_ITSELF = "certificates", "by hand", "by itself"
KINDS: Sequence[tuple[str, str]] = (
    (BY_HAND, "var(--c-blue)"),
    (RENEWED, "var(--c-orange)"),
    (BY_ITSELF, "var(--c-quiet)"),
)
Due = dict[str, list[int]]
"""How it is changed → how many fall due in each week from this Monday on."""


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def draw(due: Due, late: int, today: date, scope: str, link: str) -> Chart:
    """Draw one bar per week; `late` are those whose day has passed, which `link` leads to."""
    subtitle = f"Stored secrets by the week their policy or their own end gives them, {scope}, as of {day_words(today)}"
    empty = "Nothing falls due: connect a store, or see which ages are not known."
    coming = sum(map(sum, due.values()))
    if not coming and not late:
        return Chart("Nothing falls due in the next 26 weeks", subtitle, empty)
    weeks = [monday(today) + timedelta(weeks=number) for number in range(WEEKS)]
    figure = {
        "data": [
            {
                "type": "bar",
                "name": name,
                "x": [week.isoformat() for week in weeks],
                "y": due[name],
                "marker": {"color": colour},
                "hovertemplate": "week of %{x|%d %b %Y}, " + name + ": %{y}<extra></extra>",
            }
            for name, colour in KINDS
            if any(due.get(name, ()))
        ],
        "layout": {
            "barmode": "stack",
            "bargap": 0.2,
            "showlegend": True,
            "legend": {"y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
            "xaxis": {"tickformat": "%d %b", "nticks": 7, "showgrid": False},
            "yaxis": {"rangemode": "tozero", "nticks": 5, "tickformat": ",d"},
        },
    }
    rows = [("Late already", *[""] * len(KINDS), linked(late, link))]
    for number, week in enumerate(weeks):
        counts = [due.get(name, [0] * WEEKS)[number] for name, _ in KINDS]
        rows.append((f"Week of {day_words(week)}", *counts, sum(counts)))
    columns = ("Week", *(name.capitalize() for name, _ in KINDS), "In all")
    worst = max(range(WEEKS), key=lambda number: sum(counts[number] for counts in due.values() if counts))
    most = sum(counts[worst] for counts in due.values() if counts)
    title = f"{count_words(coming, 'secret')} {'falls' if coming == 1 else 'fall'} due in the next 26 weeks"
    if most > 1:
        title += f", most in the week of {day_words(weeks[worst])}"
    return Chart(title, subtitle, empty, figure if coming else None, columns, tuple(rows))
