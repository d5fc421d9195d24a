"""D1 for the generic collector: a value in a file, and the credential that fetches it, rest nowhere."""

from __future__ import annotations

import json
import logging
import secrets
from pathlib import Path

import pytest

from inventory.collector import CollectorError
from inventory.generic.upload import store_upload
from inventory.models import Secret, Source
from inventory.services import add_source
from inventory.services.sources import workspace_of
from tests.contracts.test_canary import assert_absent, dump, texts
from tests.factories import EngineerFactory, LeaderFactory
from tests.inventory.test_sync import collect
from tests.services.fault_server import Reply, fault_server

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def values():
    return [secrets.token_hex(20) for _ in range(4)]


@pytest.fixture
def data(tmp_path, settings, monkeypatch):
    settings.DATA_DIR = tmp_path / "data"
    settings.WORKSPACE_DIR = settings.DATA_DIR / "mirrors"
    settings.CREDENTIAL_DIR = tmp_path / "credentials"
    settings.CREDENTIAL_DIR.mkdir()
    return settings.DATA_DIR


def files(value, other):
    """Files that hold a value where they may not: in a column, behind one that is right, without a header, in JSON."""
    yield f"path,password\nx,{value}\n"
    yield f"path,rotated\nx,2025-01-01\ny,{value}\n"
    yield f"path,{other}\nx,{value}\n"
    yield f"{value},{other}\n{other},{value}\n"
    yield f"path,created\nx\ny,{value},{other}\n"
    yield f'path,created\nx,"{value}\n'
    yield json.dumps({"secrets": [{"path": "x", "value": value}]})
    yield json.dumps({"secrets": [{"path": "x", other: value}]})
    yield json.dumps({"secrets": [{"path": "x", "kind": value, "tier": other}]})
    yield json.dumps({value: other})
    yield f'{{"secrets": [{{"path": "{value}", {other}}}]}}'


def search(data: Path, values, client, caplog, said):
    assert_absent(dump(), values, "the database")
    assert_absent(caplog.text.encode(), values, "the log")
    assert_absent("\n".join(said).encode(), values, "what people are told")
    # Only the source's own copy of a file that was taken in may hold what a cell of it said.
    for user in (LeaderFactory(), EngineerFactory()):
        for url, content in texts(client, user).items():
            assert_absent(content, values, url)


def test_d1_a_value_in_a_fetched_file_and_its_credential_rest_nowhere(data, values, settings, client, caplog):
    caplog.set_level(logging.DEBUG)
    credential, value, other, _ = values
    (settings.CREDENTIAL_DIR / "generic").write_text(credential)
    said, answers = [], {}
    with fault_server(lambda asked: answers["now"]) as server:
        source = add_source(
            name="canary",
            kind="generic",
            config={"url": server.url("/file")},
            credential="file:generic",
            operator=True,
        )
        answers["now"] = Reply(b"path,rotated\nx,2025-01-01\n")
        assert collect(source).status == "complete"
        for content in files(value, other):
            answers["now"] = Reply(content.encode())
            run = collect(source)
            said += [run.error, *(read.error for read in run.reads.all()), json.dumps(run.skipped)]
            assert run.status != "complete"
        # A server that gives back what it was sent.
        for status in (200, 302, 401, 500):
            echo = f"{credential} {value}".encode()
            answers["now"] = Reply(echo, status, {"Location": f"http://{credential}.example/", "X-Told": credential})
            run = collect(source)
            said.append(run.error)
            assert run.status == "failed"

        assert server.told("Authorization")[0] == f"Bearer {credential}"
    assert Secret.objects.present().count() >= 1
    search(data, values, client, caplog, said)
    assert_absent((workspace_of(source.pk) / "fetched").read_bytes(), [credential], "the fetched file")


def test_d1_a_value_in_an_uploaded_file_rests_nowhere(data, values, client, caplog):
    caplog.set_level(logging.DEBUG)
    _, value, other, _ = values
    source = Source.objects.create(name="canary", kind="generic", config={"upload": True, "store": "store"})
    workspace = workspace_of(source.pk)
    store_upload([b"path,rotated\nx,2025-01-01\n"], workspace)
    said = []

    for content in files(value, other):
        with pytest.raises(CollectorError) as raised:
            store_upload([content.encode()], workspace)
        said.append(str(raised.value))
    assert collect(source).status == "complete"

    search(data, values, client, caplog, said)
    for file in data.rglob("*"):
        if file.is_file():
            assert_absent(file.read_bytes(), values, f"the data folder's {file.name}")
