"""What a card says: caps with reasons, grades, confidence, what is not assessed; and the organisation's."""

import json

import pytest

from posture.scoring.card import costs, gains, score
from posture.scoring.facts import (
    CredentialFacts,
    ExposureFacts,
    Facts,
    IdentityFacts,
    Known,
    RemediationFacts,
    RemediationItem,
    TrainingFacts,
)
from posture.scoring.organisation import Standing, organisation

SURE = Known(assets=10, assets_fresh=10, facts=10, facts_known=10)


def facts(*, team="web", owned=100, confidence=SURE, **parts):
    return Facts(team=team, owned_credentials=owned, owned_identities=owned, confidence=confidence, **parts)


def exposed(name="e", severity="critical", validity="valid", visibility="public", *, reported=False, overdue=False):
    return ExposureFacts(
        id=name,
        severity=severity,
        validity=validity,
        visibility=visibility,
        self_reported_within_deadline=reported,
        overdue=overdue,
    )


def stored(name="c", tier="critical", age=1000, limit=90, *, ephemeral=False, auto_rotated=None):
    return CredentialFacts(
        id=name, tier=tier, age_days=age, limit_days=limit, ephemeral=ephemeral, auto_rotated=auto_rotated
    )


def identity(name="i", tier="critical", **known):
    unknown = dict.fromkeys(("granted", "used", "admin", "cross_environment", "shared", "dormant"))
    return IdentityFacts(id=name, tier=tier, **{**unknown, **known})


def pillar(card, slug):
    return next(each for each in card.pillars if each.slug == slug)


def test_what_was_not_looked_at_is_not_assessed_and_drops_from_the_mean():
    card = score(facts(exposures=[exposed(severity="medium", validity="unknown")]))

    assert pillar(card, "rotation").value is None
    assert "Connect a vault" in pillar(card, "rotation").reason
    assert card.score == pillar(card, "exposure").value


def test_what_was_looked_at_and_holds_nothing_is_as_good_as_it_gets():
    assert score(facts(exposures=[])).score == 100


def test_a_team_without_any_evidence_has_no_score_no_grade_and_nothing_to_do():
    card = score(facts())

    assert (card.score, card.grade) == (None, "not graded")
    assert gains(facts()) == []
    assert json.dumps(card.as_json())


@pytest.mark.parametrize(
    ("severity", "validity", "limit"),
    [
        ("critical", "valid", 40),
        ("high", "valid", 60),
        ("medium", "valid", 80),
        ("low", "valid", 95),
        ("critical", "unknown", 80),
        ("critical", "check_failed", 80),
    ],
)
def test_an_exposed_value_caps_its_pillar_by_severity_with_the_reason(severity, validity, limit):
    card = score(facts(owned=10_000, exposures=[exposed("e9", severity, validity, "organisation")]))

    found = pillar(card, "exposure")
    assert found.value == limit
    assert found.reason
    assert found.caps[0].items == ("e9",)


@pytest.mark.parametrize(
    ("severity", "validity"), [("critical", "invalid"), ("high", "unknown"), ("info", "valid"), ("low", "unknown")]
)
def test_dead_unchecked_or_public_by_design_values_cap_nothing(severity, validity):
    card = score(facts(owned=10_000, exposures=[exposed("e", severity, validity, "organisation")]))

    assert pillar(card, "exposure").caps == ()


def test_a_valid_public_critical_caps_the_whole_score_and_lower_once_overdue():
    rest = {"identities": [], "credentials": [], "training": TrainingFacts(True, (), ())}

    within = score(facts(owned=10_000, exposures=[exposed()], **rest))
    late = score(facts(owned=10_000, exposures=[exposed(overdue=True)], **rest))

    assert (within.score, late.score) == (69, 49)
    assert late.caps[0].binding
    assert "past its deadline" in late.caps[0].reason


def test_a_cap_above_the_value_is_shown_and_said_to_bind_nothing():
    found = pillar(score(facts(owned=10, exposures=[exposed("e", "low", "valid", "public")])), "exposure")

    assert found.value < 95
    assert [(cap.limit, cap.binding) for cap in found.caps] == [(95, False)]
    assert found.reason == ""


def test_what_a_team_reports_itself_caps_nothing_until_its_deadline_passes():
    assert score(facts(owned=10_000, exposures=[exposed(reported=True)])).score > 99
    assert score(facts(owned=10_000, exposures=[exposed(reported=True, overdue=True)])).score == 40


def test_rotation_and_rights_cap_their_pillars():
    big = 10_000

    assert pillar(score(facts(owned=big, credentials=[stored()])), "rotation").value == 60
    assert pillar(score(facts(owned=big, credentials=[stored(tier="high")])), "rotation").value == 80
    assert pillar(score(facts(owned=big, credentials=[stored(age=180)])), "rotation").value > 99
    assert pillar(score(facts(owned=big, identities=[identity(admin=True)])), "least_privilege").value == 70
    assert pillar(score(facts(owned=big, identities=[identity(dormant=True)])), "least_privilege").value == 70
    assert pillar(score(facts(owned=big, identities=[identity("i", "high", admin=True)])), "least_privilege").value > 99


def test_no_team_is_judged_as_smaller_than_ten():
    item = exposed("e", "medium", "unknown", "organisation")

    assert score(facts(owned=0, exposures=[item])).score == score(facts(owned=10, exposures=[item])).score
    assert score(facts(owned=11, exposures=[item])).score > score(facts(owned=10, exposures=[item])).score


