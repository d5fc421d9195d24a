"""The organisation's own limits, their versions and previews, and exemptions."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.limit_rows import LimitRow
from inventory.models import Exemption, PolicyVersion, Secret
from inventory.policy_preview import preview
from inventory.services.policies import (
    PolicyRefused,
    approve_exemption,
    ask_exemption,
    change_policy,
    end_exemption,
)
from inventory.services.rotation import work_out_due
from tests.factories import (
    EngineerFactory,
    LeaderFactory,
    MembershipFactory,
    PrincipalFactory,
    SecretFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def change(by, *rows, based_on=0):
    return change_policy(
        rows=rows,
        unused_human_days=45,
        unused_machine_days=90,
        most_readers={"critical": 5},
        note="Agreed in the risk meeting",
        by=by,
        based_on=based_on,
    )


def aged(days, **more):
    return SecretFactory(kind="generic-secret", created_at=timezone.now() - timedelta(days=days), **more)


def stale():
    work_out_due()
    return Secret.objects.stale().count()


def test_a_new_version_of_the_policy_judges_every_secret_anew_and_the_old_one_stays():
    engineer = EngineerFactory()
    aged(50)
    assert stale() == 0

    change(engineer, LimitRow(30, kind="generic-secret"))
    assert stale() == 1
    change(engineer, LimitRow(60, kind="generic-secret"), based_on=1)

    assert stale() == 0
    assert list(PolicyVersion.objects.values_list("number", flat=True)) == [2, 1]
    assert Secret.objects.get().limit_reason.startswith("Your policy")


def test_two_people_who_change_the_same_version_do_not_overwrite_each_other():
    engineer = EngineerFactory()
    change(engineer, LimitRow(30))

    with pytest.raises(PolicyRefused, match="Version 1 was made meanwhile"):
        change(engineer, LimitRow(60))

    assert PolicyVersion.objects.get().rows[0]["days"] == 30


@pytest.mark.parametrize("make", [LeaderFactory, UserFactory])
def test_only_engineers_change_policies(make):
    with pytest.raises(PolicyRefused, match="engineers"):
        change(make(), LimitRow(30))

    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize(
    ("row", "looser"),
    [
        (LimitRow(120, kind="cloud-key"), True),
        (LimitRow(None, kind="cloud-key"), True),
        (LimitRow(60, kind="cloud-key"), False),
        (LimitRow(200), True),
        (LimitRow(90), False),
        (LimitRow(200, kind="human-password"), False),
    ],
)
def test_a_limit_looser_than_the_standard_is_marked(row, looser):
    assert row.is_looser is looser
    assert LimitRow.from_json(row.as_json()) == row


def test_a_preview_says_what_a_change_would_make_stale_and_changes_nothing():
    pay = TeamFactory(name="Payments")
    for days in (10, 40, 50, 100):
        aged(days, asset__team=pay)
    aged(50)
    aged(400, ephemeral=True)
    SecretFactory(kind="generic-secret")
    aged(50, exempt_until=timezone.localdate() + timedelta(days=1))

    found = preview(Secret.objects.all(), [LimitRow(30, kind="generic-secret")])

    assert (found.stale_now, found.stale_then, found.newly_stale, found.no_longer_stale) == (1, 4, 3, 0)
    assert found.by_team == {"Payments": 2, "": 1}
    assert len(found.named) == 3
    assert preview(Secret.objects.all(), [LimitRow(None)]).no_longer_stale == 1
    assert preview(Secret.objects.all(), [LimitRow(60, kind="cloud-key")]).no_longer_stale == 0


def test_a_preview_is_what_the_change_then_does():
    engineer = EngineerFactory()
    for days in range(5, 200, 15):
        aged(days, tier="critical" if days % 2 else "", environment="production" if days % 3 else "")
    rows = [LimitRow(45, tier="critical"), LimitRow(100, kind="generic-secret", environment="production")]
    before, expected = stale(), preview(Secret.objects.all(), rows)

    change(engineer, *rows)

    assert (before, stale()) == (expected.stale_now, expected.stale_then)


def ask(thing, by, days=30, of="rotation"):
    ends = timezone.localdate() + timedelta(days=days)
    return ask_exemption(of=of, thing=thing, reason="Vendor replaces it in March", ends_on=ends, by=by)


@pytest.fixture
def lead():
    return MembershipFactory(role="lead").user


@pytest.fixture
def secret(lead):
    row = aged(100, asset__team=lead.memberships.get().team)
    work_out_due()
    return row


def test_an_exemption_needs_a_second_person_and_ends_by_itself(secret, lead):
    exemption = ask(secret, lead)
    assert Secret.objects.stale().count() == 1

    approve_exemption(exemption=exemption, by=EngineerFactory())
    assert Secret.objects.stale().count() == 0
    assert list(Exemption.objects.in_force()) == [exemption]

    Secret.objects.update(exempt_until=timezone.localdate() - timedelta(days=1))
    assert Secret.objects.stale().count() == 1


def test_nobody_approves_an_exemption_of_their_own(secret):
    engineer = EngineerFactory()
    exemption = ask(secret, engineer)

    with pytest.raises(PolicyRefused, match="second person"):
        approve_exemption(exemption=exemption, by=engineer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Exemption.objects.update(approved_by=engineer)
    assert Secret.objects.stale().count() == 1


def test_strangers_ask_for_nothing_and_leads_decide_nothing(secret, lead):
    with pytest.raises(PolicyRefused, match="act for its team"):
        ask(secret, MembershipFactory(role="lead").user)
    with pytest.raises(PolicyRefused, match="act for its team"):
        ask(secret, MembershipFactory(team=secret.team).user)
    exemption = ask(secret, EngineerFactory())
    with pytest.raises(PolicyRefused, match="decide"):
        approve_exemption(exemption=exemption, by=lead)


@pytest.mark.parametrize("days", [0, -1, 400])
def test_an_exemption_has_an_end_within_a_year(secret, lead, days):
    with pytest.raises(PolicyRefused, match="within the next year"):
        ask(secret, lead, days)


def test_an_exemption_is_asked_for_once_and_can_be_taken_back_and_ended(secret, lead):
    exemption = ask(secret, lead)
    with pytest.raises(PolicyRefused, match="one already"):
        ask(secret, lead)

    end_exemption(exemption=exemption, by=lead)
    again = ask(secret, lead)
    leader = LeaderFactory()
    approve_exemption(exemption=again, by=leader)
    with pytest.raises(PolicyRefused, match="meanwhile"):
        approve_exemption(exemption=again, by=EngineerFactory())
    end_exemption(exemption=again, by=leader)

    assert Secret.objects.stale().count() == 1
    with pytest.raises(PolicyRefused, match="has ended"):
        end_exemption(exemption=again, by=leader)


def test_w30_whoever_asks_for_an_exemption_holds_what_it_is_of_meanwhile(secret, lead):
    with CaptureQueriesContext(connection) as asked:
        ask(secret, lead)

    held, looked = (
        next(n for n, each in enumerate(asked.captured_queries) if f'FROM "inventory_{name}"' in each["sql"])
        for name in ("secret", "exemption")
    )
    assert held < looked
    assert "FOR UPDATE" in asked.captured_queries[held]["sql"] or not connection.features.has_select_for_update


def test_a_principal_can_be_exempt_from_what_is_said_about_its_rights(lead):
    principal = PrincipalFactory(asset__team=lead.memberships.get().team)

    approve_exemption(exemption=ask(principal, lead, of="rights"), by=EngineerFactory())

    principal.refresh_from_db()
    assert principal.exempt_until == timezone.localdate() + timedelta(days=30)
