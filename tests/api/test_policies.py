"""Policies and exemptions over the API: engineers change what is allowed, and two people leave something out of it."""

import secrets
from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Exemption, PolicyVersion, Secret
from tests.factories import EngineerFactory, SecretFactory

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}
POLICIES, EXEMPTIONS = "/api/v1/policies/", "/api/v1/exemptions/"


def version(based_on=1, **changed):
    return {
        "limits": [{"days": 20, "kind": "generic-secret", "reason": "Agreed with audit"}],
        "unused_human_days": 30,
        "unused_machine_days": 60,
        "most_readers": {"critical": 5},
        "note": "Agreed in March",
        "based_on": based_on,
    } | changed


def test_what_is_in_force_comes_with_the_standards_behind_it(enter, stranger):
    client = enter(stranger)
    before = client.get(f"{POLICIES}current/").json()
    assert (before["number"], before["limits"], before["unused_human_days"]) == (0, [], 45)
    assert {"kind": "cloud-key", "days": 90}.items() <= before["defaults"][0].items()
    assert client.get(POLICIES).json()["results"] == []

    enter_engineer = enter(EngineerFactory())
    assert enter_engineer.post(POLICIES, version(0), **JSON).status_code == 201

    now = client.get(f"{POLICIES}current/").json()
    assert (now["number"], now["unused_human_days"], now["most_readers"]) == (1, 30, {"critical": 5})
    assert now["limits"] == [
        {
            "days": 20,
            "kind": "generic-secret",
            "tier": None,
            "environment": None,
            "reason": "Agreed with audit",
            "is_looser": False,
        }
    ]


def test_a_change_is_a_new_version_and_judges_every_secret_anew(enter, engineer, mine):
    Secret.objects.update(policy_due=False)

    made = enter(engineer).post(POLICIES, version(), **JSON)

    assert made.status_code == 201
    assert (made.json()["number"], made.json()["made_by"]) == (2, engineer.name)
    assert enter(engineer).get(f"{POLICIES}2/").json() == made.json()
    assert [row["number"] for row in enter(engineer).get(POLICIES).json()["results"]] == [2, 1]
    assert not Secret.objects.filter(policy_due=False).exists()


def test_who_was_second_is_told_and_overwrites_nothing(enter, engineer, mine):
    client = enter(engineer)
    client.post(POLICIES, version(), **JSON)

    second = client.post(POLICIES, version(note="Mine"), **JSON)

    assert second.status_code == 409
    assert second.json()["error"]["code"] == "conflict"
    assert "Version 2 was made meanwhile" in second.json()["error"]["message"]
    assert not PolicyVersion.objects.filter(note="Mine").exists()


@pytest.mark.parametrize("viewer", ["member", "lead", "leader"])
@pytest.mark.parametrize("path", ["", "preview/"])
def test_w1_only_engineers_change_policies_or_see_what_a_change_would_do(request, enter, carry, viewer, path, mine):
    person = request.getfixturevalue(viewer)
    body = version() if not path else {"limits": []}

    for client in (enter(person), carry(person, "read", "policies")):
        answer = client.post(f"{POLICIES}{path}", body, **JSON)
        assert answer.status_code == 403
        assert "engineers" in answer.json()["error"]["message"]
    assert PolicyVersion.objects.count() == 1


def test_w21_changing_takes_the_scope(carry, engineer, mine):
    for scopes, code in ((("read", "collect"), 403), (("policies",), 201)):
        assert carry(engineer, *scopes).post(POLICIES, version(), **JSON).status_code == code
    assert carry(engineer, "policies").get(POLICIES).status_code == 403


