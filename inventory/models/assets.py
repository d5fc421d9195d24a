"""What a source holds, who owns it, and which of its blobs held something."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from inventory.models.collection import Source


class OwnershipKind(models.TextChoices):
    """Why something belongs to a team."""

    HAND = "hand", "Assigned by hand"
    CODEOWNERS = "codeowners", "CODEOWNERS"
    RULE = "rule", "Rule"
    ASSET = "asset", "The repository's team"
    NOBODY = "", "Nobody"


class Tier(models.TextChoices):
    """How much harm the loss of an asset would do."""

    CRITICAL = "critical", "Critical"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class Visibility(models.TextChoices):
    """Who can read an asset."""

    PUBLIC = "public", "Public"
    ORGANISATION = "organisation", "Organisation"
    RESTRICTED = "restricted", "Restricted"
    UNKNOWN = "unknown", "Not known"


def coverage_conditions() -> dict[str, Q]:
    """Return how well assets were read, as conditions of which every asset meets exactly one."""
    fresh = Q(last_complete_at__gte=timezone.now() - timedelta(hours=settings.FRESHNESS_HOURS))
    late = Q(last_complete_at=None) | ~fresh
    failed, partial = Q(last_status__in=["failed", "dead"]), Q(last_status="partial")
    return {
        "fresh": fresh,
        "failed": late & failed,
        "partial": late & partial,
        "never": late & ~failed & ~partial & Q(last_read_at=None),
        "stale": late & ~failed & ~partial & Q(last_read_at__isnull=False),
    }


class AssetQuerySet(models.QuerySet["Asset"]):
    """Questions about assets."""

    def present(self) -> AssetQuerySet:
        """Return the assets that their source still holds."""
        return self.filter(gone_at=None)

    def unowned(self) -> AssetQuerySet:
        """Return the assets that no team owns."""
        return self.present().filter(team=None)

    def fresh(self) -> AssetQuerySet:
        """Return the assets that were read to the end within their freshness limit."""
        limit = timezone.now() - timedelta(hours=settings.FRESHNESS_HOURS)
        return self.present().filter(last_complete_at__gte=limit)


class Asset(models.Model):
    """A repository, vault mount, pipeline, image, cluster, account or log stream."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="assets")
    external_id = models.CharField(max_length=1000)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=1000)
    locator = models.CharField(max_length=4000)
    """How the collector finds it; shown to engineers only."""
    visibility = models.CharField(max_length=16, choices=Visibility.choices, default=Visibility.UNKNOWN)
    environment = models.CharField(max_length=40, blank=True)
    """Empty: not known."""
    tier = models.CharField(max_length=16, choices=Tier.choices, blank=True)
    """Empty: nobody said, counted as medium."""
    team = models.ForeignKey("accounts.Team", models.SET_NULL, null=True, blank=True, related_name="assets")
    owner_kind = models.CharField(max_length=16, choices=OwnershipKind.choices, blank=True)
    owner_reason = models.CharField(max_length=500, blank=True)
    default_ref = models.CharField(max_length=1000, blank=True)
    tip = models.CharField(max_length=64, blank=True)
    codeowners = models.TextField(blank=True)
    attributes = models.JSONField(default=dict)
    cursor = models.JSONField(default=dict)
    """What the last complete read left for the next."""
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    last_read_at = models.DateTimeField(null=True, blank=True)
    """When a read last ended, complete or partial."""
    last_complete_at = models.DateTimeField(null=True, blank=True)
    last_status = models.CharField(max_length=16, blank=True)
    """How the newest read ended; empty before the first."""
    unread = models.JSONField(default=list)
    """What reads so far could not read and why: a list of {reason, what, count}; empty when all was read."""
    owner_due = models.BooleanField(default=True, db_index=True)
    """Set by whatever may change who owns it or its exposures; cleared when owners were worked out."""
    validity_due = models.BooleanField(default=True, db_index=True)
    """Set by every read, since it says anew what is valid; cleared when what hangs on it was marked to be judged."""
    gone_at = models.DateTimeField(null=True, blank=True)

    team_paths = ("team",)

    objects = AssetQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="one_asset_per_external_id")]
        indexes = [models.Index(fields=["team", "gone_at"], name="asset_team_gone")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_fresh(self) -> bool:
        """Whether it was read to the end within its freshness limit."""
        limit = timezone.now() - timedelta(hours=settings.FRESHNESS_HOURS)
        return self.last_complete_at is not None and self.last_complete_at >= limit


class KnownBlob(models.Model):
    """A blob of an asset in which something was found, kept so that it is read once.

    It holds fingerprints and places, never content. The id is trusted only because our own fetch hashed it.
    """

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="known_blobs")
    blob = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    findings = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "blob"], name="one_row_per_asset_and_blob")]

    def __str__(self) -> str:
        return self.blob


class OwnershipRule(models.Model):
    """Gives assets whose name matches to a team, and may say what they are. The first match in order wins."""

    match = models.CharField(max_length=500, unique=True)
    """`repository:pay-*` by name, or `path:services/pay/**` for exposures."""
    team = models.ForeignKey("accounts.Team", models.CASCADE, null=True, blank=True, related_name="ownership_rules")
    tier = models.CharField(max_length=16, choices=Tier.choices, blank=True)
    environment = models.CharField(max_length=40, blank=True)
    visibility = models.CharField(max_length=16, choices=Visibility.choices, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(match=""), name="ownership_rule_matches_something")]

    def __str__(self) -> str:
        return self.match
