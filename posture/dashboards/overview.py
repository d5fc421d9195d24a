"""What the overview shows, put together from the queries, as far as the viewer may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse

from inventory.collector import asset_kind_labels
from inventory.models import Credential
from posture.accounts.models import User
from posture.accounts.opaque import opaque_id
from posture.accounts.visibility import visible
from posture.dashboards import queries
from posture.dashboards.chart import Chart
from posture.dashboards.charts import introduced, kinds_by_age, score_trend
from posture.dashboards.figures import Figures, figures
from posture.dashboards.heat import HeatRow, cells, heat_rows, worst_items
from posture.dashboards.named import Named, named
from posture.dashboards.sentences import Moved, organisation_change
from posture.dashboards.stored import Stored, stored_counts
from posture.scoring.items import Kind, Thing
from posture.scoring.models import Snapshot

COMPARED_DAYS = 7
RISKS = 5


@dataclass(frozen=True)
class Risk:
    """One of the worst credentials, by name."""

    credential: Credential
    where: Named | None
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
    coverage: Mapping[str, queries.AssetCounts]
    """By kind of asset."""
    severities: list[SeverityCount]
    figures: Figures
    stored: Stored
    charts: list[Chart]
    risks: list[Risk]
    unknowns: queries.Unknowns
    not_assessed: list[str]
    collecting: queries.Collecting | None

    @property
    def covered(self) -> list[tuple[str, str, queries.AssetCounts]]:
        """Each kind of asset with its words and how well those of it were read."""
        words = asset_kind_labels()
        return [(kind, several(words.get(kind, kind.capitalize())), counts) for kind, counts in self.coverage.items()]

    @property
    def fresh(self) -> int:
        """How many assets of any kind were read in time."""
        return sum(each.fresh for each in self.coverage.values())

    @property
    def lowest(self) -> list[HeatRow]:
        """The three teams with the lowest scores."""
        return [row for row in self.rows if row.score is not None][:3]

    @property
    def below(self) -> int:
        """How many teams are graded below C."""
        return sum(1 for row in self.rows if row.grade in ("D", "F"))


def several(label: str) -> str:
    """Return what several assets of a kind are called, by the label of one; some labels are of several already."""
    if label.endswith("s"):
        return label
    return f"{label[:-1]}ies" if label.endswith("y") else f"{label}s"


def overview(user: User, now: datetime) -> Overview:
    """Return the overview of what the person sees."""
    standing = _Standing(user, now)
    whole, earlier = standing.organisation
    newest = [row for row in standing.newest.values() if row.team_id is not None]
    change = None if whole is None or whole.score is None or earlier is None else _points(whole.score, earlier.score)
    found, held = figures(user, now), stored_counts(user)
    assets = queries.asset_counts(user)
    worst = queries.top_risks(user, found, RISKS)
    where = named(user, [*worst_items(newest), *(Thing(Kind.CREDENTIAL, row.pk) for row in worst)])
    return Overview(
        at=max((row.computed_at for row in standing.newest.values()), default=now),
        since=earlier.day if earlier else standing.since,
        organisation=whole,
        change=change,
        sentence=_sentence(whole, earlier, newest, standing.before),
        rows=heat_rows(newest, standing.before, where),
        total=_total(whole, change),
        coverage=assets,
        severities=[
            SeverityCount(severity, number, f"{reverse('inventory:credentials')}?exposed=yes&severity={severity}")
            for severity, number in found.severities.items()
        ],
        figures=found,
        stored=held,
        charts=_charts(user, now, found),
        risks=[Risk(row, where.get(Thing(Kind.CREDENTIAL, row.pk)), credential_url(user, row)) for row in worst],
        unknowns=queries.unknowns(sum(assets.values(), queries.AssetCounts()), found, held),
        collecting=queries.collecting(user),
        not_assessed=[cell.label for cell in (cells(whole.brief) if whole else ()) if cell.value is None],
    )


def _charts(user: User, now: datetime, found: Figures) -> list[Chart]:
    today = now.date()
    scope = "all teams" if user.sees_everything else "your teams"
    # With a vault's fingerprints the list also has values that stand in stores only.
    items = f"{reverse('inventory:credentials')}?exposed=yes"
    charts = [
        kinds_by_age.draw(found.kinds, today, scope, f"{items}&managed=no"),
        introduced.draw(found.weeks, today, scope, items),
    ]
    days = queries.trend(queries.scores_of_organisation(today)) if user.sees_everything else []
    # One point is no trend; the figure above says it already.
    return [*charts, score_trend.draw(days, "the organisation", items)] if len(days) > 1 else charts


class _Standing:
    """The newest scores the viewer sees and those compared with, by team; the organisation's under None."""

    def __init__(self, user: User, now: datetime) -> None:
        day = now.date() - timedelta(days=COMPARED_DAYS)
        self.newest: dict[int | None, Snapshot] = {}
        self.before: dict[int | None, Snapshot] = {}
        for row in visible(Snapshot.objects.compared(day).in_brief(), user).select_related("team"):
            self.newest.setdefault(row.team_id, row)
            if row.day <= day:
                self.before.setdefault(row.team_id, row)
        self.since = day if any(team is not None for team in self.before) else None

    @property
    def organisation(self) -> tuple[Snapshot | None, Snapshot | None]:
        """Return the organisation's newest score and that compared with; none for those who see only some teams."""
        return self.newest.get(None), self.before.get(None)


def _sentence(
    whole: Snapshot | None, earlier: Snapshot | None, newest: list[Snapshot], before: Mapping[int | None, Snapshot]
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
    return HeatRow(None, whole.score, whole.grade, change, whole.confidence, cells(whole.brief), words, 0.0, 0)


def _points(now: float, before: float | None) -> float | None:
    return None if before is None else round(now - before, 1)


def credential_url(user: User, credential: Credential) -> str:
    """Return the address under which this viewer knows the credential."""
    return reverse("inventory:credential", args=[opaque_id(user, "credential", credential.pk)])
