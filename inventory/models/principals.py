"""Who can use secrets, and by which rule."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from inventory.models.assets import Asset, OwnershipKind
from inventory.models.collection import Source
from inventory.store_records import Matching, PrincipalKind


class PrincipalQuerySet(models.QuerySet["Principal"]):
    """The inventory's words for principals, each stated once."""

    def present(self) -> PrincipalQuerySet:
        """Return those that their store still knows."""
        return self.filter(gone_at=None)

    def identities(self) -> PrincipalQuerySet:
        """Return those that act: people, workloads and tokens; roles and groups only carry rights."""
        return self.present().filter(kind__in=[PrincipalKind.HUMAN, PrincipalKind.WORKLOAD, PrincipalKind.TOKEN])

    def unowned(self) -> PrincipalQuerySet:
        """Return those that no team owns."""
        return self.present().filter(team=None)


class Principal(models.Model):
    """A human, workload, role, group or token that can use secrets."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="principals")
    external_id = models.CharField(max_length=1000)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.label) for kind in PrincipalKind])
    name = models.CharField(max_length=1000)
    environment = models.CharField(max_length=40, blank=True)
    """Empty: not known."""
    enabled = models.BooleanField(null=True, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    granted = models.PositiveIntegerField(null=True, blank=True)
    used = models.PositiveIntegerField(null=True, blank=True)
    """How many of the rights it has it used within the store's window; None: not known."""
    member_of = models.JSONField(default=list)
    """External ids of its roles, groups and policies, as the store names them; `PrincipalLink` is what they lead to."""
    evidence = models.JSONField(default=dict)
    """Field → which answer of the store says so, or why it is not known."""
    attributes = models.JSONField(default=dict)
    team = models.ForeignKey("accounts.Team", models.SET_NULL, null=True, blank=True, related_name="principals")
    owner_kind = models.CharField(max_length=16, choices=OwnershipKind.choices, blank=True)
    owner_reason = models.CharField(max_length=500, blank=True)
    admin = models.BooleanField(null=True, blank=True)
    """Whether a rule that reaches it carries admin rights; None: not worked out, or its rights are not known."""
    wildcard = models.BooleanField(null=True, blank=True)
    reads = models.PositiveIntegerField(null=True, blank=True)
    """How many secrets it can read; None: not known."""
    reads_in = models.JSONField(null=True, blank=True)
    """In which environments these are, sorted, of which the empty one is not known; None: its rights are not known."""
    exempt_until = models.DateField(null=True, blank=True)
    """Last day of an approved exemption from what is said about its rights and its use."""
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    seen_by = models.CharField(max_length=40, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    team_paths = ("team",)

    objects = PrincipalQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["asset", "external_id"], name="one_principal_per_external_id")]
        indexes = [models.Index(fields=["team", "gone_at", "kind"], name="principal_team_kind")]

    def __str__(self) -> str:
        return self.name


class PrincipalLink(models.Model):
    """Says that a principal has what another one has: a user in a group, a token with a policy."""

    member = models.ForeignKey(Principal, models.CASCADE, related_name="links_up")
    group = models.ForeignKey(Principal, models.CASCADE, related_name="links_down")

    team_paths = ("member__team",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "group"], name="one_link_per_member_and_group")]

    def __str__(self) -> str:
        return f"{self.member} in {self.group}"


class GrantQuerySet(models.QuerySet["Grant"]):
    """Questions about grants."""

    def present(self) -> GrantQuerySet:
        """Return those that stand now."""
        return self.filter(gone_at=None)


class Grant(models.Model):
    """Principal by addresses that a pattern fits by capabilities."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="grants")
    source = models.ForeignKey(Source, models.CASCADE, related_name="grants")
    """The asset's: addresses are comparable within one source."""
    principal = models.ForeignKey(Principal, models.CASCADE, related_name="grants")
    pattern = models.TextField()
    matching = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Matching])
    prefix = models.CharField(max_length=300)
    """What every address that fits begins with, so that the grants that can fit one address are found by index."""
    capabilities = models.JSONField(default=list)
    rule = models.TextField()
    rule_digest = models.CharField(max_length=64)
    """SHA-256 of pattern, rule and condition: the key."""
    deny = models.BooleanField(default=False)
    condition = models.TextField(blank=True)
    admin = models.BooleanField(default=False)
    wildcard = models.BooleanField(default=False)
    """It fits every address, or every address of one kind."""
    last_used_at = models.DateTimeField(null=True, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    seen_by = models.CharField(max_length=40, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    team_paths = ("principal__team",)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["principal", "rule_digest"], name="one_grant_per_rule")]
        indexes = [models.Index(fields=["source", "prefix"], name="grant_source_prefix")]

    def __str__(self) -> str:
        return f"grant {self.pk}"
