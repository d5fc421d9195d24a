"""Dated scores, append-only: a past figure shown today is the figure of that day."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.utils import timezone

from posture.accounts.models import Team


def _newest(rows: models.QuerySet[Snapshot], day: date | None) -> models.QuerySet[Snapshot, Any]:
    """Return the id of the newest row, or of the newest at or before a day."""
    if day is not None:
        rows = rows.filter(day__lte=day)
    return rows.order_by("-day", "-computed_at", "-pk").values("pk")[:1]


def _newest_of_teams(day: date | None) -> models.QuerySet[Team, Any]:
    """Return the id of each team's newest row: one look into the index per team, however long the history is."""
    return Team.objects.values(newest=Subquery(_newest(Snapshot.objects.filter(team=OuterRef("pk")), day)))


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Questions about dated scores."""

    def newest_per_team(self, day: date | None = None) -> SnapshotQuerySet:
        """Return each team's newest score, or the newest at or before a day; teams without one are not in it."""
        return self.filter(team__isnull=False, pk__in=_newest_of_teams(day))

    def compared(self, day: date) -> SnapshotQuerySet:
        """Return the newest score of each team and of the organisation, and the newest at or before a day.

        The newest first; where nothing changed since, both are the same row.
        """
        of_organisation = [_newest(Snapshot.objects.filter(team=None), each) for each in (None, day)]
        return self.filter(
            Q(pk__in=_newest_of_teams(None))
            | Q(pk__in=_newest_of_teams(day))
            | reduce(or_, (Q(pk=Subquery(rows)) for rows in of_organisation))
        ).order_by("-day", "-computed_at", "-pk")

    def history(self, team: Team, since: date, compared: date) -> SnapshotQuerySet:
        """Return a team's scores after a day and the organisation's newest, the oldest first.

        `shown` is the card of the team's newest, of its newest at or before `compared`, and of the organisation's;
        all others stay in the database, since a card is large.
        """
        own, whole = Snapshot.objects.filter(team=team), Subquery(_newest(Snapshot.objects.filter(team=None), None))
        told = [Subquery(_newest(own, None)), Subquery(_newest(own, compared)), whole]
        is_told = reduce(or_, (Q(pk=each) for each in told))
        shown = Case(When(is_told, then=F("card")), output_field=models.JSONField())
        rows = self.filter(Q(team=team, day__gt=since) | Q(pk=whole)).defer("card").annotate(shown=shown)
        return rows.order_by("day", "computed_at", "pk")

    def in_brief(self) -> SnapshotQuerySet:
        """Leave most of the cards in the database: `brief` has what a line about a score needs."""
        parts = {"brief_pillars": "card__pillars", "brief_worst": "card__costs__0", "brief_count": "card__costs_count"}
        return self.defer("card").annotate(**{name: F(path) for name, path in parts.items()})

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

    @property
    def brief(self) -> dict[str, Any]:
        """What a row read `in_brief` has of the card: pillars, the biggest cost under `costs`, and their number."""
        read = vars(self)
        costs = [read["brief_worst"]] if read["brief_worst"] else []
        return {"pillars": read["brief_pillars"] or {}, "costs": costs, "costs_count": read["brief_count"] or 0}
