"""What a credential opens, on its page and over the API: who is told what, and what it costs."""

import pytest
from django.urls import reverse

from inventory.blast_page import HIDDEN, blast_radius
from inventory.models import Credential
from posture.accounts.opaque import opaque_id
from tests.factories import CredentialFactory, EngineerFactory, HoldingFactory, MembershipFactory, TeamFactory
from tests.inventory.blasts import Store, counted, exposed
from tests.inventory.test_pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    return TeamFactory(name="Payments")


@pytest.fixture
def other():
    return TeamFactory(name="Warehouse")


@pytest.fixture
def member(mine):
    return MembershipFactory(team=mine).user


@pytest.fixture
def engineer():
    return EngineerFactory()


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def value(store, mine, other):
    """Exposed in a place of the member's; it lets in somebody of theirs, who reads secrets of two teams."""
    deploy = store.principal("deploy", "kv/*", team=mine)
    store.secret("kv/pay/a", "production", mine)
    store.secret("kv/pay/b", "staging", mine)
    store.secret("kv/stock/c", "production", other)
    found = store.lets_in(deploy, team=mine)
    exposed(found, team=mine)
    counted()
    return found


def seen_by(user, value):
    row = Credential.objects.get(pk=value.pk)
    return blast_radius(user, row, weak=row.weak)


def asked(client, user, value):
    client.force_login(user)
    return client.get(reverse("api-credential-blast-radius", args=[opaque_id(user, "credential", value.pk)])).json()


def page_of(client, user, value):
    client.force_login(user)
    return client.get(reverse("inventory:credential", args=[opaque_id(user, "credential", value.pk)]))


def test_whoever_sees_everything_is_told_all_of_it(engineer, value):
    found = seen_by(engineer, value)

    assert (found.principals, found.secrets, found.hidden_secrets) == (1, 3, 0)
    assert [(each.environment, each.secrets, each.teams) for each in found.environments] == [
        ("production", 2, 2),
        ("staging", 1, 1),
    ]
    assert found.teams == ["Payments", "Warehouse"]
    assert found.worst_environment == "production"


def test_a_team_is_told_its_own_and_how_much_more_there_is(member, value):
    found = seen_by(member, value)

    assert (found.secrets, found.hidden_secrets) == (2, 1)
    assert found.teams == ["Payments"]
    assert found.steps[0].hidden == 1


def test_an_identity_of_another_team_is_counted_and_not_named(client, store, mine, other, member):
    robot = store.principal("warehouse-robot", "kv/*", team=other)
    store.secret("kv/pay/a", "production", mine)
    value = store.lets_in(robot, team=other)
    exposed(value, team=mine)
    counted()

    found, page = seen_by(member, value), page_of(client, member, value)

    assert (found.principals, found.hidden_principals) == (0, 1)
    assert found.steps[0].name == HIDDEN
    assert "warehouse-robot" not in page.content.decode()
    assert "warehouse-robot" not in str(asked(client, member, value))


def test_the_path_of_another_teams_secret_on_the_way_is_not_named(client, store, mine, other, member):
    token = store.lets_in(store.principal("second", "kv/x", team=mine), team=mine)
    store.secret("kv/warehouse-only", "test", other, holds=token)
    value = store.lets_in(store.principal("first", "kv/*", team=mine), team=mine)
    exposed(value, team=mine)
    counted()

    assert len(seen_by(member, value).steps) == 2
    assert "warehouse-only" not in page_of(client, member, value).content.decode()
    assert "warehouse-only" not in str(asked(client, member, value))


def test_w27_a_guess_learns_nothing_of_another_teams_record(store, mine, other, member):
    guess = CredentialFactory(weak=True)
    robot = store.principal("robot", "kv/*", team=mine)
    store.secret("kv/pay/a", "production", mine)
    store.lets_in(robot, guess, team=other)
    exposed(guess, team=mine)
    counted()

    found = seen_by(member, guess)

    assert not found.is_known
    assert (found.principals, found.hidden_principals, found.hidden_secrets) == (0, 0, 0)


def test_w27_a_guess_in_ones_own_record_learns_nothing_of_another_teams_identity(store, mine, other, member):
    guess = CredentialFactory(weak=True)
    robot = store.principal("robot", "kv/*", team=other)
    store.secret("kv/pay/a", "production", mine)
    store.lets_in(robot, guess, team=mine)
    exposed(guess, team=mine)
    counted()

    found = seen_by(member, guess)

    assert (found.steps, found.hidden_principals, found.hidden_secrets) == ([], 0, 0)
    assert len(seen_by(EngineerFactory(), guess).steps) == 1


def test_w27_a_guess_in_ones_own_secret_does_not_lead_on_to_another_teams_record(store, mine, other, member):
    guess = CredentialFactory(weak=True)
    elsewhere = Store()
    elsewhere.lets_in(elsewhere.principal("robot", "kv/*", team=other), guess, team=other)
    store.secret("kv/pay/guess", "test", mine, holds=guess)
    value = store.lets_in(store.principal("deploy", "kv/*", team=mine), team=mine)
    exposed(value, team=mine)
    counted()

    assert len(seen_by(member, value).steps) == 1
    assert len(seen_by(EngineerFactory(), value).steps) == 2


def test_w27_no_count_tells_whether_others_hold_a_value_of_ones_own(store, mine, other, member, value):
    guess = CredentialFactory(weak=True)
    HoldingFactory(version__secret=store.secret("kv/pay/guess", "test", mine), credential=guess)
    before = seen_by(member, value).credentials

    HoldingFactory(version__secret=store.secret("kv/stock/same", "test", other), credential=guess)

    assert seen_by(member, value).credentials == before == 1


def test_where_no_store_tells_the_page_says_not_known_and_never_nothing(client, engineer):
    alone = exposed(CredentialFactory()).credential

    page, told = text(page_of(client, engineer, alone)), asked(client, engineer, alone)

    assert "Not known: no store tells whom it lets in" in page
    assert told["known"] is False
    assert told["unknown"]
    assert told["worst_environment"] is None


def test_rights_that_were_not_told_are_said_to_be_missing(store, engineer):
    value = store.lets_in(store.principal("silent"))
    exposed(value)
    counted()

    found = seen_by(engineer, value)

    assert found.unknown[0].startswith("silent: no rule")
    assert found.steps[0].rights == "not known"
    assert found.is_at_least


def test_the_page_shows_the_picture_and_the_table(client, engineer, value):
    page = page_of(client, engineer, value)

    assert "is let in as 1 identity and can read 3 secrets in production and in staging" in text(page)
    assert page.context["blast"].graph is not None
    assert "2 in production" in text(page)


def test_the_api_says_the_same_as_the_page(client, member, value):
    told, found = asked(client, member, value), seen_by(member, value)

    assert (told["secrets"], told["hidden_secrets"], told["principals"]) == (2, 1, 1)
    assert told["summary"] == found.summary
    assert told["steps"][0]["principal"]["name"] == "deploy"
    assert told["steps"][0]["environments"][0] == {"environment": "production", "secrets": 1, "teams": 1}


def test_the_page_stays_within_its_budget_however_far_it_leads(
    client, engineer, store, value, django_assert_max_num_queries
):
    before = store.principal("deploy-2", "kv/*")
    for number in range(12):
        after = store.principal(f"step-{number}", "kv/*")
        store.secret(f"kv/token-{number}", "test", holds=store.lets_in(after))
    lead = store.lets_in(before)
    exposed(lead)
    counted()
    client.force_login(engineer)
    client.get(reverse("inventory:help"))

    with django_assert_max_num_queries(50):
        page_of(client, engineer, lead)
