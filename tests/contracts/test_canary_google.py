"""D1 for the Google collector: neither what a project holds nor the key that opens it rests anywhere."""

from __future__ import annotations

import base64
import json
import logging
import secrets
from pathlib import Path

import pytest

from inventory.models import Credential, Secret
from inventory.services import add_source
from posture.common.fingerprint import load_key
from tests.contracts.test_canary import assert_absent
from tests.contracts.test_canary_vault import assert_nowhere
from tests.inventory.test_store_sync import collect
from tests.services.fault_server import Reply, fault_server
from tests.services.google_api import GoogleAPI, problem

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LIST, ACCESS = "secretmanager.projects.secrets.list", "secretmanager.projects.secrets.versions.access"


@pytest.fixture
def data(tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    settings.WORKSPACE_DIR = settings.DATA_DIR / "mirrors"
    settings.FINGERPRINT_KEY_FILE = settings.DATA_DIR / "fingerprint.key"
    settings.CREDENTIAL_DIR = tmp_path / "credentials"
    settings.CREDENTIAL_DIR.mkdir()
    load_key(Path(settings.FINGERPRINT_KEY_FILE), create=True)
    return settings.DATA_DIR


def plant(api, values):
    """Put values wherever people put them, and some where they should not."""
    stored, raw, label, annotation, condition, title, alias, described, called, name = values
    facts = {"labels": {"owner": label.lower(), "x": label.lower()}, "annotations": {"note": annotation}}
    text = json.dumps({name: {"password": stored}, "url": f"postgres://app:{stored}@db.example/app"})
    own = api.project.secret("pay-db", 30, value=text, versionAliases={alias: "1"}, **facts)
    api.project.secret("raw", 30, 3, value=raw)
    until = (title, f'request.auth.claims.code == "{condition}"')
    api.project.allow("roles/secretmanager.secretAccessor", "user:ann@example.com", on=own, condition=until)
    api.project.account("app", 30, description=described, displayName=f"The shop {called}")


def private_lines(api):
    """Return pieces of the private key that opens the project."""
    return [line for line in json.loads(api.credential)["private_key"].splitlines()[1:-1] if len(line) > 40]


def test_d1_values_and_the_key_of_a_project_rest_nowhere(data, settings, client, caplog):
    caplog.set_level(logging.DEBUG)
    api, values = GoogleAPI(), [secrets.token_hex(20) for _ in range(10)]
    plant(api, values)
    (settings.CREDENTIAL_DIR / "google").write_text(api.credential)
    with fault_server(api) as server:
        config = {"endpoint": server.url(""), "fingerprint": True, "pace": 90_000}
        source = add_source(name="canary", kind="google", config=config, credential="file:google", operator=True)
        run = collect(source)
        tokens = {each.headers["Authorization"].removeprefix("Bearer ") for each in server.asked}

    assert run.status == "complete"
    assert Secret.objects.present().count() == 3
    assert Credential.objects.count() == 2, "values must have been read, or the test proves nothing"
    assert tokens
    assert_nowhere(data, [*values, *private_lines(api), *tokens], client, caplog)


def test_d1_what_goes_wrong_at_google_repeats_no_value(data, settings, client, caplog):
    caplog.set_level(logging.DEBUG)
    told = secrets.token_hex(20)
    api, said = GoogleAPI(), []
    api.project.secret("pay-db", 3, value=told)
    (settings.CREDENTIAL_DIR / "google").write_text(api.credential)
    payload = {"data": base64.b64encode(told.encode()).decode(), "dataCrc32c": "1"}
    bodies = [
        told.encode(),
        json.dumps({"error": told}).encode(),
        json.dumps({"payload": {"data": told}}).encode(),
        json.dumps({"payload": payload, "name": told}).encode(),
        json.dumps({"payload": told}).encode(),
        json.dumps({"secrets": told, "versions": [told], "bindings": told}).encode(),
        json.dumps({"secrets": [{"name": told, "createTime": told}]}).encode(),
    ]
    answers = [problem(status, told, "IAM_PERMISSION_DENIED", told) for status in (400, 401, 403, 404, 500)]
    answers += [lambda asked, body=body: Reply(body) for body in bodies]
    with fault_server(api) as server:
        config = {"endpoint": server.url(""), "fingerprint": True, "pace": 90_000}
        source = add_source(name="canary", kind="google", config=config, credential="file:google", operator=True)
        tries = [(ACCESS, each) for each in answers] + [(LIST, each) for each in answers[-2:]]
        for method, answer in tries:
            api.answers = {method: answer}
            run = collect(source)
            said += [run.error, *(f"{read.error} {read.skipped}" for read in run.reads.all())]

    assert any("does not allow" in each for each in said)
    assert any("no answer of its API" in each for each in said)
    assert_absent("\n".join(said).encode(), [told], "what people are told")
    assert_nowhere(data, [told, *private_lines(api)], client, caplog)
