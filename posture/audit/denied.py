"""What somebody tried and may not do: one event per person, address and minute, so that trying fills no disk (D5)."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from posture.audit.chain import facts_text
from posture.audit.models import Event
from posture.audit.services import Actor, Entry, record

VERB = "access.denied"
SECONDS = 60


def record_denied(*, route: str, method: str, actor: Actor) -> bool:
    """Write down a refusal, unless the last minute has the same; says whether it did.

    Raises:
        AuditUnavailable: it cannot be written.
    """
    data = {"route": route[:200], "method": method[:10]}
    # The cache spares the database; what decides is the trail itself, which all processes share.
    if not cache.add(f"audit-denied:{actor.pk}:{method[:10]}:{route[:200]}", 1, SECONDS):
        return False
    with transaction.atomic():
        since = timezone.now() - timedelta(seconds=SECONDS)
        same = Event.objects.filter(actor=actor.pk, verb=VERB, at__gt=since, facts=facts_text(data))
        if same.exists():
            return False
        record(Entry(VERB, "address", 0, data=data), actor=actor)
    return True
