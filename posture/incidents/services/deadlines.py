"""What time alone does: deadlines that pass, acceptances and snoozes that end."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from posture.incidents.models import Part
from posture.incidents.services.parts import Step, take_steps
from posture.incidents.state import State

BATCH = 1000


def sweep_deadlines() -> int:
    """Escalate what is newly overdue and reopen what was accepted until yesterday; returns how many parts."""
    return _escalate() + _expire()


def _escalate() -> int:
    """Tell those above of deadlines that passed, once for each; a pause holds it back."""
    told = 0
    while True:
        now = timezone.now()
        with transaction.atomic():
            rows = (
                Part.objects.overdue(now).filter(escalated_at=None).select_related("incident").order_by("due_at", "pk")
            )
            parts = list(rows.select_for_update(of=("self",))[:BATCH])
            take_steps([Step(part, "overdue", fields={"escalated_at": now}) for part in parts], actor=None)
        told += len(parts)
        if len(parts) < BATCH:
            return told


def _expire() -> int:
    """Open again what was accepted, the day after its last."""
    ended = 0
    while True:
        with transaction.atomic():
            rows = Part.objects.filter(state=State.ACCEPTED, accepted_until__lt=timezone.localdate())
            parts = list(rows.select_related("incident").order_by("pk").select_for_update(of=("self",))[:BATCH])
            take_steps([Step(part, "expire", "The acceptance ended.") for part in parts], actor=None)
        ended += len(parts)
        if len(parts) < BATCH:
            return ended
