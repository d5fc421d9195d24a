"""One incident per exposed value, or per trigger and secret or principal; one part of it per team."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from inventory.models.secrets import Severity, severity_rank
from posture.incidents.state import CLAIMED, CLOSED, COMES_BACK, OPEN, State

EXPOSED = "exposed-value"
"""The trigger of incidents about a credential; all others are about a secret or a principal."""


class Incident(models.Model):
    """What went wrong, once, however many places and teams it touches. It stays; what comes back reopens it."""

    key = models.CharField(max_length=80, unique=True)
    """Trigger and row, so that collecting again opens nothing twice."""
    trigger = models.CharField(max_length=40, db_index=True)
    credential = models.ForeignKey(
        "inventory.Credential", models.SET_NULL, null=True, blank=True, related_name="incidents"
    )
    secret = models.ForeignKey("inventory.Secret", models.SET_NULL, null=True, blank=True, related_name="incidents")
    principal = models.ForeignKey(
        "inventory.Principal", models.SET_NULL, null=True, blank=True, related_name="incidents"
    )
    severity = models.CharField(max_length=16, choices=Severity.choices, default=Severity.MEDIUM)
    """Over everything, for those who see everything; each part has what its team is told."""
    team = models.ForeignKey("accounts.Team", models.SET_NULL, null=True, blank=True, related_name="incidents")
    """Its owner: the team of its oldest live place."""
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    """When the last part was closed; None while one is open."""

    team_paths = ("parts__team",)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(credential=None, secret=None)
                | Q(credential=None, principal=None)
                | Q(secret=None, principal=None),
                name="incident_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.key


class PartQuerySet(models.QuerySet["Part"]):
    """Questions about parts."""

    def open(self) -> PartQuerySet:
        """Return those on which something is left to do or to prove."""
        return self.filter(is_open=True)

    def awake(self) -> PartQuerySet:
        """Leave out what is snoozed."""
        return self.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=timezone.now()))

    def claimed(self) -> PartQuerySet:
        """Return those that somebody says are put right, without proof so far."""
        return self.filter(state__in=CLAIMED)

    def overdue(self, now: datetime | None = None) -> PartQuerySet:
        """Return open ones past their next deadline, which a pause holds."""
        return self.open().filter(paused_at=None, due_at__lt=now or timezone.now())

    def unowned(self) -> PartQuerySet:
        """Return those of no team."""
        return self.open().filter(team=None)


class Part(models.Model):
    """One team's part of an incident: seen, worked and scored by that team alone."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="parts")
    team = models.ForeignKey("accounts.Team", models.SET_NULL, null=True, blank=True, related_name="incident_parts")
    owner_key = models.PositiveBigIntegerField(default=0)
    """The team's number when it was opened, 0 for nobody's: what makes it one per team."""
    state = models.CharField(
        max_length=20, choices=[(state.value, state.label) for state in State], default=State.DETECTED
    )
    is_open = models.BooleanField(default=True)
    changed = models.PositiveIntegerField(default=0)
    """Counted up by every change, so that of two people who act at once one is told."""
    severity = models.CharField(max_length=16, choices=Severity.choices, default=Severity.MEDIUM)
    severity_reason = models.CharField(max_length=500, blank=True)
    severity_rank = severity_rank()
    severity_set_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    """Who overrode it; None: the rules say so."""
    is_public = models.BooleanField(default=False)
    """Whether anybody can read one of its places, which shortens the time to contain it."""
    opened_at = models.DateTimeField(default=timezone.now)
    contain_by = models.DateTimeField(null=True, blank=True)
    verify_by = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    """The deadline that is next: to contain while nobody says it is contained, else to verify."""
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_reason = models.CharField(max_length=500, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    """When the passed deadline was told to those above."""
    assignee = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="incident_parts")
    claimed_at = models.DateTimeField(null=True, blank=True)
    """Since when somebody says that it is put right; None: nobody does."""
    claimed_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    """When the evidence was last looked at."""
    watched = models.BooleanField(default=False)
    """Whether the next reads may prove or disprove it."""
    missing = models.JSONField(default=list)
    """What is left to prove, in words that this team may read; empty: nothing, or not looked at yet."""
    attestable = models.BooleanField(default=False)
    """Whether all that can be checked is proved, and a person may vouch for the rest."""
    closed_at = models.DateTimeField(null=True, blank=True)
    reopened = models.PositiveIntegerField(default=0)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    accepted_until = models.DateField(null=True, blank=True)
    duplicate_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="duplicates")
    proposal = models.JSONField(default=dict, blank=True)
    """What one person proposed and a second has to confirm: {verb, by, reason, …}."""

    team_paths = ("team",)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["severity_rank", "due_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "owner_key"], name="one_part_per_team"),
            models.CheckConstraint(
                condition=Q(is_open=True, state__in=sorted(OPEN)) | Q(is_open=False, state__in=sorted(CLOSED)),
                name="part_open_as_its_state",
            ),
            models.CheckConstraint(
                condition=Q(claimed_at=None) | ~Q(state__in=["detected", "triaged", "assigned", "reopened"]),
                name="part_claim_as_its_state",
            ),
        ]
        indexes = [
            models.Index(fields=["is_open", "severity_rank", "due_at", "id"], name="part_by_severity"),
            models.Index(fields=["team", "is_open", "severity_rank", "due_at", "id"], name="part_of_team"),
            models.Index(fields=["assignee", "is_open", "severity_rank", "due_at", "id"], name="part_of_person"),
            models.Index(fields=["is_open", "due_at", "id"], name="part_by_deadline"),
            models.Index(fields=["watched", "checked_at"], name="part_watched"),
        ]

    def __str__(self) -> str:
        return f"part {self.pk}"

    @property
    def in_state(self) -> State:
        """The state as the rules know it."""
        return State(self.state)

    @property
    def is_claimed(self) -> bool:
        """Whether somebody says that it is put right, and no proof is there yet."""
        return self.in_state in CLAIMED

    @property
    def comes_back(self) -> bool:
        """Whether a live place would open it again."""
        return self.in_state in COMES_BACK

    @property
    def overdue(self) -> timedelta | None:
        """How long it is past its next deadline; None where it is not."""
        late = timezone.now() - self.due_at if self.is_open and self.due_at and not self.paused_at else timedelta()
        return late if late > timedelta() else None
