"""The rotation page: what failed, what is late, what falls due when, and what need not be rotated at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncWeek
from django.urls import reverse

from inventory.falls_due import coming, renewal
from inventory.models import Secret
from inventory.secret_figures import SecretFigures, secret_figures
from inventory.secret_listing import state_conditions
from inventory.store_records import SecretKind
from posture.accounts.models import Team, User
from posture.accounts.visibility import visible
from posture.dashboards.chart import Chart
from posture.dashboards.charts import falls_due
from posture.dashboards.charts.falls_due import WEEKS, monday

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
# What stores can issue on request, so that nobody keeps a copy: databases and clouds have such engines.
COULD_BE_DYNAMIC = (SecretKind.DATABASE_PASSWORD, SecretKind.CLOUD_KEY, SecretKind.SERVICE_ACCOUNT_KEY)


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
class KindShare:
    """How the secrets of one kind are kept."""

    kind: str
    label: str
    ephemeral: int
    by_itself: int
    by_hand: int

    @property
    def total(self) -> int:
        """All of the kind."""
        return self.ephemeral + self.by_itself + self.by_hand


@dataclass(frozen=True)
class RotationPage:
    """What the page shows."""

    at: datetime
    figures: SecretFigures
    chart: Chart
    sections: Sequence[Section]
    shares: Sequence[KindShare]
    could_be_dynamic: Section
    failed_leases: Sequence[Secret]

    @property
    def lasting(self) -> int:
        """How many secrets do not end by themselves."""
        return self.figures.total - self.figures.ephemeral


def rotation_page(user: User, now: datetime, team: Team | None = None) -> RotationPage:
    """Put the page together for what the viewer may see, of one team or of all theirs."""
    rows = visible(Secret.objects.present(), user)
    if team is not None:
        rows = rows.filter(team=team)
    figures = secret_figures(rows)
    shares = _shares(rows)
    return RotationPage(
        at=now,
        figures=figures,
        chart=_chart(rows, figures, now, team),
        sections=_sections(rows, figures, team),
        shares=shares,
        could_be_dynamic=_could_be_dynamic(rows, shares, team),
        failed_leases=list(
            rows.filter(ephemeral=True, rotation_failed=True).select_related("asset", "team").order_by("path")[:SHOWN]
        ),
    )


def _address(team: Team | None, **filters: str) -> str:
    parts = [f"{name}={value}" for name, value in filters.items()] + ([f"team={team.slug}"] if team else [])
    return f"{reverse('inventory:secrets')}{'?' if parts else ''}{'&'.join(parts)}"


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


def _shares(rows: Any) -> list[KindShare]:
    lasting = Q(ephemeral=None) | Q(ephemeral=False)
    by_itself = lasting & Q(auto_rotated=True)
    by_hand = lasting & (Q(auto_rotated=None) | Q(auto_rotated=False))
    counts = (
        rows.order_by()
        .values("kind")
        .annotate(
            ephemeral_count=Count("pk", filter=Q(ephemeral=True)),
            itself=Count("pk", filter=by_itself),
            hand=Count("pk", filter=by_hand),
        )
        .order_by(F("hand").desc(), "kind")
    )
    return [
        KindShare(
            row["kind"],
            SecretKind(row["kind"]).label
            if row["kind"] in SecretKind._value2member_map_
            else row["kind"] or "Kind not told",
            row["ephemeral_count"],
            row["itself"],
            row["hand"],
        )
        for row in counts
    ]


def _could_be_dynamic(rows: Any, shares: Sequence[KindShare], team: Team | None) -> Section:
    count = sum(share.by_hand for share in shares if share.kind in COULD_BE_DYNAMIC)
    lasting = Q(ephemeral=None) | Q(ephemeral=False)
    by_hand = lasting & (Q(auto_rotated=None) | Q(auto_rotated=False))
    first = rows.filter(by_hand, kind__in=COULD_BE_DYNAMIC).select_related("asset", "team").order_by("created_at", "pk")
    address = _address(team, life="static") + "".join(f"&kind={kind.value}" for kind in COULD_BE_DYNAMIC)
    title = f"{count:,} could be made on request"
    return Section(
        "Could be ephemeral",
        title,
        "Databases and clouds have engines that issue such credentials for minutes and end them.",
        list(first[:SHOWN]) if count else [],
        count,
        address,
    )
