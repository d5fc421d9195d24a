"""What was sent, what waits and what failed: the outbox as people see it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from posture.audit.services import Actor, Entry, record
from posture.notify.gathering import still_concerns
from posture.notify.models import Delivery

SIZE = 25
_PLACE = re.compile(r"([01])-(\d{1,18})")
WITHHELD = "No longer yours to see"


@dataclass(frozen=True)
class Page:
    """Some rows, and the place of the last one where there are more."""

    rows: list[Delivery]
    after: str = ""


def outbox_of(person: int, *, everything: bool) -> QuerySet[Delivery]:
    """Return what a person may look at: their own, or all of it."""
    rows = Delivery.objects.select_related("person", "digest")
    return rows if everything else rows.filter(person=person)


def page_of(rows: QuerySet[Delivery], after: str = "", size: int = SIZE) -> Page:
    """Return the page after a place, failed ones first, then the newest; a place that can't be read is the start."""
    place = _PLACE.fullmatch(after)
    if place:
        order, pk = int(place.group(1)), int(place.group(2))
        rows = rows.filter(Q(order__gt=order) | Q(order=order, pk__lt=pk))
    found = list(rows.order_by("order", "-pk")[: size + 1])
    more = len(found) > size
    found = found[:size]
    return Page(found, f"{found[-1].order}-{found[-1].pk}" if more else "")


def withhold(rows: Iterable[Delivery], *, everything: bool) -> None:
    """Blank what a person was never sent and may no longer see, on rows that are shown and not saved."""
    if everything:
        return
    for row in rows:
        was_sent = row.state == "sent" or (row.digest is not None and row.digest.state == "sent")
        if not was_sent and not still_concerns(row):
            row.subject, row.lines, row.url, row.key = WITHHELD, [], "", ""


@transaction.atomic
def send_again(rows: QuerySet[Delivery], *, actor: Actor) -> int:
    """Give failed messages all their attempts again; returns how many. Who did it is in the audit trail."""
    failed = rows.filter(state=Delivery.State.FAILED)
    first = failed.order_by("pk").values_list("pk", flat=True).first()
    count = Delivery.objects.filter(pk__in=failed.values("pk")).update(
        state=Delivery.State.WAITING,
        due_at=timezone.now(),
        attempts=0,
        doubts=0,
        fence=F("fence") + 1,
        error="",
    )
    if count and first is not None:
        record(
            Entry(verb="message.sent-again", subject="message", subject_id=first, data={"count": count}), actor=actor
        )
    return count
