"""The pages of principals: who sees which, what they say, and what they cost."""

import csv
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import PrincipalLink
from tests.factories import (
    AssetFactory,
    GrantFactory,
    MembershipFactory,
    PrincipalFactory,
    SecretFactory,
    TeamFactory,
)
from tests.inventory.test_pages import text

pytestmark = pytest.mark.django_db

BUDGET = {"principals": 12, "principals-export": 12, "principal": 16}


@pytest.fixture
def payments():
    return TeamFactory(name="Payments", slug="payments")


@pytest.fixture
def member(client, payments):
    user = MembershipFactory(team=payments, role="lead").user
    client.force_login(user)
    client.get(reverse("inventory:help"))  # A session's first request notes when it was last used.
    return user


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def listed(client, **filters):
    page = client.get(reverse("inventory:principals"), filters)
    return [row.name for row in page.context["rows"]]


def named(name, team, **facts):
    return PrincipalFactory(name=name, external_id=name, asset__team=team, **facts)


def test_the_states_of_a_list_lead_to_their_principals(client, member, payments):
    named("root", payments, admin=True, last_used_at=days_ago(1))
    named("all", payments, wildcard=True, last_used_at=days_ago(1))
    named("ann", payments, kind="human", last_used_at=days_ago(50))
    named("bob", payments, kind="human", last_used_at=days_ago(40))
    named("app", payments, last_used_at=days_ago(50))
    named("old-app", payments, last_used_at=days_ago(100))
    named("quiet", payments)
    named("off", payments, enabled=False, admin=True)
    named("ended", payments, expires_at=days_ago(1), last_used_at=days_ago(200))
    named("exempt", payments, admin=True, last_used_at=days_ago(1), exempt_until=timezone.localdate())
    named("policy", payments, kind="role", admin=False)
    named("other", TeamFactory(), admin=True)

    expected = {
        "admin": ["root"],
        "wildcard": ["all"],
        "dormant": ["ann", "old-app"],
        "unknown": ["quiet"],
        "off": ["ended", "off"],
        "exempt": ["exempt"],
    }
    assert {state: sorted(listed(client, state=state)) for state in expected} == expected
    figures = client.get(reverse("inventory:principals")).context["figures"]
    assert {state: figures[state] for state in expected} == {state: len(found) for state, found in expected.items()}


def test_a_list_is_ordered_by_power_and_by_use(client, member, payments):
    named("a", payments, reads=5, last_used_at=days_ago(3))
    named("b", payments, reads=50, last_used_at=days_ago(9))
    named("c", payments)

    assert listed(client) == ["b", "a", "c"]
    assert listed(client, order="-used") == ["a", "b", "c"]
    assert listed(client, order="name", kind="workload") == ["a", "b", "c"]


def test_an_export_says_what_is_not_known(client, member, payments):
    named("a", payments, admin=False)

    answer = client.get(reverse("inventory:principals-export"))

    (row,) = csv.DictReader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines())
    assert (row["Name"], row["Admin"], row["Wildcard"], row["Last used"]) == ("a", "no", "not known", "not known")


def test_a_page_shows_each_rule_and_through_what_it_comes(client, member, payments):
    vault = AssetFactory(kind="vault", team=payments)
    ann = PrincipalFactory(asset=vault, name="Ann", kind="human", last_used_at=days_ago(60), granted=9, used=2)
    group = PrincipalFactory(asset=vault, name="operations", kind="group")
    policy = PrincipalFactory(asset=vault, name="read-pay", kind="role")
    PrincipalLink.objects.create(member=ann, group=group)
    PrincipalLink.objects.create(member=group, group=policy)
    PrincipalLink.objects.create(member=policy, group=group)  # A loop does no harm.
    GrantFactory(principal=policy, pattern="kv/pay/*", rule="path of read-pay")
    for path in ("kv/pay/db", "kv/web/db"):
        SecretFactory(asset=vault, path=path)

    page = text(client.get(reverse("inventory:principal", args=[ann.pk])))

    assert "path of read-pay" in page
    assert "dormant" in page
    assert "Limit 45 days" in page
    assert "2 of 9 used" in page
    assert "kv/pay/db" in page
    assert "kv/web/db" not in page
    assert "Ann" in text(client.get(reverse("inventory:principal", args=[group.pk])))


@pytest.mark.parametrize(("told", "words"), [(None, "there may be more"), (False, "Limited")])
def test_whose_rights_were_not_all_told_is_not_said_to_be_limited(client, member, payments, told, words):
    row = named("ann", payments, admin=told, wildcard=told)
    GrantFactory(principal=row)

    page = text(client.get(reverse("inventory:principal", args=[row.pk])))

    assert words in page
    assert "1 rule reaches it, none for everything" in page
    assert ("Limited" in page) is (told is False)


def test_w1_another_teams_principal_does_not_exist(client, member):
    row = named("other", TeamFactory())

    assert client.get(reverse("inventory:principal", args=[row.pk])).status_code == 404


def test_w6_a_page_lists_no_secret_of_another_team(client, member, payments):
    vault = AssetFactory(kind="vault", team=payments)
    SecretFactory(asset=vault, path="kv/web/db", team=TeamFactory())
    row = PrincipalFactory(asset=vault)
    GrantFactory(principal=row, pattern="*", admin=True)

    assert "kv/web/db" not in text(client.get(reverse("inventory:principal", args=[row.pk])))


@pytest.mark.parametrize("page", ["principals", "principal", "principals-export"])
def test_pages_of_principals_stay_within_their_budget_of_queries(
    client, member, payments, page, django_assert_max_num_queries
):
    vault = AssetFactory(kind="vault", team=payments)
    rows = [PrincipalFactory(asset=vault) for _ in range(8)]
    policy = PrincipalFactory(asset=vault, kind="role")
    for row in rows:
        GrantFactory(principal=row)
        PrincipalLink.objects.create(member=row, group=policy)
        SecretFactory(asset=vault)
    address = reverse(f"inventory:{page}", args=[rows[0].pk] if page == "principal" else [])

    with django_assert_max_num_queries(BUDGET[page]):
        answer = client.get(address)
        b"".join(answer.streaming_content) if answer.streaming else answer.content
