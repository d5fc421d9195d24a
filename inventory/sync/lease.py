"""Every batch first renews the lease under its fencing token, so a worker presumed dead writes nothing more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models.functions import Now

from inventory.collector import ProgressRecord
from inventory.models import Read, Run


class LeaseLost(Exception):
    """Another worker holds the read now, or it was ended: this one must stop and write nothing more."""


def renew(model: type[Run] | type[Read], pk: int, fence: int, progress: ProgressRecord | None = None) -> None:
    """Renew the lease of a run or a read, telling how far it is.

    Raises:
        LeaseLost: another worker holds it.
    """
    fields: dict[str, Any] = {"lease_expires_at": Now() + timedelta(seconds=settings.LEASE_SECONDS)}
    if progress is not None:
        fields |= {"step": progress.step[:100], "done": progress.done, "total": progress.total}
    if model.objects.held(pk, fence).update(**fields) != 1:
        raise LeaseLost(f"{model.__name__} {pk} is held by another worker")
