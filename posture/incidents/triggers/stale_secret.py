"""A stored secret that is far past the age that its policy allows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from inventory.models import Secret
from inventory.models.assets import Tier
from inventory.severity import Rated
from posture.incidents.trigger import Trigger, by_tier

GRACE_DAYS = 30
"""So long the list of what is due, and the score, are enough for tiers below high: an incident for each day of delay
would drown those that matter. Ours; no standard says."""


class StaleSecret(Trigger):
    """A secret is past the limit of its policy: of tier critical or high at once, else for more than 30 days.

    Secrets with an approved exemption open none, nor do those whose age is not known.
    """

    slug = "stale-secret"
    label = "Not rotated in time"
    about = "secret"

    def met(self) -> QuerySet[Any]:
        """Return secrets that are late."""
        late = Q(due_at__lt=timezone.now() - timedelta(days=GRACE_DAYS))
        return Secret.objects.stale().filter(late | Q(tier__in=[Tier.CRITICAL, Tier.HIGH]))

    def ended(self) -> Q:
        """Say that it is over when it is due later or never, or gone; a secret of unknown age is not."""
        fine = Q(due_at__gte=timezone.now()) | Q(due_at=None, limit_days=None)
        return (fine & Q(policy_due=False)) | Q(gone_at__isnull=False)

    def rate(self, row: Any) -> Rated:
        """Rate it by the secret's tier."""
        level = by_tier(row.tier)
        return Rated(level, f"A secret of tier {level.label.lower()} is past the limit of its policy.")

    def proof(self, row: Any) -> str:
        """Say by what it is no longer late."""
        if row.gone_at:
            return "The store no longer holds it."
        if row.age_from:
            return f"Its value is of {row.age_from:%-d %B %Y}, which its policy allows."
        return "No limit of age applies to it any more."

    def remedy(self) -> str:
        """Say what to do."""
        return "Give its consumers a new value, then end the old one; better, let the store rotate it by itself."


TRIGGER = StaleSecret()
