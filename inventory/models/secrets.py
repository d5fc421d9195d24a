"""Secrets as stores hold them, and credentials: one row per secret value, known by its fingerprint only."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from inventory.detection.provider import CredentialKind, Provider, providers
from inventory.models.assets import Asset, OwnershipKind, Tier
from inventory.store_records import SecretKind


class Severity(models.TextChoices):
    """What a credential opens, the worst first."""

    CRITICAL = "critical", "Critical"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"
    INFO = "info", "Info"


def severity_rank() -> models.GeneratedField:
    """Return the column that sorts severities by what they mean, 0 for the worst: the database keeps it."""
    ranks = [When(severity=value, then=Value(rank)) for rank, value in enumerate(Severity.values)]
    return models.GeneratedField(
        expression=Case(*ranks, default=Value(len(ranks))),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )


class Validity(models.TextChoices):
    """Whether the issuer still accepts the value; always with the date it was learned."""

    VALID = "valid", "Valid"
    INVALID = "invalid", "Invalid"
    UNKNOWN = "unknown", "Not known"
    CANNOT_CHECK = "cannot_check", "Cannot be checked"
    CHECK_FAILED = "check_failed", "Check failed"


class ValidityBy(models.TextChoices):
    """Who says whether a value is valid; the newest word counts."""

    INVENTORY = "inventory", "What was collected"
    PERSON = "person", "A person"
    CHECK = "check", "Asked at the issuer"


def end_unknown() -> Q:
    """Return the condition for certificates in use whose end is not known: no limit of age stands in for it."""
    return Q(kind=SecretKind.CERTIFICATE, expires_at=None) & (Q(enabled=None) | Q(enabled=True))


class SecretQuerySet(models.QuerySet["Secret"]):
    """The inventory's words for secrets, each stated once."""

    def present(self) -> SecretQuerySet:
        """Return those that their store still holds."""
        return self.filter(gone_at=None)

    def ephemeral(self) -> SecretQuerySet:
        """Return those that are made on request and ended by their issuer."""
        return self.present().filter(ephemeral=True)

    def long_lived(self) -> SecretQuerySet:
        """Return those that stay until somebody changes them, also where nobody knows."""
        return self.present().exclude(ephemeral=True)

    def stale(self) -> SecretQuerySet:
        """Return those past the day that their policy gives them, and exempt from nothing."""
        return self.present().filter(due_at__lt=timezone.now()).not_exempt()

    def not_exempt(self) -> SecretQuerySet:
        """Leave out what somebody approved an exemption from rotation for."""
        return self.filter(Q(exempt_until=None) | Q(exempt_until__lt=timezone.localdate()))

    def age_unknown(self) -> SecretQuerySet:
        """Return those that a policy limits and whose age nobody can tell, and certificates whose end nobody can."""
        return self.long_lived().filter(Q(due_at=None, limit_days__isnull=False) | end_unknown())

    def never_rotated(self) -> SecretQuerySet:
        """Return those whose value is the one they were made with."""
        return self.long_lived().filter(rotated_at=None, created_at__isnull=False)

    def dormant(self, days: int = 90) -> SecretQuerySet:
        """Return those that nobody used for so many days, as far as their store tells uses."""
        return self.present().filter(last_used_at__lt=timezone.now() - timedelta(days=days))

    def unowned(self) -> SecretQuerySet:
        """Return those that no team owns."""
        return self.present().filter(team=None)


