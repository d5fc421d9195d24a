"""Where exposed values stand, team by team: which parts an incident has, and how bad each is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, IntegerField, Min, Q, Value, When

from inventory.models import Credential, Exposure, Holding
from inventory.models.assets import Visibility
from inventory.models.secrets import Severity, Validity

HELD_REASON = "A secret of this team holds a value that is exposed."


@dataclass
class Standing:
    """What one team's own places say of a value."""

    severity: str
    severity_reason: str
    live: int = 0
    """Places at the tip of a default branch, or in use outside any history."""
    elsewhere: int = 0
    """On another branch or tag."""
    history: int = 0
    public: bool = False
    first_live_at: datetime | None = None
    holds: bool = False
    """Whether a current version of a secret of the team holds it."""

    def matters(self, validity: str) -> bool:
        """Say whether there is something to do: not where it is public by design, nor about a dead value's history."""
        if self.severity == Severity.INFO:
            return False
        return bool(self.holds or self.live or self.elsewhere or (self.history and validity != Validity.INVALID))


def standings(credentials: Collection[Credential]) -> dict[int, dict[int | None, Standing]]:
    """Return by credential and team (None is nobody's) what stands there; two queries.

    Of a guessable value that another team's store holds too nothing is told (SECURITY W27): only teams with an exposure
    of their own have a part of it.
    """
    known = {row.pk: row for row in credentials}
    found: dict[int, dict[int | None, Standing]] = defaultdict(dict)
    live = Q(place__in=[Exposure.Place.TIP, Exposure.Place.LIVE])
    rows = Exposure.objects.present().filter(credential__in=known).order_by().values_list("credential", "team")
    public = Case(When(asset__visibility=Visibility.PUBLIC, then=Value(1)), output_field=IntegerField())
    counted = rows.annotate(
        rank=Min("severity_rank"),
        live=Count("pk", filter=live),
        elsewhere=Count("pk", filter=Q(place=Exposure.Place.REF)),
        history=Count("pk", filter=Q(place=Exposure.Place.HISTORY)),
        public=Count(public),
        first_live=Min("first_at", filter=live),
    )
    for credential, team, rank, in_use, elsewhere, history, public_places, first_live in counted:
        severity = Severity.values[rank]
        found[credential][team] = Standing(severity, "", in_use, elsewhere, history, bool(public_places), first_live)
    _reasons(found)
    _holders(known, found)
    return found


def owners(credentials: Collection[int]) -> set[tuple[int, int | None]]:
    """Return which teams own a place or a version of which values, also where these are gone or superseded."""
    places = Exposure.objects.filter(credential__in=credentials).order_by().values_list("credential", "team")
    held = Holding.objects.filter(credential__in=credentials).order_by()
    return {*places.distinct(), *held.values_list("credential", "version__secret__team").distinct()}


def _reasons(found: dict[int, dict[int | None, Standing]]) -> None:
    """Say for each why it is as bad as it is, in the words of its worst place."""
    # In an order of its own, or the same places would give now one reason and now another, each with an event.
    rows = Exposure.objects.present().filter(credential__in=found).order_by("severity_reason")
    for credential, team, severity, reason in rows.values_list(
        "credential", "team", "severity", "severity_reason"
    ).distinct():
        standing = found[credential].get(team)
        if standing is not None and standing.severity == severity and not standing.severity_reason:
            standing.severity_reason = reason


def _holders(known: dict[int, Credential], found: dict[int, dict[int | None, Standing]]) -> None:
    held = Holding.objects.standing().filter(credential__in=found).order_by()
    for credential, team in held.values_list("credential", "version__secret__team").distinct():
        row, parts = known[credential], found[credential]
        if team in parts:
            parts[team].holds = True
        elif not row.weak and team is not None:
            parts[team] = Standing(row.severity, HELD_REASON, holds=True)


def owner(parts: dict[int | None, Standing]) -> int | None:
    """Return the team of the oldest live place, which owns the incident; else any that has something of it."""
    live = [(each.first_live_at, team) for team, each in parts.items() if each.first_live_at and team is not None]
    if live:
        return min(live)[1]
    return next((team for team in sorted(filter(None, parts))), None)
