"""The pages of policies and exemptions, as people use them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import Exemption, PolicyVersion
from inventory.services.rotation import work_out_due
from tests.factories import EngineerFactory, LeaderFactory, MembershipFactory, SecretFactory, TeamFactory
from tests.inventory.test_pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def engineer(client):
    user = EngineerFactory(name="Ida")
    client.force_login(user)
    return user


def sent(*limits, action="save", based_on=0, **more):
    rows = {
        "limit-TOTAL_FORMS": len(limits),
        "limit-INITIAL_FORMS": 0,
        "limit-MIN_NUM_FORMS": 0,
        "limit-MAX_NUM_FORMS": 100,
    }
    for number, limit in enumerate(limits):
        rows |= {f"limit-{number}-{name}": value for name, value in limit.items()}
    form = {"unused_human_days": 45, "unused_machine_days": 60, "note": "Agreed", "based_on": based_on}
    return rows | form | {"action": action} | more


def edit(client, *limits, **more):
    return client.post(reverse("inventory:policy-edit"), sent(*limits, **more))


def test_a_change_is_previewed_and_then_saved_as_a_version(client, engineer):
    SecretFactory(path="pay/db", kind="generic-secret", created_at=timezone.now() - timedelta(days=50))
    work_out_due()

    shown = text(edit(client, {"kind": "generic-secret", "days": 30}, action="preview", note=""))
    assert "1 secret would become stale" in shown
    assert "pay/db" in shown
    assert not PolicyVersion.objects.exists()

    edit(client, {"kind": "generic-secret", "days": 30, "reason": "PCI"}, {}, readers_critical=5)

    made = PolicyVersion.objects.get()
    assert [row["days"] for row in made.rows] == [30]
    assert (made.unused_machine_days, made.most_readers, made.made_by) == (60, {"critical": 5}, engineer)
    page = text(client.get(reverse("inventory:policies")))
    assert "Version 1" in page
    assert "PCI" in page


def test_a_looser_limit_is_marked_and_can_be_taken_out_again(client, engineer):
    edit(client, {"kind": "cloud-key", "days": 200}, {"tier": "critical", "days": 30})
    assert "looser than the standard" in text(client.get(reverse("inventory:policies")))

    edit(client, {"kind": "cloud-key", "days": 200, "DELETE": "on"}, {"tier": "critical", "days": 30}, based_on=1)

    assert [row["days"] for row in PolicyVersion.objects.first().rows] == [30]


def test_an_empty_number_of_days_means_that_no_period_applies(client, engineer):
    edit(client, {"kind": "webhook", "days": ""})

    assert PolicyVersion.objects.get().rows[0]["days"] is None


@pytest.mark.parametrize(
    "limit", [{"kind": "nonsense", "days": 3}, {"days": 0}, {"days": 99_999}, {"tier": "extreme", "days": 3}]
)
def test_a_limit_that_makes_no_sense_is_refused_and_nothing_is_lost(client, engineer, limit):
    answer = edit(client, limit, {"kind": "webhook", "days": 5, "reason": "keep me"})

    assert answer.status_code == 400
    assert "keep me" in answer.content.decode()
    assert not PolicyVersion.objects.exists()


def test_secrets_that_more_can_read_than_the_policy_allows_are_found(client, engineer):
    SecretFactory(path="critical", tier="critical", readers=6)
    SecretFactory(path="few", tier="critical", readers=5)
    SecretFactory(path="medium", readers=50)
    SecretFactory(path="unknown", tier="critical")
    edit(client, {"days": 30}, readers_critical=5, readers_medium=40)

    page = client.get(reverse("inventory:secrets"), {"state": "readers"})

    assert sorted(row.path for row in page.context["rows"]) == ["critical", "medium"]
    assert page.context["figures"].readers == 2


def test_a_change_of_an_older_version_is_refused(client, engineer):
    edit(client, {"days": 30})

    assert "Version 1 was made meanwhile" in text(edit(client, {"days": 60}))


def test_a_lead_asks_a_leader_decides_and_each_sees_what_they_may_do(client):
    team = TeamFactory()
    lead = MembershipFactory(team=team, role="lead").user
    row = SecretFactory(path="pay/db", asset__team=team)
    ends = timezone.localdate() + timedelta(days=20)
    client.force_login(lead)
    client.post(
        reverse("inventory:secret-exempt", args=[row.pk]),
        {"of": "rotation", "ends_on": ends, "reason": "The vendor is slow"},
    )
    exemption = Exemption.objects.get()
    assert "The vendor is slow" in text(client.get(reverse("inventory:secret", args=[row.pk])))
    listed = client.get(reverse("inventory:exemptions")).content.decode()
    assert "Approve" not in listed
    client.post(reverse("inventory:exemption-approve", args=[exemption.pk]))
    assert not Exemption.objects.in_force().exists()

    client.force_login(LeaderFactory())
    assert "Approve" in client.get(reverse("inventory:exemptions")).content.decode()
    client.post(reverse("inventory:exemption-approve", args=[exemption.pk]))

    assert Exemption.objects.in_force().get().approved_by is not None
    assert "Exempt until" in text(client.get(reverse("inventory:secret", args=[row.pk])))


def test_w1_exemptions_of_other_teams_do_not_exist(client):
    ends = timezone.localdate() + timedelta(days=9)
    other = Exemption.objects.create(
        of="rotation", secret=SecretFactory(path="web/db"), reason="r", ends_on=ends, asked_by=LeaderFactory()
    )
    client.force_login(MembershipFactory(role="lead").user)

    assert "web/db" not in client.get(reverse("inventory:exemptions")).content.decode()
    assert client.post(reverse("inventory:exemption-end", args=[other.pk])).status_code == 404
    assert client.get(reverse("inventory:secret-exempt", args=[other.secret_id])).status_code == 404


def test_the_page_says_for_every_tier_how_many_may_read_a_secret(client, engineer):
    edit(client, readers_critical=5, readers_low=1)

    page = text(client.get(reverse("inventory:policies")))

    told = re.findall(r"<dt>(Critical|High|Medium|Low)</dt><dd>(?:<span[^>]*>)?([^<]+)", page)
    assert told == [
        ("Critical", "5 identities at most"),
        ("High", "no limit"),
        ("Medium", "no limit"),
        ("Low", "1 identity at most"),
    ]


def test_kinds_are_called_as_people_write_them(client, engineer):
    page = text(client.get(reverse("inventory:policies")))

    assert "API key" in page
    assert "CI token" in page
    assert "Api key" not in page
