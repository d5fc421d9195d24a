"""What a value opens decides how severe it is, also when only the rights of whom it lets in changed."""

import pytest

from inventory.models import Credential, Grant
from inventory.services.severities import work_out_severities
from tests.factories import CredentialFactory, ExposureFactory, TeamFactory
from tests.inventory.blasts import Store, counted, exposed

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return Store()


def rated(value):
    counted()
    work_out_severities()
    value.refresh_from_db()
    return value.severity


def lost(store, *patterns, **facts):
    """A value that is out and lets somebody with these rules in."""
    value = store.lets_in(store.principal("deploy", *patterns), **facts)
    exposed(value)
    return value


def test_a_value_that_lets_in_to_production_is_high(store):
    store.secret("kv/pay/a", "production")
    store.secret("kv/web/b", "test")

    value = lost(store, "kv/pay/*")

    assert rated(value) == "high"
    assert value.severity_reason == "It opens production."


@pytest.mark.parametrize("right", ["admin", "wildcard"])
def test_with_admin_or_wildcard_rights_there_it_is_critical(store, right):
    store.secret("kv/pay/a", "production")
    value = lost(store, "kv/pay/*")
    Grant.objects.update(**{right: True})

    assert rated(value) == "critical"
    assert value.exposures.get().severity == "critical"


def test_admin_rights_in_a_store_of_tests_alone_are_not_critical(store):
    store.secret("kv/pay/a", "test")
    value = lost(store, "kv/pay/*")
    Grant.objects.update(admin=True)
    ExposureFactory(credential=value, asset__environment="production")

    assert rated(value) == "high"


def test_what_a_second_step_opens_counts(store):
    admin = Store()
    admin.secret("ns/db", "production")
    cluster = admin.principal("cluster")
    admin.allow(cluster, "ns/*", admin=True)
    store.secret("kv/token", "test", holds=admin.lets_in(cluster))

    assert rated(lost(store, "kv/*")) == "critical"


def test_a_right_that_is_given_later_raises_it_though_nothing_of_its_places_changed(store):
    store.secret("kv/pay/a", "production")
    value = lost(store, "kv/web/*")
    assert rated(value) == "high"
    assert "production" not in value.severity_reason

    Grant.objects.update(pattern="kv/*", prefix="kv/", wildcard=True)

    assert rated(value) == "critical"


def test_a_right_that_is_taken_away_lowers_it_again(store):
    store.secret("kv/pay/a", "production")
    value = lost(store, "kv/*")
    Grant.objects.update(wildcard=True)
    assert rated(value) == "critical"

    Grant.objects.update(pattern="kv/web/*", prefix="kv/web/", wildcard=False)

    assert rated(value) == "high"
    assert "admin" not in value.severity_reason


def test_w27_a_guess_in_a_teams_own_file_is_not_rated_by_another_teams_record(store):
    mine, other = TeamFactory(), TeamFactory()
    guess = CredentialFactory(weak=True)
    store.secret("kv/pay/a", "production")
    deploy = store.principal("deploy")
    store.allow(deploy, "kv/*", admin=True)
    store.lets_in(deploy, guess, team=other)
    own = exposed(guess, team=mine, weak=True)

    assert rated(guess) == "critical"
    own.refresh_from_db()
    assert own.severity == "medium"


def test_the_rating_of_many_values_costs_no_query_for_each(store, django_assert_max_num_queries):
    for number in range(30):
        store.secret(f"kv/{number}", "production")
        exposed(store.lets_in(store.principal(f"deploy-{number}", f"kv/{number}")))
    counted()
    Credential.objects.update(severity_due=True)

    with django_assert_max_num_queries(60):
        work_out_severities()
