"""What waits for one person becomes one mail: after quiet hours, at the hour of the digest, and in a flood."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Now

from posture.notify.kinds import UnknownKind, kind_of
from posture.notify.models import Delivery, DeliveryQuerySet

DIGEST = "notify.digest"
FLOOD = 5
"""More mails than this, waiting for one person at one moment, come as one."""
PEOPLE = 200
MOST = 5_000
"""The most messages of one digest; the rest makes the next."""


def gather() -> int:
    """Make a digest of what is due for each person; returns how many were made."""
    waiting = (
        _ready().values("person").annotate(held=Count("pk", filter=Q(state="held")), all=Count("pk")).order_by("person")
    )
    people = waiting.filter(Q(held__gt=0) | Q(all__gt=FLOOD)).values_list("person", flat=True)[:PEOPLE]
    return sum(_gather_for(person) for person in list(people))


def still_concerns(delivery: Delivery) -> bool:
    """Say whether the person may still be told: they may sign in, and the slice still shows them what it is about."""
    if delivery.person is None:
        return True
    if not delivery.person.is_active:
        return False
    try:
        check = kind_of(delivery.kind).still_concerns
    except UnknownKind:
        # Its slice was taken out, or this is a digest, whose parts were asked about one by one.
        return True
    return check is None or check(delivery.person.pk, delivery.key)


def _ready() -> DeliveryQuerySet:
    """Return the mails that no worker has touched yet."""
    return Delivery.objects.filter(
        Q(state="held") | Q(state="waiting", attempts=0, digest=None),
        channel=Delivery.Channel.MAIL,
        due_at__lte=Now(),
    ).exclude(kind=DIGEST)


@transaction.atomic
def _gather_for(person: int) -> int:
    # Locked, so that of two workers one finds nothing left.
    rows = list(_ready().filter(person=person).select_for_update(of=("self",)).select_related("person")[:MOST])
    told = [row for row in rows if still_concerns(row)]
    kept = {row.pk for row in told}
    dropped = [row.pk for row in rows if row.pk not in kept]
    _ready().filter(pk__in=dropped).update(state=Delivery.State.DROPPED, error="It no longer concerns this person.")
    if len(told) < 2:
        _ready().filter(pk__in=kept).update(state=Delivery.State.WAITING)
        return 0
    digest = Delivery.objects.create(
        person_id=person,
        channel=Delivery.Channel.MAIL,
        kind=DIGEST,
        key=f"digest:{uuid.uuid4()}",
        subject=f"{len(told)} messages from Secrets Posture",
        lines=[row.subject for row in told[:10]],
        urgent=any(row.urgent for row in told),
    )
    _ready().filter(pk__in=kept).update(state=Delivery.State.GATHERED, digest=digest)
    return 1
