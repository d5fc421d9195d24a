"""What the stores tell of each team's identities, as facts of least privilege; a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When

from inventory.models import Holding, Principal, Spread
from inventory.policy import EPHEMERAL_HOURS, Tier, tier_of
from inventory.principal_listing import unused_days
from inventory.store_records import PrincipalKind
from posture.scoring.facts import IdentityFacts
from posture.scoring.policy import owned_on
from posture.scoring.stored_facts import ended_at, lifetime, store_counts

IDENTITIES = (PrincipalKind.HUMAN, PrincipalKind.WORKLOAD, PrincipalKind.TOKEN)
"""Those that act; roles and groups only carry rights, which count where somebody has them."""
_TIERS = tuple(Tier)


class _Row(NamedTuple):
    pk: int
    team: int
    kind: str
    environment: str
    asset_environment: str
    asset_tier: str
    enabled: bool | None
    created_at: datetime | None
    expires_at: datetime | None
    last_used_at: datetime | None
    granted: int | None
    used: int | None
    admin: bool | None
    wildcard: bool | None
    reads_in: Sequence[str] | None
    exempt_until: date | None
    first_seen_at: datetime
    gone_at: datetime | None
    store_gone_at: datetime | None

    @property
    def is_ephemeral(self) -> bool:
        """Whether it was made to end within a day, so that nobody asks when it was used."""
        if self.created_at is None or self.expires_at is None:
            return False
        return self.expires_at - self.created_at <= timedelta(hours=EPHEMERAL_HOURS)

    @property
    def powerful(self) -> bool | None:
        """Whether it has admin or wildcard rights; None: its rights are not known."""
        if self.admin or self.wildcard:
            return True
        return None if self.admin is None or self.wildcard is None else False


@dataclass
class Identities:
    """What is known of one team's identities while the rows come in."""

    looked: bool = False
    """Whether a store that was collected ever told of an identity of the team's."""
    owned: int = 0
    asked: int = 0
    known: int = 0
    identities: list[IdentityFacts] = field(default_factory=list)


def identity_facts(teams: Collection[int], now: datetime) -> dict[int, Identities]:
    """Return the identities of each team: its principals, and the values that several secrets hold.

    Of a principal two things are asked: its last use and its rights. What is off, has ended or is exempt is left out.
    Those of a store that went away count for the team's size alone, as long as what was retired.
    """
    found: dict[int, Identities] = {}
    human, machine = unused_days()
    rows = (
        Principal.objects.filter(store_counts(now), team__in=teams, kind__in=IDENTITIES)
        .annotate(
            asset_environment=F("asset__environment"),
            asset_tier=F("asset__tier"),
            store_gone_at=F("asset__gone_at"),
        )
        .order_by("pk")
    )
    today = now.date()
    for values in rows.values_list(*_Row._fields).iterator(chunk_size=2000):
        row = _Row._make(values)
        part = found.setdefault(row.team, Identities())
        part.looked = part.looked or row.store_gone_at is None
        gone = ended_at(row.gone_at, row.store_gone_at)
        part.owned += owned_on(today, (lifetime(row.first_seen_at, row.created_at, gone),))
        if gone is not None or row.enabled is False or (row.expires_at is not None and row.expires_at < now):
            continue
        if row.exempt_until and row.exempt_until >= today:
            continue
        if not row.is_ephemeral:
            part.asked += 1
            part.known += row.last_used_at is not None
        part.asked += 1
        part.known += row.powerful is not None
        part.identities.append(_principal(row, now, human if row.kind == PrincipalKind.HUMAN else machine))
    for team, value in _values(teams):
        # Where no rights are known a shared value alone would make the pillar, and parting it would end it again.
        if team in found and found[team].looked:
            found[team].identities.append(value)
    return found


def _principal(row: _Row, now: datetime, window: int) -> IdentityFacts:
    used = row.used
    if used is not None and row.granted is not None:
        used = min(used, row.granted)  # A store may count uses of rights that it has taken away since.
    return IdentityFacts(
        id=f"principal-{row.pk}",
        tier=tier_of(row.asset_tier, row.environment or row.asset_environment)[0],
        granted=row.granted,
        used=used,
        admin=row.powerful,
        cross_environment=in_several(row.reads_in),
        # No store tells how many workloads log in as one.
        shared=None,
        dormant=None if row.last_used_at is None else row.last_used_at < now - timedelta(days=window),
    )


def in_several(environments: Collection[str] | None) -> bool | None:
    """Say whether these are several environments, of which the empty one is not known; None itself: not known."""
    if environments is None:
        return None
    named = {each for each in environments if each}
    if len(named) > 1:
        return True
    return None if "" in environments else False


def _values(teams: Collection[int]) -> list[tuple[int, IdentityFacts]]:
    """Return the values that several secrets hold, in the order of the team's own places.

    Of a guessable value only the team's own secrets say anything (SECURITY W27); of another one all do.
    """
    rank = Case(
        *[When(version__secret__tier=tier, then=Value(place)) for place, tier in enumerate(_TIERS)],
        *[
            When(version__secret__environment=name, then=Value(_TIERS.index(tier_of("", name)[0])))
            for name in ("production", "staging", "development", "test")
        ],
        default=Value(_TIERS.index(Tier.MEDIUM)),
        output_field=IntegerField(),
    )
    own = Holding.objects.standing().filter(credential=OuterRef("credential"), version__secret__team=OuterRef("team"))
    whole = Spread.objects.filter(team=None, credential=OuterRef("credential"))
    rows = Spread.objects.filter(team__in=teams).annotate(
        weak=F("credential__weak"),
        whole=Subquery(whole.values("shape")[:1]),
        rank=Subquery(own.annotate(rank=rank).order_by("rank").values("rank")[:1]),
    )
    found = []
    for row in rows.order_by("first"):
        if row.team_id is None or (row.weak and row.secrets < 2):
            continue
        if not row.weak and row.whole is not None:
            row.shape = row.whole
        found.append(
            (
                row.team_id,
                IdentityFacts(
                    id=str(row.credential_id),
                    tier=_TIERS[_TIERS.index(Tier.MEDIUM) if row.rank is None else row.rank],
                    granted=None,
                    used=None,
                    admin=None,
                    cross_environment=in_several(row.environments.keys()),
                    shared=True,
                    dormant=None,
                    is_value=True,
                ),
            )
        )
    return found


def unowned_facts(now: datetime) -> tuple[int, int]:
    """Return how many last uses and rights are asked of identities that no team owns, and how many are known."""
    rows = Principal.objects.unowned().filter(kind__in=IDENTITIES).exclude(enabled=False)
    rows = rows.filter(Q(expires_at=None) | Q(expires_at__gte=now)).exclude(exempt_until__gte=now.date())
    short = Q(expires_at__lte=F("created_at") + timedelta(hours=EPHEMERAL_HOURS))
    used = Q(last_used_at__isnull=False)
    counts = rows.aggregate(
        all=Count("pk"),
        short=Count("pk", filter=short),
        used=Count("pk", filter=used),
        short_used=Count("pk", filter=short & used),
        rights=Count("pk", filter=Q(admin__isnull=False)),
    )
    asked = 2 * counts["all"] - counts["short"]
    return asked, counts["used"] - counts["short_used"] + counts["rights"]
