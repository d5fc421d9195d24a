"""Whether a schedule that only notifies is followed, by when versions were made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from inventory.gcp.rotation import Schedule, grace, judged

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
MONTH = timedelta(days=30)
MONTHLY = Schedule(NOW + timedelta(days=10), MONTH)
"""Its last notifications were sent 20, 50, 80 and 110 days ago."""


def made(*days, after=timedelta(minutes=3)):
    return [NOW - timedelta(days=each) + after for each in days]


def told(schedule, versions, *, whole=True):
    found = judged(schedule, versions, NOW, whole=whole)
    assert found.auto_why
    assert found.failed_why
    return found.auto, found.failed


def test_a_schedule_that_the_last_versions_followed_rotates():
    assert told(MONTHLY, made(300, 50, 20)) == (True, False)


def test_one_version_at_the_right_time_may_be_chance():
    assert told(MONTHLY, made(300, 20)) == (None, False)


def test_a_notification_that_nothing_followed_for_once_is_a_failed_rotation():
    assert told(MONTHLY, made(300, 80, 50)) == (False, True)


def test_a_schedule_that_was_never_followed_may_be_younger_than_its_last_notification():
    found = judged(MONTHLY, made(300), NOW, whole=True)

    assert (found.auto, found.failed) == (False, None)
    assert "2026-06-10" in found.failed_why
    assert "unless the schedule is younger" in found.failed_why


def test_versions_made_at_other_times_follow_no_schedule():
    assert told(MONTHLY, made(300, 55, 27, 4)) == (False, None)


@pytest.mark.parametrize(("late", "follows"), [(timedelta(hours=23), True), (timedelta(hours=25), False)])
def test_a_version_counts_for_a_day_after_its_notification(late, follows):
    versions = [*made(300), *made(50, 20, after=late)]

    assert (told(MONTHLY, versions)[0] is True) is follows


def test_a_version_from_just_before_a_notification_did_not_follow_it():
    assert told(MONTHLY, [*made(300), *made(50, 20, after=-timedelta(minutes=1))]) == (False, None)


def test_notifications_from_before_the_first_version_ask_nothing():
    assert told(MONTHLY, made(5)) == (None, None)
    assert told(MONTHLY, made(21, 20)) == (None, False)


def test_without_a_schedule_nothing_is_rotated():
    assert told(Schedule(), made(300, 50, 20)) == (False, None)


def test_a_single_notification_tells_nothing():
    assert told(Schedule(NOW + MONTH), made(300)) == (None, None)


def test_without_the_dates_of_versions_nothing_is_known():
    assert told(MONTHLY, [], whole=False) == (None, None)


def test_what_secret_manager_rotates_itself_is_rotated():
    assert told(Schedule(NOW + MONTH, MONTH, managed=True), made(300)) == (True, False)
    assert told(Schedule(NOW + MONTH, MONTH, managed=True, failing=True), made(300)) == (True, True)


def test_an_hourly_schedule_gives_ten_minutes_and_a_yearly_one_a_day():
    assert grace(timedelta(hours=1)) == timedelta(minutes=10)
    assert grace(timedelta(days=365)) == timedelta(days=1)


@pytest.mark.parametrize("period", [timedelta(hours=1), timedelta(days=36_500)])
@pytest.mark.parametrize("following", [NOW - 100 * MONTH, NOW, datetime(9000, 1, 1, tzinfo=UTC)])
def test_odd_schedules_break_nothing(period, following):
    told(Schedule(following, period), made(300, 20))
