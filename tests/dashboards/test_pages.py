from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from posture.accounts.models import Team
from posture.accounts.opaque import opaque_id
from posture.dashboards.overview import overview
from posture.dashboards.team import team_page
from posture.pipeline import advance
from posture.scoring.models import Snapshot
from tests.factories import (
    AssetFactory,
    ExposureFactory,
    LeaderFactory,
    MembershipFactory,
    SnapshotFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def make_team(name, exposures=1, **more):
    team = TeamFactory(name=name, slug=name.lower())
    now = timezone.now()
    asset = AssetFactory(
        name=f"halden/{name.lower()}-repository", team=team, owner_kind="hand", last_read_at=now, last_complete_at=now
    )
    for number in range(exposures):
        ExposureFactory(asset=asset, team=team, path=f"{name.lower()}-{number}.env", owner_kind="hand", **more)
    return team


@pytest.fixture
def two_teams():
    teams = make_team("Payments"), make_team("Logistics", 2)
    advance()
    return teams


def test_a_leader_sees_every_team_worst_first_and_what_costs_it_most(client, two_teams):
    client.force_login(LeaderFactory())

    page = client.get("/").content.decode()

    assert page.index(">Logistics<") < page.index(">Payments<")
    assert "halden/logistics-repository" in page
    assert "Organisation score" in page
    assert 'title="' in page


def test_a_member_of_one_team_is_taken_to_it_and_of_two_sees_only_those(client, two_teams):
    payments, logistics = two_teams
    make_team("Hidden")
    advance()
    member = MembershipFactory(team=payments).user
    client.force_login(member)
    assert client.get("/").url == "/teams/payments/"

    MembershipFactory(team=logistics, user=member)
    page = client.get("/").content.decode()

    assert "Payments" in page
    assert "Logistics" in page
    assert "Hidden" not in page.replace("names hidden", "")
    assert "hidden-repository" not in page
    assert "Organisation score" not in page


@pytest.mark.parametrize("url", ["/", "/teams/", "/teams/payments/"])
def test_who_is_not_signed_in_is_sent_to_sign_in(client, two_teams, url):
    assert client.get(url).url.startswith("/sign-in/")


def test_another_teams_page_does_not_exist_for_a_stranger(client, two_teams):
    client.force_login(MembershipFactory(team=two_teams[0]).user)

    assert client.get("/teams/payments/").status_code == 200
    assert client.get("/teams/logistics/").status_code == 404


def test_w6_no_word_or_total_of_another_team_is_in_what_a_member_receives(client, two_teams):
    client.force_login(MembershipFactory(team=two_teams[0]).user)

    for url in ("/teams/", "/teams/payments/", "/teams/payments/?actions=all"):
        page = client.get(url).content.decode()
        assert "logistics" not in page.lower()


def test_a_shared_credential_names_only_the_places_that_the_viewer_sees(client):
    payments = make_team("Payments")
    shared = payments.exposures.get().credential
    ExposureFactory(credential=shared, team=TeamFactory(), asset__name="halden/other-place", place="tip")
    advance()
    member = MembershipFactory(team=payments).user
    client.force_login(member)

    page = client.get("/teams/payments/").content.decode()

    assert "other-place" not in page
    assert reverse("inventory:credential", args=[opaque_id(member, "credential", shared.pk)]) in page


def test_what_if_uses_the_production_function_and_changes_nothing(client, two_teams):
    leader = LeaderFactory()
    client.force_login(leader)
    logistics = two_teams[1]
    keys = [f"exposure:{row.credential_id}" for row in logistics.exposures.all()]
    before = Snapshot.objects.count()

    page = team_page(leader, logistics, timezone.now(), ticked=keys)
    part = client.get("/teams/logistics/", {"fix": keys}, headers={"HX-Target": "what-if"}).content.decode()

    assert page.what_if.score == 100
    assert page.what_if.gain == pytest.approx(100 - page.card.score, abs=0.01)
    assert "100.00" in part
    assert "<html" not in part
    assert Snapshot.objects.count() == before


@pytest.mark.parametrize("fix", ["nonsense", "exposure:", "exposure:999999", ":", "nope:1", "exposure:<script>"])
def test_a_what_if_of_nonsense_changes_no_figure(client, two_teams, fix):
    leader = LeaderFactory()
    client.force_login(leader)

    page = team_page(leader, two_teams[0], timezone.now(), ticked=[fix])

    assert page.what_if is None or page.what_if.gain == 0
    assert client.get("/teams/payments/", {"fix": fix}).status_code == 200


def test_the_first_action_is_the_one_that_gains_most():
    team = make_team("Payments")
    worst = ExposureFactory(asset=team.assets.get(), team=team, owner_kind="hand", path="prod.env")
    team.assets.update(environment="")
    advance()
    type(worst.credential).objects.filter(pk=worst.credential_id).update(severity="critical")

    page = team_page(LeaderFactory(), team, timezone.now())

    assert page.actions[0].credential == worst.credential
    assert page.actions[0].gain.gain >= page.actions[1].gain.gain


def test_the_change_is_against_the_score_of_a_week_ago_not_of_yesterday(two_teams):
    today = timezone.now().date()
    for days, score in ((8, 30.0), (1, 90.0)):
        SnapshotFactory(team=None, day=today - timedelta(days=days), score=score)

    page = overview(LeaderFactory(), timezone.now())

    assert page.change == round(page.organisation.score - 30, 1)
    assert page.since == today - timedelta(days=8)


def test_what_is_not_known_is_counted_and_leads_to_its_items(client):
    AssetFactory()
    AssetFactory(last_status="failed", last_read_at=timezone.now())
    client.force_login(LeaderFactory())

    page = client.get("/").content.decode()

    assert "1 could not be read" in page
    assert "1 never read" in page
    assert "?coverage=failed" in page
    assert "no owner" in page


def test_an_empty_installation_says_what_to_do_next(client):
    client.force_login(LeaderFactory())
    assert "Nothing has been collected yet" in client.get("/").content.decode()

    client.force_login(UserFactory())
    assert "Ask a security engineer" in client.get("/teams/").content.decode()


def test_a_spread_is_shown_only_where_no_team_can_be_guessed():
    for number in range(4):
        make_team(f"T{number}")
    advance()
    leader = LeaderFactory()
    assert team_page(leader, Team.objects.first(), timezone.now()).spread == []

    make_team("T5")
    advance()

    assert len(team_page(leader, Team.objects.first(), timezone.now()).spread) == 5


@pytest.mark.parametrize("url", ["/", "/teams/", "/teams/payments/"])
def test_pages_need_the_same_number_of_queries_for_many_teams_as_for_few(
    client, two_teams, url, django_assert_max_num_queries
):
    for number in range(12):
        make_team(f"More{number}", 3)
    advance()
    client.force_login(LeaderFactory())

    with django_assert_max_num_queries(26):
        client.get(url)


def test_pages_with_charts_keep_the_strict_policy(client, two_teams):
    client.force_login(LeaderFactory())

    policy = client.get("/")["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
