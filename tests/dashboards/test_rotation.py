"""The rotation page and its chart."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.services.rotation import work_out_due
from posture.dashboards.charts import falls_due
from posture.dashboards.charts.falls_due import BY_HAND, RENEWED, WEEKS
from posture.dashboards.rotation import rotation_page
from tests.factories import EngineerFactory, MembershipFactory, SecretFactory, TeamFactory

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
    due = {BY_HAND: [0, 3, *[0] * (WEEKS - 2)], RENEWED: [1, *[0] * (WEEKS - 1)]}

    chart = falls_due.draw(due, 7, TODAY, "all", "/secrets/?state=late")

    assert chart.title == "4 secrets fall due in the next 26 weeks, most in the week of 30 Nov 2026"
    assert [bar["name"] for bar in chart.figure["data"]] == [BY_HAND, RENEWED]
    late, first, second, *_ = chart.rows
    assert (str(late[-1]), late[-1].url) == ("7", "/secrets/?state=late")
    assert first[1:] == (0, 1, 0, 1)
    assert second[1:] == (3, 0, 0, 3)


@pytest.mark.django_db
def test_the_page_counts_what_the_viewer_sees_and_leads_to_it(client):
    payments = TeamFactory(name="Payments", slug="payments")
    stored("late", payments, 200)
    stored("failed", payments, 5, rotation_failed=True, auto_rotated=True)
    stored("unknown", payments)
    stored("database", payments, 5, kind="database-password")
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
    assert [row.path for row in page.failed_leases] == ["dynamic"]
    assert (page.figures.total, page.figures.ephemeral, page.lasting) == (7, 1, 6)
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
