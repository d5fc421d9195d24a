"""The pages of stored secrets: who sees which, what they say, and what they cost."""

import csv
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import Secret, Source
from inventory.secret_page import SecretPage
from inventory.services.readers import count_readers
from inventory.services.rotation import work_out_due
from tests.factories import (
    AssetFactory,
    EngineerFactory,
    ExposureFactory,
    GrantFactory,
    HoldingFactory,
    MembershipFactory,
    PrincipalFactory,
    SecretFactory,
    TeamFactory,
    VersionFactory,
)
from tests.inventory.test_pages import text

pytestmark = pytest.mark.django_db

BUDGET = {"secrets": 12, "secrets-export": 12, "secret": 18}


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


def aged(path, days, team, **facts):
    row = SecretFactory(path=path, kind="generic-secret", created_at=days_ago(days), asset__team=team, **facts)
    work_out_due()
    return row


def listed(client, **filters):
    page = client.get(reverse("inventory:secrets"), filters)
    return [row.path for row in page.context["rows"]]


def test_a_team_sees_its_own_secrets_the_most_urgent_first(client, member, payments):
    aged("pay/new", 5, payments)
    aged("pay/late", 200, payments)
    aged("pay/failed", 10, payments, rotation_failed=True)
    SecretFactory(path="pay/unknown", kind="generic-secret", asset__team=payments)
    aged("web/late", 200, TeamFactory())
    work_out_due()

    assert listed(client) == ["pay/failed", "pay/late", "pay/new", "pay/unknown"]


def test_the_states_of_a_list_lead_to_their_secrets(client, member, payments):
    aged("late", 200, payments)
    aged("soon", 80, payments)
    aged("new", 5, payments, rotated_at=days_ago(1))
    aged("dynamic", 5, payments, ephemeral=True)
    aged("exempt", 200, payments, exempt_until=timezone.localdate())
    aged("auto", 200, payments, auto_rotated=True)
    SecretFactory(path="unknown", kind="generic-secret", asset__team=payments)
    work_out_due()
    figures = client.get(reverse("inventory:secrets")).context["figures"]

    expected = {
        "late": ["auto", "late"],
        "soon": ["soon"],
        "never": ["auto", "exempt", "late", "soon"],
        "unknown": ["unknown"],
        "exempt": ["exempt"],
        "failed": [],
        "fine": ["dynamic", "new"],
    }
    assert {state: sorted(listed(client, state=state)) for state in expected} == expected
    for state in ("late", "soon", "never", "unknown", "exempt", "failed"):
        assert getattr(figures, state) == len(expected[state])
    assert sorted(listed(client, life="ephemeral")) == ["dynamic"]
    assert sorted(listed(client, life="auto")) == ["auto"]


def test_a_list_is_filtered_and_ordered_by_what_it_shows(client, member, payments):
    aged("a", 20, payments, environment="production", tier="critical", readers=9)
    aged("b", 10, payments, environment="staging", readers=1)
    aged("c", 30, payments)

    assert listed(client, environment="production") == ["a"]
    assert listed(client, environment="none") == ["c"]
    assert listed(client, tier="critical") == ["a"]
    assert listed(client, order="-readers") == ["a", "b", "c"]
    assert listed(client, order="since") == ["c", "a", "b"]
    assert listed(client, order="-path") == ["c", "b", "a"]
    assert listed(client, q="B") == ["b"]


def test_pages_of_a_list_join_whatever_the_order(client, member, payments):
    for number in range(60):
        aged(f"pay/{number:02}", number, payments)
    SecretFactory(path="pay/unknown", asset__team=payments)

    for order in ("due", "-due", "since", "-readers", "path"):
        seen, query = [], f"order={order}"
        while query:
            page = client.get(f"{reverse('inventory:secrets')}?{query}")
            seen += [row.path for row in page.context["rows"]]
            query = page.context["pager"]["next"]
        assert len(seen) == len(set(seen)) == 61


def test_an_export_holds_exactly_what_the_list_selects_and_no_formula(client, member, payments):
    aged("=cmd|x", 200, payments)
    aged("new", 5, payments)
    aged("web/late", 200, TeamFactory())

    answer = client.get(reverse("inventory:secrets-export"), {"state": "late"})

    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
    assert [(row["Path"], row["Rotated automatically"]) for row in rows] == [("'=cmd|x", "not known")]


def test_a_secrets_page_tells_each_fact_with_its_evidence(client, member, payments):
    row = aged("pay/db", 200, payments, evidence={"created_at": "Vault metadata, created_time"})

    page = text(client.get(reverse("inventory:secret", args=[row.pk])))

    assert "past its limit" in page
    assert "Vault metadata, created_time, as of" in page
    assert "Prowler secretsmanager_secret_rotated_periodically" in page
    assert "Who can read it is not known" in page


def test_a_page_says_at_least_where_not_all_who_can_read_are_known(client, member, payments):
    vault = AssetFactory(kind="vault", team=payments)
    row = SecretFactory(asset=vault, readers=None, evidence={"readers": "its own policy was not handed out"})
    GrantFactory(principal=PrincipalFactory(asset=vault))

    page = text(client.get(reverse("inventory:secret", args=[row.pk])))

    assert "At least 1 identity can read it" in page
    assert "its own policy was not handed out" in page


def test_w1_another_teams_secret_does_not_exist(client, member):
    row = aged("web/db", 5, TeamFactory())

    assert client.get(reverse("inventory:secret", args=[row.pk])).status_code == 404


