"""Unmanaged credentials by kind and by how long they have stood: what to clear first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from posture.dashboards.chart import Chart, day_words, days_between, linked, with_query

# Upper bounds in days; 90 and 365 are the limits of the rotation policy (SCORING, section 3).
BANDS: Sequence[tuple[str, int | None, str]] = (
    ("under 30 days", 30, "var(--c-quiet)"),
    ("30 to 90 days", 90, "var(--c-sky)"),
    ("90 days to a year", 365, "var(--c-orange)"),
    ("over a year", None, "var(--c-vermillion)"),
    ("age not known", -1, "var(--hatch)"),
)
AGE_LIMITS: Sequence[int] = tuple(days for _, days, _ in BANDS if days is not None and days > 0)
UNKNOWN_AGE = len(BANDS) - 1
"""The band of those whose age is not known."""
Kinds = dict[tuple[str, str], list[int]]
"""Slug and label of a kind, and how many there are in each band."""


def draw(kinds: Mapping[tuple[str, str], Sequence[int]], today: date, scope: str, link: str) -> Chart:
    """Draw one bar per kind, the longest first; `kinds` gives the counts by band for each (slug, label)."""
    subtitle = (
        f"Unmanaged credentials by kind and days since the commit that brought them, {scope}, as of {day_words(today)}"
    )
    empty = "No exposed credential is unmanaged."
    ordered = sorted(kinds.items(), key=lambda item: (sum(item[1]), item[0][1]))
    total = sum(sum(counts) for counts in kinds.values())
    if not total:
        return Chart("No unmanaged credential found so far", subtitle, empty)
    old = sum(counts[2] + counts[3] for counts in kinds.values())
    unknown = sum(counts[4] for counts in kinds.values())
    figure = {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "name": name,
                "y": [label for (_, label), _ in ordered],
                "x": [counts[band] for _, counts in ordered],
                "text": [str(counts[band]) if counts[band] else "" for _, counts in ordered],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "textfont": {"size": 12},
                "constraintext": "none",
                "marker": {"color": colour},
                "hovertemplate": "%{y}, " + name + ": %{x}<extra></extra>",
                "customdata": [_items(link, slug, band, today) for (slug, _), _ in ordered],
            }
            for band, (name, _, colour) in enumerate(BANDS)
            if any(counts[band] for _, counts in ordered)
        ],
        "layout": {
            "barmode": "stack",
            "showlegend": True,
            "legend": {"y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
            "xaxis": {"rangemode": "tozero", "nticks": 5, "tickformat": ",d", "dtick": 1 if _most(kinds) < 5 else None},
            "yaxis": {"showgrid": False},
        },
    }
    rows = tuple(
        (
            label,
            *(linked(number, _items(link, slug, band, today)) for band, number in enumerate(counts)),
            linked(sum(counts), with_query(link, kind=slug)),
        )
        for (slug, label), counts in reversed(ordered)
    )
    columns = ("Kind", *(name.capitalize() for name, _, _ in BANDS), "In all")
    title = f"{old:,} of {total - unknown:,} unmanaged credentials have stood for over 90 days"
    if unknown == total:
        title = f"The ages of {total:,} unmanaged credentials are being worked out"
    elif unknown:
        title += f", {unknown:,} are of unknown age"
    return Chart(title, subtitle, empty, figure, columns, rows)


def _items(link: str, kind: str, band: int, today: date) -> str:
    """Return the list of what one piece of a bar counts."""
    return with_query(link, kind=kind, introduced=introduced_in(band, today))


def introduced_in(band: int, today: date) -> str:
    """Return a band of age as the list of credentials takes it."""
    if band == UNKNOWN_AGE:
        return "unknown"
    oldest = today - timedelta(days=AGE_LIMITS[band]) if band < len(AGE_LIMITS) else None
    return days_between(oldest, today - timedelta(days=AGE_LIMITS[band - 1] + 1) if band else None)


def _most(kinds: Mapping[tuple[str, str], Sequence[int]]) -> int:
    return max((sum(counts) for counts in kinds.values()), default=0)
