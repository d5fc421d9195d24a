"""The overview's figures over the API: the page's, for the same person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from posture.accounts.models import Team
from posture.dashboards.figures import figures
from posture.dashboards.overview import overview
from posture.pipeline import advance
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    ExposureFactory,
    HoldingFactory,
    LeaderFactory,
    MembershipFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/overview/"


@pytest.fixture
def payments():
    now = timezone.now()
    team = TeamFactory(slug="payments")
    asset = AssetFactory(team=team, owner_kind="hand", last_read_at=now, last_complete_at=now)
    for days in (1, 40, 400):
        ExposureFactory(asset=asset, owner_kind="hand", first_at=now - timedelta(days=days))
    managed = ExposureFactory(
        asset=asset, owner_kind="hand", first_at=now, credential=CredentialFactory(kind="password")
    )
    HoldingFactory(credential=managed.credential)
    AssetFactory(last_status="failed", last_read_at=now)
    advance()
    return team


def told(client, person):
    client.force_login(person)
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    return answer.json()


def test_the_api_tells_what_the_page_counts(client, payments):
    leader = LeaderFactory()
    page = overview(leader, timezone.now())

    found = told(client, leader)

    assert (found["exposed"], found["unmanaged"], found["unjudged"]) == (4, 3, 0)
    assert found["exposed"] == page.figures.exposed == sum(each["credentials"] for each in found["severities"])
    (kind,) = found["unmanaged_by_kind"]
    assert [each["credentials"] for each in kind["ages"]] == [1, 1, 0, 1, 0]
    assert kind["credentials"] == 3
    assert len(found["introduced"]["weeks"]) == 26
    assert sum(each["credentials"] for each in found["introduced"]["weeks"]) == 3
    assert found["introduced"]["before"] == 1
    assert {each["kind"]: (each["assets"], each["fresh"]) for each in found["coverage"]} == {
        kind: (counts.assets, counts.fresh) for kind, counts in page.coverage.items()
    }
    assert found["unknowns"]["failed"] == 1
    assert found["stored"] == {"secrets": 1, "failed": 0, "late": 0, "soon": 0, "reused": 0}
    assert found["unknowns"]["secrets_unread"] == 1
    assert found["collecting"] is None


def test_an_age_leads_to_as_many_credentials_in_the_list(client, payments):
    found = told(client, LeaderFactory())

    (kind,) = found["unmanaged_by_kind"]
    for age in kind["ages"]:
        filters = {"managed": "no", "kind": kind["kind"], "introduced": age["introduced"]}
        assert len(client.get("/api/v1/credentials/", filters).json()["results"]) == age["credentials"]


def test_w6_a_member_is_told_of_their_own_teams_only(client, payments):
    other = AssetFactory(team=TeamFactory(), last_read_at=timezone.now())
    ExposureFactory(asset=other)
    ExposureFactory(asset=AssetFactory(team=None))
    advance()

    found = told(client, MembershipFactory(team=payments).user)

    assert (found["exposed"], found["unknowns"]["assets"]) == (4, 1)
    assert found["unknowns"]["exposures_unowned"] == found["unknowns"]["assets_unowned"] == 0
    assert told(client, MembershipFactory(team=TeamFactory()).user)["exposed"] == 0


def test_its_queries_do_not_grow_with_teams(client, payments, django_assert_max_num_queries):
    for _ in range(10):
        ExposureFactory(asset=AssetFactory(team=TeamFactory()))
    assert Team.objects.count() == 11
    leader = LeaderFactory()
    told(client, leader)

    with django_assert_max_num_queries(12):
        told(client, leader)


def test_what_the_database_counts_for_a_leader_is_what_the_places_of_a_member_add_up_to(payments):
    now = timezone.now()
    asset = payments.assets.get()
    gone = ExposureFactory(asset=asset, owner_kind="hand", gone_at=now)
    shared = ExposureFactory(asset=asset, owner_kind="hand", first_at=now - timedelta(days=200))
    ExposureFactory(asset=asset, credential=shared.credential, owner_kind="hand", first_at=now - timedelta(days=20))
    ExposureFactory(asset=asset, credential=shared.credential, owner_kind="hand", gone_at=now, first_at=gone.first_at)
    advance()
    ExposureFactory(asset=asset, owner_kind="hand")  # Not judged yet.

    whole = figures(LeaderFactory(), now)
    member = MembershipFactory(team=payments).user

    assert whole.unjudged == 1
    assert figures(member, now) == whole
    assert figures(LeaderFactory(), now, payments) == figures(member, now, payments) == whole
