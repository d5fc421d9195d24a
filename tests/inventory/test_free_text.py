"""Values that people paste into their own words are refused before anything is kept."""

import secrets

import pytest

from inventory.free_text import HoldsValue, refuse_values


@pytest.mark.parametrize(
    "words",
    [
        "We rotated it on Monday, see ticket PAY-1234 and commit 3f2a9c1.",
        "Der Schlüssel öffnet nur die Testumgebung.\nTomas hat ihn am 3. November gesperrt.",
        "https://wiki.halden.example/pages/rotation?id=42#steps",
        "",
    ],
)
def test_words_about_a_secret_are_kept(words):
    refuse_values(words)


def test_a_value_among_words_is_refused_without_being_repeated():
    value = f"ghp_{secrets.token_hex(18)}"

    with pytest.raises(HoldsValue) as refused:
        refuse_values("fine", f"it was {value} and is revoked now")

    assert value not in str(refused.value)
    assert value not in repr(refused.value)


def test_an_assignment_is_refused():
    with pytest.raises(HoldsValue):
        refuse_values(f"the file had DB_PASSWORD={secrets.token_hex(12)}")
