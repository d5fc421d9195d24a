"""The reads behind the dashboards, each over what the viewer may see and in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Value, When

from inventory.models import Asset, Credential, Exposure, Read, Run
from inventory.models.assets import coverage_conditions
from inventory.models.secrets import Severity, Validity
from inventory.seen import say, seen
from posture.accounts.models import Team, User
from posture.accounts.visibility import visible
from posture.dashboards.charts.score_trend import DayScore
from posture.dashboards.figures import Figures
from posture.dashboards.stored import Stored
from posture.scoring.models import Snapshot

TREND_DAYS = 180


def scores_of_organisation(today: date) -> list[Snapshot]:
    """Return the newest score of each day, without their cards; oldest first."""
    rows = Snapshot.objects.of_organisation().filter(day__gt=today - timedelta(days=TREND_DAYS)).defer("card")
    return _newest_of_days(rows.order_by("day", "computed_at", "pk"))


@dataclass(frozen=True)
class History:
    """A team's scores, and the organisation's newest to hold it against."""

    days: list[Snapshot]
    """The newest of each day, the oldest first, without their cards."""
    newest: Snapshot | None
    earlier: Snapshot | None
    """The newest at or before the day that is compared with."""
    whole: Snapshot | None


def history(team: Team, today: date, compared: date) -> History:
    """Return what a team's page says of its scores."""
    rows = list(Snapshot.objects.history(team, today - timedelta(days=TREND_DAYS), compared))
    days = _newest_of_days(row for row in rows if row.team_id is not None)
    newest = days[-1] if days else None
    earlier = next((row for row in reversed(days) if row.day <= compared), None)
    whole = next((row for row in rows if row.team_id is None), None)
    for row in (newest, earlier, whole):
        if row is not None:
            row.card = row.shown  # type: ignore[attr-defined]
    return History(days, newest, earlier, whole)


def _newest_of_days(rows: Iterable[Snapshot]) -> list[Snapshot]:
    return list({row.day: row for row in rows}.values())


def trend(rows: Iterable[Snapshot]) -> list[DayScore]:
    """Return scores by day as the chart takes them."""
    return [DayScore(row.day, row.score, row.grade, row.confidence) for row in rows]


@dataclass(frozen=True)
class AssetCounts:
    """What is known of the assets of one kind, or of all."""

    assets: int = 0
    fresh: int = 0
    """Read to the end in time."""
    never_read: int = 0
    not_fresh: int = 0
    partial: int = 0
    failed: int = 0
    assets_unowned: int = 0
    visibility_unknown: int = 0
    """Of repositories: who can read what a store holds is told by its grants."""

    def __add__(self, other: AssetCounts) -> AssetCounts:
        return AssetCounts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def asset_counts(user: User, team: Team | None = None) -> dict[str, AssetCounts]:
    """Count the assets by kind."""
    read = coverage_conditions()
    assets = visible(Asset.objects.present(), user)
    if team is not None:
        assets = assets.filter(team=team)
    rows = assets.order_by("kind").values("kind")
    counted = rows.annotate(
        assets=Count("pk"),
        fresh=Count("pk", filter=read["fresh"]),
        never_read=Count("pk", filter=read["never"]),
        not_fresh=Count("pk", filter=read["stale"]),
        partial=Count("pk", filter=read["partial"]),
        failed=Count("pk", filter=read["failed"]),
        assets_unowned=Count("pk", filter=Q(team=None)),
        visibility_unknown=Count("pk", filter=Q(visibility="unknown", kind="repository")),
    )
    names = [each.name for each in fields(AssetCounts)]
    return {kind: AssetCounts(*numbers) for kind, *numbers in counted.values_list("kind", *names)}


@dataclass(frozen=True)
class Collecting:
    """How far the collections under way are."""

    done: int
    total: int


def collecting(user: User) -> Collecting | None:
    """Count the reads of what the viewer sees in runs that are under way; None where nothing is."""
    counted = visible(Read.objects.filter(run__status__in=Run.ACTIVE), user).aggregate(
        done=Count("pk", filter=~Q(status__in=Run.ACTIVE)), total=Count("pk")
    )
    return Collecting(**counted) if counted["total"] > counted["done"] else None


def top_risks(user: User, found: Figures, most: int) -> list[Credential]:
    """Return the worst credentials: by severity, then known to be valid, then the longest exposed."""
    worst: list[str] = []
    for severity, number in found.severities.items():
        worst.append(severity)
        most_of_these = sum(found.severities[each] for each in worst)
        if number and most_of_these >= most:
            # The rest can't be among them, and needs not be sorted.
            break
    dead = Case(When(validity=Validity.VALID, then=Value(0)), default=Value(1), output_field=IntegerField())
    ranks = [Severity.values.index(each) for each in worst]
    places = visible(Exposure.objects.present(), user)
    # Asked of the few that are left, not the other way round: the worst are seldom many.
    judged: Any = seen(user).filter(Exists(places.filter(credential=OuterRef("pk"))))
    judged = judged.filter(told_rank__in=ranks, told_unjudged=False)
    rows = list(judged.annotate(dead=dead).order_by("told_rank", "dead", "told_introduced_at", "told_place")[:most])
    say(rows)
    return rows


@dataclass(frozen=True)
class Unknowns:
    """What is not known, counted, so that it can be acted on."""

    assets: int
    never_read: int
    not_fresh: int
    partial: int
    failed: int
    assets_unowned: int
    exposures_unowned: int
    validity_unknown: int
    visibility_unknown: int
    secrets_age_unknown: int
    secrets_unread: int
    identities_use_unknown: int

    @property
    def is_nothing(self) -> bool:
        """Whether all that was collected is known."""
        return not any(getattr(self, each.name) for each in fields(self) if each.name != "assets")


def unknowns(assets: AssetCounts, found: Figures, held: Stored) -> Unknowns:
    """Put together what the viewer's part of the inventory does not say."""
    counted: dict[str, Any] = {each.name: getattr(assets, each.name) for each in fields(assets) if each.name != "fresh"}
    return Unknowns(
        **counted,
        exposures_unowned=held.exposures_unowned,
        validity_unknown=found.validity_unknown,
        secrets_age_unknown=held.unknown,
        secrets_unread=held.unread,
        identities_use_unknown=held.use_unknown,
    )
