from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.collector import CollectorError, ProgressRecord
from inventory.models import Exposure, Read, Run, Source
from inventory.services import (
    add_source,
    change_source,
    dead_given_up,
    finish_runs,
    open_due_runs,
    perform_read,
    request_run,
    retry_read,
    start_run,
)
from inventory.services.collection import Stopping
from posture.common.credential_reference import BadReference, check_reference, resolve
from tests.factories import ReadFactory, RunFactory, SourceFactory
from tests.scripted import done, found, standing

pytestmark = pytest.mark.django_db


def expire(row):
    type(row).objects.filter(pk=row.pk).update(lease_expires_at=timezone.now() - timedelta(seconds=1))


def test_j9_two_schedulers_open_one_run_per_due_source(source):
    later = SourceFactory(next_due_at=timezone.now() + timedelta(hours=1))

    opened = open_due_runs() + open_due_runs()

    assert [run.source for run in opened] == [source]
    source.refresh_from_db()
    assert source.next_due_at > timezone.now()
    assert not later.runs.exists()


def test_j9_a_scheduler_with_a_stale_view_opens_nothing(source, monkeypatch):
    stale = Source.objects.get(pk=source.pk)
    open_due_runs()
    finish = Run.objects.update(status="complete")
    assert finish == 1
    monkeypatch.setattr(Source.objects, "filter", _once(Source.objects.filter, [stale]))

    assert open_due_runs() == []
    assert Run.objects.count() == 1


def _once(original, rows):
    answers = [rows]

    def filtered(*args, **kwargs):
        return answers.pop() if answers else original(*args, **kwargs)

    return filtered


def test_j9_what_was_missed_in_a_pause_collapses_to_one_run(source):
    source.next_due_at = timezone.now() - timedelta(days=3)
    source.save()

    open_due_runs()
    open_due_runs()

    assert source.runs.count() == 1


def test_asking_again_while_a_run_is_under_way_returns_that_run(source):
    assert request_run(source=source, trigger="person") == request_run(source=source, trigger="person")


def test_a_disabled_source_is_never_due(source):
    Source.objects.update(enabled=False)

    assert open_due_runs() == []


def test_j1_a_read_whose_worker_died_is_found_by_its_lease_and_done_again(scripted, source):
    scripted.assets[:] = ["pay-api"]
    scripted.reads["pay-api"] = lambda context: [*found("a", "a.py"), standing(tip=[("a.py", "a")]), done()]
    run = request_run(source=source, trigger="command")
    start_run(run.pk)
    read = run.reads.get()
    Read.objects.claim(read.pk, 60)
    assert not Read.objects.claimable().exists()
    expire(read)

    perform_read(read.pk)

    read.refresh_from_db()
    assert (read.status, read.attempt) == ("complete", 2)
    assert Exposure.objects.count() == 1


def test_j1_a_run_whose_worker_died_while_it_looked_is_done_again(scripted, source):
    scripted.assets[:] = ["pay-api", "checkout"]
    run = request_run(source=source, trigger="command")
    Run.objects.claim(run.pk, 60)
    expire(run)

    start_run(run.pk)

    run.refresh_from_db()
    assert run.discovered
    assert run.reads.count() == 2


def test_j2_three_deliveries_of_one_message_do_the_work_once(scripted, source):
    calls = []
    scripted.assets[:] = ["pay-api"]
    scripted.reads["pay-api"] = lambda context: calls.append(1) or [done()]
    run = request_run(source=source, trigger="command")

    for _ in range(3):
        start_run(run.pk)
    for _ in range(3):
        perform_read(run.reads.get().pk)

    assert calls == [1]
    assert run.reads.count() == 1


def test_j7_an_asset_that_loses_its_worker_three_times_is_given_up_and_the_run_ends(scripted, source):
    scripted.assets[:] = ["poison", "good"]
    scripted.reads["good"] = lambda context: [done()]
    run = request_run(source=source, trigger="command")
    start_run(run.pk)
    poison = run.reads.get(asset__external_id="poison")
    for _ in range(3):
        assert Read.objects.claim(poison.pk, 60)
        expire(poison)
    assert Read.objects.claim(poison.pk, 60) is None
    perform_read(run.reads.get(asset__external_id="good").pk)

    assert dead_given_up() == 1
    assert finish_runs() == [run.pk]

    poison.refresh_from_db()
    run.refresh_from_db()
    assert poison.status == "dead"
    assert "Given up after 3 tries" in poison.error
    assert run.status == "partial"


