import pytest

from inventory.models import Asset, Credential, Exposure
from posture.accounts.opaque import opaque_id, row_number
from posture.accounts.visibility import can_act_for, can_see, visible
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    EngineerFactory,
    ExposureFactory,
    HoldingFactory,
    LeaderFactory,
    MembershipFactory,
    SourceFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_a_member_sees_their_teams_and_those_below_and_nothing_else():
    parent = TeamFactory()
    child = TeamFactory(parent=parent)
    grandchild = TeamFactory(parent=child)
    member = MembershipFactory(team=child).user
    mine, below = AssetFactory(team=child), AssetFactory(team=grandchild)
    AssetFactory(team=parent)
    AssetFactory(team=TeamFactory())
    AssetFactory(team=None)

    assert set(visible(Asset.objects.all(), member)) == {mine, below}


@pytest.mark.parametrize("factory", [LeaderFactory, EngineerFactory])
def test_leaders_and_engineers_see_everything_the_unowned_too(factory):
    AssetFactory(team=None)
    AssetFactory(team=TeamFactory())

    assert visible(Asset.objects.all(), factory()).count() == 2


def test_a_credential_is_visible_by_any_of_its_exposures_or_secrets_once():
    team = TeamFactory()
    member = MembershipFactory(team=team).user
    credential = CredentialFactory()
    ExposureFactory(credential=credential, team=team)
    ExposureFactory(credential=credential, team=team)
    ExposureFactory(credential=credential, team=TeamFactory())
    held = HoldingFactory(version__secret__asset__team=team).credential
    CredentialFactory()

    assert sorted(visible(Credential.objects.all(), member), key=lambda row: row.pk) == [credential, held]
    assert visible(Exposure.objects.all(), member).count() == 2


def test_sources_are_for_those_who_see_everything():
    source = SourceFactory()
    member = MembershipFactory().user

    assert not can_see(member, source)
    assert can_see(EngineerFactory(), source)


def test_a_person_without_a_team_or_disabled_sees_nothing():
    team = TeamFactory()
    AssetFactory(team=team)
    disabled = MembershipFactory(team=team, user__is_active=False).user

    assert not visible(Asset.objects.all(), UserFactory()).exists()
    assert not visible(Asset.objects.all(), disabled).exists()


def test_a_lead_acts_for_their_teams_and_a_developer_for_none():
    parent = TeamFactory()
    child = TeamFactory(parent=parent)
    lead = MembershipFactory(team=parent, role="lead").user
    developer = MembershipFactory(team=parent).user

    assert can_act_for(lead, child.pk)
    assert not can_act_for(developer, child.pk)
    assert not can_act_for(lead, None)


def test_w27_two_teams_cannot_join_what_they_see_by_its_id():
    credential = CredentialFactory()
    first, second = MembershipFactory().user, MembershipFactory().user
    colleague = MembershipFactory(team=first.teams.get()).user
    leader = LeaderFactory()

    ids = {opaque_id(person, "credential", credential.pk) for person in (first, second, leader)}

    assert len(ids) == 3
    assert opaque_id(colleague, "credential", credential.pk) in ids
    assert row_number(second, "credential", opaque_id(first, "credential", credential.pk)) is None
    assert row_number(second, "credential", opaque_id(leader, "credential", credential.pk)) == credential.pk
    assert row_number(first, "credential", "not-an-id") is None
