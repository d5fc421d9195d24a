"""The facts that scores are made from, for many teams in a fixed number of queries.

What a repository holds is debt and never size. Whoever may push writes the dates of commits, brings as many
values as they like and takes them away again, so none of that may make a team look larger than it is: not the
date of a commit, not a value that a read no longer sees (which is no proof that it was retired), not what is
public by design. A value that has stood for 90 days in sight counts no more: junk of small severity would
dilute the debt of what matters, and closing it would take its size away with it and lower the score. What a
team owns is told by its stores, by their own dates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, IntegerField, Min, Q, Value, When

from inventory.detection.provider import formats
from inventory.models import Asset, Credential, Exposure, Secret
from inventory.models.assets import Visibility
from inventory.policy import deadlines
from inventory.severity import Severity
from posture.accounts.models import Team
from posture.scoring.facts import ExposureFacts, Facts, Known
from posture.scoring.policy import Lifetime, owned_on

# The worst first; what is not known counts as seen by the organisation (SCORING, pillar 3).
_VISIBILITIES = (Visibility.PUBLIC, Visibility.UNKNOWN, Visibility.ORGANISATION, Visibility.RESTRICTED)


@dataclass
class _Gathered:
    """What is known of one team while the rows come in."""

    assets: int = 0
    fresh: int = 0
    read: int = 0
    facts: int = 0
    known: int = 0
    exposures: list[ExposureFacts] = field(default_factory=list)
    lifetimes: list[Lifetime] = field(default_factory=list)


def facts_of(teams: Collection[Team], now: datetime) -> dict[int, Facts]:
    """Return the facts of each team by its id, as they are now; three queries whatever the number of teams."""
    gathered: dict[int, _Gathered] = defaultdict(_Gathered)
    ids = [team.pk for team in teams]
    for row in _asset_counts(ids, now):
        found = gathered[row["team"]]
        found.assets, found.fresh, found.read = row["assets"], row["fresh"], row["read"]
    checkable = {slug for slug, (_, form) in formats().items() if form.confidence == "high"}
    for row in _parts(ids):
        _add(gathered[row["team"]], row, now, checkable)
    for team, lifetime in _lifetimes(ids):
        gathered[team].lifetimes.append(lifetime)
    return {team.pk: _facts(team, gathered[team.pk], now) for team in teams}


def _facts(team: Team, found: _Gathered, now: datetime) -> Facts:
    # A team of which nothing was ever read has no evidence, which is not the same as having no exposure.
    looked = found.read > 0 or bool(found.exposures)
    return Facts(
        team=team.slug,
        owned_credentials=owned_on(now.date(), found.lifetimes),
        confidence=Known(assets=found.assets, assets_fresh=found.fresh, facts=found.facts, facts_known=found.known),
        exposures=tuple(found.exposures) if looked else None,
    )


def _asset_counts(ids: list[int], now: datetime) -> Iterator[Any]:
    since = now - timedelta(hours=settings.FRESHNESS_HOURS)
    rows = Asset.objects.present().filter(team__in=ids).values("team")
    yield from rows.annotate(
        assets=Count("pk"),
        fresh=Count("pk", filter=Q(last_complete_at__gte=since)),
        read=Count("pk", filter=Q(last_read_at__isnull=False)),
    ).order_by()


def _lifetimes(ids: list[int]) -> Iterator[tuple[int, Lifetime]]:
    """Yield what the stores of each team hold, also what they no longer hold (the module says why only these)."""
    rows = Secret.objects.filter(asset__team__in=ids, asset__gone_at=None)
    for team, seen, created, gone in rows.values_list("asset__team", "first_seen_at", "created_at", "gone_at").iterator(
        chunk_size=2000
    ):
        yield team, Lifetime(seen.date(), created.date() if created else None, gone.date() if gone else None)


def _parts(ids: list[int]) -> Iterator[Any]:
    """Yield one row per team and credential: the team's part of what is exposed now."""
    visibility = Case(
        *[When(asset__visibility=value, then=Value(rank)) for rank, value in enumerate(_VISIBILITIES)],
        output_field=IntegerField(),
    )
    rows = (
        Exposure.objects.present()
        .filter(team__in=ids)
        .values("team", "credential", "credential__validity")
        .annotate(
            # What the team's own places say, and in their order: nothing of others who hold it too (SECURITY W27).
            first=Min("pk"),
            rule=Min("rule"),
            rank=Min("severity_rank"),
            seen=Min("first_seen_at"),
            live=Count("pk", filter=~Q(place=Exposure.Place.HISTORY)),
            visibility=Min(visibility),
        )
        .order_by("team", "first")
    )
    yield from rows.iterator(chunk_size=2000)


def _add(found: _Gathered, row: dict[str, Any], now: datetime, checkable: set[str]) -> None:
    validity = row["credential__validity"] if row["credential__validity"] in {"valid", "invalid"} else "unknown"
    if validity == "invalid" and not row["live"]:
        return  # A dead value that only history still holds.
    severity = list(Severity)[row["rank"]]
    if severity is not Severity.INFO:
        # What is public by design asks nothing: else a thousand publishable keys would pass for knowledge.
        found.facts += 1
        found.known += 1  # The age: since we first saw it, a lower bound.
        if row["rule"] in checkable:
            found.facts += 1
            found.known += validity != "unknown"
    visibility = _VISIBILITIES[row["visibility"]]
    limit = deadlines(severity, public=visibility == Visibility.PUBLIC)
    found.exposures.append(
        ExposureFacts(
            id=str(row["credential"]),
            severity=severity.value,
            validity=validity,
            visibility=visibility.value,
            self_reported_within_deadline=False,
            overdue=limit.contain is not None and row["seen"] + limit.contain < now,
        )
    )


def ownership_counts() -> tuple[int, int]:
    """Return how many assets and exposures there are, and how many of them have an owner."""
    counts = [
        rows.aggregate(all=Count("pk"), owned=Count("pk", filter=Q(team__isnull=False)))
        for rows in (Asset.objects.present(), Exposure.objects.present())
    ]
    return sum(each["all"] for each in counts), sum(each["owned"] for each in counts)


def unowned_known(now: datetime) -> Known:
    """Return how much is known of what belongs to no team."""
    since = now - timedelta(hours=settings.FRESHNESS_HOURS)
    counts = Asset.objects.unowned().aggregate(
        assets=Count("pk"), fresh=Count("pk", filter=Q(last_complete_at__gte=since))
    )
    open_now = Credential.objects.filter(exposures__team=None, exposures__gone_at=None).distinct().count()
    return Known(assets=counts["assets"], assets_fresh=counts["fresh"], facts=open_now, facts_known=open_now)
