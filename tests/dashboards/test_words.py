"""What the overview says in words."""

import pytest

from posture.dashboards.overview import several
from posture.pipeline import advance
from tests.factories import AssetFactory, LeaderFactory, TeamFactory

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
