"""Templates of examples become text that differs with the seed and fits its class."""

import random
import re

import pytest

from inventory.detection.example import characters, expand


def test_a_slot_becomes_characters_of_its_class_and_the_rest_stands():
    text = expand("acme_<[A-Z2-7]{16}>-end <[a-f0-9]{3,5}>", random.Random(1))

    assert re.fullmatch(r"acme_[A-Z2-7]{16}-end [a-f0-9]{3,5}", text)


def test_the_seed_decides():
    template = "<[a-z]{30}>"

    assert expand(template, random.Random(1)) == expand(template, random.Random(1))
    assert expand(template, random.Random(1)) != expand(template, random.Random(2))


@pytest.mark.parametrize(
    ("members", "expected"),
    [("abc", "abc"), ("a-c", "abc"), (r"\-a", "-a"), ("a-", "a-"), (r"\]", "]"), (r"\d", "0123456789"), ("aab", "ab")],
)
def test_a_class_is_read_as_in_a_regular_expression(members, expected):
    assert characters(members) == expected


def test_a_range_that_runs_backwards_is_an_error():
    with pytest.raises(ValueError, match="backwards"):
        characters("z-a")


def test_text_without_slots_stands():
    assert expand("<password>[a]{3}</password>", random.Random(1)) == "<password>[a]{3}</password>"
