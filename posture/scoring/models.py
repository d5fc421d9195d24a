"""Dated scores, append-only: a past figure shown today is the figure of that day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Snapshot(models.Model):
    """A team's, or with no team the organisation's, score on one day under one policy version."""

    team = models.ForeignKey("accounts.Team", models.CASCADE, null=True, blank=True, related_name="snapshots")
    day = models.DateField()
    policy_version = models.PositiveIntegerField()
    computed_at = models.DateTimeField(default=timezone.now)
    score = models.FloatField(null=True, blank=True)
    """0-100; None: no pillar has evidence."""
    grade = models.CharField(max_length=16)
    confidence = models.FloatField()
    """0-1."""
    size = models.PositiveIntegerField()
    card = models.JSONField()
    """Pillars, caps and the gain of each fix, as the card gave them."""
    input_digest = models.CharField(max_length=64)

    team_paths = ("team",)

    class Meta:
        ordering = ["-computed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["team", "day", "policy_version", "input_digest"], name="one_snapshot_per_input"),
            models.CheckConstraint(condition=Q(confidence__gte=0) & Q(confidence__lte=1), name="confidence_is_a_share"),
        ]
        indexes = [models.Index(fields=["team", "day", "-computed_at"], name="snapshot_team_day")]

    def __str__(self) -> str:
        return f"{self.team or 'organisation'} on {self.day}"
