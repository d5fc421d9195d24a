"""The trail and what is known of its state. Rows of `Event` are written by `services.record` only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import models

from posture.audit.chain import GENESIS


class EventQuerySet(models.QuerySet["Event"]):
    """Questions about what was done."""

    def about(self, subject: str, ids: Iterable[int]) -> EventQuerySet:
        """Return what was done to some things of one kind, the newest last."""
        return self.filter(subject=subject, subject_id__in=ids).order_by("sequence")

    def with_actors(self) -> EventQuerySet:
        """Read the persons in the same query; one who was removed is None then."""
        return self.select_related("actor")


class Event(models.Model):
    """One thing that somebody, or the product itself, did. Triggers in the database refuse any change of it."""

    sequence = models.BigIntegerField(primary_key=True)
    """Without gaps from 1 on."""
    at = models.DateTimeField()
    actor = models.ForeignKey(
        "accounts.User", models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    """None: the product itself. A person who is removed leaves their number, since the chain holds it (D13)."""
    verb = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    team_id = models.BigIntegerField(null=True)
    """Whose it was then; no foreign key, so that it outlives the team."""
    before = models.CharField(max_length=500, blank=True)
    after = models.CharField(max_length=500, blank=True)
    reason = models.TextField(blank=True)
    facts = models.TextField(default="{}")
    """Safe facts as canonical JSON: the text itself is in the digest; `data` reads it."""
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=12)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["sequence"]
        constraints = [models.CheckConstraint(condition=models.Q(sequence__gte=1), name="audit_sequence_from_one")]
        indexes = [
            models.Index(fields=["subject", "subject_id", "sequence"], name="audit_event_about"),
            models.Index(fields=["actor", "sequence"], name="audit_event_by"),
            models.Index(fields=["verb", "sequence"], name="audit_event_verb"),
            models.Index(fields=["at"], name="audit_event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.verb} {self.subject} {self.subject_id}"

    @property
    def data(self) -> dict[str, Any]:
        """Return the safe facts."""
        found: dict[str, Any] = json.loads(self.facts)
        return found


class Head(models.Model):
    """The last event; its one row is locked by whoever writes the next."""

    ONLY = 1

    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return f"head at {self.sequence}"


class Verification(models.Model):
    """What the last check of the chain found, kept so that every page can tell it without checking again."""

    ONLY = 1

    verified_at = models.DateTimeField()
    whole_at = models.DateTimeField(null=True)
    """When the chain was last checked from its first event on."""
    ok = models.BooleanField()
    sequence = models.BigIntegerField(default=0)
    """Checked up to here."""
    digest = models.CharField(max_length=64, default=GENESIS)
    first_bad = models.BigIntegerField(null=True)
    problem = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"{'good' if self.ok else 'broken'} up to {self.sequence}"
