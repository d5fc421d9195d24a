"""What a change of the policy would make stale, before it is made; counted by groups of secrets, not one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from inventory.limit_rows import LimitRow
from inventory.models import Secret
from inventory.policy import EXEMPT, Limit, LimitRule, Tier, rotation_limit, tier_of
from inventory.services.rotation import own_rules
from inventory.store_records import SecretKind

NAMED = 25


@dataclass
class Preview:
    """How many secrets would change sides, by team, with the first of them by name."""

    stale_now: int = 0
    stale_then: int = 0
    newly_stale: int = 0
    no_longer_stale: int = 0
    by_team: Counter[str] = field(default_factory=Counter)
    """Team name → how many become stale; the empty name are those that nobody owns."""
    named: list[Secret] = field(default_factory=list)

    @property
    def teams(self) -> list[tuple[str, int]]:
        """The teams, those with most first."""
        return self.by_team.most_common()


def preview(secrets: QuerySet[Secret], rows: Sequence[LimitRow], now: datetime | None = None) -> Preview:
    """Return what the rows would change for these secrets, which the viewer may see."""
    now = now or timezone.now()
    before, after = own_rules(), [row.as_rule() for row in rows]
    ages = secrets.present().not_exempt().exclude(kind=SecretKind.CERTIFICATE)  # type: ignore[attr-defined]
    ages = ages.annotate(since=Coalesce("rotated_at", "created_at")).filter(since__isnull=False)
    found = Preview()
    groups = ages.order_by().values_list("kind", "tier", "environment", "ephemeral").distinct()
    for kind, tier, environment, ephemeral in groups:
        group = ages.filter(kind=kind, tier=tier, environment=environment, ephemeral=ephemeral)
        ended = Q(expires_at__lt=now)
        old = ended | _older(_limit(before, kind, tier, environment, ephemeral), now)
        new = ended | _older(_limit(after, kind, tier, environment, ephemeral), now)
        counts = group.aggregate(
            now=Count("pk", filter=old),
            then=Count("pk", filter=new),
            more=Count("pk", filter=new & ~old),
            less=Count("pk", filter=old & ~new),
        )
        found.stale_now += counts["now"]
        found.stale_then += counts["then"]
        found.newly_stale += counts["more"]
        found.no_longer_stale += counts["less"]
        if counts["more"]:
            turned = group.filter(new & ~old)
            by_team = turned.order_by().values_list("team__name").annotate(Count("pk"))
            found.by_team.update({name or "": number for name, number in by_team})
            room = NAMED - len(found.named)
            found.named += turned.select_related("team", "asset").order_by("since", "pk")[: max(room, 0)]
    return found


def _limit(rules: list[LimitRule], kind: str, tier: str, environment: str, ephemeral: bool | None) -> Limit:
    if ephemeral:
        return EXEMPT
    return rotation_limit(kind, Tier(tier_of(tier, environment)[0]), environment or None, own=rules)


def _older(limit: Limit, now: datetime) -> Q:
    return Q(pk__in=[]) if limit.days is None else Q(since__lt=now - timedelta(days=limit.days))
