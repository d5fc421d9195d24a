"""Places outside a store where a credential's value stands."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from inventory.models.assets import Asset, OwnershipKind
from inventory.models.secrets import Credential, Severity, severity_rank


class ExposureQuerySet(models.QuerySet["Exposure"]):
    """The inventory's words for exposures, each stated once."""

    def present(self) -> ExposureQuerySet:
        """Return those that some ref still reaches."""
        return self.filter(gone_at=None)

    def at_tip(self) -> ExposureQuerySet:
        """Return those that stand at the tip of a default branch, or in use outside any history."""
        return self.present().filter(place__in=[Exposure.Place.TIP, Exposure.Place.LIVE])

    def unowned(self) -> ExposureQuerySet:
        """Return those that no team owns."""
        return self.present().filter(team=None)


class Exposure(models.Model):
    """Credential by asset by path. Blob, line and commit are its evidence, first and latest."""

    class Place(models.TextChoices):
        """Where it stands now, the worst first."""

        LIVE = "live", "In use now"
        TIP = "tip", "Default branch"
        REF = "ref", "Another branch or tag"
        HISTORY = "history", "History only"

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="exposures")
    credential = models.ForeignKey(Credential, models.CASCADE, related_name="exposures")
    path = models.TextField()
    path_digest = models.CharField(max_length=64)
    """SHA-256 of the path: the key, since a path may be longer than an index takes."""
    rule = models.CharField(max_length=100)
    place = models.CharField(max_length=16, choices=Place.choices)
    in_test_path = models.BooleanField(default=False)
    weak = models.BooleanField(default=False)
    """Guessable as it was found here. The credential's own mark is set once any place says so."""
    severity = models.CharField(max_length=16, choices=Severity.choices, default=Severity.MEDIUM)
    """The credential's; of a weak value what the places of this team alone say (SECURITY W27)."""
    severity_reason = models.CharField(max_length=500, blank=True)
    """Empty: not worked out yet."""
    severity_rank = severity_rank()
    first_commit = models.CharField(max_length=64)
    first_author = models.CharField(max_length=500)
    first_email = models.CharField(max_length=500, blank=True)
    first_at = models.DateTimeField()
    first_blob = models.CharField(max_length=64)
    first_line = models.PositiveIntegerField()
    latest_commit = models.CharField(max_length=64)
    latest_author = models.CharField(max_length=500)
    latest_email = models.CharField(max_length=500, blank=True)
    latest_at = models.DateTimeField()
    latest_blob = models.CharField(max_length=64)
    latest_line = models.PositiveIntegerField()
    removed_commit = models.CharField(max_length=64, blank=True)
    removed_author = models.CharField(max_length=500, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    team = models.ForeignKey("accounts.Team", models.SET_NULL, null=True, blank=True, related_name="exposures")
    owner_kind = models.CharField(max_length=16, choices=OwnershipKind.choices, blank=True)
    owner_reason = models.CharField(max_length=500, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    seen_by = models.CharField(max_length=40, blank=True)
    """Which attempt of which read saw it last; a complete read sweeps what it did not see."""
    gone_at = models.DateTimeField(null=True, blank=True)

    team_paths = ("team",)

    objects = ExposureQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["asset", "credential", "path_digest"], name="one_exposure_per_path")
        ]
        indexes = [
            models.Index(fields=["team", "gone_at", "place"], name="exposure_team_place"),
            models.Index(fields=["gone_at", "-first_at", "-id"], name="exposure_by_age"),
            models.Index(fields=["gone_at", "severity_rank", "-first_at", "-id"], name="exposure_by_severity"),
        ]

    def __str__(self) -> str:
        return f"exposure {self.pk}"
