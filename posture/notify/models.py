"""The outbox: one row for each message to each person and each webhook, and what people want to be told."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from posture.notify.kinds import Kind, Timing
from posture.notify.message import ADDRESS, KEY, SUBJECT
from posture.notify.timing import Wishes, zone_named

LEASE = timedelta(minutes=5)
"""How long one sending may take; far above the time-outs of both channels."""
ATTEMPTS = 8


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions about the outbox, and compare-and-set claims over it. Leases go by the database's clock."""

    def due(self) -> DeliveryQuerySet:
        """Return what is to be sent now, and what a dead worker left half done."""
        return self.filter(
            Q(state="waiting", due_at__lte=Now()) | Q(state="sending", lease_expires_at__lt=Now())
        ).order_by("due_at", "pk")

    def claim(self, pk: int) -> Delivery | None:
        """Take a due row; returns it with its fencing token, or None where somebody else has it.

        The attempt is counted before any work, so that a message that kills its worker is counted too. A row whose
        last sender died between handing it over and writing that down comes back in doubt.
        """
        changed = (
            self.filter(pk=pk)
            .due()
            .filter(attempts__lt=ATTEMPTS)
            .update(
                state="sending",
                attempts=F("attempts") + 1,
                fence=F("fence") + 1,
                lease_expires_at=Now() + LEASE,
                doubts=F("doubts")
                + models.Case(
                    models.When(state="sending", handed_over_at__isnull=False, then=1),
                    default=0,
                ),
                doubted_at=models.Case(
                    models.When(state="sending", handed_over_at__isnull=False, then=F("handed_over_at")),
                    default=F("doubted_at"),
                ),
                handed_over_at=None,
            )
        )
        return self.select_related("person").get(pk=pk) if changed else None

    def held_by(self, delivery: Delivery) -> DeliveryQuerySet:
        """Return the row while the token that it was claimed with still holds it."""
        return self.filter(pk=delivery.pk, state="sending", fence=delivery.fence)


class Delivery(models.Model):
    """One message on its way to one person or one webhook. The row is the truth of what was sent."""

    class State(models.TextChoices):
        """How far it has come."""

        HELD = "held", "Waits for a digest"
        WAITING = "waiting", "Waits"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        GATHERED = "gathered", "In a digest"
        FAILED = "failed", "Failed"
        DROPPED = "dropped", "Not sent"

    class Channel(models.TextChoices):
        """By what it goes."""

        MAIL = "mail", "Mail"
        SLACK = "slack", "Slack-format webhook"
        SIGNED = "signed", "Signed webhook"

    delivery_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    """Named in every sending of this row, so that whoever gets it twice can tell."""
    person = models.ForeignKey("accounts.User", models.CASCADE, null=True, blank=True, related_name="deliveries")
    webhook = models.CharField(max_length=64, blank=True)
    """The name of the webhook on the server; its address is nowhere in the database."""
    channel = models.CharField(max_length=16, choices=Channel.choices)
    kind = models.CharField(max_length=100)
    key = models.CharField(max_length=KEY)
    subject = models.CharField(max_length=SUBJECT)
    lines = models.JSONField(default=list)
    url = models.CharField(max_length=ADDRESS, blank=True)
    urgent = models.BooleanField(default=False)

    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    digest = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="gathered")
    """The mail that it went with."""
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    """Written just before the sending; while the outcome is open, or its sender died, it may have been sent."""
    doubts = models.PositiveSmallIntegerField(default=0)
    """How often it may have been sent without an answer."""
    doubted_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    """Why the last attempt failed, in our own words: nothing that a server said."""
    order = models.GeneratedField(
        expression=models.Case(models.When(state="failed", then=0), default=1),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    """Failed ones come first in lists."""

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["order", "-pk"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "channel", "key"], condition=Q(person__isnull=False), name="one_delivery_per_person"
            ),
            models.UniqueConstraint(
                fields=["webhook", "key"], condition=Q(person__isnull=True), name="one_delivery_per_webhook"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, webhook="", channel="mail")
                | (Q(person__isnull=True, channel__in=["slack", "signed"]) & ~Q(webhook="")),
                name="delivery_to_a_person_or_a_webhook",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="delivery_state_due"),
            models.Index(fields=["order", "-id"], name="delivery_listed"),
            models.Index(fields=["person", "order", "-id"], name="delivery_listed_own"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}"


class Preferences(models.Model):
    """What one person wants to be told, when and when not; without a row the defaults hold."""

    person = models.OneToOneField("accounts.User", models.CASCADE, related_name="notify_preferences")
    timings = models.JSONField(default=dict)
    """By kind, where the person chose: at once, digest or off."""
    time_zone = models.CharField(max_length=64, default="UTC")
    digest_hour = models.PositiveSmallIntegerField(default=8)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    urgent_at_once = models.BooleanField(default=True)
    """Whether urgent messages skip digest and quiet hours."""

    class Meta:
        verbose_name_plural = "preferences"
        constraints = [
            models.CheckConstraint(condition=Q(digest_hour__lte=23), name="digest_hour_of_a_day"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"preferences of {self.person}"

    @property
    def wishes(self) -> Wishes:
        """Return what decides when they are told."""
        return Wishes(
            zone_named(self.time_zone), self.digest_hour, self.quiet_from, self.quiet_until, self.urgent_at_once
        )

    def timing(self, kind: Kind) -> Timing:
        """Return when they want to be told of a kind."""
        chosen = self.timings.get(kind.slug)
        return Timing(chosen) if chosen in list(Timing) else kind.default
