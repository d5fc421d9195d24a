"""The list of credentials: its figures, and a file of exactly what is filtered."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory import queries
from inventory.export import FORMULA_STARTS
from inventory.views import credentials
from posture.accounts.opaque import opaque_id
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    ExposureFactory,
    HoldingFactory,
    LeaderFactory,
    MembershipFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LIST, FILE = reverse("inventory:credentials"), reverse("inventory:credentials-export")


@pytest.fixture
def leader(client):
    user = LeaderFactory()
    client.force_login(user)
    return user


def read_csv(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_figures_count_what_is_selected_and_each_leads_to_its_rows(client, leader):
    managed = ExposureFactory(credential__severity="critical", place="tip").credential
    HoldingFactory(credential=managed)
    ExposureFactory(credential__severity="high", credential__validity="valid", place="history")
    ExposureFactory(credential__severity="low", credential__validity="invalid", place="tip")

    context = client.get(LIST).context
    figures, stats = context["figures"], context["stats"]

    numbers = {
        "worst": figures.worst, "valid": figures.valid, "unknown": figures.validity_unknown,
        "unmanaged": figures.unmanaged, "tip": figures.tip,
    }  # fmt: skip
    assert figures.total == 3
    assert numbers == {"worst": 2, "valid": 1, "unknown": 1, "unmanaged": 2, "tip": 2}
    for name, number in numbers.items():
        assert len(client.get(f"{LIST}?{stats[name]}").context["rows"]) == number, name
    assert client.get(LIST, {"severity": "low"}).context["figures"].total == 1


def test_the_page_says_how_many_there_are_and_offers_them_as_a_file(client, leader):
    ExposureFactory.create_batch(26)

    content = client.get(LIST, {"place": "tip"}).content.decode()

    assert "26 selected" in content
    assert "25 of 26" in content
    assert f'href="{FILE}?place=tip"' in content


def test_beyond_what_is_counted_only_a_lower_bound_is_said(client, leader, monkeypatch):
    monkeypatch.setattr(queries, "COUNTED", 2)
    ExposureFactory.create_batch(3)

    content = client.get(LIST).content.decode()

    assert "3 selected" not in content
    assert "of more than 10,000" in content
    assert "Export all" in content


def test_w6_figures_and_file_tell_a_member_of_their_own_places_only(client):
    team = TeamFactory(name="Payments")
    mine = ExposureFactory(team=team, asset__team=team).credential
    elsewhere = TeamFactory(name="Logistics")
    ExposureFactory(credential=mine, team=elsewhere, asset__team=elsewhere)
    ExposureFactory(team=elsewhere, asset__team=elsewhere)
    member = MembershipFactory(team=team).user
    client.force_login(member)

    figures = client.get(LIST).context["figures"]
    rows = read_csv(client.get(FILE))

    assert (figures.total, figures.tip) == (1, 1)
    assert [(row["Places"], row["Teams"]) for row in rows] == [("1", "Payments")]
    assert rows[0]["Credential id"] == opaque_id(member, "credential", mine.pk)


def test_w27_the_file_tells_nobody_that_another_teams_store_holds_a_weak_value(client):
    team = TeamFactory()
    exposure = ExposureFactory(team=team, asset__team=team, credential__weak=True)
    HoldingFactory(credential=exposure.credential, version__secret__asset__team=TeamFactory())
    client.force_login(MembershipFactory(team=team).user)

    assert read_csv(client.get(FILE))[0]["Managed"] == "no"
    assert client.get(LIST).context["figures"].unmanaged == 1


def test_w6_a_stranger_gets_the_head_only(client):
    ExposureFactory()
    client.force_login(UserFactory())

    assert read_csv(client.get(FILE)) == []
    assert client.get(LIST).context["figures"].total == 0


def test_the_file_holds_exactly_what_is_filtered_in_the_same_order(client, leader, monkeypatch):
    monkeypatch.setattr(credentials, "BATCH", 2)
    for severity in ("low", "critical", "high", "critical", "medium"):
        ExposureFactory(credential__severity=severity)
    ExposureFactory(credential__severity="info")
    chosen = {"severity": ["critical", "high", "medium", "low"], "order": "-severity"}

    response = client.get(FILE, chosen)
    rows = read_csv(response)

    assert "attachment" in response["Content-Disposition"]
    assert [row["Severity"] for row in rows] == ["critical", "critical", "high", "medium", "low"]
    shown = [row.opaque for row in client.get(LIST, chosen).context["rows"]]
    assert [row["Credential id"] for row in rows] == shown


def test_the_file_tells_where_each_stands(client, leader):
    credential = CredentialFactory(weak=True)
    for name, place in (("Payments", "tip"), ("Data", "history")):
        team = TeamFactory(name=name)
        ExposureFactory(credential=credential, asset__team=team, place=place)
    ExposureFactory(credential=credential, asset=AssetFactory(team=None))
    HoldingFactory(credential=credential)

    row = read_csv(client.get(FILE))[0]

    told = ("Places", "At a default branch's tip", "Teams", "In places without a team", "Managed", "Guessable")
    assert [row[name] for name in told] == ["3", "2", "Data; Payments", "yes", "yes", "yes"]


def test_w10_no_cell_of_the_file_starts_a_formula(client, leader):
    ExposureFactory(asset__team=TeamFactory(name='=HYPERLINK("http://x")'), credential__provider="@provider")

    row = read_csv(client.get(FILE))[0]

    assert not any(cell.startswith(FORMULA_STARTS) for cell in row.values())


def test_a_longer_file_asks_the_database_by_batches_not_by_rows(client, leader):
    ExposureFactory.create_batch(40)

    with CaptureQueriesContext(connection) as queries_made:
        assert len(read_csv(client.get(FILE))) == 40

    assert len(queries_made) < 12


@pytest.mark.parametrize("query", ["severity=worst", "team=nobody", "order=fingerprint", "page=2"])
def test_w7_the_file_refuses_what_does_not_exist(client, leader, query):
    assert client.get(f"{FILE}?{query}").status_code == 400
