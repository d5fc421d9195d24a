"""From a pillar to what costs it points: stored secrets, identities and values, each to whom may know of it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from posture.accounts.opaque import opaque_id
from posture.dashboards.named import SHARED
from posture.dashboards.team import team_page
from posture.scoring.services import take_snapshots
from tests.factories import (
    AssetFactory,
    ExposureFactory,
    LeaderFactory,
    MembershipFactory,
    PrincipalFactory,
    TeamFactory,
)
from tests.scoring.stores import ago, held_in, secret, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory(name="Payments", slug="payments")


@pytest.fixture
def vault(team):
    return store(team, name="halden/vault")


def read_repository(team):
    now = timezone.now()
    return AssetFactory(team=team, last_read_at=now, last_complete_at=now)


def page_of(client, team, query=""):
    return client.get(f"/teams/{team.slug}/{query}").content.decode()


def test_an_action_about_a_secret_and_one_about_an_identity_name_it_and_lead_to_it(client, team, vault):
    row = secret(vault, 400, path="kv/pay/stripe", tier="critical")
    who = PrincipalFactory(asset=vault, external_id="approle/everything", admin=True, wildcard=True)
    take_snapshots()
    client.force_login(MembershipFactory(team=team).user)

    page = page_of(client, team)

    for address, name in (
        (reverse("inventory:secret", args=[row.pk]), "kv/pay/stripe"),
        (reverse("inventory:principal", args=[who.pk]), "approle/everything"),
    ):
        assert f'<a href="{address}">{name}</a>' in page
    assert "It is 400 days old; its limit is 90." in page
    assert "It has admin or wildcard rights." in page


def test_a_pillar_leads_to_all_that_costs_it_points_and_to_nothing_else(client, team, vault):
    for number in range(7):
        secret(vault, 400, path=f"kv/late/{number}")
    secret(vault, 10, path="kv/fine")
    PrincipalFactory(asset=vault, external_id="approle/everything", admin=True, wildcard=True)
    take_snapshots()
    client.force_login(MembershipFactory(team=team).user)
    assert 'href="?pillar=rotation#actions"' in page_of(client, team)

    page = page_of(client, team, "?pillar=rotation")

    listed = page[page.index('id="actions"') :].partition("</form>")[0]
    assert "Rotation: 7 items cost points" in listed
    assert listed.count("kv/late/") == 2 * 7
    assert "kv/fine" not in listed
    assert "approle/everything" not in listed


def test_a_pillar_that_does_not_exist_has_no_page(client, team):
    client.force_login(LeaderFactory())

    assert client.get("/teams/payments/", {"pillar": "nonsense"}).status_code == 404


def test_what_an_exposure_costs_by_its_age_is_told_without_a_second_action(client, team, vault):
    secret(vault)
    row = ExposureFactory(asset=read_repository(team), first_seen_at=ago(400))
    take_snapshots()
    user = MembershipFactory(team=team).user

    offered = team_page(user, team, timezone.now(), most=50)
    narrowed = team_page(user, team, timezone.now(), pillar="rotation")
    client.force_login(user)

    assert [action.credential.pk for action in offered.actions if action.credential] == [row.credential_id]
    assert [action.gain.fixable for action in narrowed.actions] == [False]
    assert "Closing its exposure ends this too." in page_of(client, team, "?pillar=rotation")


def test_a_key_of_the_page_works_out_what_a_rotation_gives(client, team, vault):
    secret(vault, 400)
    take_snapshots()
    client.force_login(MembershipFactory(team=team).user)
    (key,) = re.findall(r'name="fix" value="([^"]+)"', page_of(client, team))

    part = client.get("/teams/payments/", {"fix": key}, headers={"HX-Target": "what-if"}).content.decode()

    assert "<b>100.00</b>" in part


def test_w6_a_secret_that_went_to_another_team_is_told_no_more(client, team, vault):
    row = secret(vault, 400, path="kv/pay/stripe", tier="critical")
    who = PrincipalFactory(asset=vault, external_id="approle/everything", admin=True, wildcard=True)
    take_snapshots()
    for each in (row, who):
        each.team = TeamFactory()
        each.save()
    client.force_login(MembershipFactory(team=team).user)

    pages = page_of(client, team) + client.get("/teams/").content.decode()
    client.force_login(LeaderFactory())
    pages += page_of(client, team)

    assert "kv/pay/stripe" not in pages
    assert "approle/everything" not in pages


@pytest.mark.parametrize("weak", [True, False])
def test_w27_a_value_of_several_secrets_is_told_by_the_teams_own_place_and_id(client, team, vault, weak):
    PrincipalFactory(asset=vault)
    mine = [secret(vault, path=f"kv/pay/{number}") for number in range(2)]
    theirs = secret(store(TeamFactory(), name="halden/other-vault"), path="kv/other")
    value = held_in(theirs, *mine, weak=weak)
    take_snapshots()
    user = MembershipFactory(team=team).user
    client.force_login(user)

    page = page_of(client, team)

    assert f'<a href="{reverse("inventory:credential", args=[opaque_id(user, "credential", value.pk)])}">' in page
    assert SHARED in page
    assert "halden/vault · kv/pay/0" in page
    assert "other" not in page[page.index('id="actions"') :].partition("</form>")[0]
    assert f"least_privilege:{value.pk}" not in page
    heat = client.get("/teams/").content.decode()
    assert f"{SHARED}, halden/vault" in heat
    assert "other-vault" not in heat


def test_the_overview_names_the_secret_that_costs_a_team_most(client, team, vault):
    secret(vault, 400, path="kv/pay/stripe")
    take_snapshots()
    client.force_login(LeaderFactory())

    assert "kv/pay/stripe, halden/vault" in client.get("/").content.decode()
    assert "kv/pay/stripe, halden/vault" in client.get("/teams/").content.decode()


def test_the_api_names_what_an_item_is_about_to_whom_may_know_of_it(client, team, vault):
    row = secret(vault, 400, path="kv/pay/stripe")
    who = PrincipalFactory(asset=vault, external_id="approle/everything", admin=True, wildcard=True)
    hidden = secret(vault, 400, path="kv/elsewhere")
    take_snapshots()
    hidden.team = TeamFactory()
    hidden.save()
    client.force_login(MembershipFactory(team=team).user)

    costs = client.get(f"/api/v1/teams/payments/scores/{team.snapshots.get().pk}/").json()["costs"]

    assert {(each["secret"], each["principal"], each["credential"], each["action"]) for each in costs} == {
        (row.pk, None, None, "rotate kv/pay/stripe"),
        (None, who.pk, None, "put approle/everything right"),
    }


@pytest.mark.parametrize("url", ["/", "/teams/", "/teams/payments/"])
def test_pages_stay_within_their_queries_whatever_the_items_are_about(client, team, vault, url):
    secret(vault, 400, tier="critical")
    PrincipalFactory(asset=vault, admin=True, wildcard=True)
    held_in(secret(vault), secret(vault))
    ExposureFactory(asset=read_repository(team))
    for other in (TeamFactory(), TeamFactory()):
        secret(store(other), 400)
        PrincipalFactory(asset=store(other), admin=True, wildcard=True)
    take_snapshots()
    client.force_login(LeaderFactory())
    client.get(url)  # The first visit of a session also writes when it began.

    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200

    assert len(queries) <= 12
