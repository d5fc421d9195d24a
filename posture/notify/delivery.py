"""Emptying the outbox: claim, say that it is handed over, hand it over, write down what came of it (SECURITY J20).

At least once: a crash leaves the row to the next worker. Whoever gets something twice gets the same delivery id twice.
A mail that may have been sent is sent again once, not more.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from posture.notify.channel import Carrier, NotSent
from posture.notify.channels.hook import HookCarrier
from posture.notify.channels.smtp import MailCarrier
from posture.notify.gathering import gather, still_concerns
from posture.notify.mail_server import mail_server
from posture.notify.models import ATTEMPTS, Delivery

logger = logging.getLogger(__name__)

ROUND_SECONDS = 25.0
AT_ONCE = 50
MOST_DOUBTS = 2
KEPT_WAITING = timedelta(days=7)
"""What waited longer than this, for a mail server that is not set or after a long standstill, is old news."""
KEPT = timedelta(days=400)
_PAUSES = (30, 120, 600, 1_800, 7_200, 21_600, 43_200)
"""Seconds after each failed attempt; a day in all."""
MAYBE = "It may have been sent: the server never said. It was sent again once, with the same id; look whether it came."


def send_due(*, stopping: Callable[[], bool] = lambda: False, seconds: float = ROUND_SECONDS) -> int:
    """Send what is due, for about so many seconds; returns how many were sent."""
    give_up()
    gather()
    ends_at, sent = time.monotonic() + seconds, 0
    with _Carriers() as carriers:
        while due := carriers.reachable_due():
            for pk, way in due:
                if stopping() or time.monotonic() > ends_at:
                    return sent
                if way in carriers.down:
                    continue
                delivery = Delivery.objects.claim(pk)
                if delivery is not None:
                    sent += _deliver(delivery, carriers)
    return sent


def give_up() -> int:
    """End what can't be sent any more, with the reason; returns how many rows that were."""
    old = Delivery.objects.filter(state__in=["waiting", "held"], due_at__lt=Now() - KEPT_WAITING)
    days = KEPT_WAITING.days
    ended = old.update(state=Delivery.State.FAILED, error=f"It waited for {days} days, and is old news.")
    killed = Delivery.objects.filter(state="sending", lease_expires_at__lt=Now(), attempts__gte=ATTEMPTS)
    return ended + killed.update(
        state=Delivery.State.FAILED,
        lease_expires_at=None,
        error=f"Its worker died at each of {ATTEMPTS} attempts. It may have been sent.",
    )


def forget_old() -> int:
    """Delete what ended long ago; until then it also keeps the same from being told twice."""
    ended = [Delivery.State.SENT, Delivery.State.GATHERED, Delivery.State.FAILED, Delivery.State.DROPPED]
    return Delivery.objects.filter(state__in=ended, created_at__lt=timezone.now() - KEPT).delete()[0]


class _Carriers:
    """The ways out that are open during one round, and those that failed in it."""

    def __init__(self) -> None:
        self._open: dict[str, Carrier] = {}
        self.down: set[str] = set()
        server = mail_server()
        if server is None:
            self.down.add("")
        else:
            self._open[""] = MailCarrier(server)

    def __enter__(self) -> _Carriers:
        return self

    def __exit__(self, *raised: object) -> None:
        for carrier in self._open.values():
            carrier.close()

    def reachable_due(self) -> list[tuple[int, str]]:
        """Return some due rows, each with the name of its way: a webhook's, or nothing for mail."""
        due = Delivery.objects.due().exclude(webhook__in=self.down).filter(attempts__lt=ATTEMPTS)
        return list(due.values_list("pk", "webhook")[:AT_ONCE])

    def way(self, delivery: Delivery) -> Carrier:
        """Return the carrier of a row."""
        return self._open.setdefault(delivery.webhook, HookCarrier(delivery.webhook))


def _deliver(delivery: Delivery, carriers: _Carriers) -> bool:
    """Send one claimed row; whatever happens, the row says so."""
    if not still_concerns(delivery):
        _settle(delivery, state=Delivery.State.DROPPED, error="It no longer concerns this person.")
        return False
    if delivery.channel == Delivery.Channel.MAIL and delivery.doubts >= MOST_DOUBTS:
        _settle(delivery, state=Delivery.State.FAILED, error=MAYBE)
        return False
    carrier = carriers.way(delivery)
    try:
        carrier.prepare()
        if not _hand_over(delivery):
            return False
        carrier.send(delivery)
    except NotSent as failure:
        _failed(delivery, failure)
        if failure.server_down:
            carriers.down.add(delivery.webhook)
        return False
    _settle(delivery, state=Delivery.State.SENT, sent_at=Now(), error="")
    return True


def _hand_over(delivery: Delivery) -> bool:
    """Write down that the sending begins: where nothing is written after it, it may have been sent."""
    delivery.handed_over_at = timezone.now()
    return Delivery.objects.held_by(delivery).update(handed_over_at=delivery.handed_over_at) == 1


def _failed(delivery: Delivery, failure: NotSent) -> None:
    logger.warning("Message %d was not sent by %s: %s", delivery.pk, delivery.channel, failure.reason)
    doubt = {"doubts": delivery.doubts + 1, "doubted_at": delivery.handed_over_at} if failure.doubtful else {}
    is_mail = delivery.channel == Delivery.Channel.MAIL
    if failure.doubtful and is_mail and delivery.doubts + 1 >= MOST_DOUBTS:
        _settle(delivery, state=Delivery.State.FAILED, error=MAYBE, **doubt)
    elif failure.permanent or delivery.attempts >= ATTEMPTS:
        _settle(delivery, state=Delivery.State.FAILED, error=failure.reason, **doubt)
    else:
        # Spread, so that what failed together does not come back together.
        pause = _PAUSES[min(delivery.attempts, len(_PAUSES)) - 1] * random.SystemRandom().uniform(0.8, 1.2)
        later = Now() + timedelta(seconds=pause)
        _settle(delivery, state=Delivery.State.WAITING, due_at=later, error=failure.reason, **doubt)


def _settle(delivery: Delivery, **outcome: object) -> None:
    """Write what became of it, unless the lease ran out and somebody else has the row now."""
    kept = Delivery.objects.held_by(delivery).update(handed_over_at=None, lease_expires_at=None, **outcome)
    if not kept:
        logger.warning("Message %d took longer than its lease; what came of it is not written down.", delivery.pk)
