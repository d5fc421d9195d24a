"""A source whose file is uploaded, from its page to the stored secrets, by the examples of the documentation."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from inventory.models import Grant, Principal, Secret
from inventory.services import add_source, finish_runs, perform_read, start_run
from inventory.services.sources import workspace_of
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
