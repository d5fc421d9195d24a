"""Background work: each task takes ids and calls one service. A message is a hint; the rows say what is due."""

from __future__ import annotations

from datetime import timedelta

from celery import Task, shared_task
from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Now

from inventory.models import Read, Run
from inventory.services import dead_given_up, finish_runs, open_due_runs, perform_read, start_run
from inventory.services.collection import Stopping
from posture.common.stopping import is_stopping

HINTS_AT_ONCE = 200


@shared_task
def dispatch_due() -> None:
    """Open what is due, give up what can't be done, end what has ended, and send hints for the rest."""
    open_due_runs()
    dead_given_up()
    finish_runs()
    _send(Run, collect_source)
    _send(Read, read_asset)


@shared_task
def collect_source(run: int) -> None:
    """Find a source's assets, then send hints for their reads."""
    try:
        start_run(run)
    except Stopping:
        return
    _send(Read, read_asset)


@shared_task
def read_asset(read: int) -> None:
    """Read one asset, then end its run if it was the last."""
    try:
        perform_read(read, stopping=is_stopping)
    except Stopping:
        return
    finish_runs()
    _send(Read, read_asset)


def _send(model: type[Run] | type[Read], task: Task) -> None:
    # A hint that got lost with its worker or broker is sent again after the time of a lease; one that only waits in a
    # long queue does no harm, since whoever comes second finds the row claimed.
    waiting = model.objects.claimable().filter(
        Q(dispatched_at=None)
        | Q(dispatched_at__lt=Now() - timedelta(seconds=settings.LEASE_SECONDS))
        | Q(status="running", dispatched_at__lt=F("lease_expires_at"))
    )
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:HINTS_AT_ONCE]):
        model.objects.filter(pk=pk).update(dispatched_at=Now())
        task.delay(pk)
