"""Changing what one wants to be told, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from django.db import transaction
from django.utils import timezone

from posture.notify.kinds import UnknownKind, kind_of, kinds
from posture.notify.models import Delivery, Preferences
from posture.notify.timing import Wishes, plan


@transaction.atomic
def save_preferences(
    *,
    person: int,
    timings: Mapping[str, str],
    time_zone: str,
    digest_hour: int,
    quiet_from: time | None,
    quiet_until: time | None,
    urgent_at_once: bool,
) -> Preferences:
    """Keep what a person chose; what waits for them is planned anew by it."""
    known = {kind.slug for kind in kinds()}
    saved, _ = Preferences.objects.update_or_create(
        person_id=person,
        defaults={
            "timings": {slug: timing for slug, timing in timings.items() if slug in known},
            "time_zone": time_zone,
            "digest_hour": digest_hour,
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "urgent_at_once": urgent_at_once,
        },
    )
    _plan_anew(saved, saved.wishes)
    return saved


def _plan_anew(preferences: Preferences, wishes: Wishes) -> None:
    now = timezone.now()
    for row in Delivery.objects.filter(person=preferences.person_id, state=Delivery.State.HELD):
        try:
            timing = preferences.timing(kind_of(row.kind))
        except UnknownKind:
            continue
        when = plan(timing, urgent=row.urgent, wishes=wishes, now=now)
        mine = Delivery.objects.filter(pk=row.pk, state=Delivery.State.HELD)
        if when is None:
            mine.update(state=Delivery.State.DROPPED, error="The person chose not to be told.")
        else:
            state = Delivery.State.HELD if when.gathered else Delivery.State.WAITING
            mine.update(state=state, due_at=when.due_at)
