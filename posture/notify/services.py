"""Telling people: rows of the outbox, written with the change that they tell of."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from posture.notify.kinds import Kind, kind_of
from posture.notify.message import Message, bounded
from posture.notify.models import Delivery, Preferences
from posture.notify.timing import plan
from posture.notify.webhooks import webhooks as configured

CHUNK = 500


@transaction.atomic
def tell(message: Message, *, people: Iterable[int], webhooks: bool = True) -> int:
    """Write down that people, and the server's webhooks, are to be told; returns the number of new rows.

    Nothing is sent here: a change that is rolled back tells nobody. Whom the same key was told to is not told again.
    Who gets it is the caller's decision; each person's preferences say when.

    Raises:
        UnknownKind: no slice registered the message's kind.
        ValueError: the key or the address can't be used.
    """
    kind = kind_of(message.kind)
    told = bounded(message)
    rows = _to_people(told, kind, sorted(set(people))) + (_to_webhooks(told) if webhooks else [])
    made = [row.delivery_id for row in rows]
    # Where the key is there already, also by somebody who is telling it at this moment, nothing is written.
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=CHUNK)
    return sum(
        Delivery.objects.filter(delivery_id__in=made[start : start + CHUNK]).count()
        for start in range(0, len(made), CHUNK)
    )


def _to_people(message: Message, kind: Kind, people: list[int]) -> list[Delivery]:
    now = timezone.now()
    chosen = {
        each.person_id: each
        for start in range(0, len(people), CHUNK)
        for each in Preferences.objects.filter(person__in=people[start : start + CHUNK])
    }
    rows = []
    for person in people:
        preferences = chosen.get(person) or Preferences()
        when = plan(preferences.timing(kind), urgent=message.urgent, wishes=preferences.wishes, now=now)
        if when is not None:
            state = Delivery.State.HELD if when.gathered else Delivery.State.WAITING
            rows.append(_row(message, person_id=person, channel=Delivery.Channel.MAIL, due_at=when.due_at, state=state))
    return rows


def _to_webhooks(message: Message) -> list[Delivery]:
    return [
        _row(message, webhook=hook.name, channel=hook.format)
        for hook in configured().values()
        if hook.takes(message.kind)
    ]


def _row(message: Message, **more: object) -> Delivery:
    return Delivery(
        delivery_id=uuid.uuid4(),
        kind=message.kind,
        key=message.key,
        subject=message.subject,
        lines=list(message.lines),
        url=message.url,
        urgent=message.urgent,
        **more,
    )


__all__ = ["Message", "tell"]
