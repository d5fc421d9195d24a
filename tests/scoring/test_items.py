"""The names of a score's items: each viewer's own, and only of what they see."""

import pytest
from django.utils import timezone

from posture.scoring.items import credential_of, item_key, item_named
from posture.scoring.services import take_snapshots
from tests.factories import AssetFactory, ExposureFactory, LeaderFactory, MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db


def test_w27_a_key_holds_no_number_differs_by_circle_and_opens_for_its_own():
    one, other = MembershipFactory().user, MembershipFactory().user

    key = item_key(one, "exposure", "4711")

    assert "4711" not in key
    assert key != item_key(other, "exposure", "4711")
    assert item_named(one, key) == ("exposure", "4711")
    assert item_named(other, key) != ("exposure", "4711")


@pytest.mark.parametrize("key", ["", ":", "exposure:", "exposure:4711", "exposure:" + "9" * 50])
def test_what_is_no_key_or_a_bare_number_names_nothing_of_anybodys(key):
    assert item_named(LeaderFactory(), key) in (None, ("exposure", "9" * 50))


def test_an_item_that_is_no_row_keeps_its_word():
    leader = LeaderFactory()

    assert item_named(leader, item_key(leader, "remediation", "reopened")) == ("remediation", "reopened")
    assert credential_of({"pillar": "remediation", "item": "4711"}) is None


def test_w6_a_stored_item_whose_credential_went_to_another_team_is_told_no_more(client):
    now = timezone.now()
    team = TeamFactory(slug="payments")
    row = ExposureFactory(asset=AssetFactory(team=team, last_read_at=now, last_complete_at=now))
    take_snapshots()
    pk = team.snapshots.get().pk
    client.force_login(MembershipFactory(team=team).user)
    address = f"/api/v1/teams/payments/scores/{pk}/"
    assert len(client.get(address).json()["costs"]) == 1

    row.team = TeamFactory()
    row.save()

    assert client.get(address).json()["costs"] == []
    assert client.get(address).json()["gains"] == []
