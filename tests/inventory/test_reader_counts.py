"""Counting the readers of very many secrets: written together, whole across batches, and done again after a failure."""

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.collector import ACCESS
from inventory.models import Grant, Principal, Secret, Source
from inventory.services import count_readers, readers
from inventory.store_records import READERS
from tests.factories import AssetFactory, GrantFactory, PrincipalFactory, SecretFactory
from tests.services.worker import ROOT, database_environment

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    """A store whose secrets have no reader, one or two, by their path."""
    asset = AssetFactory(kind="vault")
    for number in range(60):
        SecretFactory(asset=asset, path=f"kv/{number % 3}/{number}")
    for pattern in ("kv/1/*", "kv/2/*", "kv/2/*"):
        GrantFactory(principal=PrincipalFactory(asset=asset), pattern=pattern)
    Source.objects.owe_readers()
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


def test_where_not_all_rights_were_told_no_number_of_readers_is(store):
    store.cursor = {ACCESS: False}
    store.save()

    count_readers()

    assert set(Secret.objects.values_list("readers", flat=True)) == {None}


def test_where_the_first_read_broke_off_nothing_is_counted(store):
    store.last_read_at = None
    store.save()

    count_readers()

    assert set(Secret.objects.values_list("readers", flat=True)) == {None}
    assert set(Principal.objects.values_list("admin", "wildcard", "reads")) == {(None, None, None)}


def test_where_one_asset_tells_the_rights_of_all_no_count_of_the_source_stands(store):
    Source.objects.update(kind="vault")
    AssetFactory(source=store.source, kind="access", cursor={ACCESS: False})

    count_readers()

    assert set(Secret.objects.values_list("readers", flat=True)) == {None}
    assert set(Principal.objects.values_list("admin", "reads")) == {(None, None)}


@pytest.mark.parametrize("more", [{"gone_at": timezone.now()}, {"kind": "mount"}])
def test_an_asset_that_is_gone_or_tells_no_rights_leaves_the_others_in_no_doubt(store, more):
    Source.objects.update(kind="vault")
    AssetFactory(source=store.source, **{"kind": "access", "last_read_at": None} | more)

    count_readers()

    assert set(Secret.objects.values_list("readers", flat=True)) == {0, 1, 2}
    assert set(Principal.objects.values_list("admin", "reads")) == {(False, 20)}


def test_an_asset_whose_rights_reach_its_own_secrets_alone_leaves_those_of_others_counted(store):
    Source.objects.update(kind="kubernetes")
    AssetFactory(source=store.source, kind="namespace", cursor={ACCESS: False})

    count_readers()

    assert set(Secret.objects.values_list("readers", flat=True)) == {0, 1, 2}
    # Who has rights here may have more of them there.
    assert set(Principal.objects.values_list("admin", "reads")) == {(None, None)}


def test_what_another_source_does_not_tell_leaves_this_one_in_no_doubt(store):
    AssetFactory(source__kind="vault", kind="access", cursor={ACCESS: False})

    count_readers()

    assert set(Secret.objects.values_list("readers", flat=True)) == {0, 1, 2}
    assert set(Principal.objects.values_list("admin", "reads")) == {(False, 20)}


def test_where_no_right_was_told_nobody_is_counted_and_nobody_has_none(store):
    count_readers()
    Grant.objects.update(gone_at=timezone.now())
    Source.objects.owe_readers()

    count_readers()

    assert set(Secret.objects.values_list("readers", flat=True)) == {None}
    assert set(Principal.objects.values_list("admin", "wildcard", "reads", "reads_in")) == {(None, None, None, None)}


def test_what_an_identity_that_is_gone_could_read_it_reads_no_more(store):
    Principal.objects.filter(grants__pattern="kv/1/*").update(gone_at=timezone.now())

    count_readers()

    assert Secret.objects.get(path="kv/1/1").readers == 0


def test_a_role_of_an_asset_that_was_read_later_is_joined_before_counting(store):
    role = PrincipalFactory(asset=AssetFactory(source=store.source, kind="vault"), kind="role", external_id="readers")
    GrantFactory(principal=role, pattern="kv/0/*")
    PrincipalFactory(asset=store, member_of=["readers"])

    count_readers()

    assert Secret.objects.get(path="kv/0/0").readers == 1


def test_a_right_under_a_condition_makes_nobody_powerful_for_certain(store):
    one, other = (PrincipalFactory(asset=store) for _ in range(2))
    for who, condition in ((one, ""), (other, "only from the office")):
        GrantFactory(principal=who, admin=True, wildcard=True, condition=condition)

    count_readers()

    assert list(Principal.objects.filter(admin=True)) == list(Principal.objects.filter(wildcard=True)) == [one]


def test_a_secret_of_which_it_is_not_known_who_else_reads_it_has_no_number_of_readers(store):
    Secret.objects.filter(path="kv/2/2").update(evidence={READERS: "its policy was not handed out"})

    count_readers()

    assert Secret.objects.get(path="kv/2/2").readers is None
    assert Secret.objects.get(path="kv/2/5").readers == 2


def test_where_all_rights_were_told_who_has_none_has_none(store):
    store.cursor = {ACCESS: True}
    store.save()

    count_readers()

    assert set(Principal.objects.values_list("admin", "reads")) == {(False, 20)}


def test_secrets_with_as_many_readers_are_written_together_and_only_where_it_changed(store):
    def writes():
        Source.objects.owe_readers()
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


def test_what_changes_in_the_middle_of_a_count_is_counted_again(store, monkeypatch):
    tell = readers._tell_principals

    def meanwhile(*told):
        tell(*told)
        Source.objects.owe_readers()

    monkeypatch.setattr(readers, "_tell_principals", meanwhile)
    count_readers()
    monkeypatch.undo()

    assert count_readers() == 1
    assert count_readers() == 0


def test_j19_what_a_worker_of_the_version_before_marks_is_counted(store):
    count_readers()
    Source.objects.update(readers_due=True)

    assert count_readers() == 1
    assert count_readers() == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_j1_a_count_that_is_killed_in_the_middle_is_done_again(store, tmp_path):
    environment = os.environ | database_environment(tmp_path / "data") | {"POSTURE_STEP": "count:1:kill"}
    command = "from inventory.services import count_readers; count_readers()"

    killed = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", command], cwd=ROOT, env=environment, check=False
    )

    assert killed.returncode == -signal.SIGKILL
    assert count_readers() == 1
    assert set(Principal.objects.values_list("reads", flat=True)) == {20}
