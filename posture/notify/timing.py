"""When a message leaves: a pure decision over a person's wishes. Times of day are the person's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from posture.notify.kinds import Timing

UTC_ZONE = ZoneInfo("UTC")


def zone_named(name: str) -> ZoneInfo:
    """Return a time zone; UTC where this machine no longer knows the name, since people are told all the same."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC_ZONE


@dataclass(frozen=True)
class Wishes:
    """What of a person's preferences decides when they are told."""

    zone: ZoneInfo = UTC_ZONE
    digest_hour: int = 8
    quiet_from: time | None = None
    quiet_until: time | None = None
    urgent_at_once: bool = True


@dataclass(frozen=True)
class Plan:
    """When a message leaves, and whether it joins what else waits until then."""

    due_at: datetime
    gathered: bool = False


def plan(timing: Timing, *, urgent: bool, wishes: Wishes, now: datetime) -> Plan | None:
    """Return when to tell, or None where the person does not want to know."""
    if timing == Timing.OFF:
        return None
    if urgent and wishes.urgent_at_once:
        return Plan(now)
    due_at = _next(wishes.zone, time(wishes.digest_hour), now) if timing == Timing.DIGEST else now
    heard_at = _after_quiet(wishes, due_at)
    return Plan(heard_at, gathered=timing == Timing.DIGEST or heard_at > now)


def _after_quiet(wishes: Wishes, at: datetime) -> datetime:
    """Return the moment itself, or the end of the quiet hours that it falls into."""
    start, end = wishes.quiet_from, wishes.quiet_until
    if start is None or end is None or start == end:
        return at
    local = at.astimezone(wishes.zone).time()
    quiet = start <= local < end if start < end else local >= start or local < end
    return _next(wishes.zone, end, at) if quiet else at


def _next(zone: ZoneInfo, wanted: time, now: datetime) -> datetime:
    """Return the next moment, after now, at which clocks in the zone show the time."""
    today = now.astimezone(zone).date()
    for days in range(3):
        # Where clocks skip the hour, this is an hour later by the clock; where they repeat it, the first of the two.
        moment = datetime.combine(today + timedelta(days=days), wanted, zone).astimezone(UTC)
        if moment > now:
            return moment
    raise AssertionError("no clock stands still for two days")
