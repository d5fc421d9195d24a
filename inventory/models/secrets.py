"""Secrets as stores hold them, and credentials: one row per secret value, known by its fingerprint only."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from inventory.detection.provider import CredentialKind, Provider, providers
from inventory.models.assets import Asset


class Severity(models.TextChoices):
    """What a credential opens, the worst first."""

    CRITICAL = "critical", "Critical"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"
    INFO = "info", "Info"


class Validity(models.TextChoices):
    """Whether the issuer still accepts the value; always with the date it was learned."""

    VALID = "valid", "Valid"
    INVALID = "invalid", "Invalid"
    UNKNOWN = "unknown", "Not known"
    CANNOT_CHECK = "cannot_check", "Cannot be checked"
    CHECK_FAILED = "check_failed", "Check failed"


class Secret(models.Model):
    """A named, versioned place in a store. Known from metadata alone."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="secrets")
    path = models.CharField(max_length=1000)
    kind = models.CharField(max_length=40, blank=True)
    environment = models.CharField(max_length=40, blank=True)
    tier = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
    rotated_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    auto_rotated = models.BooleanField(null=True, blank=True)
    ephemeral = models.BooleanField(null=True, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    gone_at = models.DateTimeField(null=True, blank=True)

    team_paths = ("asset__team",)

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["asset", "path"], name="one_secret_per_path")]

    def __str__(self) -> str:
        return self.path


class Version(models.Model):
    """One version of a secret."""

    class State(models.TextChoices):
        """Whether the store would hand it out."""

        CURRENT = "current", "Current"
        SUPERSEDED = "superseded", "Superseded"
        DESTROYED = "destroyed", "Destroyed"

    secret = models.ForeignKey(Secret, models.CASCADE, related_name="versions")
    number = models.CharField(max_length=100)
    state = models.CharField(max_length=16, choices=State.choices)
    created_at = models.DateTimeField(null=True, blank=True)

    team_paths = ("secret__asset__team",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["secret", "number"], name="one_row_per_version")]

    def __str__(self) -> str:
        return f"{self.secret} version {self.number}"


class CredentialQuerySet(models.QuerySet["Credential"]):
    """The inventory's words for credentials, each stated once."""

    def exposed(self) -> CredentialQuerySet:
        """Return those that stand outside a store now or in reachable history."""
        from_here = self.model._meta.get_field("exposures").related_model._default_manager  # type: ignore[union-attr]
        return self.filter(Exists(from_here.filter(credential=OuterRef("pk"), gone_at=None)))

    def managed(self) -> CredentialQuerySet:
        """Return those that a version of a secret holds."""
        return self.filter(Exists(Holding.objects.filter(credential=OuterRef("pk"))))

    def unmanaged(self) -> CredentialQuerySet:
        """Return those that are exposed and that no version holds."""
        return self.exposed().filter(~Exists(Holding.objects.filter(credential=OuterRef("pk"))))

    def current(self) -> CredentialQuerySet:
        """Return those that any current version in any secret holds."""
        return self.filter(
            Exists(Holding.objects.filter(credential=OuterRef("pk"), version__state=Version.State.CURRENT))
        )

    def superseded(self) -> CredentialQuerySet:
        """Return those that are managed, but by no current version."""
        current = Holding.objects.filter(credential=OuterRef("pk"), version__state=Version.State.CURRENT)
        return self.managed().filter(~Exists(current))


class Credential(models.Model):
    """One secret value, identified by its keyed fingerprint; exists only where a value was seen."""

    fingerprint = models.CharField(max_length=64)
    key_id = models.CharField(max_length=12)
    rule = models.CharField(max_length=100)
    provider = models.CharField(max_length=100, db_index=True)
    kind = models.CharField(max_length=40, db_index=True)
    confidence = models.CharField(max_length=16)
    weak = models.BooleanField(default=False)
    """Guessable by whoever holds the key; never matched across teams in what people are shown."""
    validity = models.CharField(max_length=16, choices=Validity.choices, default=Validity.UNKNOWN)
    validity_at = models.DateTimeField(null=True, blank=True)
    severity = models.CharField(max_length=16, choices=Severity.choices, default=Severity.MEDIUM, db_index=True)
    severity_reason = models.CharField(max_length=500, blank=True)
    severity_due = models.BooleanField(default=True, db_index=True)
    """Set by whatever may change the severity; cleared when it was worked out."""
    introduced_at = models.DateTimeField(null=True, blank=True, db_index=True)
    """The earliest commit that put it where it still stands; None where it stands nowhere."""
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    team_paths = ("exposures__team", "holdings__version__secret__asset__team")

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["fingerprint", "key_id"], name="one_credential_per_value")]

    def __str__(self) -> str:
        return f"{self.label} {self.pk}"

    @property
    def label(self) -> str:
        """What it is in words, from the format that found it."""
        provider = self.issuer
        if provider:
            for each in provider.formats:
                if each.slug == self.rule:
                    return each.label
        return self.rule

    @property
    def issuer(self) -> Provider | None:
        """The provider, with how to revoke and rotate; None where its file is no longer there."""
        return providers().get(self.provider)

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return CredentialKind(self.kind).label if self.kind in CredentialKind._value2member_map_ else self.kind


class Holding(models.Model):
    """Says that a version's key holds a credential, where the source may be read for fingerprints."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="holdings")
    key = models.CharField(max_length=200)
    credential = models.ForeignKey(Credential, models.CASCADE, related_name="holdings")

    team_paths = ("version__secret__asset__team",)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="one_holding_per_key"),
            models.CheckConstraint(condition=~Q(key=""), name="holding_names_its_key"),
        ]

    def __str__(self) -> str:
        return f"{self.version} key {self.key}"
