"""Whether a secret is really rotated by its schedule: pure.

A schedule of Secret Manager changes nothing; at its times a notification is sent (Google, "Create rotation schedules
in Secret Manager"). Whether something acts on it is told by the dates of the versions alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_LOOKED_AT = 4
"""So many past notifications are compared."""
_SHORTEST, _LONGEST = timedelta(minutes=10), timedelta(days=1)
_SERVICE = "Secret Manager"
_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a secret says of its rotation."""

    next: datetime | None = None
    period: timedelta | None = None
    managed: bool | None = None
    """Whether Secret Manager changes the value itself, which it does for some kinds; None: it does not say."""
    failing: bool = False
    """Whether it says that doing so failed."""

    @property
    def set(self) -> bool:
        """Whether there is any."""
        return self.next is not None or self.period is not None or self.managed is True


@dataclass(frozen=True, slots=True)
class Rotated:
    """What follows for a secret, each with the reason."""

    auto: bool | None
    auto_why: str
    failed: bool | None
    failed_why: str


def judged(schedule: Schedule, made: Sequence[datetime], now: datetime, *, whole: bool) -> Rotated:
    """Compare a schedule with when versions were made; `whole` says that all versions are known."""
    if schedule.managed:
        said = f"{_SERVICE}, managedRotationStatus"
        return Rotated(True, f"{said}: it changes the value itself", schedule.failing, said)
    if not schedule.set:
        none = f"{_SERVICE}: no rotation schedule"
        return Rotated(False, none, None, none)
    only = f"{_SERVICE} has a schedule, which only sends notifications"
    if schedule.next is None or not schedule.period:
        why = f"{only}; without a period nothing tells whether they are followed"
        return Rotated(None, why, None, why)
    if not whole:
        why = f"{only}; the dates of the versions, which would tell whether they are followed, are not known"
        return Rotated(None, why, None, why)
    times = list(_past(schedule.next, schedule.period, made, now))
    followed = [any(at <= each <= at + grace(schedule.period) for each in made) for at in times]
    if not followed:
        why = f"{only}; the first one is not due yet"
        return Rotated(None, why, None, why)
    if not followed[0]:
        missed = f"{only}; no version was made for the one of {times[0]:%Y-%m-%d}"
        if any(followed[1:]):
            return Rotated(False, missed, True, f"{missed}, as there was for those before")
        return Rotated(False, missed, None, f"{missed}, unless the schedule is younger than that")
    if len(followed) > 1 and followed[1]:
        why = f"{only}; a version was made at each of the last two times"
        return Rotated(True, why, False, why)
    why = f"{only}; one version at such a time does not tell whether they are followed"
    return Rotated(None, why, False, f"{_SERVICE}: a version was made at the last time of its schedule")


def grace(period: timedelta) -> timedelta:
    """Return how long after a notification a version counts as made because of it."""
    return min(max(period / 10, _SHORTEST), _LONGEST)


def _past(following: datetime, period: timedelta, made: Sequence[datetime], now: datetime) -> Iterator[datetime]:
    """Yield the latest times of a schedule whose grace has passed, none from before the first version."""
    first = min(made, default=now)
    # Google moves the next time on by whole periods, so that the ones before lie such periods back.
    periods = -((now - following - grace(period)) // period)
    at = following - period * max(periods, 0)
    for _ in range(_LOOKED_AT):
        if at <= first or at < _EARLIEST:
            return
        yield at
        at -= period


__all__ = ["Rotated", "Schedule", "grace", "judged"]
