"""What the overview shows, put together from the queries, as far as the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse

from inventory.models import Asset, Credential
from inventory.models.secrets import Severity
from posture.accounts.models import User
from posture.accounts.opaque import opaque_id
from posture.accounts.visibility import visible
from posture.dashboards import queries
from posture.dashboards.chart import Chart
from posture.dashboards.charts import introduced, kinds_by_age, score_trend
from posture.dashboards.heat import HeatRow, cells, heat_rows, worst_items
from posture.dashboards.sentences import Moved, organisation_change
from posture.scoring.models import Snapshot

COMPARED_DAYS = 7
RISKS = 5


@dataclass(frozen=True)
class Risk:
    """One of the worst credentials, by name."""

    credential: Credential
    where: queries.Where | None
    url: str


@dataclass(frozen=True)
class SeverityCount:
    """How many exposed credentials have one severity, and the list of them."""

    severity: str
    count: int
    url: str


@dataclass(frozen=True)
class Overview:
    """Everything on the page."""

    at: datetime
    since: date | None
    organisation: Snapshot | None
    """None for those who see only their own teams."""
    change: float | None
    sentence: str
    rows: list[HeatRow]
    total: HeatRow | None
    coverage: list[queries.Coverage]
    severities: list[SeverityCount]
    exposed: int
    unmanaged: int
    charts: list[Chart]
    risks: list[Risk]
    unknowns: queries.Unknowns
    not_assessed: list[str]
    collecting: queries.Collecting | None
    unjudged: int
    """Found this moment; severity and age are being worked out."""

    @property
    def lowest(self) -> list[HeatRow]:
        """The three teams with the lowest scores."""
        return [row for row in self.rows if row.score is not None][:3]

    @property
    def below(self) -> int:
        """How many teams are graded below C."""
        return sum(1 for row in self.rows if row.grade in ("D", "F"))


def overview(user: User, now: datetime) -> Overview:
    """Return the overview of what the person sees."""
    newest = list(visible(Snapshot.objects.newest_per_team(), user).select_related("team"))
    before, since = _before(user, now)
    whole, earlier = _organisation(user, now)
    change = None if whole is None or whole.score is None or earlier is None else _points(whole.score, earlier.score)
    rows = heat_rows(newest, before, queries.names_of(user, worst_items(newest)))
    exposed = queries.exposed(user)
    unmanaged = queries.unmanaged(user)
    counts = queries.by_severity(exposed)
    scope = "all teams" if user.sees_everything else "your teams"
    return Overview(
        at=max((row.computed_at for row in [*newest, *([whole] if whole else [])]), default=now),
        since=earlier.day if earlier else since,
        organisation=whole,
        change=change,
        sentence=_sentence(whole, earlier, newest, before),
        rows=rows,
        total=_total(whole, change),
        coverage=queries.coverage(visible(Asset.objects.present(), user), now),
        severities=[
            SeverityCount(severity, counts[severity], f"{reverse('inventory:credentials')}?severity={severity}")
            for severity in Severity.values
            if counts.get(severity)
        ],
        exposed=sum(counts.values()),
        unmanaged=unmanaged.count(),
        charts=_charts(user, now, unmanaged, exposed, scope),
        risks=_risks(user, exposed),
        unknowns=queries.unknowns(user),
        collecting=queries.collecting(user),
        unjudged=counts.get("", 0),
        not_assessed=[cell.label for cell in (cells(whole.card) if whole else ()) if cell.value is None],
    )


def _charts(user: User, now: datetime, unmanaged: object, exposed: object, scope: str) -> list[Chart]:
    today = now.date()
    link = f"{reverse('inventory:credentials')}?managed=no"
    weeks, before, unknown = queries.introduced_by_week(exposed, today)
    charts = [
        kinds_by_age.draw(queries.by_kind_and_age(unmanaged, now), today, scope, link),
        introduced.draw(weeks, before, unknown, today, scope, f"{reverse('inventory:credentials')}?"),
    ]
    days = queries.trend(None, today) if user.sees_everything else []
    # One point is no trend; the figure above says it already.
    return [*charts, score_trend.draw(days, "the organisation")] if len(days) > 1 else charts


def _before(user: User, now: datetime) -> tuple[dict[int, Snapshot], date | None]:
    day = now.date() - timedelta(days=COMPARED_DAYS)
    rows = visible(Snapshot.objects.newest_per_team(day), user)
    found = {row.team_id: row for row in rows if row.team_id is not None}
    return found, day if found else None


def _organisation(user: User, now: datetime) -> tuple[Snapshot | None, Snapshot | None]:
    if not user.sees_everything:
        return None, None
    whole = Snapshot.objects.of_organisation()
    day = now.date() - timedelta(days=COMPARED_DAYS)
    return whole.first(), whole.filter(day__lte=day).first()


def _sentence(
    whole: Snapshot | None, earlier: Snapshot | None, newest: list[Snapshot], before: dict[int, Snapshot]
) -> str:
    moved = [
        Moved(row.team.name, row.score, before[row.team.pk].score if row.team.pk in before else None)
        for row in newest
        if row.team is not None
    ]
    return organisation_change(
        whole.score if whole else None,
        earlier.score if earlier else None,
        earlier.day if earlier else None,
        moved,
    )


def _total(whole: Snapshot | None, change: float | None) -> HeatRow | None:
    if whole is None:
        return None
    words = f"Weighted by what each team owns: {whole.size:,} in all"
    return HeatRow(None, whole.score, whole.grade, change, whole.confidence, cells(whole.card), words, 0.0, 0)


def _points(now: float, before: float | None) -> float | None:
    return None if before is None else round(now - before, 1)


def _risks(user: User, exposed: object) -> list[Risk]:
    worst = queries.top_risks(exposed, RISKS)
    where = queries.places_of(user, worst)
    return [Risk(row, where.get(row.pk), credential_url(user, row)) for row in worst]


def credential_url(user: User, credential: Credential) -> str:
    """Return the address under which this viewer knows the credential."""
    return reverse("inventory:credential", args=[opaque_id(user, "credential", credential.pk)])
