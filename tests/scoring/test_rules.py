"""What every rule promises: examples that hold, words for people, and a place among the pillars."""

import pytest

from posture.scoring.card import rounded
from posture.scoring.facts import Facts, Known
from posture.scoring.rule import Tally, rules

RULES = list(rules().values())
NOTHING = Facts(team="web", owned_credentials=0, confidence=Known())


def test_the_five_pillars_are_found_in_their_order_and_weigh_100():
    assert list(rules()) == ["rotation", "exposure", "least_privilege", "remediation", "training"]
    assert sum(rule.weight for rule in RULES) == 100


@pytest.mark.parametrize(
    ("rule", "example"),
    [pytest.param(rule, example, id=f"{rule.slug}: {example.says}") for rule in RULES for example in rule.examples],
)
def test_every_example_of_a_rule_gives_its_value(rule, example):
    assert rounded(Tally(rule, example.facts).value()) == example.value


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
def test_a_rule_explains_itself_and_knows_that_it_was_not_asked(rule):
    assert len((rule.__doc__ or "").splitlines()) > 2
    assert rule.label
    assert rule.not_assessed.endswith(".")
    assert len(rule.examples) >= 3
    assert Tally(rule, NOTHING).value() is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
def test_every_item_of_the_examples_says_what_is_wrong_and_what_to_do(rule):
    items = [item for example in rule.examples for item in rule.items(example.facts)]

    for item in items:
        assert item.why.endswith(".")
        assert item.remedy.endswith(".")
        assert (item.fixed is None) == (item.action == "") or item.debt == 0
        assert len(item.counts) == len(item.perfect) == len(rule.totals)
