"""When a message leaves: at once, with the digest, or after the quiet hours, by the person's own clock."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.notify.kinds import Timing
from posture.notify.timing import Plan, Wishes, plan

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 1, 14, 12, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_off_is_never_even_when_it_is_urgent():
    assert plan(Timing.OFF, urgent=True, wishes=Wishes(), now=NOON) is None


def test_at_once_is_now():
    assert plan(Timing.AT_ONCE, urgent=False, wishes=Wishes(), now=NOON) == Plan(NOON)


def test_the_digest_comes_at_the_hour_of_the_persons_own_clock():
    wishes = Wishes(zone=BERLIN, digest_hour=8)

    assert plan(Timing.DIGEST, urgent=False, wishes=wishes, now=NOON) == Plan(at("2026-01-15T07:00"), True)
    assert plan(Timing.DIGEST, urgent=False, wishes=wishes, now=at("2026-07-01T05:00")) == Plan(
        at("2026-07-01T06:00"), True
    )


def test_quiet_hours_over_midnight_end_in_the_morning():
    wishes = Wishes(zone=BERLIN, quiet_from=time(22), quiet_until=time(7))

    evening = plan(Timing.AT_ONCE, urgent=False, wishes=wishes, now=at("2026-01-14T21:30"))
    night = plan(Timing.AT_ONCE, urgent=False, wishes=wishes, now=at("2026-01-15T02:00"))
    morning = plan(Timing.AT_ONCE, urgent=False, wishes=wishes, now=at("2026-01-15T06:00"))

    assert evening == night == Plan(at("2026-01-15T06:00"), True)
    assert morning == Plan(at("2026-01-15T06:00"))


def test_a_digest_hour_within_the_quiet_hours_waits_for_their_end():
    wishes = Wishes(quiet_from=time(7), quiet_until=time(9, 30), digest_hour=8)

    assert plan(Timing.DIGEST, urgent=False, wishes=wishes, now=NOON) == Plan(at("2026-01-15T09:30"), True)


def test_an_hour_that_the_clock_skips_comes_an_hour_later():
    wishes = Wishes(zone=BERLIN, digest_hour=2)

    # On 29 March 2026 clocks in Berlin go from 2:00 to 3:00.
    assert plan(Timing.DIGEST, urgent=False, wishes=wishes, now=at("2026-03-28T12:00")) == Plan(
        at("2026-03-29T01:00"), True
    )


@pytest.mark.parametrize("urgent_at_once", [True, False])
def test_urgent_ones_skip_digest_and_quiet_hours_where_the_person_says_so(urgent_at_once):
    wishes = Wishes(quiet_from=time(11), quiet_until=time(13), urgent_at_once=urgent_at_once)

    told = plan(Timing.DIGEST, urgent=True, wishes=wishes, now=NOON)

    assert (told == Plan(NOON)) is urgent_at_once


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    start=st.times(),
    end=st.times(),
    zone=st.sampled_from(["Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu", "UTC"]),
    timing=st.sampled_from([Timing.AT_ONCE, Timing.DIGEST]),
)
def test_no_message_is_early_or_waits_longer_than_two_days(now, start, end, zone, timing):
    wishes = Wishes(zone=ZoneInfo(zone), quiet_from=start, quiet_until=end)

    told = plan(timing, urgent=False, wishes=wishes, now=now)

    # A day for the digest, a day for quiet hours, and an hour or so where clocks change.
    assert 0 <= (told.due_at - now).total_seconds() <= 50.1 * 3600
