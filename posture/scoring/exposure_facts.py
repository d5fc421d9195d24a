"""What stands exposed in each team's places, as facts of exposure and, where no store holds it, of rotation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Min, Q, Value, When

from inventory.detection.provider import formats
from inventory.models import Exposure, Holding
from inventory.models.assets import Visibility
from inventory.policy import LimitRule, Tier, deadlines, rotation_limit
from inventory.services.rotation import own_rules
from inventory.severity import Severity
from posture.scoring.facts import CredentialFacts, ExposureFacts

# The worst first; what is not known counts as seen by the organisation (SCORING, pillar 3).
_VISIBILITIES = (Visibility.PUBLIC, Visibility.UNKNOWN, Visibility.ORGANISATION, Visibility.RESTRICTED)


@dataclass
class Exposed:
    """What is known of one team's exposed credentials while the rows come in."""

    asked: int = 0
    known: int = 0
    exposures: list[ExposureFacts] = field(default_factory=list)
    unmanaged: list[CredentialFacts] = field(default_factory=list)
    """Those of the exposures that no store holds."""


@dataclass(frozen=True)
class _Judging:
    """What is asked for every row."""

    now: datetime
    checkable: frozenset[str]
    """Rules whose values their issuer could be asked about."""
    kinds: Mapping[str, str]
    """What each rule finds."""
    limits: list[LimitRule]
    """The organisation's own."""
    held: Mapping[int, set[int | None]]
    """Exposed credentials that a store holds, with the teams whose secrets hold them."""


def exposed_facts(teams: list[int], now: datetime) -> dict[int, Exposed]:
    """Return what is exposed of each team; three queries whatever the number of teams."""
    known = formats()
    judging = _Judging(
        now,
        frozenset(slug for slug, (_, form) in known.items() if form.confidence == "high"),
        {slug: form.kind.value for slug, (_, form) in known.items()},
        own_rules(),
        _held(teams),
    )
    found: dict[int, Exposed] = defaultdict(Exposed)
    for row in _parts(teams):
        _add(found[row["team"]], row, judging)
    return found


def _held(teams: list[int]) -> dict[int, set[int | None]]:
    exposed = Exposure.objects.present().filter(team__in=teams)
    # What was deleted from a store again counts there no more, and is exposed all the same.
    rows = Holding.objects.kept().filter(credential__in=exposed.values("credential")).order_by()
    held: dict[int, set[int | None]] = defaultdict(set)
    for credential, team in rows.values_list("credential", "version__secret__team").distinct().iterator():
        held[credential].add(team)
    return held


def _parts(teams: list[int]) -> Iterator[Any]:
    """Yield one row per team and credential: the team's part of what is exposed now."""
    visibility = Case(
        *[When(asset__visibility=value, then=Value(rank)) for rank, value in enumerate(_VISIBILITIES)],
        output_field=IntegerField(),
    )
    rows = (
        Exposure.objects.present()
        .filter(team__in=teams)
        .values("team", "credential", "credential__validity", "credential__weak", "credential__kind")
        .annotate(
            # What the team's own places say, and in their order: nothing of others who hold it too (SECURITY W27).
            first=Min("pk"),
            rule=Min("rule"),
            rank=Min("severity_rank"),
            seen=Min("first_seen_at"),
            live=Count("pk", filter=~Q(place=Exposure.Place.HISTORY)),
            visibility=Min(visibility),
            environment=Min("asset__environment"),
            environment_too=Max("asset__environment"),
        )
        .order_by("team", "first")
    )
    yield from rows.iterator(chunk_size=2000)


def _add(found: Exposed, row: dict[str, Any], judging: _Judging) -> None:
    validity = row["credential__validity"] if row["credential__validity"] in {"valid", "invalid"} else "unknown"
    if validity == "invalid" and not row["live"]:
        return  # A dead value that only history still holds.
    severity = list(Severity)[row["rank"]]
    if severity is not Severity.INFO:
        # What is public by design asks nothing: else a thousand publishable keys would pass for knowledge.
        found.asked += 1
        found.known += 1  # The age: since we first saw it, a lower bound.
        if row["rule"] in judging.checkable:
            found.asked += 1
            found.known += validity != "unknown"
        if validity != "invalid" and not _is_held(row, judging):
            found.unmanaged.append(_unmanaged(row, severity, judging))
    visibility = _VISIBILITIES[row["visibility"]]
    limit = deadlines(severity, public=visibility == Visibility.PUBLIC)
    found.exposures.append(
        ExposureFacts(
            id=str(row["credential"]),
            severity=severity.value,
            validity=validity,
            visibility=visibility.value,
            self_reported_within_deadline=False,
            overdue=limit.contain is not None and row["seen"] + limit.contain < judging.now,
        )
    )


def _is_held(row: dict[str, Any], judging: _Judging) -> bool:
    """Say whether a store holds the value, which then counts there; of a guessable one only the team's own (W27)."""
    teams = judging.held.get(row["credential"], set())
    return row["team"] in teams if row["credential__weak"] else bool(teams)


def _unmanaged(row: dict[str, Any], severity: Severity, judging: _Judging) -> CredentialFacts:
    """Return a credential that no store holds: it weighs what it opens, and is as old as its first sight at least."""
    kind = judging.kinds.get(row["rule"], row["credential__kind"])
    environment = row["environment"] if row["environment"] == row["environment_too"] else None
    limit = rotation_limit(kind, Tier(severity.value), environment or None, own=judging.limits)
    return CredentialFacts(
        id=str(row["credential"]),
        tier=severity.value,
        age_days=max(0, (judging.now - row["seen"]).days),
        limit_days=limit.days,
        ephemeral=False,
        auto_rotated=False,
        unmanaged=True,
    )
