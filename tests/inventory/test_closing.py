"""What the inventory says for closing incidents."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.closing import UnreadAsset, UnreadSecret, closing_facts
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    ExposureFactory,
    HoldingFactory,
    ReadFactory,
    SecretFactory,
    TeamFactory,
    VersionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def since():
    return timezone.now() - timedelta(hours=1)


@pytest.fixture
def credential():
    return CredentialFactory()


def read_after(asset, since, **fields):
    return ReadFactory(asset=asset, started_at=since + timedelta(minutes=1), **fields)


def held_in(credential, asset, *, read_key=None, **fields):
    key = credential.key_id if read_key is None else read_key
    version = VersionFactory(secret=SecretFactory(asset=asset), read_key=key, **fields)
    return HoldingFactory(version=version, credential=credential).version


def test_a_tip_counts_as_live_and_history_only_as_left_over(credential, since):
    team = TeamFactory()
    tip = ExposureFactory(credential=credential, place="tip", asset__team=team)
    for place, gone in (("history", None), ("ref", None), ("tip", timezone.now())):
        ExposureFactory(credential=credential, asset=tip.asset, place=place, gone_at=gone)

    facts = closing_facts([credential.pk], since)[credential.pk]

    assert [(each.exposure, each.team, each.lost) for each in facts.live] == [(tip.pk, team.pk, False)]
    assert (facts.history_only, facts.on_other_refs) == (1, 1)


def test_only_a_complete_read_that_began_since_proves_anything(credential, since):
    asset = AssetFactory()
    ExposureFactory(credential=credential, asset=asset, gone_at=timezone.now())
    read_after(asset, since, status="partial")
    ReadFactory(asset=asset, started_at=since - timedelta(minutes=1), finished_at=timezone.now())

    assert closing_facts([credential.pk], since)[credential.pk].unread == (UnreadAsset(asset.pk, None),)

    read_after(asset, since)

    assert closing_facts([credential.pk], since)[credential.pk].unread == ()


def test_a_place_in_a_repository_that_its_source_lists_no_more_stays_live_as_lost(credential, since):
    ExposureFactory(credential=credential, asset__gone_at=timezone.now())

    facts = closing_facts([credential.pk], since)[credential.pk]

    assert [each.lost for each in facts.live] == [True]
    assert facts.unread == ()


def test_every_current_version_that_holds_the_value_is_named(credential, since):
    store = AssetFactory(kind="vault")
    read_after(store, since)
    current = held_in(credential, store)
    held_in(credential, store, state="superseded")

    facts = closing_facts([credential.pk], since)[credential.pk]

    assert [(each.secret, each.version) for each in facts.held] == [(current.secret_id, current.pk)]
    assert facts.values_unread == ()


def test_a_store_that_was_not_read_since_may_hold_the_value_still(credential, since):
    old = held_in(credential, AssetFactory(kind="vault"), state="superseded").secret

    facts = closing_facts([credential.pk], since)[credential.pk]

    assert facts.values_unread == (UnreadSecret(old.pk, old.asset_id, None, value_unknown=False),)


@pytest.mark.parametrize("read_key", ["", "another key"])
def test_a_new_version_of_which_nobody_knows_what_it_holds_proves_nothing(credential, since, read_key):
    store = AssetFactory(kind="vault")
    read_after(store, since)
    old = held_in(credential, store, state="superseded")
    VersionFactory(secret=old.secret, read_key=read_key[:12])

    facts = closing_facts([credential.pk], since)[credential.pk]

    assert facts.held == ()
    assert [(each.secret, each.value_unknown) for each in facts.values_unread] == [(old.secret_id, True)]


def test_what_is_asked_of_many_credentials_takes_as_many_queries_as_of_one(since, django_assert_num_queries):
    many = [HoldingFactory().credential for _ in range(5)]
    for credential in many:
        ExposureFactory(credential=credential)

    with django_assert_num_queries(5):
        found = closing_facts([credential.pk for credential in many] * 2, since)

    assert set(found) == {credential.pk for credential in many}