def test_a_preview_says_what_would_be_stale_and_changes_nothing(enter, engineer, mine):
    stale = SecretFactory(asset__team=mine.team, kind="generic-secret", created_at=timezone.now() - timedelta(days=40))

    found = enter(engineer).post(f"{POLICIES}preview/", {"limits": version()["limits"]}, **JSON)

    assert found.status_code == 200
    told = found.json()
    assert (told["stale_now"], told["stale_then"], told["newly_stale"]) == (0, 1, 1)
    assert told["teams"] == [{"team": "Alder", "secrets": 1}]
    assert told["secrets"] == [{"id": stale.pk, "path": stale.path}]
    assert PolicyVersion.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"limits": [{"days": 0}]},
        {"limits": [{"days": 4000}]},
        {"limits": [{"kind": "cloud-key"}]},
        {"limits": [{"days": 9, "kind": "nonsense"}]},
        {"limits": [{"days": 9, "tier": "top"}]},
        {"limits": [{"days": 9, "environment": "x" * 41}]},
        {"limits": [{"days": 9, "reason": "\x00"}]},
        {"limits": [{"days": 9, "team": 1}]},
        {"limits": [{"days": True}]},
        {"limits": [[]]},
        {"limits": {}},
        {"limits": [{"days": 9}] * 101},
        {"unused_human_days": 366},
        {"unused_machine_days": None},
        {"most_readers": {"top": 1}},
        {"most_readers": {"critical": -1}},
        {"note": ""},
        {"note": "x" * 501},
        {"note": "\ud800"},
        {"based_on": -1},
        {"number": 9},
        {"made_by": 1},
    ],
    ids=lambda changed: str(changed)[:40],
)
def test_w2_a_policy_takes_what_the_page_takes_and_no_more(enter, engineer, mine, changed):
    answer = enter(engineer).post(POLICIES, version(**changed), **JSON)

    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}
    assert PolicyVersion.objects.count() == 1


def test_w26_no_refusal_repeats_what_was_sent(enter, engineer, mine):
    canary = secrets.token_hex(12)
    bodies = [
        version(limits=[{"days": canary, "kind": canary, "tier": canary, canary: canary}]),
        version(limits=[{"days": canary, "kind": canary, "tier": canary}]),
        version(note=[canary], most_readers={canary: canary}, based_on=canary),
        {canary: canary},
        canary,
        [canary],
    ]
    client = enter(engineer)

    for body in bodies:
        for address in (POLICIES, f"{POLICIES}preview/", EXEMPTIONS):
            answer = client.post(address, body, **JSON)
            assert answer.status_code == 400
            assert canary not in answer.content.decode()


def asking(mine, **changed):
    ends = timezone.localdate() + timedelta(days=30)
    return {"of": "rotation", "secret": mine.secret.pk, "ends_on": str(ends), "reason": "The vendor is slow"} | changed


@pytest.fixture
def nothing_asked(mine):
    Exemption.objects.all().delete()


def test_an_exemption_is_asked_for_by_one_and_approved_by_another(enter, lead, leader, mine, nothing_asked):
    asked = enter(lead).post(EXEMPTIONS, asking(mine), **JSON)
    assert asked.status_code == 201
    assert (asked.json()["state"], asked.json()["asked_by"]) == ("waiting", lead.name)
    address = f"{EXEMPTIONS}{asked.json()['id']}/"

    approved = enter(leader).post(f"{address}approve/", **JSON)

    assert (approved.status_code, approved.json()["state"]) == (200, "in_force")
    mine.secret.refresh_from_db()
    assert str(mine.secret.exempt_until) == asked.json()["ends_on"]
    assert enter(lead).get(address).json() == approved.json()
    ended = enter(lead).post(f"{address}end/", **JSON)
    assert (ended.status_code, ended.json()["state"], ended.json()["ended_by"]) == (200, "over", lead.name)
    mine.secret.refresh_from_db()
    assert mine.secret.exempt_until is None


