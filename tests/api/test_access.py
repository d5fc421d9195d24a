"""Who is answered by which endpoint, with which key (SECURITY W1, W5, W20, W21, W24)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from inventory.models import Run
from posture.accounts.models import User
from tests.api.cards import whole_card
from tests.api.organisation import BELOW, EVERYBODYS, OVERSEERS_ONLY, lists, names
from tests.factories import SnapshotFactory

DETAILS = {name for name in names() if name.endswith(("-detail", "-score", "-radius"))}
JSON = {"content_type": "application/json"}
pytestmark = pytest.mark.django_db


def statuses(client, addresses):
    return {name: client.get(address).status_code for name, address in addresses.items()}


def without_the_organisation(belongings, viewer):
    return belongings.addresses(viewer, without={"api-organisation-score"})


def test_w1_a_member_reads_what_is_their_teams(enter, member, mine):
    answers = statuses(enter(member), without_the_organisation(mine, member))

    assert answers == {name: 404 if name in OVERSEERS_ONLY else 200 for name in answers}


def test_w1_a_member_of_another_team_finds_nothing(enter, rival, mine, leader):
    # The ids are those of somebody who sees everything, which are the hardest to refuse.
    answers = statuses(enter(rival), without_the_organisation(mine, leader))

    found = {name for name, code in answers.items() if code == 200}
    assert (found & (DETAILS | BELOW)) - EVERYBODYS == set()


@pytest.mark.parametrize("viewer", ["rival", "stranger"])
def test_w1_what_others_may_not_see_is_answered_as_what_does_not_exist(request, enter, viewer, mine, leader):
    client = enter(request.getfixturevalue(viewer))

    missing = client.get("/api/v1/assets/999999999/")
    hidden = client.get(f"/api/v1/assets/{mine.asset.pk}/")

    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content


def test_w1_a_stranger_lists_nothing(enter, stranger, mine):
    client = enter(stranger)

    for name, address in mine.addresses(stranger, without=DETAILS | OVERSEERS_ONLY | BELOW).items():
        if name in lists() and name not in EVERYBODYS | {"api-people-list"}:
            assert client.get(address).json()["results"] == [], name


@pytest.mark.parametrize("viewer", ["leader", "engineer"])
def test_w1_those_who_see_everything_read_everything(request, enter, viewer, mine, theirs):
    person = request.getfixturevalue(viewer)
    SnapshotFactory(team=None, card=whole_card(mine.snapshot.card))

    for belongings in (mine, theirs):
        answers = statuses(enter(person), without_the_organisation(belongings, person))
        assert set(answers.values()) == {200}


def test_w1_the_signed_out_are_told_to_sign_in(enter, mine, leader):
    for name, address in mine.addresses(leader).items():
        response = enter().get(address)
        assert (name, response.status_code) == (name, 401)
        assert response["WWW-Authenticate"] == "Bearer"
        assert response.json()["error"]["code"] == "not_authenticated"


def test_w21_a_read_token_reads_as_its_person(carry, member, mine):
    answers = statuses(carry(member), without_the_organisation(mine, member))

    assert answers == {name: 404 if name in OVERSEERS_ONLY else 200 for name in answers}


@pytest.mark.parametrize("viewer", ["member", "engineer", "leader"])
def test_w21_a_token_without_the_scope_reads_nothing_whatever_its_persons_role(request, carry, viewer, mine):
    person = request.getfixturevalue(viewer)

    answers = statuses(carry(person, "collect"), without_the_organisation(mine, person))

    assert set(answers.values()) == {403}


@pytest.mark.parametrize(
    "changed",
    [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(seconds=1)}],
    ids=["revoked", "expired"],
)
def test_w21_a_dead_token_opens_nothing(carry, member, mine, changed):
    client = carry(member, **changed)

    for name, address in mine.addresses(member).items():
        response = client.get(address)
        assert (name, response.status_code) == (name, 401)
        assert response.json()["error"]["code"] == "authentication_failed"


def test_w20_the_token_of_a_disabled_person_opens_nothing_at_once(carry, member, mine):
    client = carry(member)
    assert client.get("/api/v1/me/").status_code == 200

    User.objects.filter(pk=member.pk).update(is_active=False)

    assert client.get("/api/v1/me/").status_code == 401


def test_a_dead_token_is_not_rescued_by_a_session(enter, member):
    client = enter(member)

    response = client.get("/api/v1/me/", headers={"Authorization": "Bearer spt_nothing"})

    assert response.status_code == 401


@pytest.mark.parametrize("viewer", ["engineer", "leader"])
def test_collecting_opens_one_run_however_often_it_is_asked(request, enter, viewer, mine):
    client = enter(request.getfixturevalue(viewer))
    address = f"/api/v1/sources/{mine.asset.source_id}/collect/"

    first, second = client.post(address, **JSON), client.post(address, {}, **JSON)

    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["id"] == second.json()["id"]
    assert Run.objects.filter(status="queued", trigger="person").count() == 1


def test_w21_collecting_takes_the_scope_and_the_role(carry, engineer, member, lead, mine):
    address = f"/api/v1/sources/{mine.asset.source_id}/collect/"

    assert carry(engineer, "read").post(address, **JSON).status_code == 403
    assert carry(member, "collect").post(address, **JSON).status_code == 404
    assert carry(lead, "collect", "read").post(address, **JSON).status_code == 404
    assert not Run.objects.filter(status="queued").exists()
    assert carry(engineer, "collect").post(address, **JSON).status_code == 202


def test_w24_a_session_collects_only_with_the_csrf_token(engineer, mine):
    client = Client(enforce_csrf_checks=True)
    client.force_login(engineer)

    response = client.post(f"/api/v1/sources/{mine.asset.source_id}/collect/", **JSON)

    assert response.status_code == 403
    assert response.json()["error"]["code"] == "permission_denied"
    assert not Run.objects.filter(status="queued").exists()


def test_w24_no_answer_may_be_kept_or_read_by_another_site(enter, member, mine):
    client = enter(member)

    for address in mine.addresses(member).values():
        response = client.get(address, headers={"Origin": "https://elsewhere.example"})
        assert "no-store" in response["Cache-Control"]
        assert not [name for name in response.headers if name.lower().startswith("access-control")]
