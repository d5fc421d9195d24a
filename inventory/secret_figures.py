"""The numbers above a list of stored secrets."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from inventory.models import Secret
from inventory.secret_listing import state_conditions

COUNTED = 100_000


@dataclass(frozen=True)
class SecretFigures:
    """How many secrets are in each state; a secret may be in several."""

    total: int
    failed: int = 0
    late: int = 0
    soon: int = 0
    never: int = 0
    unknown: int = 0
    readers: int = 0
    """More identities can read them than the policy allows."""
    exempt: int = 0
    ephemeral: int = 0
    unowned: int = 0

    @property
    def is_capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNTED


def secret_figures(rows: QuerySet[Secret]) -> SecretFigures:
    """Count the selected secrets by state, in two queries."""
    plain = rows.order_by()
    total = plain.values("pk")[: COUNTED + 1].count()
    if total > COUNTED:
        return SecretFigures(total)
    conditions = state_conditions()
    wanted = ("failed", "late", "soon", "never", "unknown", "readers", "exempt")
    counts = plain.aggregate(
        **{name: Count("pk", filter=conditions[name]) for name in wanted},
        ephemeral=Count("pk", filter=Q(ephemeral=True)),
        unowned=Count("pk", filter=Q(team=None)),
    )
    return SecretFigures(total, **counts)
