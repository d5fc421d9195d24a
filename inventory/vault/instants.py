"""Times and durations as Vault and OpenBao write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

_DURATION = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(ms|us|µs|ns|h|m|s|d)")
_SECONDS = {"d": 86_400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_EARLIEST, _LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def instant(value: Any) -> datetime | None:
    """Return the time that RFC 3339 text or seconds since 1970 mean; None for zero, nothing and nonsense."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value) if value else None
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found = datetime.fromtimestamp(value, UTC)
        else:
            found = None
    except (ValueError, OverflowError, OSError):
        return None
    if found is None:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    # The servers write the year 1 for "never".
    return found if _EARLIEST < found < _LATEST else None


def seconds(value: Any) -> int | None:
    """Return the seconds that a number or a text such as `1h30m` means; None where nothing can be made of it."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if 0 <= value < 1e12 else None
    if not isinstance(value, str) or len(value) > 100:
        return None
    if value.isascii() and value.isdigit():
        return int(value) if len(value) <= 12 else None
    parts = _DURATION.findall(value)
    if not parts or "".join(number + unit for number, unit in parts) != value:
        return None
    return int(sum(float(number) * _SECONDS[unit] for number, unit in parts))


def spoken(period: int) -> str:
    """Return a number of seconds as people say it: 36 hours, 90 days; to the nearest where it is no round number."""
    for name, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        number = round(period / size)
        if (period >= size and period % size == 0 and (name != "day" or number > 1)) or number >= 10:
            return f"{number} {name}{'s' if number != 1 else ''}"
    return f"{period} second{'s' if period != 1 else ''}"


def later(start: datetime | None, period: int | None) -> datetime | None:
    """Return the time so many seconds after a time, where both are known."""
    if start is None or period is None:
        return None
    try:
        return start + timedelta(seconds=period)
    except OverflowError:
        return None


__all__ = ["instant", "later", "seconds", "spoken"]
