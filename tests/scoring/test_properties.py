"""What must hold for every team: no fix lowers, no junk raises, nothing leaves 0 to 100."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from posture.scoring.card import costs, gains, score
from posture.scoring.facts import CredentialFacts, Facts, IdentityFacts, digest
from tests.scoring.teams import TEAMS

SLACK = 1e-9
seldom = settings(max_examples=100, deadline=None, derandomize=True)


def points(facts):
    return score(facts).score or 0.0


def never_lowers(before, after):
    assert points(after) >= points(before) - SLACK


def followed(facts):
    """Return the ids of the exposures whose closing takes an unmanaged credential of the same id along."""
    exposed = {each.id for each in facts.exposures or ()}
    return {each.id for each in facts.credentials or () if each.unmanaged} & exposed


def exchanged(parts, place, part):
    """Return the parts with one exchanged, or taken out when there is none to put in."""
    return (*parts[:place], *(() if part is None else (part,)), *parts[place + 1 :])


@seldom
@given(TEAMS)
def test_every_pillar_and_every_score_lies_between_0_and_100_or_is_not_assessed(facts):
    card = score(facts)

    for value in (card.score, *(pillar.value for pillar in card.pillars)):
        assert value is None or 0 <= value <= 100
    assert 0 <= card.confidence <= 1
    json.dumps(card.as_json(), allow_nan=False)


@seldom
@given(TEAMS)
def test_no_gain_is_negative_and_the_remedy_never_gives_more_than_the_item_costs_unless_nothing_is_wrong_yet(facts):
    for cost in costs(facts):
        assert cost.gain >= 0
        assert cost.lost >= 0
        along = cost.pillar == "exposure" and cost.item in followed(facts)
        assert cost.gain <= cost.lost + 0.011 or cost.debt == 0 or along


@seldom
@given(TEAMS)
def test_a_gain_is_the_score_with_the_fix_less_the_score_without(facts):
    for gain in gains(facts):
        fixed = score(facts, fixed={(gain.pillar, gain.item)}).score

        assert abs(fixed - points(facts) - gain.gain) <= 0.005 + SLACK


@seldom
@given(TEAMS)
def test_rotating_never_lowers_and_gains_what_was_said(facts):
    said = {gain.item: gain.gain for gain in gains(facts) if gain.pillar == "rotation"}
    for place, each in enumerate(facts.credentials or ()):
        if each.age_days is not None and each.id not in followed(facts):
            after = replace(facts, credentials=exchanged(facts.credentials, place, replace(each, age_days=0)))

            never_lowers(facts, after)
            assert abs(points(after) - points(facts) - said.get(each.id, 0.0)) <= 0.005 + SLACK


@seldom
@given(TEAMS)
def test_what_is_closed_with_an_exposure_is_told_as_a_cost_and_is_no_action_of_its_own(facts):
    offered = {gain.item for gain in gains(facts) if gain.pillar == "rotation"}

    assert offered.isdisjoint(followed(facts))
    assert followed(facts) <= {cost.item for cost in costs(facts) if cost.pillar == "rotation"}


@seldom
@given(TEAMS)
def test_retiring_a_credential_or_identity_and_closing_an_exposure_never_lower(facts):
    for name in ("credentials", "identities", "exposures"):
        parts = getattr(facts, name) or ()
        for place in range(len(parts)):
            never_lowers(facts, replace(facts, **{name: exchanged(parts, place, None)}))


@seldom
@given(TEAMS)
def test_closing_an_exposure_gains_what_was_said_with_the_unmanaged_credential_that_goes_with_it(facts):
    said = {gain.item: gain.gain for gain in gains(facts) if gain.pillar == "exposure"}
    for place, each in enumerate(facts.exposures or ()):
        after = replace(facts, exposures=exchanged(facts.exposures, place, None))
        if each.id in followed(facts):
            kept = tuple(other for other in facts.credentials if other.id != each.id)
            after = replace(after, credentials=kept)

        assert abs(points(after) - points(facts) - said[each.id]) <= 0.005 + SLACK


@seldom
@given(TEAMS, st.data())
def test_shrinking_or_cleaning_an_identity_never_lowers(facts, data):
    for place, each in enumerate(facts.identities or ()):
        cleaner = [replace(each, **{name: False}) for name in ("admin", "cross_environment", "shared", "dormant")]
        if each.granted is not None and each.used is not None:
            cleaner.append(replace(each, granted=data.draw(st.integers(each.used, each.granted))))
        for identity in cleaner:
            never_lowers(facts, replace(facts, identities=exchanged(facts.identities, place, identity)))


@seldom
@given(TEAMS)
def test_claiming_proving_and_closing_in_time_or_late_never_lower(facts):
    if facts.remediation is None:
        return
    items = facts.remediation.items
    for place, each in enumerate(items):
        steps = {"open": ["claimed", "late"] if each.due else ["claimed", "verified"], "claimed": ["verified"]}
        for state in steps.get(each.state, []):
            after = replace(facts.remediation, items=exchanged(items, place, replace(each, state=state)))

            never_lowers(facts, replace(facts, remediation=after))


@seldom
@given(TEAMS)
def test_fifty_perfect_critical_items_never_raise(facts):
    fresh = tuple(
        CredentialFacts(id=f"junk{number}", tier="critical", age_days=0, limit_days=90, ephemeral=False)
        for number in range(50)
    )
    tidy = tuple(
        IdentityFacts(
            id=f"junk{number}",
            tier="critical",
            granted=1,
            used=1,
            admin=False,
            cross_environment=False,
            shared=False,
            dormant=False,
        )
        for number in range(50)
    )
    if facts.credentials is not None:
        assert points(replace(facts, credentials=(*facts.credentials, *fresh))) <= points(facts) + SLACK
    if facts.identities is not None:
        assert points(replace(facts, identities=(*facts.identities, *tidy))) <= points(facts) + SLACK


@seldom
@given(TEAMS)
def test_knowing_less_lowers_the_confidence_and_leaves_the_score(facts):
    known = facts.confidence
    if known.facts_known:
        less = replace(facts, confidence=replace(known, facts_known=known.facts_known - 1))

        assert score(less).confidence < score(facts).confidence
        assert score(less).score == score(facts).score


@seldom
@given(TEAMS)
def test_a_fact_that_is_not_known_never_costs_anything(facts):
    for place, each in enumerate(facts.credentials or ()):
        never_lowers(
            facts, replace(facts, credentials=exchanged(facts.credentials, place, replace(each, age_days=None)))
        )
    for place, each in enumerate(facts.identities or ()):
        for name in ("used", "admin", "cross_environment", "shared", "dormant"):
            unknown = replace(each, **{name: None})
            never_lowers(facts, replace(facts, identities=exchanged(facts.identities, place, unknown)))


@seldom
@given(TEAMS)
def test_doing_everything_that_can_be_done_never_lowers_and_leaves_no_cap(facts):
    everything = {(gain.pillar, gain.item) for gain in gains(facts)}
    card = score(facts, fixed=everything)

    assert card.score is None or card.score >= points(facts) - SLACK
    assert card.caps == ()
    assert all(pillar.caps == () for pillar in card.pillars)


@seldom
@given(TEAMS)
def test_stored_facts_give_the_same_digest_and_the_same_card(facts):
    again = Facts.from_json(json.loads(json.dumps(facts.as_json())))

    assert digest(again) == digest(facts)
    assert score(again).as_json() == score(facts).as_json()
