"""The worked example of the model: facts of one team and what must come out, to two decimals."""

import json
from pathlib import Path

import pytest

from posture.scoring.card import costs, explain, gains, score
from posture.scoring.facts import Facts, digest

EXAMPLE = json.loads((Path(__file__).parent / "worked_example.json").read_text(encoding="utf-8"))
FACTS = Facts.from_json(EXAMPLE["facts"])
EXPECTED = EXAMPLE["expected"]


def test_the_pillars_the_score_the_grade_and_the_confidence_are_the_documented_ones():
    card = score(FACTS).as_json()

    assert {pillar["slug"]: pillar["value"] for pillar in card["pillars"]} == EXPECTED["pillars"]
    assert card["score"] == EXPECTED["score"]
    assert card["grade"] == EXPECTED["grade"]
    assert card["confidence"] == EXPECTED["confidence"]


@pytest.mark.parametrize(("action", "points"), EXPECTED["gains"].items())
def test_every_documented_fix_gains_what_is_documented(action, points):
    assert {gain.action: gain.gain for gain in gains(FACTS)}[action] == points


def test_beyond_the_documented_fixes_only_lessons_and_what_is_not_due_yet_can_be_done():
    further = {gain.action for gain in gains(FACTS)} - set(EXPECTED["gains"])

    assert further == {"finish lesson-2", "finish lesson-3", "finish lesson-4", "close r6 in time"}


def test_what_nobody_can_undo_is_told_with_its_cost_and_gains_nothing():
    gone = {cost.item: (cost.lost, cost.gain) for cost in costs(FACTS) if not cost.fixable and cost.lost}

    assert gone == {"r4": (1.6, 0.0), "incident-lesson-2": (1.0, 0.0), "reopened": (0.67, 0.0)}


def test_every_pillar_below_100_leads_to_an_item_that_costs_it():
    costly = {cost.pillar for cost in costs(FACTS) if cost.lost > 0 and cost.why and cost.remedy}

    assert costly == {pillar.slug for pillar in score(FACTS).pillars if pillar.value < 100}


def test_the_best_fix_comes_first():
    found = [gain.gain for gain in gains(FACTS)]

    assert found == sorted(found, reverse=True)
    assert gains(FACTS)[0].item == "e1"


def test_several_fixes_at_once_are_scored_together_not_by_adding_rounded_gains():
    both = score(FACTS, fixed={("exposure", "e1"), ("rotation", "c3")})

    assert (both.as_json()["score"], both.grade) == (74.76, "C")


def test_everything_is_json_and_the_same_each_time():
    first = json.dumps(explain(FACTS), sort_keys=True, allow_nan=False)

    assert first == json.dumps(explain(Facts.from_json(EXAMPLE["facts"])), sort_keys=True, allow_nan=False)


def test_the_digest_does_not_change_with_the_order_of_collection_and_changes_with_a_fact():
    turned = {**EXAMPLE["facts"], "exposures": EXAMPLE["facts"]["exposures"][::-1]}
    changed = {**EXAMPLE["facts"], "owned_credentials": 26}

    assert digest(Facts.from_json(turned)) == digest(FACTS)
    assert digest(Facts.from_json(changed)) != digest(FACTS)
    assert score(Facts.from_json(turned)).as_json() == score(FACTS).as_json()


def test_the_digest_of_stored_facts_is_the_stored_digest():
    assert digest(Facts.from_json(json.loads(json.dumps(FACTS.as_json())))) == score(FACTS).input_digest
