"""How much a team owns, which its debt is measured against."""

from datetime import date, timedelta

import pytest

from posture.scoring.policy import Lifetime, debt_value, owned_on

TODAY = date(2026, 11, 24)


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("lifetime", "counts"),
    [
        (Lifetime(first_seen=ago(90)), True),
        (Lifetime(first_seen=ago(89)), False),
        (Lifetime(first_seen=TODAY, created=ago(400)), True),
        (Lifetime(first_seen=ago(400), created=ago(10)), False),
        (Lifetime(first_seen=ago(400), retired=ago(90)), True),
        (Lifetime(first_seen=ago(400), retired=ago(91)), False),
        (Lifetime(first_seen=ago(10), retired=ago(1)), False),
    ],
)
def test_what_counts_as_owned_has_existed_for_90_days_or_was_retired_within_90(lifetime, counts):
    assert owned_on(TODAY, [lifetime]) == counts


def test_junk_added_today_does_not_change_the_size():
    old = [Lifetime(first_seen=ago(200))] * 12

    assert owned_on(TODAY, old + [Lifetime(first_seen=TODAY)] * 500) == 12


def test_debt_leaves_between_0_and_100_whatever_it_is():
    assert debt_value(0, size=0) == 100
    assert debt_value(-1e-12, size=0) == 100
    assert debt_value(1e12, size=1) == 0
