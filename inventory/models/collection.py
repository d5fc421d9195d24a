"""Where we collect from, and what each collection did. The row is the truth, a message only a hint."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from inventory.collector import collectors


def collector_choices() -> list[tuple[str, str]]:
    """Return the kinds of source; a callable, so that a new collector makes no migration."""
    return [(collector.slug, collector.label) for collector in collectors().values()]


class SourceQuerySet(models.QuerySet["Source"]):
    """What is owed to sources."""

    def owe_readers(self) -> int:
        """Have who can read their secrets counted anew; for whatever may change that."""
        return self.update(readers_due_at=timezone.now())

    def owing_readers(self) -> SourceQuerySet:
        """Return those whose readers are to be counted."""
        return self.exclude(readers_due_at=None)

    def pay_readers(self, source: Source) -> bool:
        """Note that a source as it was loaded is counted; returns False where something changed since."""
        return self.filter(pk=source.pk, readers_due_at=source.readers_due_at).update(readers_due_at=None) == 1


class Source(models.Model):
    """One configured place to collect from."""

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40, choices=collector_choices)
    config = models.JSONField(default=dict)
    credential = models.CharField(max_length=200, blank=True)
    """The name of the credential that opens it (`env:…`, `file:…`), never the credential."""
    interval = models.PositiveIntegerField(default=3600)
    """Seconds between two collections."""
    placed_by_operator = models.BooleanField(default=False)
    """Whether somebody with access to the server chose its place, so that it may lie inside the network (W11)."""
    enabled = models.BooleanField(default=True)
    next_due_at = models.DateTimeField(default=timezone.now, db_index=True)
    created_at = models.DateTimeField(default=timezone.now)
    readers_due_at = models.DateTimeField(null=True, blank=True)
    """When something last changed that decides who can read its secrets; empty once that was worked out."""
    readers_due = models.BooleanField(default=False, db_index=True)
    """Where a worker of the version before still marks what is due; the next version drops it."""

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=Q(interval__gte=60), name="source_interval_at_least_a_minute")]

    def __str__(self) -> str:
        return self.name


class LeasedQuerySet(models.QuerySet[Any]):
    """Compare-and-set claims over rows that one worker at a time may hold. All times are the database's."""

    def claimable(self) -> LeasedQuerySet:
        """Return what waits, and what a silent worker left behind."""
        return self.filter(Q(status="queued") | Q(status="running", lease_expires_at__lt=Now()))

    def claim(self, pk: int, seconds: int) -> int | None:
        """Take the row for `seconds`; returns the fencing token, or None where somebody else has it.

        The attempt is counted before any work, so that an item that kills its worker is counted too.
        """
        changed = (
            self.claimable()
            .filter(pk=pk, attempt__lt=settings.ATTEMPTS)
            .update(
                status="running",
                attempt=F("attempt") + 1,
                fence=F("fence") + 1,
                lease_expires_at=Now() + timedelta(seconds=seconds),
                started_at=models.functions.Coalesce(F("started_at"), Now()),
            )
        )
        if not changed:
            return None
        fence: int = self.values_list("fence", flat=True).get(pk=pk)
        return fence

    def held(self, pk: int, fence: int) -> LeasedQuerySet:
        """Return the row while this fencing token still holds it."""
        return self.filter(pk=pk, fence=fence, status="running")


class Run(models.Model):
    """One collection of one source."""

    class Status(models.TextChoices):
        """How far a run has come, or how it ended."""

        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        COMPLETE = "complete", "Complete"
        PARTIAL = "partial", "Partial"
        FAILED = "failed", "Failed"
        DEAD = "dead", "Given up"

    ACTIVE = (Status.QUEUED, Status.RUNNING)

    class Trigger(models.TextChoices):
        """Who asked for it."""

        SCHEDULE = "schedule", "Schedule"
        PERSON = "person", "A person"
        COMMAND = "command", "Command line"

    source = models.ForeignKey(Source, models.CASCADE, related_name="runs")
    due_at = models.DateTimeField()
    trigger = models.CharField(max_length=16, choices=Trigger.choices, default=Trigger.SCHEDULE)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    discovered = models.BooleanField(default=False)
    """Whether the list of assets is complete, so that the run can end when its reads have."""
    attempt = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    """When a message was last sent for it; the message is only a hint."""
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True, db_index=True)
    counts = models.JSONField(default=dict)
    skipped = models.JSONField(default=list)
    """What was not read: a list of {reason, what, count}."""
    error = models.TextField(blank=True)

    objects = LeasedQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "due_at"], name="one_run_per_due_time"),
            models.UniqueConstraint(
                fields=["source"], condition=Q(status__in=["queued", "running"]), name="one_active_run_per_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} due {self.due_at:%Y-%m-%d %H:%M}"

    @property
    def is_active(self) -> bool:
        """Whether it still waits or runs."""
        return self.status in self.ACTIVE


class Read(models.Model):
    """One asset's part of a run: leased, counted and done again after a crash."""

    Status = Run.Status

    run = models.ForeignKey(Run, models.CASCADE, related_name="reads")
    asset = models.ForeignKey("inventory.Asset", models.CASCADE, related_name="reads")
    status = models.CharField(max_length=16, choices=Run.Status.choices, default=Run.Status.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    step = models.CharField(max_length=100, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    skipped = models.JSONField(default=list)
    error = models.TextField(blank=True)

    team_paths = ("asset__team",)

    objects = LeasedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "asset"], name="one_read_per_asset_and_run")]
        indexes = [models.Index(fields=["status", "lease_expires_at"], name="read_status_lease")]

    def __str__(self) -> str:
        return f"read of {self.asset}"

    @property
    def is_active(self) -> bool:
        """Whether it still waits or runs."""
        return self.status in Run.ACTIVE
