"""What the stores tell of each team's secrets, as facts of rotation; one query for any number of teams."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Q

from inventory.models import Secret
from inventory.models.secrets import end_unknown
from inventory.policy import tier_of
from inventory.store_records import SecretKind
from posture.scoring.facts import CredentialFacts
from posture.scoring.policy import OWNED_DAYS, Lifetime, owned_on

# A store whose clock says more than this ahead of ours tells no age: else it would be fresh until then.
CLOCK_SKEW = timedelta(days=1)


class _Row(NamedTuple):
    pk: int
    team: int
    kind: str
    tier: str
    environment: str
    created_at: datetime | None
    rotated_at: datetime | None
    expires_at: datetime | None
    due_at: datetime | None
    limit_days: int | None
    ephemeral: bool | None
    auto_rotated: bool | None
    enabled: bool | None
    exempt_until: date | None
    first_seen_at: datetime
    gone_at: datetime | None
    store_gone_at: datetime | None

    @property
    def asks_age(self) -> bool:
        """Whether its age decides anything: a period applies to it, or it has an end of its own."""
        return not self.ephemeral and (
            self.limit_days is not None or self.due_at is not None or self.kind == SecretKind.CERTIFICATE
        )


@dataclass
class Stored:
    """What is known of one team's secrets while the rows come in."""

    looked: bool = False
    """Whether a store that was collected ever held anything of the team's."""
    owned: int = 0
    asked: int = 0
    known: int = 0
    credentials: list[CredentialFacts] = field(default_factory=list)


def stored_facts(teams: Collection[int], now: datetime) -> dict[int, Stored]:
    """Return the stored secrets of each team, by the team of the secret; what is exempt or switched off costs nothing.

    A store that went away is no proof that anything was retired, so that what it held counts no more; only for the
    team's size it does as long as what was retired, so that retiring a store of good secrets lowers no score at once.
    """
    found: dict[int, Stored] = {}
    rows = Secret.objects.filter(store_counts(now), team__in=teams)
    rows = rows.annotate(store_gone_at=F("asset__gone_at")).order_by("pk")
    today = now.date()
    for values in rows.values_list(*_Row._fields).iterator(chunk_size=2000):
        row = _Row._make(values)
        part = found.setdefault(row.team, Stored())
        part.looked = part.looked or row.store_gone_at is None
        gone = ended_at(row.gone_at, row.store_gone_at)
        part.owned += owned_on(today, (lifetime(row.first_seen_at, row.created_at, gone),))
        if gone is not None or row.enabled is False or (row.exempt_until and row.exempt_until >= today):
            continue
        age, limit = age_and_limit(row, now)
        if row.asks_age:
            part.asked += 1
            part.known += age is not None
        part.credentials.append(
            CredentialFacts(
                id=f"secret-{row.pk}",
                tier=tier_of(row.tier, row.environment)[0],
                age_days=age,
                limit_days=limit,
                ephemeral=row.ephemeral is True,
                auto_rotated=row.auto_rotated,
            )
        )
    return found


def age_and_limit(row: _Row, now: datetime) -> tuple[int | None, int | None]:
    """Return how old a secret's value is and how old it may grow, in whole days; None: not known, or no period.

    Whole days, so that a score changes with the day and not with the moment it is taken. Where a secret has an end of
    its own before that of its policy, it may grow as old as it is then, as its page says.
    """
    if row.kind == SecretKind.CERTIFICATE and row.expires_at is None:
        # However old it is, nobody can tell whether that is too old.
        return None, row.limit_days
    since = row.rotated_at or row.created_at
    if since is None or since > now + CLOCK_SKEW:
        return None, row.limit_days
    limit = row.limit_days
    if row.due_at is not None and row.due_at > since:
        limit = max(1, round((row.due_at - since) / timedelta(days=1)))
    return max(0, (now - since).days), limit


def store_counts(now: datetime) -> Q:
    """Return whose stores are there, or went so lately that what they held still makes out the team's size."""
    return Q(asset__gone_at=None) | Q(asset__gone_at__gte=now - timedelta(days=OWNED_DAYS + 1))


def ended_at(gone: datetime | None, store_gone: datetime | None) -> datetime | None:
    """Return when something was there no more: by itself, or with its store."""
    return min(filter(None, (gone, store_gone)), default=None)


def lifetime(first_seen: datetime, created: datetime | None, gone: datetime | None) -> Lifetime:
    """Return when something that a store tells of began and ended."""
    return Lifetime(first_seen.date(), created.date() if created else None, gone.date() if gone else None)


def unowned_ages() -> tuple[int, int]:
    """Return of how many secrets that no team owns the age is asked, and of how many it is known."""
    asked = Q(limit_days__isnull=False) | Q(due_at__isnull=False) | Q(kind=SecretKind.CERTIFICATE)
    lasting = Secret.objects.unowned().exclude(ephemeral=True).exclude(enabled=False).not_exempt()
    known = (Q(rotated_at__isnull=False) | Q(created_at__isnull=False)) & ~end_unknown()
    counts = lasting.filter(asked).aggregate(asked=Count("pk"), known=Count("pk", filter=known))
    return counts["asked"], counts["known"]
