"""What falls due in the next 26 weeks, week by week, with what is late already before them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from inventory.falls_due import CERTIFICATE, HAND, ITSELF
from posture.dashboards.chart import Chart, count_words, day_words, days_between, linked, with_query

WEEKS = 26
KINDS: Sequence[tuple[str, str, str]] = (
    (HAND, "by hand", "var(--c-blue)"),
    (CERTIFICATE, "certificates", "var(--c-orange)"),
    (ITSELF, "by itself", "var(--c-quiet)"),
)
Due = dict[str, list[int]]
"""Who changes it → how many fall due in each week from this Monday on."""


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def draw(due: Due, late: int, today: date, scope: str, link: str) -> Chart:
    """Draw one bar per week; `late` are those whose day has passed. `link` leads to all of the secrets."""
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
                "y": due[slug],
                "marker": {"color": colour},
                "hovertemplate": "week of %{x|%d %b %Y}, " + name + ": %{y}<extra></extra>",
                "customdata": [_items(link, week, slug) for week in weeks],
            }
            for slug, name, colour in KINDS
            if any(due.get(slug, ()))
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
    rows = [("Late already", *[""] * len(KINDS), linked(late, with_query(link, state="late")))]
    for number, week in enumerate(weeks):
        counts = [(slug, due.get(slug, [0] * WEEKS)[number]) for slug, _, _ in KINDS]
        cells = [linked(count, _items(link, week, slug)) for slug, count in counts]
        rows.append((f"Week of {day_words(week)}", *cells, linked(sum(n for _, n in counts), _items(link, week))))
    columns = ("Week", *(name.capitalize() for _, name, _ in KINDS), "In all")
    worst = max(range(WEEKS), key=lambda number: sum(counts[number] for counts in due.values() if counts))
    most = sum(counts[worst] for counts in due.values() if counts)
    title = f"{count_words(coming, 'secret')} {'falls' if coming == 1 else 'fall'} due in the next 26 weeks"
    if most > 1:
        title += f", most in the week of {day_words(weeks[worst])}"
    return Chart(title, subtitle, empty, figure if coming else None, columns, tuple(rows))


def _items(link: str, week: date, slug: str = "") -> str:
    """Return where the secrets of one week are, of one kind or of all."""
    return with_query(link, due=days_between(week, week + timedelta(days=6)), **({"renewal": slug} if slug else {}))