@pytest.mark.parametrize("where", ["assets", "read"])
def test_a_fault_of_ours_is_told_in_plain_words_without_the_name_of_a_class(scripted, source, where, caplog):
    def fault(context=None):
        raise ZeroDivisionError("division by zero")

    scripted.assets[:] = ["pay-api"]
    scripted.reads["pay-api"] = fault
    if where == "assets":
        scripted.assets[:] = [ZeroDivisionError("division by zero")]
    run = request_run(source=source, trigger="command")
    start_run(run.pk)
    for read in run.reads.all():
        perform_read(read.pk)

    run.refresh_from_db()
    error = run.error if where == "assets" else run.reads.get().error
    assert "Try again" in error
    assert "Error" not in error
    assert "Traceback" in caplog.text


def test_j7_what_was_given_up_can_be_tried_again(scripted, source):
    read = ReadFactory(status="dead", attempt=3, asset__source=source, run=RunFactory(source=source, status="partial"))
    scripted.reads[read.asset.external_id] = lambda context: [done()]

    assert retry_read(read=read)
    perform_read(read.pk)
    finish_runs()

    read.refresh_from_db()
    read.run.refresh_from_db()
    assert (read.status, read.run.status) == ("complete", "complete")


def test_j14_a_worker_that_is_asked_to_stop_gives_its_read_back_uncounted(scripted, source):
    scripted.assets[:] = ["pay-api"]
    scripted.reads["pay-api"] = lambda context: [ProgressRecord("scanning", 1, 9), context.alive(), done()]
    run = request_run(source=source, trigger="command")
    start_run(run.pk)
    read = run.reads.get()

    with pytest.raises(Stopping):
        perform_read(read.pk, stopping=lambda: True)

    read.refresh_from_db()
    assert (read.status, read.attempt, read.lease_expires_at) == ("queued", 0, None)


def test_a_source_with_wrong_settings_is_refused_with_what_to_do(scripted, db):
    with pytest.raises(CollectorError, match="Name another one"):
        add_source(name="new", kind="scripted", config={"place": "nowhere"})
    with pytest.raises(CollectorError, match="no collector 'vault'"):
        add_source(name="new", kind="vault", config={})
    with pytest.raises(CollectorError, match="no setting 'colour'"):
        add_source(name="new", kind="scripted", config={"colour": "red"})
    with pytest.raises(CollectorError, match="a minute or more"):
        add_source(name="new", kind="scripted", config={}, interval=5)


def test_w15_another_place_needs_its_credential_named_anew(scripted, db):
    source = add_source(name="s", kind="scripted", config={"place": "a"}, credential="env:POSTURE_CREDENTIAL_A")

    with pytest.raises(CollectorError, match="named anew"):
        change_source(
            source=source, name="s", config={"place": "b"}, interval=3600, credential="env:POSTURE_CREDENTIAL_A"
        )

    source.refresh_from_db()
    assert source.config == {"place": "a"}


@pytest.mark.parametrize(
    "reference",
    [
        "env:SECRET_KEY", "env:PATH", "env:POSTURE_SECRET_KEY", "env:DATABASE_URL", "env:", "env:POSTURE_CREDENTIAL_",
        "env:posture_credential_a", "env:POSTURE_CREDENTIAL_A\n", "file:/etc/shadow", "file:../secret_key", "file:..",
        "file:a/b", "file:", "file:.hidden", "file:~root", "vault:../sys#key", "vault:kv/a/../../sys#key", "vault:kv/a",
        "plain-text-value", "https://user:pass@host", "FILE:name", "file:name\x00",
    ],
)  # fmt: skip
def test_w16_a_reference_outside_the_allowed_names_is_refused_and_not_repeated(scripted, reference):
    with pytest.raises(BadReference) as error:
        check_reference(reference)
    with pytest.raises(CollectorError):
        add_source(name="s", kind="scripted", config={}, credential=reference)

    assert str(error.value).startswith("Write env:POSTURE_CREDENTIAL_NAME, file:NAME or vault:PATH#KEY")


def test_w16_file_references_stay_in_their_folder_and_follow_no_link(tmp_path, monkeypatch):
    outside = tmp_path / "outside"
    outside.write_text("x")
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    (folder / "folder").mkdir()
    (folder / "good").write_text("value\n")
    monkeypatch.setenv("POSTURE_CREDENTIAL_A", "value")

    for name in ("link", "folder", "missing"):
        with pytest.raises(BadReference):
            resolve(f"file:{name}", folder)

    assert resolve("file:good", folder) == resolve("env:POSTURE_CREDENTIAL_A", folder)
