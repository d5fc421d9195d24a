"""Reuse over the API: what the page says, for the same person."""

import pytest
from django.http import QueryDict

from inventory.reuse_page import ReusePage
from inventory.services import work_out_severities
from posture.accounts.opaque import opaque_id
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    EngineerFactory,
    HoldingFactory,
    MembershipFactory,
    PrincipalFactory,
    SecretFactory,
    TeamFactory,
    VersionFactory,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/reuse/"


def hold(credential, team, *environments):
    for environment in environments:
        secret = SecretFactory(asset=AssetFactory(team=team, kind="mount"), environment=environment)
        HoldingFactory(credential=credential, version__secret=secret)
    return credential


def test_the_list_and_the_figures_say_what_the_page_says(client):
    engineer = EngineerFactory()
    crossing = hold(CredentialFactory(), None, "staging", "production", "production")
    doubtful = hold(CredentialFactory(), None, "test", "")
    within = hold(CredentialFactory(), None, "test", "test")
    PrincipalFactory(reads_in=["production", "staging"])
    VersionFactory()
    work_out_severities()
    client.force_login(engineer)

    rows = client.get(ADDRESS).json()["results"]
    figures = client.get(f"{ADDRESS}figures/").json()

    ids = [opaque_id(engineer, "credential", row.pk) for row in (crossing, doubtful, within)]
    assert rows[0]["credential"] == ids[0]
    assert {row["credential"]: row["crosses"] for row in rows} == dict(zip(ids, (True, None, False), strict=True))
    assert rows[0]["environments"] == [
        {"environment": "production", "several": True},
        {"environment": "staging", "several": False},
    ]
    page = ReusePage(engineer, QueryDict())
    assert (figures["values"], figures["crossing"], figures["perhaps"]) == (page.total, page.crossing, page.perhaps)
    assert (figures["values"], figures["crossing"], figures["perhaps"], figures["unread"]) == (3, 1, 1, 8)
    assert {"one": "production", "other": "staging", "number": 1} in figures["value_pairs"]
    assert {"one": None, "other": "test", "number": 1} in figures["value_pairs"]
    assert {"one": "production", "other": "staging", "number": 1} in figures["identity_pairs"]


def test_the_list_takes_the_filters_of_the_page_and_pages(client):
    for _ in range(5):
        hold(CredentialFactory(), None, "production", "staging")
    hold(CredentialFactory(), None, "test", "test")
    work_out_severities()
    client.force_login(EngineerFactory())
    address = f"{ADDRESS}?environment=production&environment=staging&page_size=2"

    sizes, seen = [], set()
    while address:
        answer = client.get(address).json()
        sizes.append(len(answer["results"]))
        seen |= {row["credential"] for row in answer["results"]}
        address = answer["next"]

    assert (sizes, len(seen)) == ([2, 2, 1], 5)
    refused = client.get(f"{ADDRESS}?sort=1")
    assert refused.status_code == 400
    assert {"environment", "crosses", "exposed", "team", "order"} <= set(refused.json()["error"]["allowed"])
    assert client.get(f"{ADDRESS}?cursor=after.x").status_code == 400


@pytest.mark.parametrize(("weak", "rows"), [(False, 1), (True, 0)])
def test_w27_of_others_secrets_only_the_number_is_told_and_never_for_a_guessable_value(client, weak, rows):
    member = MembershipFactory()
    shared = hold(CredentialFactory(weak=weak), member.team, "production")
    hold(shared, TeamFactory(), "staging", "test")
    work_out_severities()
    client.force_login(member.user)

    answer = client.get(ADDRESS)

    found = answer.json()["results"]
    assert len(found) == rows
    for row in found:
        assert (row["secrets"], row["secrets_elsewhere"], row["crosses"]) == (1, 2, None)
        assert row["environments"] == [{"environment": "production", "several": False}]
    assert "staging" not in client.get(f"{ADDRESS}figures/").content.decode()