def test_a_fix_that_another_cap_holds_back_gains_nothing_and_says_why():
    found = gains(facts(owned=10_000, exposures=[exposed("a"), exposed("b")]))

    assert [gain.gain for gain in found] == [0, 0]
    assert "still works" in found[0].held_by
    both = score(facts(owned=10_000, exposures=[exposed("a"), exposed("b")]), {("exposure", "a"), ("exposure", "b")})
    assert both.score == 100


def test_the_one_fix_that_lifts_a_cap_gains_all_that_it_held():
    found = gains(facts(owned=10_000, exposures=[exposed("a"), exposed("b", "low", "unknown")]))

    assert found[0].item == "a"
    assert found[0].gain > 59


@pytest.mark.parametrize(
    ("known", "grade"),
    [
        (Known(10, 10, 10, 10), "A"),
        (Known(10, 8, 10, 8), "A"),
        (Known(10, 9, 10, 7), "A"),
        (Known(10, 7, 10, 8), "B"),
        (Known(10, 5, 10, 5), "B"),
        (Known(10, 5, 10, 4), "not graded"),
        (Known(10, 10, 0, 0), "A"),
        (Known(0, 0, 0, 0), "not graded"),
    ],
)
def test_little_knowledge_withholds_the_grade_and_never_the_score(known, grade):
    card = score(facts(confidence=known, exposures=[]))

    assert (card.score, card.grade) == (100, grade)


@pytest.mark.parametrize(("months", "grade"), [(12, "A"), (13, "A"), (14.4, "B"), (15.6, "C"), (16.8, "D"), (17, "F")])
def test_the_grade_follows_the_score_as_it_is_shown(months, grade):
    assert score(facts(training=TrainingFacts(None, (months,), ()))).grade == grade


def test_a_thing_that_came_back_costs_although_nothing_is_closed_and_closing_it_never_hurts():
    open_again = RemediationItem(id="r", severity="high", state="open", due=False, overdue_days=0, deadline_days=7)
    before = facts(remediation=RemediationFacts(items=(open_again,), reopened=1))

    assert score(before).score == pytest.approx(90)
    assert gains(before)[0].gain == 0
    assert {cost.item for cost in costs(before) if cost.lost} == {"reopened"}


def test_the_ladder_is_climbed_one_level_after_the_other():
    assert score(facts(exposures=[])).ladder.level == "bronze"
    assert score(facts(exposures=[], credentials=[])).ladder.level == "silver"
    assert (
        score(facts(exposures=[exposed(validity="unknown")], credentials=[stored(age=None)])).ladder.level == "bronze"
    )
    everything = {
        "exposures": [],
        "credentials": [stored(ephemeral=True), stored("d", age=1, auto_rotated=True)],
        "identities": [identity(shared=False, cross_environment=False)],
        "training": TrainingFacts(True, (), ()),
    }
    assert score(facts(**everything)).ladder.level == "gold"
    assert score(facts(confidence=Known(2, 1, 0, 0), **everything)).ladder.level == ""


def team(name, *, owned, months, known=SURE):
    return Standing.of(
        score(facts(team=name, owned=owned, confidence=known, training=TrainingFacts(None, (months,), ())))
    )


def test_the_organisation_is_its_teams_weighted_by_size_with_the_three_worst_named():
    standings = [
        team("a", owned=10, months=12),
        team("b", owned=30, months=24),
        team("c", owned=10, months=18),
        team("d", owned=10, months=15),
        Standing.of(score(facts(team="e"))),
    ]

    card = organisation(standings, items=10, items_owned=10)

    assert card.score == pytest.approx((100 * 10 + 0 * 30 + 50 * 10 + 75 * 10) / 60)
    assert [standing.team for standing in card.worst] == ["b", "c", "d"]
    assert card.not_assessed == ("e",)
    assert card.pillars["training"] == card.score
    assert card.pillars["exposure"] is None


def test_the_organisation_is_less_known_when_things_have_no_owner_or_belong_to_nobody():
    standings = [team("a", owned=10, months=1)]

    assert organisation(standings, items=10, items_owned=10).confidence == 1
    assert organisation(standings, items=10, items_owned=4).confidence == pytest.approx((1 + 1 + 0.4) / 3)
    assert organisation(standings, items=0, items_owned=0, unowned=Known(10, 0, 0, 0)).confidence == 0.75
    assert organisation(standings, items=10, items_owned=1, unowned=Known(90, 0, 90, 0)).grade == "not graded"


def test_the_organisation_can_be_made_from_stored_cards():
    cards = [score(facts(team=name, exposures=[exposed(severity="high")])) for name in "ab"]
    stored_cards = [json.loads(json.dumps(card.as_json())) for card in cards]

    direct = organisation([Standing.of(card) for card in cards], items=2, items_owned=2)
    again = organisation([Standing.from_json(card) for card in stored_cards], items=2, items_owned=2)

    assert again.as_json() == direct.as_json()


def test_an_organisation_without_teams_has_no_score():
    card = organisation([], items=0, items_owned=0)

    assert (card.score, card.grade, card.worst) == (None, "not graded", ())


def test_more_owned_than_there_is_is_refused():
    with pytest.raises(ValueError, match="between 0 and items"):
        organisation([], items=1, items_owned=2)
