"""Facts refuse what cannot be scored, and say where and what is expected."""

import json
from pathlib import Path

import pytest

from posture.scoring.checked import FactsError
from posture.scoring.facts import CredentialFacts, Facts

EXAMPLE = json.loads((Path(__file__).parent / "worked_example.json").read_text(encoding="utf-8"))["facts"]
LEAST = {"team": "web", "owned_credentials": 0, "confidence": {}}


def changed(*path, value):
    facts = json.loads(json.dumps(EXAMPLE))
    part = facts
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return facts


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("credentials", 2, "tier"), "severe", "credentials[2].tier: must be one of critical, high, medium, low"),
        (("credentials", 2, "tier"), ["high"], "credentials[2].tier: must be one of"),
        (("credentials", 0, "age_days"), -1, "credentials[0].age_days: must be 0 or more"),
        (("credentials", 0, "age_days"), float("nan"), "credentials[0].age_days: must be 0 or more"),
        (("credentials", 0, "age_days"), float("inf"), "credentials[0].age_days: must be at most"),
        (("credentials", 0, "age_days"), 10**400, "credentials[0].age_days: must be at most"),
        (("credentials", 0, "age_days"), True, "credentials[0].age_days: must be a number"),
        (("credentials", 0, "age_days"), "30", "credentials[0].age_days: must be a number"),
        (("credentials", 0, "limit_days"), 0, "credentials[0].limit_days: must be more than 0"),
        (("credentials", 0, "ephemeral"), None, "credentials[0].ephemeral: must be true or false"),
        (("credentials", 1, "id"), "c1", "credentials[1].id: is used twice in this list"),
        (("credentials", 1, "id"), "", "credentials[1].id: must be a text"),
        (("credentials", 1, "colour"), 1, "credentials[1]: has an unknown key 'colour'"),
        (("credentials",), {}, "credentials: must be a list"),
        (("credentials",), [1], "credentials[0]: must be an object"),
        (("identities", 0, "used"), 21, "identities[0].used: must be at most what is granted (20)"),
        (("identities", 0, "granted"), 1.5, "identities[0].granted: must be a whole number"),
        (("exposures", 0, "severity"), "bad", "exposures[0].severity: must be one of"),
        (("exposures", 0, "validity"), None, "exposures[0].validity: must be one of"),
        (("remediation", "items", 5, "overdue_days"), 2, "remediation.items[5].overdue_days: must be 0 while"),
        (("remediation", "items", 0, "state"), "done", "remediation.items[0].state: must be one of"),
        (("remediation", "reopened"), -1, "remediation.reopened: must be 0 or more"),
        (("training", "modules_months_ago"), [1, "x"], "training.modules_months_ago[1]: must be a number"),
        (("confidence", "assets_fresh"), 21, "confidence.assets_fresh: must be at most assets (20)"),
        (("policy_version",), 2, "policy_version: must be 1"),
        (("team",), None, "team: must be a text"),
        (("owned",), 2, "has an unknown key 'owned'"),
    ],
)
def test_bad_input_is_refused_with_its_place(path, value, message):
    with pytest.raises(FactsError) as refused:
        Facts.from_json(changed(*path, value=value))

    assert str(refused.value).startswith(message)


def test_a_missing_key_is_named():
    with pytest.raises(FactsError, match="lacks team, owned_credentials, confidence"):
        Facts.from_json({})


def test_facts_made_by_code_are_checked_alike():
    with pytest.raises(FactsError, match="age_days: must be 0 or more"):
        CredentialFacts(id="a", tier="low", age_days=-2, limit_days=90, ephemeral=False)


def test_a_part_that_was_not_looked_at_is_kept_apart_from_an_empty_one():
    facts = Facts.from_json({**LEAST, "exposures": []})

    assert facts.exposures == ()
    assert facts.credentials is None
    assert facts.as_json()["credentials"] is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        (b"\xff\xfe\xfa", "not JSON"),
        ("1" * 5_000, "not JSON"),
        ("[]", "must be an object"),
        ('{"team": NaN}', "NaN is no number"),
        ('{"team": "a", "team": "b"}', "'team' is written twice"),
        ('{"facts": {"team": 1, "owned_credentials": 0, "confidence": {}}}', "facts.team: must be a text"),
    ],
)
def test_text_that_is_no_facts_is_refused(text, message):
    with pytest.raises(FactsError, match=message):
        Facts.from_text(text)


def test_a_refusal_repeats_no_text_of_the_input():
    with pytest.raises(FactsError) as refused:
        Facts.from_json(changed("credentials", 0, "tier", value="something private"))

    assert "private" not in str(refused.value)
