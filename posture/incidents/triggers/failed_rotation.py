"""A rotation that the store tried and could not finish."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from inventory.models import Secret
from inventory.severity import Rated
from posture.incidents.trigger import Trigger, by_tier


class FailedRotation(Trigger):
    """The store says that it tried to change the value and failed: it may fail again, or have left half a change."""

    slug = "failed-rotation"
    label = "Rotation failed"
    about = "secret"

    def met(self) -> QuerySet[Any]:
        """Return secrets whose store says so."""
        return Secret.objects.present().filter(rotation_failed=True)

    def ended(self) -> Q:
        """Say that it is over when the store tells of no failure, or the secret is gone."""
        return Q(rotation_failed=False) | Q(gone_at__isnull=False)

    def rate(self, row: Any) -> Rated:
        """Rate it by the secret's tier."""
        level = by_tier(row.tier)
        return Rated(level, f"The rotation of a secret of tier {level.label.lower()} failed.")

    def proof(self, row: Any) -> str:
        """Say what the store tells now."""
        return "The store no longer holds it." if row.gone_at else "The store tells of no failed rotation any more."

    def remedy(self) -> str:
        """Say what to do."""
        return "Look into the store's rotation log, mend the cause, and let it rotate again."


TRIGGER = FailedRotation()
