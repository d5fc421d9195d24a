"""D1 for the Azure collector: neither what vaults hold nor the secret and tokens that open them rest anywhere."""

from __future__ import annotations

import json
import logging
import secrets
from pathlib import Path

import pytest

from inventory.models import Credential, Grant, Secret
from inventory.services import add_source
from posture.common.fingerprint import load_key
from tests.collectors.azure_reading import Reading, lead_home
from tests.contracts.test_canary import assert_absent
from tests.contracts.test_canary_vault import assert_nowhere
from tests.inventory.test_store_sync import collect
from tests.services.azure_api import LOGIN, azure_api, error
from tests.services.fault_server import Reply

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def data(tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    settings.WORKSPACE_DIR = settings.DATA_DIR / "mirrors"
    settings.FINGERPRINT_KEY_FILE = settings.DATA_DIR / "fingerprint.key"
    settings.CREDENTIAL_DIR = tmp_path / "credentials"
    settings.CREDENTIAL_DIR.mkdir()
    load_key(Path(settings.FINGERPRINT_KEY_FILE), create=True)
    return settings.DATA_DIR


@pytest.fixture
def azure(tmp_path, monkeypatch, settings, data):
    lead_home(monkeypatch)
    folder = tmp_path / "azure"
    folder.mkdir()
    with azure_api(folder) as (api, server, authority):
        settings.CA_FILE = str(authority.file)
        (settings.CREDENTIAL_DIR / "azure").write_text(api.credential)
        yield Reading(folder, monkeypatch, api, server, authority)


def source_of(azure):
    config = azure.cleaned(fingerprint=True)
    return add_source(name="canary", kind="azure", config=config, credential="file:azure", operator=True)


def test_d1_values_and_what_opens_vaults_rest_nowhere(data, azure, client, caplog):
    caplog.set_level(logging.DEBUG)
    value, inside, tag, content_type, condition, name = (secrets.token_hex(20) for _ in range(6))
    vault = azure.api.vault("pay")
    vault.secret("db", 100, value=value, tags={"owner": tag, "note": tag, "env": tag, "tier": tag, "kind": tag})
    address = f"postgres://app:{inside}@db.example/app"
    vault.secret("json", 10, value=json.dumps({name: {"password": inside}, "url": address}), content_type=content_type)
    vault.certificate("tls", 10)
    azure.api.assign("pay", "Key Vault Secrets User", condition=f"@Resource[x] StringEquals '{condition}'")
    source = source_of(azure)

    assert collect(source).status == "complete"

    assert Secret.objects.present().count() == 3
    assert Grant.objects.exclude(condition="").exists()
    assert Credential.objects.count() >= 2, "values must have been read, or the test proves nothing"
    planted = [value, inside, tag, content_type, condition, name, azure.api.secret, *azure.api.tokens]
    assert_nowhere(data, planted, client, caplog)


def test_d1_what_goes_wrong_at_azure_repeats_no_value(data, azure, client, caplog):
    caplog.set_level(logging.DEBUG)
    value = secrets.token_hex(20)
    azure.api.vault("pay").secret("db", 10, value=value)
    azure.api.assign("pay", "Key Vault Secrets User")
    source = source_of(azure)
    version = azure.api.vaults["pay"].secrets["db"].versions[0]["id"]
    quoting = f"{value} {azure.api.secret}"
    bodies = [quoting.encode(), json.dumps({"value": [value], "id": value, "error": {"code": value}}).encode()]
    answers = [error(status, value, value, quoting) for status in (401, 403, 500)]
    answers += [Reply(body, status) for body in bodies for status in (200, 404)]
    said = []
    for where in (f"secrets/db/{version}", "pay /secrets?", "roleAssignments", "login "):
        for answer in answers:
            azure.api.answers = {where: lambda asked, answer=answer: answer}
            run = collect(source)
            said += [run.error, *(f"{read.error} {read.skipped}" for read in run.reads.all())]

    assert any("does not allow" in each for each in said)
    assert any("sign-in" in each for each in said)
    assert any(each.headers["Host"].startswith(LOGIN) for each in azure.server.asked)
    planted = [value, azure.api.secret, *azure.api.tokens]
    assert_absent("\n".join(said).encode(), planted, "what people are told")
    assert_nowhere(data, planted, client, caplog)
