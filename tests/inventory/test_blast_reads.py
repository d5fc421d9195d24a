"""What the inventory answers a walk: whom a value lets in, what they can read, and where it does not tell."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.blast_radius import Group, walk
from inventory.blast_reads import InventoryFacts
from inventory.blast_stored import StoredFacts
from inventory.models import Principal, PrincipalLink, Version
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    ExposureFactory,
    HoldingFactory,
    TeamFactory,
)
from tests.inventory.blasts import Store, counted, exposed

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return Store()


def followed(value):
    counted()
    return walk([value.pk], InventoryFacts())


def names(found):
    known = dict(Principal.objects.values_list("pk", "external_id"))
    return [known[step.login.principal] for step in found.steps]


def test_a_value_leads_to_whom_it_lets_in_and_to_what_they_can_read(store):
    team = TeamFactory()
    deploy = store.principal("deploy", "kv/pay/*")
    store.secret("kv/pay/a", "production", team)
    store.secret("kv/pay/b", "production", team)
    store.secret("kv/pay/c", "staging")
    store.secret("kv/web/d", "production", team)
    value = store.lets_in(deploy)

    found = followed(value)

    assert names(found) == ["deploy"]
    assert found.steps[0].reach.readable == {Group("production", team.pk): 2, Group("staging", None): 1}
    assert found.environments == {"production", "staging"}


def test_rights_of_groups_count_and_a_more_specific_denial_takes_away(store):
    deploy, ops = store.principal("deploy"), store.principal("ops", "kv/*", kind="group")
    PrincipalLink.objects.create(member=deploy, group=ops)
    store.allow(ops, "kv/locked/*", capabilities=["read"], deny=True)
    store.secret("kv/open", "test")
    store.secret("kv/locked/one", "production")

    found = followed(store.lets_in(deploy))

    assert found.steps[0].reach.readable == {Group("test", None): 1}


def test_what_is_read_only_under_a_condition_is_counted_apart_and_not_followed(store):
    deploy, other = store.principal("deploy"), store.principal("other", "kv/*")
    store.allow(deploy, "kv/maybe", condition="only from some address")
    store.secret("kv/maybe", "production", holds=store.lets_in(other))

    found = followed(store.lets_in(deploy))

    assert names(found) == ["deploy"]
    assert found.steps[0].reach.perhaps == 1
    assert not found.steps[0].reach.readable


def test_a_value_in_a_readable_secret_leads_on_to_another_store(store):
    elsewhere = Store()
    admin = elsewhere.principal("cluster-admin", "ns/*")
    elsewhere.secret("ns/db", "production")
    token = elsewhere.lets_in(admin)
    store.secret("kv/ci/token", "test", holds=token)
    store.secret("kv/other/token", holds=elsewhere.lets_in(elsewhere.principal("nobody", "ns/*")))

    found = followed(store.lets_in(store.principal("ci", "kv/ci/*")))

    assert names(found) == ["ci", "cluster-admin"]
    assert found.values == {token.pk}
    assert found.environments == {"test", "production"}


@pytest.mark.parametrize(
    "facts",
    [{"enabled": False}, {"expires_at": timezone.now() - timedelta(days=1)}, {"gone_at": timezone.now()}],
    ids=["switched off", "expired", "gone"],
)
def test_a_record_that_is_not_in_force_lets_nobody_in(store, facts):
    value = store.lets_in(store.principal("deploy", "kv/*"), **facts)

    assert followed(value).steps == ()


@pytest.mark.parametrize("facts", [{"enabled": False}, {"gone_at": timezone.now()}], ids=["switched off", "gone"])
def test_who_may_not_act_any_more_is_not_let_in(store, facts):
    assert followed(store.lets_in(store.principal("deploy", "kv/*", **facts))).steps == ()


def test_a_value_that_its_record_has_no_longer_is_not_taken_for_its_current_one(store):
    deploy = store.principal("deploy", "kv/*")
    value = store.lets_in(deploy)
    Version.objects.update(state="superseded")

    assert followed(value).steps == ()


def test_principals_of_the_same_name_in_two_stores_are_two(store):
    other = Store()
    other.principal("deploy", "kv/*")

    found = followed(store.lets_in(store.principal("deploy", "kv/*")))

    assert len(found.steps) == 1
    assert found.steps[0].login.principal == store.asset.principals.get().pk


def pair(secret_rule="aws-secret-access-key", line=2, path="deploy.env", asset=None, name=None):
    asset = asset or AssetFactory()
    name = name or CredentialFactory(rule="aws-access-key-id", provider="aws")
    secret = CredentialFactory(rule=secret_rule, provider="aws")
    ExposureFactory(asset=asset, credential=name, path=path, latest_line=1)
    ExposureFactory(asset=asset, credential=secret, path=path, latest_line=line)
    return name, secret


def test_a_secret_joins_its_issuers_record_by_the_identifier_beside_it(store):
    name, secret = pair()
    store.lets_in(store.principal("user/ci", "kv/*"), name)

    assert names(followed(secret)) == ["user/ci"]
    assert names(followed(name)) == ["user/ci"]


def test_an_identifier_without_its_secret_lets_nobody_in(store):
    name, secret = pair()
    store.lets_in(store.principal("user/ci", "kv/*"), name)
    secret.exposures.update(gone_at=timezone.now())

    assert followed(name).steps == ()


def test_a_secret_in_another_file_is_no_pair(store):
    name, _ = pair()
    store.lets_in(store.principal("user/ci", "kv/*"), name)
    alone = exposed(CredentialFactory(rule="aws-secret-access-key")).credential

    assert followed(alone).steps == ()


def test_of_two_identifiers_the_nearest_is_taken_and_none_where_both_are_as_near(store):
    asset = AssetFactory()
    first, near_first = pair(asset=asset)
    second = CredentialFactory(rule="aws-access-key-id", provider="aws")
    ExposureFactory(asset=asset, credential=second, path="deploy.env", latest_line=9)
    store.lets_in(store.principal("user/first", "kv/*"), first)
    store.lets_in(store.principal("user/second", "kv/*"), second)

    assert names(followed(near_first)) == ["user/first"]

    near_first.exposures.update(latest_line=5)

    assert followed(near_first).steps == ()


def test_an_identifier_in_a_stored_secret_leads_on_where_its_secret_stands_with_it(store):
    name = CredentialFactory(rule="aws-access-key-id", provider="aws")
    elsewhere = Store()
    elsewhere.lets_in(elsewhere.principal("user/ci", "kv/*"), name)
    kept = store.secret("kv/aws", holds=name)
    value = store.lets_in(store.principal("deploy", "kv/*"))

    assert names(followed(value)) == ["deploy"]

    HoldingFactory(version=kept.versions.get(), key="secret_access_key")

    assert names(followed(value)) == ["deploy", "user/ci"]


def test_a_value_that_was_joined_to_its_issuers_record_when_it_was_judged_leads_on(store):
    value = exposed(CredentialFactory()).credential
    record = store.secret("access-key/1", address="", logs_in_as=store.principal("user/ci", "kv/*").external_id)
    value.validity_secret = record
    value.save()

    assert names(followed(value)) == ["user/ci"]

    record.gone_at = timezone.now()
    record.save()

    assert followed(value).steps == ()


def test_beyond_what_is_tried_only_at_least_is_said(store, monkeypatch):
    monkeypatch.setattr("inventory.blast_reads.TRIED", 2)
    for number in range(4):
        store.secret(f"kv/{number}", "production")

    found = followed(store.lets_in(store.principal("deploy", "kv/*")))

    assert found.steps[0].reach.readable.total() == 2
    assert found.steps[0].reach.at_least
    assert found.steps[0].reach.reads == 4


def test_prefixes_narrow_and_never_decide(store):
    deploy = store.principal("deploy", "kv/Pay/*", "kv/+/shared", "kv/Pay/deep/*")
    for path in ("kv/Pay/a", "kv/pay/b", "kv/x/shared", "kv/x/other"):
        store.secret(path, path)

    found = followed(store.lets_in(deploy))

    assert {group.environment for group in found.steps[0].reach.readable} == {"kv/Pay/a", "kv/x/shared"}


def test_what_is_worked_out_for_severities_agrees_with_the_page(store):
    elsewhere = Store()
    token = elsewhere.lets_in(elsewhere.principal("cluster", "*", kind="workload"))
    elsewhere.secret("ns/db", "production")
    store.secret("kv/token", "staging", holds=token)
    value = store.lets_in(store.principal("deploy", "kv/*"))
    counted()

    stored, exact = StoredFacts(), InventoryFacts()
    stored.learn([value.pk, token.pk])

    for each in (value, token):
        rated, shown = walk([each.pk], stored), walk([each.pk], exact)
        assert names(rated) == names(shown)
        assert rated.environments == shown.environments
        assert [step.through for step in rated.steps] == [step.through for step in shown.steps]


def test_walks_for_severities_ask_nothing_more_for_each_value(store, django_assert_max_num_queries):
    deploy = store.principal("deploy", "kv/*")
    values = [store.lets_in(deploy).pk for _ in range(20)]
    for number in range(20):
        values.append(store.lets_in(store.principal(f"other-{number}", "kv/*")).pk)
    store.secret("kv/token", holds=store.lets_in(deploy))
    counted()
    facts = StoredFacts()

    with django_assert_max_num_queries(20):
        known = facts.learn(values)
        found = [walk([value], facts) for value in known]

    assert len(found) == 40


def test_where_not_everything_was_tried_the_worst_environment_is_still_known(store, monkeypatch):
    monkeypatch.setattr("inventory.blast_reads.TRIED", 2)
    for number in range(3):
        store.secret(f"kv/{number}", "test")
    store.secret("kv/last", "production")

    found = followed(store.lets_in(store.principal("deploy", "kv/*")))

    assert found.environments == {"test", "production"}
