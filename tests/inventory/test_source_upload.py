"""A source whose file is uploaded, from its page to the stored secrets, by the examples of the documentation."""

import os
import re
import secrets
import stat
import tempfile
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from inventory.models import Grant, Principal, Secret
from inventory.services import add_source, finish_runs, perform_read, start_run
from inventory.services.sources import workspace_of
from inventory.upload_handler import LEFT_BEHIND_SECONDS, sweep_uploads
from tests.factories import EngineerFactory

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).parents[2] / "docs" / "generic-format.md"


def example(language):
    return re.search(rf"```{language}\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)[1]


@pytest.fixture
def source(client, settings, tmp_path):
    settings.WORKSPACE_DIR = tmp_path / "mirrors"
    client.force_login(EngineerFactory())
    return add_source(name="safe", kind="generic", config={"upload": True})


def send(client, source, content, name="safe.csv"):
    given = {"file": SimpleUploadedFile(name, content.encode())}
    return client.post(reverse("inventory:source-upload", args=[source.pk]), given, follow=True)


def collect(source):
    run = source.runs.first()
    start_run(run.pk)
    for read in run.reads.all():
        perform_read(read.pk)
    finish_runs()
    run.refresh_from_db()
    return run


def test_the_documented_csv_becomes_stored_secrets(client, source):
    assert "tells of 2 secrets" in send(client, source, example("csv")).content.decode()

    assert collect(source).status == "complete"
    rows = {row.path: row for row in Secret.objects.all()}
    assert rows["payments/ledger"].rotated_at is None
    assert (rows["payments/gateway"].tier, rows["payments/gateway"].auto_rotated) == ("critical", False)


def test_the_documented_json_tells_who_can_read(client, source):
    send(client, source, example("json"), "safe.json")

    collect(source)

    assert (Secret.objects.count(), Principal.objects.count(), Grant.objects.count()) == (1, 2, 1)


def test_p3_a_file_that_may_hold_values_is_refused_and_the_one_of_before_is_kept(client, source):
    send(client, source, example("csv"))
    collect(source)
    before = [each.read_bytes() for each in workspace_of(source.pk).iterdir() if each.is_file()]

    page = send(client, source, "path,password\nx,not-shown-anywhere\n").content.decode()

    assert "The file of before is kept" in page
    assert "not-shown-anywhere" not in page
    assert [each.read_bytes() for each in workspace_of(source.pk).iterdir() if each.is_file()] == before


def test_without_a_file_nothing_happens(client, source):
    page = client.post(reverse("inventory:source-upload", args=[source.pk]), follow=True).content.decode()

    assert "Choose a CSV or JSON file first" in page
    assert not source.runs.exists()
    assert "Upload and collect" in client.get(reverse("inventory:source", args=[source.pk])).content.decode()


LARGE = 3 << 20
"""More than Django keeps in memory."""


def test_d1_a_large_upload_waits_for_its_check_in_a_folder_of_this_product(client, source, settings, monkeypatch):
    settings.FILE_UPLOAD_TEMP_DIR = settings.WORKSPACE_DIR.parent / "uploads"
    value = secrets.token_hex(16)
    seen = []

    def check(chunks, workspace):
        elsewhere = Path(tempfile.gettempdir()).glob("*.upload*")
        seen.extend((each.parent, each.stat(), value in each.read_text()) for each in uploads(settings))
        assert not list(elsewhere)
        raise AssertionError("reached")

    monkeypatch.setattr("inventory.views.source_upload.store_upload", check)
    with pytest.raises(AssertionError, match="reached"):
        send(client, source, f"path,password\nx,{value}\n" + "y,z\n" * (LARGE // 4))

    ((folder, found, whole),) = seen
    assert whole
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(found.st_mode) == 0o600


def test_d1_nothing_is_left_of_a_large_upload_that_was_refused(client, source, settings):
    settings.FILE_UPLOAD_TEMP_DIR = settings.WORKSPACE_DIR.parent / "uploads"

    page = send(client, source, "path,password\n" + "y,z\n" * (LARGE // 4)).content.decode()

    assert "looks as if it held values" in page
    assert uploads(settings) == []


def test_d1_what_a_killed_server_left_of_an_upload_is_swept_and_one_under_way_is_not(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    assert sweep_uploads() == 0
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    old, new = (settings.FILE_UPLOAD_TEMP_DIR / f"{name}.upload.csv" for name in ("old", "new"))
    for each in (old, new):
        each.write_text("x")
    other = settings.FILE_UPLOAD_TEMP_DIR / "other.csv"
    other.write_text("x")
    before = time.time() - LEFT_BEHIND_SECONDS - 60
    for each in (old, other):
        os.utime(each, (before, before))
    # As one that another process deletes at the same moment.
    vanished = settings.FILE_UPLOAD_TEMP_DIR / "vanished.upload.csv"
    vanished.symlink_to("nowhere")

    assert sweep_uploads() == 1

    assert sorted(uploads(settings)) == [new, other, vanished]


def test_g44_a_request_larger_than_any_file_is_turned_away_before_it_is_written(client, source, settings, monkeypatch):
    settings.FILE_UPLOAD_TEMP_DIR = settings.WORKSPACE_DIR.parent / "uploads"
    monkeypatch.setattr("inventory.upload_handler._MOST_REQUEST", LARGE // 2)

    answer = send(client, source, "path\n" + "y\n" * (LARGE // 2))

    assert answer.status_code in (400, 413)
    assert not settings.FILE_UPLOAD_TEMP_DIR.exists()


def uploads(settings):
    return list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir())
