"""The limits that the organisation sets itself, version by version, and what is exempt from them for a time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from inventory.models.principals import Principal
from inventory.models.secrets import Secret


class PolicyVersion(models.Model):
    """All limits that the organisation sets itself, as they were from one moment on. Never changed, only followed."""

    number = models.PositiveIntegerField(unique=True)
    rows = models.JSONField(default=list)
    """A list of {kind, tier, environment, days, reason}; an empty part fits anything, days None means no period."""
    unused_human_days = models.PositiveIntegerField(default=45)
    """After how many days without use a person's identity is dormant (CIS AWS Foundations 1.12)."""
    unused_machine_days = models.PositiveIntegerField(default=90)
    most_readers = models.JSONField(default=dict)
    """Tier → how many identities may read a secret of it; a tier that is not named has no limit."""
    note = models.CharField(max_length=500)
    """Why it was changed."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="policy_versions")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"policy version {self.number}"


class ExemptionQuerySet(models.QuerySet["Exemption"]):
    """Questions about exemptions."""

    def in_force(self) -> ExemptionQuerySet:
        """Return those that were approved and have not ended."""
        return self.filter(approved_at__isnull=False, ended_at=None, ends_on__gte=timezone.localdate())

    def waiting(self) -> ExemptionQuerySet:
        """Return those that somebody has to decide about."""
        return self.filter(approved_at=None, ended_at=None, ends_on__gte=timezone.localdate())


class Exemption(models.Model):
    """A secret or a principal that a policy leaves out for a time: neither pass nor fail, and shown as that."""

    class Of(models.TextChoices):
        """What it is exempt from."""

        ROTATION = "rotation", "Rotation"
        READERS = "readers", "Number of readers"
        RIGHTS = "rights", "Rights and use"

    of = models.CharField(max_length=16, choices=Of.choices)
    secret = models.ForeignKey(Secret, models.CASCADE, null=True, blank=True, related_name="exemptions")
    principal = models.ForeignKey(Principal, models.CASCADE, null=True, blank=True, related_name="exemptions")
    reason = models.CharField(max_length=1000)
    ends_on = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exemptions_asked")
    asked_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="exemptions_approved"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="exemptions_ended"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    """When somebody refused or ended it before its last day."""

    team_paths = ("secret__team", "principal__team")

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        ordering = ["ends_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(secret__isnull=False, principal=None) | Q(secret=None, principal__isnull=False),
                name="exemption_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("asked_by")),
                name="exemption_needs_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"exemption {self.pk}"
