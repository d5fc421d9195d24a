import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from inventory.models import Run
from posture.accounts.models import Team
from posture.accounts.opaque import opaque_id
from posture.dashboards.chart import Linked
from posture.dashboards.overview import overview
from posture.dashboards.team import team_page
from posture.pipeline import advance
from posture.scoring.card import explain
from posture.scoring.facts import Facts, Known
from posture.scoring.items import item_key
from posture.scoring.models import Snapshot
from posture.scoring.organisation import Standing, organisation
from posture.scoring.services import take_snapshots
from tests.api.cards import whole_card
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    ExposureFactory,
    HoldingFactory,
    LeaderFactory,
    MembershipFactory,
    ReadFactory,
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
    keys = [item_key(leader, "exposure", str(row.credential_id)) for row in logistics.exposures.all()]
    before = Snapshot.objects.count()

    page = team_page(leader, logistics, timezone.now(), ticked=keys)
    part = client.get("/teams/logistics/", {"fix": keys}, headers={"HX-Target": "what-if"}).content.decode()

    assert page.what_if.score == 100
    assert page.what_if.gain == pytest.approx(100 - page.card["score"], abs=0.01)
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
    for row in (worst, worst.credential):
        type(row).objects.filter(pk=row.pk).update(severity="critical")
    Team.objects.update(score_due=True)
    take_snapshots()

    page = team_page(LeaderFactory(), team, timezone.now())

    assert page.actions[0].credential == worst.credential
    assert page.actions[0].gain.gain >= page.actions[1].gain.gain


def test_a_team_with_so_much_that_one_action_moves_nothing_is_told_what_to_do_all_the_same(client):
    make_team("Payments", 60)
    advance()
    client.force_login(LeaderFactory())

    page = client.get("/teams/payments/").content.decode()

    assert "Next 5 actions: one alone does not move the score yet" in page
    assert "All 60 actions" in page
    # The 60 incidents are within their deadline, so that remediation alone costs nothing.
    assert page.count("Nothing costs points here") == 1
    assert "halden/payments-repository" in client.get("/").content.decode()


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

    assert "1 asset could not be read" in page
    assert "1 asset was never read" in page
    assert "?coverage=failed" in page
    assert "no owner" in page


def test_what_was_found_this_moment_is_being_worked_out_and_not_clean(client):
    team = TeamFactory(slug="payments")
    read = ReadFactory(status="running", asset__team=team)
    Run.objects.update(status="running")
    ExposureFactory(asset=read.asset)
    client.force_login(LeaderFactory())

    page = client.get("/").content.decode()

    assert page.count("Being worked out") == 2
    assert "No exposed credential found so far" not in page
    assert "No teams yet" not in page
    page = client.get("/teams/payments/").content.decode()
    assert "1 was found this moment" in page
    assert "None was found so far" not in page


def test_kinds_of_assets_are_told_in_words(client):
    AssetFactory()
    AssetFactory(kind="access")
    client.force_login(LeaderFactory())

    page = client.get("/").content.decode()

    assert ">Repositories</a>" in page
    assert ">Logins and tokens</a>" in page


def test_an_empty_installation_says_what_to_do_next(client):
    client.force_login(LeaderFactory())
    assert "Nothing has been collected yet" in client.get("/").content.decode()

    client.force_login(UserFactory())
    assert "Ask a security engineer" in client.get("/teams/").content.decode()


def teams_with_scores(*scores):
    """One team per score, and the organisation's card made from them."""
    snapshots = [
        SnapshotFactory(score=score, card=explain(Facts(team=f"t{number}", owned_credentials=0, confidence=Known())))
        for number, score in enumerate(scores)
    ]
    standings = [Standing(row.team.slug, row.score, "C", 10, {}, Known()) for row in snapshots]
    SnapshotFactory(team=None, card=organisation(standings, items=0, items_owned=0).as_json())
    return [row.team for row in snapshots]


def test_of_seven_teams_no_spread_is_shown_and_the_page_says_why(client):
    team, *_ = teams_with_scores(11, 22, 33, 44, 55, 66, 77)
    client.force_login(MembershipFactory(team=team).user)

    page = client.get(f"/teams/{team.slug}/").content.decode()

    assert "appear from 8 teams with a score on" in page
    assert 'class="spread"' not in page


def test_the_spread_tells_quartiles_and_no_score_of_another_team(client):
    team, *_ = teams_with_scores(11.3, 22.7, 33.2, 44.8, 55.1, 66.9, 77.4, 88.6)
    client.force_login(MembershipFactory(team=team).user)

    page = client.get(f"/teams/{team.slug}/").content.decode()

    assert "Half of 8 teams score between 31 and 70, the middle is 50." in page
    picture = page[page.index('class="spread"') :].partition("</svg>")[0]
    assert {round(4 + 2.8 * score) for score in (22.7, 33.2, 44.8, 55.1, 66.9, 77.4, 88.6)}.isdisjoint(
        map(int, re.findall(r' c?x1?="(\d+)"', picture))
    )


def test_w6_a_parent_team_that_the_viewer_does_not_see_is_not_named(client, two_teams):
    payments, logistics = two_teams
    Team.objects.filter(pk=payments.pk).update(parent=logistics)
    client.force_login(MembershipFactory(team=payments).user)
    assert "Logistics" not in client.get("/teams/payments/").content.decode()

    client.force_login(LeaderFactory())
    assert "part of Logistics" in client.get("/teams/payments/").content.decode()


