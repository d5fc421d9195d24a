"""The aggregations behind the dashboards, each over what the viewer may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Count, F, Q, Value, When
from django.db.models.functions import TruncWeek

from inventory.detection.provider import CredentialKind
from inventory.listings import severity_rank
from inventory.models import Asset, Credential, Exposure, Read, Run
from inventory.models.assets import coverage_conditions
from inventory.queries import holdings_that_count
from posture.accounts.models import Team, User
from posture.accounts.visibility import visible
from posture.dashboards.charts.introduced import WEEKS, monday
from posture.dashboards.charts.kinds_by_age import BANDS
from posture.dashboards.charts.score_trend import DayScore
from posture.scoring.models import Snapshot

TREND_DAYS = 180


def trend(team: Team | None, today: date) -> list[DayScore]:
    """Return the newest score of each day for a team, or for the organisation; oldest first."""
    rows = Snapshot.objects.filter(team=team, day__gt=today - timedelta(days=TREND_DAYS))
    newest: dict[date, DayScore] = {}
    for day, score, grade, confidence in rows.order_by("day", "computed_at", "pk").values_list(
        "day", "score", "grade", "confidence"
    ):
        newest[day] = DayScore(day, score, grade, confidence)
    return list(newest.values())


@dataclass(frozen=True)
class Coverage:
    """How many assets of one kind exist and how many were read to the end in time."""

    kind: str
    assets: int
    fresh: int


def coverage(assets: Any, now: datetime) -> list[Coverage]:
    """Count assets by kind; `assets` is a queryset the viewer may see."""
    since = now - timedelta(hours=settings.FRESHNESS_HOURS)
    rows = (
        assets.values("kind")
        .annotate(assets=Count("pk"), fresh=Count("pk", filter=Q(last_complete_at__gte=since)))
        .order_by("kind")
    )
    return [Coverage(row["kind"], row["assets"], row["fresh"]) for row in rows]


def exposed(user: User, team: Team | None = None) -> Any:
    """Return the credentials that stand outside a store where the viewer sees it, of one team or of all theirs."""
    places = visible(Exposure.objects.present(), user)
    if team is not None:
        places = places.filter(team=team)
    return Credential.objects.filter(pk__in=places.values("credential"))


def unmanaged(user: User, team: Team | None = None) -> Any:
    """Return those of `exposed` that no version of a secret holds, as far as the viewer may know."""
    return exposed(user, team).exclude(pk__in=holdings_that_count(user).values("credential"))


def by_severity(credentials: Any) -> dict[str, int]:
    """Count credentials by severity; those that were found this moment and not judged yet stand under ""."""
    judged = Case(When(introduced_at=None, then=Value("")), default=F("severity"), output_field=CharField())
    return dict(credentials.order_by().annotate(judged=judged).values_list("judged").annotate(number=Count("pk")))


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


def by_kind_and_age(credentials: Any, now: datetime) -> dict[tuple[str, str], list[int]]:
    """Count credentials by kind and band of age, in one pass."""
    bounds: list[Q] = []
    younger: datetime | None = None
    for _, days, _ in BANDS:
        if days == -1:
            bounds.append(Q(introduced_at=None))
            continue
        bound = Q(introduced_at__isnull=False)
        if younger is not None:
            bound &= Q(introduced_at__lte=younger)
        if days is not None:
            younger = now - timedelta(days=days)
            bound &= Q(introduced_at__gt=younger)
        bounds.append(bound)
    counts = {f"band{number}": Count("pk", filter=bound) for number, bound in enumerate(bounds)}
    found = {}
    for row in credentials.order_by().values("kind").annotate(**counts):
        kind = row["kind"]
        label = CredentialKind(kind).label if kind in CredentialKind._value2member_map_ else kind
        found[(kind, label)] = [row[f"band{number}"] for number in range(len(bounds))]
    return found


def introduced_by_week(credentials: Any, today: date) -> tuple[dict[date, int], int, int]:
    """Count credentials by the Monday of the week that brought them, from before those weeks, and of unknown age."""
    start = monday(today) - timedelta(weeks=WEEKS - 1)
    weeks: dict[date, int] = defaultdict(int)
    before = unknown = 0
    rows = credentials.order_by().annotate(week=TruncWeek("introduced_at")).values_list("week").annotate(n=Count("pk"))
    for week, number in rows:
        if week is None:
            unknown += number
        elif week.date() < start:
            before += number
        else:
            weeks[min(week.date(), monday(today))] += number
    return dict(weeks), before, unknown


def top_risks(credentials: Any, most: int) -> list[Credential]:
    """Return the worst credentials: by severity, then known to be valid, then the longest exposed."""
    ordered = credentials.annotate(
        rank=severity_rank("severity"), dead=Count("pk", filter=~Q(validity="valid"))
    ).order_by("rank", "dead", "introduced_at", "pk")
    return list(ordered[:most])


@dataclass(frozen=True)
class Where:
    """One place of a credential that the viewer sees, to name it by."""

    asset: str
    path: str
    place: str
    team: str


def places_of(user: User, credentials: Iterable[Credential], team: Team | None = None) -> dict[int, Where]:
    """Return the most live place of each credential."""
    order = {"tip": 0, "ref": 1, "history": 2}
    found: dict[int, Where] = {}
    places = visible(Exposure.objects.present(), user).filter(credential__in=list(credentials))
    if team is not None:
        places = places.filter(team=team)
    rows = places.values_list("credential", "place", "asset__name", "path", "team__name")[:2000]
    for credential, place, asset, path, owner in sorted(rows, key=lambda row: order[row[1]]):
        found.setdefault(credential, Where(asset, path, place, owner or ""))
    return found


def names_of(user: User, items: Iterable[str]) -> dict[str, str]:
    """Return what the credentials behind items of a score are and where they stand, by the item's id."""
    ids = [int(item) for item in items if item.isdigit()]
    rows = visible(Credential.objects.filter(pk__in=ids), user).in_bulk()
    where = places_of(user, rows.values())
    return {str(pk): f"{row.label}, {where[pk].asset}" if pk in where else row.label for pk, row in rows.items()}


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


def unknowns(user: User, team: Team | None = None) -> Unknowns:
    """Count what the viewer's part of the inventory does not say."""
    read = coverage_conditions()
    assets = visible(Asset.objects.present(), user)
    places = visible(Exposure.objects.present(), user)
    if team is not None:
        assets, places = assets.filter(team=team), places.filter(team=team)
    counted = assets.aggregate(
        assets=Count("pk"),
        never_read=Count("pk", filter=read["never"]),
        not_fresh=Count("pk", filter=read["stale"]),
        partial=Count("pk", filter=read["partial"]),
        failed=Count("pk", filter=read["failed"]),
        assets_unowned=Count("pk", filter=Q(team=None)),
        visibility_unknown=Count("pk", filter=Q(visibility="unknown")),
    )
    told = places.aggregate(
        exposures_unowned=Count("pk", filter=Q(team=None)),
        validity_unknown=Count("credential", distinct=True, filter=~Q(credential__validity__in=["valid", "invalid"])),
    )
    return Unknowns(**counted, **told)


def spread(now_scores: Sequence[float]) -> list[float]:
    """Return the teams' scores without names, sorted; nothing below five teams, where names could be guessed."""
    return sorted(now_scores) if len(now_scores) >= 5 else []