class Secret(models.Model):
    """A named, versioned place in a store. Known from metadata alone."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="secrets")
    path = models.CharField(max_length=1000)
    address = models.CharField(max_length=2000, blank=True)
    """How grants of the source name it; empty where no grant can."""
    logs_in_as = models.CharField(max_length=1000, blank=True)
    """External id, in its source, of the principal that its value lets in; empty: not told."""
    kind = models.CharField(max_length=40, blank=True)
    environment = models.CharField(max_length=40, blank=True)
    """Empty: as its asset's, or not known."""
    tier = models.CharField(max_length=16, choices=Tier.choices, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
    rotated_at = models.DateTimeField(null=True, blank=True)
    """When its value last changed; None with a known `created_at`: never."""
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    enabled = models.BooleanField(null=True, blank=True)
    auto_rotated = models.BooleanField(null=True, blank=True)
    rotation_failed = models.BooleanField(null=True, blank=True)
    ephemeral = models.BooleanField(null=True, blank=True)
    evidence = models.JSONField(default=dict)
    """Field → which answer of the store says so, or why it is not known; as of `last_seen_at`."""
    attributes = models.JSONField(default=dict)
    team = models.ForeignKey("accounts.Team", models.SET_NULL, null=True, blank=True, related_name="secrets")
    owner_kind = models.CharField(max_length=16, choices=OwnershipKind.choices, blank=True)
    owner_reason = models.CharField(max_length=500, blank=True)
    limit_days = models.PositiveIntegerField(null=True, blank=True)
    """How old its policy lets it grow; None: no period applies, or not worked out yet."""
    limit_reason = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    """When it must be rotated or renewed; None: nothing is due, or its age is not known."""
    policy_due = models.BooleanField(default=True, db_index=True)
    """Set by whatever may change its limit; cleared when it was worked out."""
    exempt_until = models.DateField(null=True, blank=True)
    """Last day of an approved exemption from rotation."""
    readers = models.PositiveIntegerField(null=True, blank=True, db_index=True)
    """How many identities can read its value; None: not known."""
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    seen_by = models.CharField(max_length=40, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    team_paths = ("team",)

    objects = SecretQuerySet.as_manager()

    class Meta:
        ordering = ["path", "pk"]
        constraints = [models.UniqueConstraint(fields=["asset", "path"], name="one_secret_per_path")]
        indexes = [
            models.Index(fields=["team", "gone_at", "due_at"], name="secret_team_due"),
            # Few secrets let somebody in, and what each value leads to is asked of these alone.
            models.Index(fields=["asset"], condition=~Q(logs_in_as=""), name="secret_logs_in"),
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return SecretKind(self.kind).label if self.kind in SecretKind._value2member_map_ else self.kind

    @property
    def is_exempt(self) -> bool:
        """Whether somebody approved an exemption from rotation that is in force today."""
        return self.exempt_until is not None and self.exempt_until >= timezone.localdate()

    @property
    def is_late(self) -> bool:
        """Whether it is past the day its policy gives it."""
        return self.due_at is not None and self.due_at < timezone.now()

    @property
    def is_end_unknown(self) -> bool:
        """Whether it is a certificate in use whose end is not known."""
        return self.kind == SecretKind.CERTIFICATE and self.expires_at is None and self.enabled is not False

    @property
    def age_from(self) -> datetime | None:
        """Since when its value is the one it is; None where nobody can tell."""
        return self.rotated_at or self.created_at


class Version(models.Model):
    """One version of a secret."""

    class State(models.TextChoices):
        """Whether the store would hand it out."""

        CURRENT = "current", "Current"
        SUPERSEDED = "superseded", "Superseded"
        DESTROYED = "destroyed", "Destroyed"

    secret = models.ForeignKey(Secret, models.CASCADE, related_name="versions")
    number = models.CharField(max_length=200)
    state = models.CharField(max_length=16, choices=State.choices)
    created_at = models.DateTimeField(null=True, blank=True)
    read_key = models.CharField(max_length=12, blank=True)
    """Id of the fingerprint key under which its values were read; empty: what it holds is not known."""

    team_paths = ("secret__team",)

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
        """Return those that a version of a secret holds which its store still has."""
        return self.filter(Exists(Holding.objects.kept().filter(credential=OuterRef("pk"))))

    def unmanaged(self) -> CredentialQuerySet:
        """Return those that are exposed and that no version holds."""
        return self.exposed().filter(~Exists(Holding.objects.kept().filter(credential=OuterRef("pk"))))

    def current(self) -> CredentialQuerySet:
        """Return those that any current version in any secret holds."""
        return self.managed().filter(Exists(Holding.objects.standing().filter(credential=OuterRef("pk"))))

    def superseded(self) -> CredentialQuerySet:
        """Return those that are managed, but by no current version."""
        return self.managed().filter(~Exists(Holding.objects.standing().filter(credential=OuterRef("pk"))))

    def reused(self) -> CredentialQuerySet:
        """Return those that current versions of several secrets hold."""
        return self._in_several("version__secret")

    def cross_environment(self) -> CredentialQuerySet:
        """Return those that current versions hold in several environments, as far as these are known."""
        return self._in_several("version__secret__environment", ~Q(version__secret__environment=""))

    def _in_several(self, what: str, condition: Q | None = None) -> CredentialQuerySet:
        rows = Holding.objects.standing().filter(condition or Q()).order_by().values("credential")
        several = rows.annotate(number=Count(what, distinct=True)).filter(number__gt=1)
        return self.filter(pk__in=several.values("credential"))


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
    """When that was learned: of a read, when it saw it; of what is not known any more, when it was known last."""
    validity_by = models.CharField(max_length=16, choices=ValidityBy.choices, blank=True)
    """Who says so; empty: nobody has judged it yet."""
    validity_reason = models.CharField(max_length=500, blank=True)
    """Why, in words that may be shown to whoever may see the credential: they name no place."""
    validity_secret = models.ForeignKey("inventory.Secret", models.SET_NULL, null=True, blank=True, related_name="+")
    """What the issuer keeps of it and says so; shown to those who may see that."""
    validity_until = models.DateTimeField(null=True, blank=True, db_index=True)
    """When it is not known any more unless it is read again; None: for good, or there is nothing to forget."""
    validity_due = models.BooleanField(default=True, db_index=True)
    """Set by whatever may change the validity; cleared when it was judged."""
    accepted_at = models.DateTimeField(null=True, blank=True)
    """When it was last known that the issuer accepts it; None: that was never known."""
    severity = models.CharField(max_length=16, choices=Severity.choices, default=Severity.MEDIUM, db_index=True)
    """From every place: for those who see everything. Others are told what their own exposures say."""
    severity_reason = models.CharField(max_length=500, blank=True)
    severity_rank = severity_rank()
    severity_due = models.BooleanField(default=True, db_index=True)
    """Set by whatever may change the severity; cleared when it was worked out."""
    incident_due = models.BooleanField(default=True, db_index=True)
    """Set when the severity was worked out, which is after every change of its places; cleared by the incidents."""
    introduced_at = models.DateTimeField(null=True, blank=True, db_index=True)
    """The earliest commit that put it where it still stands; None where it stands nowhere."""
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    team_paths = ("exposures__team", "holdings__version__secret__team")

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["fingerprint", "key_id"], name="one_credential_per_value")]
        indexes = [models.Index(fields=["severity_rank", "id"], name="credential_by_severity")]

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


class HoldingQuerySet(models.QuerySet["Holding"]):
    """Questions about holdings."""

    def standing(self) -> HoldingQuerySet:
        """Return those of current versions of secrets that their store still holds: what it hands out today."""
        return self.filter(version__state=Version.State.CURRENT, version__secret__gone_at=None)

    def kept(self) -> HoldingQuerySet:
        """Return those that a store still has, in an older version too: what was rotated there was not taken away."""
        return self.filter(version__secret__gone_at=None, version__secret__asset__gone_at=None).exclude(
            version__state=Version.State.DESTROYED
        )


class Holding(models.Model):
    """Says that a version's key holds a credential, where the source may be read for fingerprints."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="holdings")
    key = models.CharField(max_length=200)
    credential = models.ForeignKey(Credential, models.CASCADE, related_name="holdings")

    team_paths = ("version__secret__team",)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="one_holding_per_key"),
            models.CheckConstraint(condition=~Q(key=""), name="holding_names_its_key"),
        ]

    def __str__(self) -> str:
        return f"{self.version} key {self.key}"

    @property
    def is_kept(self) -> bool:
        """Whether its store still has it, as `HoldingQuerySet.kept` says it of rows."""
        return self.gone_at is None and self.version.state != Version.State.DESTROYED

    @property
    def gone_at(self) -> datetime | None:
        """Since when its secret, or the store of that, is no longer there."""
        return self.version.secret.gone_at or self.version.secret.asset.gone_at
