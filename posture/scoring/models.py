"""Dated scores, append-only: a past figure shown today is the figure of that day."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Questions about dated scores."""

    def newest_per_team(self, day: date | None = None) -> SnapshotQuerySet:
        """Return each team's newest score, or the newest at or before a day; teams without one are not in it."""
        rows = Snapshot.objects.filter(team=OuterRef("team"))
        if day is not None:
            rows = rows.filter(day__lte=day)
        newest = rows.order_by("-day", "-computed_at", "-pk").values("pk")[:1]
        return self.filter(team__isnull=False, pk=Subquery(newest))

    def of_organisation(self) -> SnapshotQuerySet:
        """Return the organisation's scores, the newest first."""
        return self.filter(team=None)


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

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-computed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "day", "policy_version", "input_digest"], name="one_snapshot_per_input"
            ),
            models.CheckConstraint(condition=Q(confidence__gte=0) & Q(confidence__lte=1), name="confidence_is_a_share"),
        ]
        indexes = [models.Index(fields=["team", "day", "-computed_at"], name="snapshot_team_day")]

    def __str__(self) -> str:
        return f"{self.team or 'organisation'} on {self.day}"