def test_nobody_approves_what_they_asked_for(enter, engineer, mine, nothing_asked):
    client = enter(engineer)
    address = f"{EXEMPTIONS}{client.post(EXEMPTIONS, asking(mine), **JSON).json()['id']}/approve/"

    answer = client.post(address, **JSON)

    assert answer.status_code == 403
    assert "second person" in answer.json()["error"]["message"]
    assert not Exemption.objects.in_force().exists()


def test_what_was_decided_is_not_decided_again(enter, leader, engineer, mine):
    address = f"{EXEMPTIONS}{mine.exemption.pk}/"
    assert enter(leader).post(f"{address}approve/", **JSON).status_code == 200

    assert enter(engineer).post(f"{address}approve/", **JSON).status_code == 409
    assert enter(engineer).post(f"{address}end/", **JSON).status_code == 200
    assert enter(engineer).post(f"{address}end/", **JSON).status_code == 409
    assert enter(engineer).post(EXEMPTIONS, asking(mine), **JSON).status_code == 201
    assert enter(engineer).post(EXEMPTIONS, asking(mine), **JSON).status_code == 409


def test_w1_who_does_not_act_for_the_team_asks_for_nothing(enter, member, rival, mine, theirs, nothing_asked):
    told = enter(member).post(EXEMPTIONS, asking(mine), **JSON)
    hidden = enter(rival).post(EXEMPTIONS, asking(mine), **JSON)
    missing = enter(rival).post(EXEMPTIONS, asking(mine, secret=10**12), **JSON)

    assert (told.status_code, hidden.status_code) == (403, 404)
    assert hidden.content == missing.content
    assert not Exemption.objects.exists()


@pytest.mark.parametrize("viewer", ["member", "lead"])
def test_w1_only_those_who_see_everything_decide(request, enter, viewer, mine):
    client = enter(request.getfixturevalue(viewer))

    for act in ("approve", "end"):
        assert client.post(f"{EXEMPTIONS}{mine.exemption.pk}/{act}/", **JSON).status_code == 403
    assert list(Exemption.objects.waiting()) == [mine.exemption]


@pytest.mark.parametrize(
    "changed",
    [
        {"of": "rights"},
        {"of": "everything"},
        {"principal": 1},
        {"secret": None},
        {"secret": "1e3"},
        {"secret": 2**63},
        {"ends_on": "tomorrow"},
        {"ends_on": "2020-01-01"},
        {"ends_on": "9999-12-31"},
        {"reason": ""},
        {"reason": "x" * 1001},
        {"approved_by": 1},
    ],
    ids=lambda changed: str(changed)[:40],
)
def test_w2_an_exemption_takes_what_the_page_takes_and_no_more(enter, lead, mine, nothing_asked, changed):
    answer = enter(lead).post(EXEMPTIONS, asking(mine, **changed), **JSON)

    assert answer.status_code == 400
    assert not Exemption.objects.exists()


def test_a_principal_is_exempt_from_rights(enter, lead, mine):
    body = asking(mine, of="rights", principal=mine.principal.pk)
    del body["secret"]

    asked = enter(lead).post(EXEMPTIONS, body, **JSON).json()

    assert (asked["principal"]["id"], asked["secret"]) == (mine.principal.pk, None)


def test_exemptions_are_narrowed_by_how_they_stand(enter, leader, mine, theirs):
    today = timezone.localdate()
    rows = {each.pk: each for each in Exemption.objects.all()}
    over, force, waiting = list(rows)[:3]
    Exemption.objects.filter(pk=over).update(ends_on=today - timedelta(days=1))
    Exemption.objects.filter(pk=force).update(approved_at=timezone.now(), approved_by=leader)
    client = enter(leader)

    def found(**asked):
        return {row["id"] for row in client.get(EXEMPTIONS, asked).json()["results"]}

    assert found(state="over") == {over}
    assert found(state="in_force") == {force}
    assert found(state="waiting") == set(rows) - {over, force}
    assert found(secret=rows[waiting].secret_id) == {waiting}
    assert found(principal=mine.principal.pk) == set()
