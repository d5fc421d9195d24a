"""Whether the product works, for load balancers and monitors; names nothing of what it holds."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Max, Q
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from inventory.models import Read, Run, Source

# The schedule looks every DUE_SECONDS; a source that is this many looks overdue was not looked at.
MISSED_LOOKS = 12
LEAST_PATIENCE = timedelta(minutes=1)
COLLECTED = (Run.Status.COMPLETE, Run.Status.PARTIAL)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while pages can be served, 503 when the database can't be reached.

    `status` is "stale" when the schedule stands still or nothing was collected for too long: pages still
    work then, so a load balancer must keep the server, and a monitor must tell somebody (SECURITY J21).
    """
    now = timezone.now()
    try:
        newest_look = Run.objects.filter(trigger=Run.Trigger.SCHEDULE).aggregate(newest=Max("created_at"))["newest"]
        newest_collection = Run.objects.filter(status__in=COLLECTED).aggregate(newest=Max("finished_at"))["newest"]
        reasons = stale_because(now)
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "unreachable"}, status=503)
    return JsonResponse(
        {
            "status": "stale" if reasons else "ok",
            "database": "reachable",
            "newest_look": newest_look,
            "newest_collection": newest_collection,
            "stale": reasons,
        }
    )


def stale_because(now: datetime) -> list[str]:
    """Return why what the pages show may be old; empty when it isn't, or when nothing is to be collected."""
    patience = max(timedelta(seconds=settings.DUE_SECONDS * MISSED_LOOKS), LEAST_PATIENCE)
    enabled = Source.objects.filter(enabled=True)
    reasons = []
    if enabled.filter(next_due_at__lt=now - patience).exists():
        reasons.append("the schedule stands still")
    if any(
        kind.objects.claimable().filter(created_at__lt=now - patience).exists()
        and not kind.objects.filter(status=Run.Status.RUNNING, lease_expires_at__gte=now).exists()
        for kind in (Run, Read)
    ):
        reasons.append("work waits and no worker takes it")
    newest = Max("runs__finished_at", filter=Q(runs__status__in=COLLECTED))
    for interval, created_at, collected_at in enabled.annotate(newest=newest).values_list(
        "interval", "created_at", "newest"
    ):
        # A source that is asked for once a week is not late on the second day.
        if (collected_at or created_at) < now - timedelta(hours=settings.FRESHNESS_HOURS, seconds=interval):
            reasons.append("a source was not collected for too long")
            break
    return reasons
