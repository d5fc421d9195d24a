"""What the overview says in words."""

import pytest
from django.utils import timezone

from posture.dashboards.overview import several
from posture.pipeline import advance
from tests.factories import AssetFactory, ExposureFactory, LeaderFactory, MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("one", "many"), [("Mount", "Mounts"), ("Repository", "Repositories"), ("Logins and tokens", "Logins and tokens")]
)
def test_assets_of_a_kind_are_named_as_several(one, many):
    assert several(one) == many


def test_a_first_score_is_compared_with_nothing(client):
    AssetFactory(team=TeamFactory(), kind="mount")
    advance()
    client.force_login(LeaderFactory())

    page = client.get("/").content.decode()

    assert ">Mounts</a>" in page
    assert "since not known" not in page


def test_where_nothing_was_collected_no_figure_looks_clean(client):
    client.force_login(LeaderFactory())

    page = client.get("/").content.decode()

    assert "0 unmanaged" not in page
    assert "No unmanaged credential" not in page
    assert "Choose a team" not in page
    assert "All 0 teams" not in client.get("/teams/").content.decode()
    assert "0 stored secrets" not in client.get("/rotation/").content.decode()


def test_where_something_was_collected_and_nothing_found_that_is_a_figure(client):
    now = timezone.now()
    AssetFactory(last_read_at=now, last_complete_at=now)
    client.force_login(LeaderFactory())

    assert "0 unmanaged" in client.get("/").content.decode()


def test_places_in_repositories_of_others_are_figures_too(client):
    teams = [TeamFactory() for _ in range(2)]
    user = MembershipFactory(team=teams[0], user=MembershipFactory(team=teams[1]).user).user
    ExposureFactory(team=teams[0], asset__team=TeamFactory())
    client.force_login(user)

    assert "1 unmanaged" in client.get("/").content.decode()


def test_a_pillar_says_of_what_it_speaks(client):
    team, now = TeamFactory(), timezone.now()
    asset = AssetFactory(team=team, last_read_at=now, last_complete_at=now, owner_kind="hand")
    ExposureFactory(asset=asset, team=team, owner_kind="hand")
    advance()
    client.force_login(LeaderFactory())

    page = client.get(f"/teams/{team.slug}/").context["page"]

    assert [line.explanation for line in page.pillars if line.has_costs]
    assert all(line.explanation.startswith("Biggest cost: ") for line in page.pillars if line.has_costs)
