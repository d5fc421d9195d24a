"""Trying a source and giving it a file, over the API."""

import secrets

import pytest

from inventory.models import Run
from inventory.services import add_source
from inventory.services.sources import workspace_of

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}
FILE = "store,path,rotated_at\nsafe,payments/ledger,2026-01-31\nsafe,payments/gateway,\n"


@pytest.fixture
def safe(settings, tmp_path, db):
    settings.WORKSPACE_DIR = tmp_path / "mirrors"
    return add_source(name="safe", kind="generic", config={"upload": True})


@pytest.fixture
def folder(tmp_path, db):
    (tmp_path / "code").mkdir()
    return add_source(name="here", kind="repositories", config={"path": str(tmp_path / "code")}, operator=True)


def test_a_test_says_what_the_rights_allow(enter, engineer, folder, tmp_path):
    there = enter(engineer).post(f"/api/v1/sources/{folder.pk}/test/", **JSON)
    (tmp_path / "code").rmdir()
    gone = enter(engineer).post(f"/api/v1/sources/{folder.pk}/test/", **JSON)

    assert (there.status_code, gone.status_code) == (200, 200)
    assert set(there.json()) == {"error", "abilities", "cannot_know"}
    assert gone.json()["error"]
    assert not Run.objects.exists()


def test_w1_only_engineers_try_and_give_files(enter, carry, leader, lead, safe):
    for act in ("test", "upload"):
        address = f"/api/v1/sources/{safe.pk}/{act}/"
        assert enter(leader).post(address, **JSON).status_code == 403
        assert carry(leader, "collect").post(address, **JSON).status_code == 403
        assert enter(lead).post(address, **JSON).status_code == 404


def test_w21_trying_and_giving_files_take_the_scope(carry, engineer, safe):
    address = f"/api/v1/sources/{safe.pk}/upload/"

    assert carry(engineer, "read", "policies").post(address, FILE, content_type="text/csv").status_code == 403
    assert carry(engineer, "collect").post(address, FILE, content_type="text/csv").status_code == 202


def test_a_file_is_checked_kept_and_collected(enter, engineer, safe):
    answer = enter(engineer).post(f"/api/v1/sources/{safe.pk}/upload/", FILE, content_type="text/csv")

    assert answer.status_code == 202
    told = answer.json()
    assert (told["secrets"], told["stores"], told["run"]["source"]) == (2, 1, safe.pk)
    assert Run.objects.get().trigger == "person"
    assert (workspace_of(safe.pk) / "uploaded").read_text() == FILE


def test_p3_a_file_that_may_hold_values_is_refused_and_the_one_of_before_is_kept(enter, engineer, safe):
    value = secrets.token_hex(16)
    client = enter(engineer)
    client.post(f"/api/v1/sources/{safe.pk}/upload/", FILE, content_type="text/csv")

    answer = client.post(
        f"/api/v1/sources/{safe.pk}/upload/", f"store,path,value\nsafe,a,{value}\n", content_type="text/csv"
    )

    assert answer.status_code == 400
    assert "The file of before is kept" in answer.json()["error"]["message"]
    assert value not in answer.content.decode()
    assert [each.read_text() for each in workspace_of(safe.pk).iterdir()] == [FILE]
    assert Run.objects.count() == 1


@pytest.mark.parametrize("kind", ["text/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_body_that_is_not_the_file_itself_is_refused(enter, engineer, safe, kind):
    client = enter(engineer)

    for body in (FILE, ""):
        assert client.post(f"/api/v1/sources/{safe.pk}/upload/", body, content_type=kind).status_code == 400
    empty = {"CONTENT_TYPE": "text/csv", "CONTENT_LENGTH": "0"}
    assert client.post(f"/api/v1/sources/{safe.pk}/upload/", **empty).status_code == 400
    assert not Run.objects.exists()


def test_a_source_that_takes_no_file_has_no_such_address(enter, engineer, folder):
    answer = enter(engineer).post(f"/api/v1/sources/{folder.pk}/upload/", FILE, content_type="text/csv")

    assert answer.status_code == 404
