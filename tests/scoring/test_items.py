"""The names of a score's items: each viewer's own, and only of what they see."""

import pytest
from django.utils import timezone

from posture.scoring.items import Kind, Thing, item_key, item_named, thing_of
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
    assert thing_of({"pillar": "remediation", "item": "4711"}) is None


@pytest.mark.parametrize(
    ("pillar", "item", "thing"),
    [
        ("exposure", "12", Thing(Kind.CREDENTIAL, 12)),
        ("rotation", "12", Thing(Kind.CREDENTIAL, 12)),
        ("rotation", "secret-12", Thing(Kind.SECRET, 12)),
        ("least_privilege", "12", Thing(Kind.VALUE, 12)),
        ("least_privilege", "principal-12", Thing(Kind.PRINCIPAL, 12)),
        ("rotation", "secret-", None),
        ("rotation", "c1", None),
        ("training", "lesson-1", None),
    ],
)
def test_an_item_tells_which_row_it_is_about(pillar, item, thing):
    assert thing_of({"pillar": pillar, "item": item}) == thing


@pytest.mark.parametrize("pillar", ["exposure", "rotation", "least_privilege"])
def test_w27_a_credential_has_no_number_in_any_pillar(pillar):
    one, other = MembershipFactory().user, MembershipFactory().user

    key = item_key(one, pillar, "4711")

    assert "4711" not in key
    assert item_named(one, key) == (pillar, "4711")
    assert item_named(other, key) != (pillar, "4711")
    assert item_named(one, f"{pillar}:4711") is None


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
