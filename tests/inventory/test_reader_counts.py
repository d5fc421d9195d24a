"""Counting the readers of very many secrets: written together, whole across batches, and done again after a failure."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.collector import ACCESS
from inventory.models import Principal, Secret, Source
from inventory.services import count_readers, readers
from tests.factories import AssetFactory, GrantFactory, PrincipalFactory, SecretFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    """A store whose secrets have no reader, one or two, by their path."""
    asset = AssetFactory(kind="vault")
    for number in range(60):
        SecretFactory(asset=asset, path=f"kv/{number % 3}/{number}")
    for pattern in ("kv/1/*", "kv/2/*", "kv/2/*"):
        GrantFactory(principal=PrincipalFactory(asset=asset), pattern=pattern)
    Source.objects.update(readers_due=True)
    return asset


def test_every_secret_is_counted_whatever_the_batches(store, monkeypatch):
    monkeypatch.setattr(readers, "BATCH", 7)
    monkeypatch.setattr(readers, "AT_ONCE", 2)

    assert count_readers() == 1

    for row in Secret.objects.all():
        assert row.readers == int(row.path.split("/")[1]), row.path


def test_where_not_all_rights_were_told_nobody_is_said_to_have_none(store):
    sure = PrincipalFactory(asset=store)
    GrantFactory(principal=sure, pattern="kv/1/*", admin=True)
    store.cursor = {ACCESS: False}
    store.save()

    count_readers()

    facts = Principal.objects.values_list("admin", "wildcard", "reads", "reads_in")
    assert facts.get(pk=sure.pk) == (True, None, None, None)
    assert set(facts.exclude(pk=sure.pk)) == {(None, None, None, None)}


def test_where_all_rights_were_told_who_has_none_has_none(store):
    store.cursor = {ACCESS: True}
    store.save()

    count_readers()

    assert set(Principal.objects.values_list("admin", "reads")) == {(False, 20)}


def test_secrets_with_as_many_readers_are_written_together_and_only_where_it_changed(store):
    def writes():
        Source.objects.update(readers_due=True)
        with CaptureQueriesContext(connection) as spent:
            count_readers()
        return [each for each in spent.captured_queries if each["sql"].startswith('UPDATE "inventory_secret"')]

    assert len(writes()) == 3
    assert writes() == []


def test_a_count_that_fails_is_done_again(store, monkeypatch):
    def broken(*told):
        raise RuntimeError

    monkeypatch.setattr(readers, "_tell_principals", broken)
    with pytest.raises(RuntimeError):
        count_readers()
    monkeypatch.undo()

    assert count_readers() == 1
    assert count_readers() == 0
