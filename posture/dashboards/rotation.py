"""The rotation page: what failed, what is late, what falls due when, and what need not be rotated at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.urls import reverse

from inventory.could_be_dynamic import Way
from inventory.falls_due import coming, renewal
from inventory.models import Secret
from inventory.narrowing import ALONE
from inventory.secret_figures import SecretFigures, secret_figures
from inventory.secret_listing import state_conditions
from posture.accounts.models import Team, User
from posture.accounts.visibility import visible
from posture.dashboards.chart import Chart
from posture.dashboards.charts import falls_due
from posture.dashboards.charts.falls_due import WEEKS, monday
from posture.dashboards.on_request import KindShare, OnRequest, on_request, shares

SHOWN = 8
# State, label, words behind its number (one|many), what it means, and what its list begins with.
ASKED = (
    (
        *("failed", "Rotation failed", "rotation failed|rotations failed"),
        *("The store tried to change the value and could not.", "path"),
    ),
    (
        *("late", "Past its limit", "past its limit|past their limit"),
        *("By the policy for kind, tier and environment.", "due_at"),
    ),
    ("soon", "Due within 30 days", "due within 30 days", "Plan them before they are late.", "due_at"),
    ("never", "Never rotated", "never rotated", "Still the value they were made with.", "created_at"),
    ("unknown", "Age not known", "of unknown age", "Their store does not tell when they were changed.", "path"),
)


@dataclass(frozen=True)
class Section:
    """One list of the page: the first of its secrets, how many there are, and where all of them are."""

    label: str
    title: str
    why: str
    rows: Sequence[Secret]
    count: int
    url: str
    is_bad: bool = False


@dataclass(frozen=True)
class RotationPage:
    """What the page shows."""

    at: datetime
    figures: SecretFigures
    chart: Chart
    sections: Sequence[Section]
    shares: Sequence[KindShare]
    could_be_dynamic: OnRequest
    failed_leases: Sequence[Secret]

    @property
    def ends_unknown(self) -> int:
        """Of how many ephemeral ones nobody tells whether all that they issued could be ended."""
        return sum(share.ends_unknown for share in self.shares)

    @property
    def lasting(self) -> int:
        """How many secrets neither end nor are rotated by themselves, as far as is known."""
        return sum(share.by_hand for share in self.shares)


def rotation_page(user: User, now: datetime, team: Team | None = None) -> RotationPage:
    """Put the page together for what the viewer may see, of one team or of all theirs."""
    rows = visible(Secret.objects.present(), user)
    if team is not None:
        rows = rows.filter(team=team)
    figures = secret_figures(rows)
    kept = shares(rows)
    # Asked for only where there can be any.
    ended_badly = rows.filter(ephemeral=True, rotation_failed=True) if figures.failed and figures.ephemeral else None
    return RotationPage(
        at=now,
        figures=figures,
        chart=_chart(rows, figures, now, team),
        sections=_sections(rows, figures, team),
        shares=kept,
        could_be_dynamic=on_request(rows, kept, partial(_ways_address, team), SHOWN),
        failed_leases=[]
        if ended_badly is None
        else list(ended_badly.select_related("asset", "team").order_by("path")[:SHOWN]),
    )


def _address(team: Team | None, **filters: str) -> str:
    parts = [f"{name}={value}" for name, value in filters.items()] + ([f"{ALONE}={team.slug}"] if team else [])
    return f"{reverse('inventory:secrets')}{'?' if parts else ''}{'&'.join(parts)}"


def _ways_address(team: Team | None, ways: Sequence[Way]) -> str:
    chosen = "&".join(f"dynamic={way.value}" for way in ways)
    return f"{reverse('inventory:secrets')}?{chosen}{f'&{ALONE}={team.slug}' if team else ''}"


def _sections(rows: Any, figures: SecretFigures, team: Team | None) -> list[Section]:
    conditions = state_conditions()
    sections = []
    for name, label, words, why, order in ASKED:
        count = getattr(figures, name)
        one, _, many = words.partition("|")
        title = f"{count:,} {one if count == 1 else many or one}"
        first = rows.filter(conditions[name]).select_related("asset", "team").order_by(order, "pk")[:SHOWN]
        shown = list(first) if count else []
        bad = name in ("failed", "late")
        sections.append(Section(label, title, why, shown, count, _address(team, state=name), bad))
    return sections


def _chart(rows: Any, figures: SecretFigures, now: datetime, team: Team | None) -> Chart:
    first = monday(now.date())
    ends = now + timedelta(weeks=WEEKS)
    counts = (
        coming(rows, now)
        .filter(due_at__lt=ends)
        .annotate(how=renewal(), week=TruncWeek("due_at"))
        .order_by()
        .values_list("how", "week")
        .annotate(number=Count("pk"))
    )
    due = {slug: [0] * WEEKS for slug, _, _ in falls_due.KINDS}
    for name, week, number in counts:
        place = (week.date() - first).days // 7
        if 0 <= place < WEEKS:
            due[name][place] += number
    scope = team.name if team else "all that you see"
    return falls_due.draw(due, figures.late, now.date(), scope, _address(team))