def test_w6_of_other_teams_identities_only_their_number_is_told(client, member, payments):
    vault = AssetFactory(kind="vault", team=payments)
    row = SecretFactory(asset=vault, path="kv/pay/db")
    for team, name in ((payments, "pay-api"), (TeamFactory(), "web-api")):
        GrantFactory(principal=PrincipalFactory(asset=vault, name=name, external_id=name, team=team), rule=f"of {name}")
    Source.objects.owe_readers()
    count_readers()

    page = text(client.get(reverse("inventory:secret", args=[row.pk])))

    assert "2 identities can read it" in page
    assert "pay-api" in page
    assert "of pay-api" in page
    assert "web-api" not in page
    assert "an identity of another team" in page


def test_a_leaked_current_value_says_rotate_now(client, member, payments):
    holding = HoldingFactory(version__secret__asset__team=payments)
    ExposureFactory(credential=holding.credential, asset__team=payments)
    ExposureFactory(credential=holding.credential, asset__team=TeamFactory())

    page = text(client.get(reverse("inventory:secret", args=[holding.version.secret_id])))

    assert "Its current value stands in 1 place outside" in page


def test_the_same_value_in_another_secret_is_told_within_what_one_sees(client, member, payments):
    holding = HoldingFactory(version__secret__asset__team=payments)
    HoldingFactory(credential=holding.credential, version__secret__asset__team=TeamFactory())
    address = reverse("inventory:secret", args=[holding.version.secret_id])
    assert "hold the same value" not in text(client.get(address))

    HoldingFactory(credential=holding.credential, version__secret__asset__team=payments)

    assert "1 other secret" in text(client.get(address))


def test_w27_a_guessable_value_is_not_called_what_others_found_it_as(client, member, payments):
    elsewhere = ExposureFactory(credential__weak=True, credential__rule="jdbc-password", asset__team=TeamFactory())
    mine = SecretFactory(asset__team=payments)
    HoldingFactory(version__secret=mine, credential=elsewhere.credential)

    page = client.get(reverse("inventory:secret", args=[mine.pk])).context["page"]

    assert [value.credential.rule for values in page.held.values() for value in values] == ["stored-secret"]


def test_a_secret_that_is_gone_shares_nothing_any_more(client, member, payments):
    holding = HoldingFactory(version__secret__asset__team=payments)
    other = HoldingFactory(credential=holding.credential, version__secret__asset__team=payments).version.secret
    address = reverse("inventory:secret", args=[holding.version.secret_id])
    assert "1 other secret hold" in text(client.get(address))

    type(other).objects.filter(pk=other.pk).update(gone_at=timezone.now())

    assert "hold the same value" not in text(client.get(address))


@pytest.mark.parametrize("page", ["secrets", "secret", "secrets-export"])
def test_pages_of_secrets_stay_within_their_budget_of_queries(
    client, member, payments, page, django_assert_max_num_queries
):
    vault = AssetFactory(kind="vault", team=payments)
    rows = [SecretFactory(asset=vault, path=f"kv/{number}") for number in range(8)]
    for row in rows:
        HoldingFactory(version__secret=row)
        GrantFactory(principal=PrincipalFactory(asset=vault))
    address = reverse(f"inventory:{page}", args=[rows[0].pk] if page == "secret" else [])

    with django_assert_max_num_queries(BUDGET[page]):
        answer = client.get(address)
        b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_without_a_store_the_page_says_what_to_do(client):
    client.force_login(EngineerFactory())

    assert "Connect a vault" in text(client.get(reverse("inventory:secrets")))


def test_a_certificate_whose_end_is_not_known_is_not_in_time(client, member, payments):
    unknown, ends, off = (aged(f"tls/{name}", 3000, payments) for name in ("unknown", "ends", "off"))
    Secret.objects.update(kind="certificate", policy_due=True)
    Secret.objects.filter(pk=ends.pk).update(expires_at=timezone.now() + timedelta(days=200))
    Secret.objects.filter(pk=off.pk).update(enabled=False)
    work_out_due()
    unknown.refresh_from_db()

    assert listed(client, state="unknown") == ["tls/unknown"]
    assert set(listed(client, state="fine")) == {"tls/ends", "tls/off"}
    assert list(Secret.objects.age_unknown()) == [unknown]
    fresh = SecretPage(member, unknown).facts[0]
    assert (fresh.answer, fresh.words) == ("unknown", "End not known")
    off.refresh_from_db()
    assert SecretPage(member, off).facts[0].words != "End not known"


def test_what_is_not_handed_out_again_is_with_whoever_was_given_it(client, member, payments):
    row = SecretFactory(path="cert/1", asset=AssetFactory(kind="vault", team=payments), address="")

    page = text(client.get(reverse("inventory:secret", args=[row.pk])))

    assert "Who has it is not known" in page
    assert "told no rights" not in page


def test_where_a_store_names_no_versions_none_is_called_unread(client, member, payments):
    row = SecretFactory(asset__team=payments)
    address = reverse("inventory:secret", args=[row.pk])
    assert "were not read" not in text(client.get(address))
    assert "Its store names none" in text(client.get(address))

    VersionFactory(secret=row)

    assert "these values were not read" in text(client.get(address))


def test_evidence_reads_as_sentences(member, payments):
    row = aged(
        "kv/db", 400, payments, evidence={"created_at": "the time of version 1", "auto_rotated": "it is by hand"}
    )
    row.refresh_from_db()

    fresh, changes, *_ = SecretPage(member, row).facts

    assert fresh.evidence.startswith("The time of version 1, as of ")
    assert f"Limit {row.limit_days} days: {row.limit_reason}" in fresh.evidence
    assert changes.evidence.startswith("It is by hand, as of ")
