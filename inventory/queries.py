"""Reads across the inventory's models; everything shown to a person goes through `visible`."""

from __future__ import annotations

from datetime import datetime, timedelta

from inventory.models import Source

# A source is late at its next due time, and silent when a whole further interval has passed.
LEAST_SILENCE = timedelta(hours=1)


def is_silent(source: Source, last_read_at: datetime | None, now: datetime) -> bool:
    """Say whether an enabled source has brought nothing for twice its interval, and for an hour at least."""
    since = last_read_at or source.created_at
    return source.enabled and now - since > max(timedelta(seconds=2 * source.interval), LEAST_SILENCE)
