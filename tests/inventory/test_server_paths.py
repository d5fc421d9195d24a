"""Where repositories lie on the server is for those who run it."""

import pytest
from django.urls import reverse

from inventory.server_paths import without_server_paths
from tests.factories import AssetFactory, EngineerFactory, MembershipFactory, ReadFactory

ERROR = "/srv/secret-place/pay-api cannot be read (`/srv/secret-place/x`). See https://git.example.com/a/b for more."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ERROR, "…/pay-api cannot be read (`…/x`). See https://git.example.com/a/b for more."),
        ("config/settings.py and a/b", "config/settings.py and a/b"),
        ("/etc", "/etc"),
        ("either/or, 1/2", "either/or, 1/2"),
        ("'/data/source-3/mirrors/'", "'…/'"),
    ],
)
def test_a_path_on_the_server_is_cut_to_its_last_name(text, told):
    assert without_server_paths(text) == told


@pytest.mark.django_db
def test_w26_people_of_a_team_are_told_what_went_wrong_but_not_where_on_the_server(client):
    member = MembershipFactory().user
    asset = AssetFactory(team=member.memberships.get().team)
    ReadFactory(asset=asset, status="failed", error=ERROR)

    for person, sees in ((member, False), (EngineerFactory(), True)):
        client.force_login(person)
        for address in (reverse("inventory:asset", args=[asset.pk]), reverse("api-reads-list")):
            page = client.get(address).content.decode()
            assert "cannot be read" in page
            assert ("secret-place" in page) is sees
