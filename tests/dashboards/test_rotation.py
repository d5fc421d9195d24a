"""The rotation page and its chart."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.falls_due import CERTIFICATE, HAND
from inventory.services.rotation import work_out_due
from posture.dashboards.chart import Linked
from posture.dashboards.charts import falls_due
from posture.dashboards.charts.falls_due import WEEKS
from posture.dashboards.rotation import rotation_page
from tests.factories import (
    AssetFactory,
    EngineerFactory,
    LeaderFactory,
    MembershipFactory,
    SecretFactory,
    SourceFactory,
    TeamFactory,
)

TODAY = date(2026, 11, 24)


def days(number):
    return timezone.now() + timedelta(days=number)


def stored(path, team, age=None, **facts):
    created = None if age is None else days(-age)
    return SecretFactory(path=path, created_at=created, asset__team=team, **{"kind": "generic-secret", **facts})


def test_a_chart_without_anything_due_says_so():
    chart = falls_due.draw({}, 0, TODAY, "all", "/secrets/")

    assert (chart.figure, chart.table) == (None, None)
    assert chart.title == "Nothing falls due in the next 26 weeks"


def test_a_chart_tells_the_worst_week_and_its_table_what_is_late():
    due = {HAND: [0, 3, *[0] * (WEEKS - 2)], CERTIFICATE: [1, *[0] * (WEEKS - 1)]}

    chart = falls_due.draw(due, 7, TODAY, "all", "/secrets/")

    assert chart.title == "4 secrets fall due in the next 26 weeks, most in the week of 30 Nov 2026"
    assert [bar["name"] for bar in chart.figure["data"]] == ["by hand", "certificates"]
    late, first, second, *_ = chart.rows
    assert (str(late[-1]), late[-1].url) == ("7", "/secrets/?state=late")
    assert [str(cell) for cell in first[1:]] == ["0", "1", "0", "1"]
    assert [str(cell) for cell in second[1:]] == ["3", "0", "0", "3"]
    assert second[1].url == chart.figure["data"][0]["customdata"][1]
    assert second[1].url == "/secrets/?due=2026-11-30..2026-12-06&renewal=hand"
    assert second[-1].url == "/secrets/?due=2026-11-30..2026-12-06"


@pytest.mark.django_db
def test_each_bar_and_each_number_leads_to_exactly_its_secrets(client):
    payments = TeamFactory(name="Payments", slug="payments")
    for number in (-3, 0.01, 5, 6, 40, 41, 100):
        SecretFactory(path=f"hand/{number}", asset__team=payments, due_at=days(number))
        SecretFactory(path=f"itself/{number}", asset__team=payments, due_at=days(number), auto_rotated=True)
    for own in (None, True):
        SecretFactory(path=f"tls/{own}", asset__team=payments, kind="certificate", due_at=days(6), auto_rotated=own)
    SecretFactory(path="exempt", asset__team=payments, due_at=days(5), exempt_until=timezone.localdate())
    SecretFactory(path="foreign", asset__team=TeamFactory(), due_at=days(5))
    member = MembershipFactory(team=payments).user
    client.force_login(member)

    def listed(url):
        return client.get(url).context["figures"].total

    for team in (None, payments):
        chart = rotation_page(member, timezone.now(), team).chart
        bars = [
            (count, url)
            for bar in chart.figure["data"]
            for count, url in zip(bar["y"], bar["customdata"], strict=True)
            if count
        ]
        assert sum(count for count, _ in bars) == 14
        assert [listed(url) for _, url in bars] == [count for count, _ in bars]
        cells = [cell for row in chart.rows for cell in row if isinstance(cell, Linked)]
        assert [listed(cell.url) for cell in cells] == [cell.value for cell in cells]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", ["2026-11-30", "soon..later", "..2026-13-01", "0001-01-01..", "2026-11-01..2026-11-02.."]
)
def test_days_that_are_none_are_refused(client, asked):
    client.force_login(EngineerFactory())

    assert client.get(reverse("inventory:secrets"), {"due": asked}).status_code == 400


@pytest.mark.django_db
def test_the_page_counts_what_the_viewer_sees_and_leads_to_it(client):
    payments = TeamFactory(name="Payments", slug="payments")
    stored("late", payments, 200)
    stored("failed", payments, 5, rotation_failed=True, auto_rotated=True)
    stored("unknown", payments)
    stored("database", payments, 5, kind="database-password", asset__source__kind="vault")
    stored("dynamic", payments, 5, kind="dynamic-credential", ephemeral=True, rotation_failed=True)
    stored("certificate", payments, 5, kind="certificate", expires_at=days(10))
    stored("exempt", payments, 200, exempt_until=timezone.localdate())
    stored("foreign", TeamFactory(), 200)
    work_out_due()
    member = MembershipFactory(team=payments).user
    client.force_login(member)

    page = rotation_page(member, timezone.now())

    counts = {section.label: (section.count, [row.path for row in section.rows]) for section in page.sections}
    assert counts["Past its limit"] == (1, ["late"])
    assert counts["Rotation failed"] == (2, ["dynamic", "failed"])
    assert counts["Age not known"] == (1, ["unknown"])
    assert counts["Due within 30 days"] == (1, ["certificate"])
    assert [row.path for row in page.could_be_dynamic.rows] == ["database"]
    assert [way.label for way in page.could_be_dynamic.ways] == ["Once an engine is mounted"]
    assert [row.path for row in page.failed_leases] == ["dynamic"]
    assert (page.figures.total, page.figures.ephemeral, page.lasting) == (7, 1, 5)
    shown = client.get(reverse("dashboards:rotation")).content.decode()
    assert "foreign" not in shown
    for section in page.sections:
        listed = client.get(section.url).context["figures"].total
        assert listed == section.count, section.label
    assert client.get(page.could_be_dynamic.url).context["figures"].total == page.could_be_dynamic.count


@pytest.mark.django_db
def test_w1_the_page_of_another_team_does_not_exist(client):
    other = TeamFactory()
    client.force_login(MembershipFactory().user)

    assert client.get(reverse("dashboards:rotation"), {"team": other.slug}).status_code == 404
    client.force_login(EngineerFactory())
    assert client.get(reverse("dashboards:rotation"), {"team": other.slug}).status_code == 200


@pytest.mark.django_db
def test_the_page_stays_within_its_budget_of_queries(client, django_assert_max_num_queries):
    for number in range(20):
        stored(f"s/{number}", TeamFactory(), 10 * number)
    work_out_due()
    client.force_login(EngineerFactory())
    client.get(reverse("inventory:help"))

    with django_assert_max_num_queries(17):
        client.get(reverse("dashboards:rotation"))


@pytest.mark.django_db
def test_what_could_be_made_on_request_is_counted_by_what_stands_around_it(client):
    vault, cloud = SourceFactory(kind="vault"), SourceFactory(kind="aws")
    team = TeamFactory()
    AssetFactory(source=vault, kind="mount", attributes={"engine": "database"})
    for path, source, kind, facts in (
        ("database", vault, "database-password", {}),
        ("by itself", vault, "database-password", {"auto_rotated": True}),
        ("in a cloud", cloud, "database-password", {}),
        ("key", cloud, "cloud-key", {}),
        ("old key", cloud, "cloud-key", {"ephemeral": False}),
        ("token", vault, "platform-token", {}),
    ):
        stored(path, team, 50, kind=kind, asset__source=source, **facts)
    engineer = EngineerFactory()
    client.force_login(engineer)

    found = rotation_page(engineer, timezone.now()).could_be_dynamic

    assert {way.label: way.count for way in found.ways} == {
        "By the database engine": 1,
        "By a cloud identity": 1,
        "By taking a role": 2,
    }
    assert [row.path for row in found.rows] == ["database"]
    assert found.count == client.get(found.url).context["figures"].total == 4
    for way in found.ways:
        assert client.get(way.url).context["figures"].total == way.count, way.url
    shown = client.get(reverse("dashboards:rotation")).content.decode()
    assert "has a database engine" in shown


@pytest.mark.django_db
def test_w1_of_other_teams_secrets_none_is_counted_as_what_could_be_made_on_request():
    member = MembershipFactory()
    stored("foreign", TeamFactory(), 5, kind="cloud-key")
    stored("own", member.team, 5, kind="cloud-key")

    found = rotation_page(member.user, timezone.now()).could_be_dynamic

    assert (found.count, [row.path for row in found.rows]) == (1, ["own"])


@pytest.mark.django_db
def test_leases_that_nobody_tells_of_are_not_taken_for_ended(client):
    for path, failed in (("told", False), ("untold", None), ("untold too", None)):
        stored(path, TeamFactory(), 5, kind="dynamic-credential", ephemeral=True, rotation_failed=failed)
    engineer = EngineerFactory()
    client.force_login(engineer)

    assert rotation_page(engineer, timezone.now()).ends_unknown == 2
    assert "Of 2 it is not known whether" in client.get(reverse("dashboards:rotation")).content.decode()


@pytest.mark.django_db
def test_what_is_rotated_by_itself_does_not_wait_for_somebody(client):
    SecretFactory(auto_rotated=True, ephemeral=False)
    SecretFactory(auto_rotated=None, ephemeral=None)
    client.force_login(LeaderFactory())

    page = client.get("/rotation/")

    assert page.context["page"].lasting == 1
    assert client.get("/secrets/?life=static").context["figures"].total == 1
    assert "/secrets/?life=static" in page.content.decode()
