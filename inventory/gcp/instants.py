"""Times as Google's services write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

NO_END = 9999
"""The year that stands for "never" (IAM, keys that do not expire)."""
_FRACTION = re.compile(r"(\.\d{6})\d+")


def as_time(value: Any) -> datetime | None:
    """Return a time from the official client, or from an answer's text; None for anything else."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(_FRACTION.sub(r"\1", value))
        except ValueError:
            return None
    if not isinstance(value, datetime) or value.year <= 1970:
        return None
    found = value if value.tzinfo else value.replace(tzinfo=UTC)
    # The official client has a kind of its own, with nanoseconds.
    return datetime.fromtimestamp(found.timestamp(), UTC) if found.year < NO_END else found.astimezone(UTC)


__all__ = ["NO_END", "as_time"]