def fix_keys(page):
    return re.findall(r'name="fix" value="([^"]+)"', page)


def test_w27_two_teams_cannot_join_the_actions_they_are_offered(client):
    payments = make_team("Payments")
    shared = payments.exposures.get().credential
    logistics = make_team("Logistics", 1, credential=shared)
    advance()
    keys = {}
    for team in (payments, logistics):
        client.force_login(MembershipFactory(team=team).user)
        page = client.get(f"/teams/{team.slug}/").content.decode()
        keys[team.slug] = fix_keys(page)
        assert "what-if" in page

    assert len(keys["payments"]) == len(keys["logistics"]) == 1
    assert keys["payments"] != keys["logistics"]
    assert f"exposure:{shared.pk}" not in [*keys["payments"], *keys["logistics"]]
    # The keys of another team's page open nothing.
    part = client.get("/teams/logistics/", {"fix": keys["payments"]}, headers={"HX-Target": "what-if"}).content
    assert b"100.00" not in part


def test_w27_the_number_of_a_row_is_no_key(client, two_teams):
    payments = two_teams[0]
    client.force_login(MembershipFactory(team=payments).user)
    raw = f"exposure:{payments.exposures.get().credential_id}"

    part = client.get("/teams/payments/", {"fix": raw}, headers={"HX-Target": "what-if"}).content.decode()

    assert "Tick what you could do" in part


def test_a_key_of_the_page_works_out_what_it_says(client, two_teams):
    client.force_login(MembershipFactory(team=two_teams[0]).user)
    (key,) = fix_keys(client.get("/teams/payments/").content.decode())

    part = client.get("/teams/payments/", {"fix": key}, headers={"HX-Target": "what-if"}).content.decode()

    assert "100.00" in part


def test_w6_an_action_about_a_credential_that_the_viewer_does_not_see_is_left_out(two_teams):
    stranger = MembershipFactory(team=two_teams[1]).user

    page = team_page(stranger, two_teams[0], timezone.now())

    assert page.actions_count == 1
    assert page.actions == []


def test_a_bar_and_its_number_lead_to_a_list_of_as_many(client, two_teams):
    old = timezone.now() - timedelta(days=120)
    ExposureFactory(asset=two_teams[0].assets.get(), team=two_teams[0], first_at=old, owner_kind="hand")
    advance()
    leader = LeaderFactory()
    client.force_login(leader)

    kinds, weeks = overview(leader, timezone.now()).charts

    found = [cell for row in (*kinds.rows, *weeks.rows) for cell in row if isinstance(cell, Linked)]
    assert len(found) > 4
    for cell in found:
        assert len(client.get(cell.url).context["rows"]) == cell.value
    assert f'<a href="{escape(found[0].url)}">' in client.get("/").content.decode()


BUDGET = 12
"""Of PRODUCT.md, section 4: everything that answering takes, the session and the person included."""


@pytest.mark.parametrize("role", ["leader", "lead"])
@pytest.mark.parametrize("url", ["/", "/teams/", "/teams/payments/"])
def test_pages_need_no_more_queries_for_many_teams_and_exposures_than_for_few(client, two_teams, url, role):
    if role == "leader":
        person = LeaderFactory()
    else:
        person = MembershipFactory(team=two_teams[0], role="lead").user
        MembershipFactory(team=two_teams[1], user=person)
    for days in (8, 30):
        SnapshotFactory(team=None, day=timezone.now().date() - timedelta(days=days), card=whole_card())
    client.force_login(person)
    client.get(url)  # The first visit of a session also writes when it began.
    with CaptureQueriesContext(connection) as few:
        client.get(url)

    for number in range(12):
        make_team(f"More{number}", 3)
    for number in range(20):
        asset = AssetFactory(team=two_teams[0], last_read_at=timezone.now())
        ExposureFactory(asset=asset, team=two_teams[0], path=f"{number}.env", owner_kind="hand")
    advance()

    with CaptureQueriesContext(connection) as many:
        assert client.get(url).status_code == 200
    assert len(many) == len(few)
    assert len(many) <= BUDGET


def test_pages_with_charts_keep_the_strict_policy(client, two_teams):
    client.force_login(LeaderFactory())

    policy = client.get("/")["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


def test_every_number_of_exposed_credentials_leads_to_exactly_its_rows(client, two_teams):
    stored = CredentialFactory(severity="medium")
    HoldingFactory(credential=stored)
    client.force_login(LeaderFactory())
    page = client.get("/").context["page"]
    base = reverse("inventory:credentials")

    unchecked = "validity=unknown&validity=cannot_check&validity=check_failed"
    links = {each.url: each.count for each in page.severities}
    links |= {
        f"{base}?exposed=yes": page.figures.exposed,
        f"{base}?exposed=yes&managed=no": page.figures.unmanaged,
        f"{base}?exposed=yes&{unchecked}": page.figures.validity_unknown,
    }

    text = client.get("/").content.decode()
    for url, count in links.items():
        assert f'"{escape(url)}"' in text
        assert client.get(url).context["figures"].total == count
    assert client.get(base).context["figures"].total == page.figures.exposed + 1
