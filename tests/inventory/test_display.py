"""Text from outside is shown in full, but never as something else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from inventory.templatetags.inventory_display import (
    LONGEST,
    ago,
    counted,
    moment,
    per_cent,
    said,
    shown,
    size,
    tally,
)


@pytest.mark.parametrize(
    ("hostile", "seen"),
    [
        ("a\nb", "a␊b"),
        ("a\x1b[31mred", "a␛[31mred"),
        ("invoice\u202egnp.exe", "invoice⟨U+202E⟩gnp.exe"),
        ("\u2066left\u2069", "⟨U+2066⟩left⟨U+2069⟩"),
        ("pay\u200bments", "pay⟨U+200B⟩ments"),
        ("line\u2028two", "line⟨U+2028⟩two"),
        ("\udcff.env", "⟨U+DCFF⟩.env"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
        ("del\x7f c1\x85", "del␡ c1⟨U+0085⟩"),
        ("Zoë 漢字 עברית", "Zoë 漢字 עברית"),
        (None, ""),
    ],
)
def test_g23_nothing_invisible_and_nothing_that_reorders_is_shown(hostile, seen):
    assert shown(hostile) == seen


@given(st.text())
def test_g23_shown_text_holds_no_control_character_whatever_comes_in(text):
    assert all(ord(char) >= 0x20 and not 0x7F <= ord(char) <= 0x9F for char in shown(text))
    assert not set(shown(text)) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def test_a_very_long_path_is_cut_with_a_mark():
    assert len(shown("x" * 5000)) == LONGEST
    assert shown("x" * 5000).endswith("…")


@pytest.mark.parametrize(
    "payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)"]
)
def test_w8_shown_text_is_still_escaped_by_the_template(payload):
    page = Template("{% load inventory_display %}{{ text|shown }}").render(Context({"text": payload}))

    assert "<" not in page
    assert '"' not in page


def test_times_are_shown_in_utc_whatever_their_zone():
    assert moment(datetime(2026, 11, 24, 6, 0, tzinfo=UTC)) == "24 Nov 2026, 06:00 UTC"
    assert moment(datetime(2026, 11, 24, 6, 0, tzinfo=timezone.get_fixed_timezone(120))) == "24 Nov 2026, 04:00 UTC"
    assert moment(None) == "not known"


def test_relative_times_say_past_and_future():
    assert ago(timezone.now() - timedelta(days=214, minutes=1)) == "214 d ago"
    assert ago(timezone.now() + timedelta(hours=3, minutes=1)) == "in 3 h"
    assert ago(None) == "never"


def test_a_bar_never_leaves_its_box():
    assert per_cent(3, 2) == "100.00%"
    assert per_cent(-1, 2) == "0.00%"
    assert per_cent(1, 0) == "0%"


def test_a_number_agrees_with_its_noun():
    assert counted(1, "repository|repositories") == "1 repository"
    assert counted(0, "repository|repositories") == "0 repositories"
    assert counted(2113, "commit") == "2,113 commits"


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1_000, "1.0 kB"), (1_556_615, "1.6 MB"),
     (999_999, "1.0 MB"), (3_200_000_000, "3.2 GB"), (4_500_000_000_000, "4.5 TB")],
)  # fmt: skip
def test_bytes_are_said_in_a_unit_that_fits(value, words):
    assert size(value) == words


def test_what_a_collection_counted_is_said_in_words():
    counts = {"bytes": 1_556_615, "repositories": 1, "commits": 2113, "skipped": 1, "exposures": 0}

    assert tally(counts) == [
        "1 repository",
        "2,113 new commits",
        "0 exposures in all",
        "1 thing skipped",
        "1.6 MB read",
    ]


def test_what_a_collector_learned_is_said_as_people_would():
    assert said("2026-11-17T14:45:16+00:00") == "17 Nov 2026, 14:45 UTC"
    assert said(True) == "yes"
    assert said(None) == "not known"
    assert said("2026-11-17T99:99:99+00:00 or so") == "2026-11-17T99:99:99+00:00 or so"
