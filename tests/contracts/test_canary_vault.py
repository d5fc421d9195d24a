"""D1 for the Vault collector: neither what a store holds nor the credential that opens it rests anywhere."""

from __future__ import annotations

import json
import logging
import secrets
from pathlib import Path

import pytest

from inventory.models import Credential, Secret
from inventory.services import add_source
from posture.common.fingerprint import load_key
from tests.contracts.test_canary import assert_absent, dump, texts
from tests.factories import EngineerFactory, LeaderFactory
from tests.inventory.test_store_sync import collect
from tests.services.fault_server import Reply, fault_server

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


def plant(openbao, values):
    """Put values wherever people put them, and some where they should not."""
    in_v2, replaced, in_v1, in_metadata, in_parameters, in_password, in_name = values
    openbao.key_values()
    openbao.put("pay/db", password=replaced, url=f"postgres://app:{in_v2}@db.halden.example/app")
    openbao.put("pay/db", password=in_v2)
    openbao.put("pay/names", **{in_name: "ann", "password": in_v2, f"{in_name}-2": in_v2})
    openbao.call("POST", "kv/metadata/pay/db", {"custom_metadata": {"note": in_metadata, "owner": in_metadata}})
    openbao.key_values("kv1", version=1)
    openbao.call("POST", "kv1/web", {"deep": {"token": in_v1}, in_name: {"password": in_v1}})
    openbao.policy(
        "pay",
        f'# {in_parameters}\npath "kv/data/pay/*" {{ capabilities = ["update"]\n'
        f'allowed_parameters = {{ "kind" = ["{in_parameters}"] }} }}',
    )
    openbao.call("POST", "sys/auth/userpass", {"type": "userpass"})
    openbao.call("POST", "auth/userpass/users/ann", {"password": in_password, "token_policies": "pay"})
    openbao.call("POST", "auth/userpass/login/ann", {"password": in_password})
    return openbao.app_role("web", "pay")


def test_d1_values_and_the_credential_of_a_vault_rest_nowhere(data, openbao, settings, client, caplog):
    caplog.set_level(logging.DEBUG)
    values = [secrets.token_hex(20) for _ in range(7)]
    role = plant(openbao, values)
    openbao.policy("all", 'path "*" { capabilities = ["create", "read", "update", "list", "sudo"] }')
    ours = openbao.app_role("posture", "all")
    made = openbao.new_token("pay")
    credential = settings.CREDENTIAL_DIR / "vault"
    credential.write_text(json.dumps(ours))
    config = {"url": openbao.url, "namespace": openbao.namespace, "fingerprint": True}
    source = add_source(name="canary", kind="vault", config=config, credential="file:vault", operator=True)

    assert collect(source).status == "complete"

    assert Secret.objects.present().count() >= 4
    assert Credential.objects.count() >= 3, "values must have been read, or the test proves nothing"
    values += [role["secret_id"], ours["secret_id"], made, openbao.token]
    assert_nowhere(data, values, client, caplog)


def test_d1_what_goes_wrong_at_a_vault_repeats_no_value(data, openbao, settings, client, caplog):
    caplog.set_level(logging.DEBUG)
    values = [secrets.token_hex(20) for _ in range(7)]
    plant(openbao, values)
    credential, (told, *_) = secrets.token_hex(20), values
    (settings.CREDENTIAL_DIR / "vault").write_text(credential)
    said = []
    # A server that gives back what it was sent, and what it holds, with every status and in every shape.
    bodies = [
        {"errors": [told, credential]},
        {"request_id": "r", "data": {"keys": told, "metadata": told}},
        {"request_id": "r", "data": {"kv/": {"type": 7, "options": told}, "access/": told}},
        {"data": {"keys": [told]}},
        {"auth": {"client_token": told}},
        [told],
    ]
    with fault_server(lambda asked: answers["now"]) as server:
        source = add_source(
            name="canary", kind="vault", config={"url": server.url("")}, credential="file:vault", operator=True
        )
        answers = {}
        for status in (200, 302, 400, 403, 404, 500):
            for body in [*(json.dumps(each).encode() for each in bodies), f"{told} {credential}".encode()]:
                answers["now"] = Reply(body, status, {"Location": f"http://{told}.example/"})
                run = collect(source)
                said += [run.error, *(read.error for read in run.reads.all())]

    assert any(said)
    assert_absent("\n".join(said).encode(), [told, credential], "what people are told")
    assert_nowhere(data, [*values, credential], client, caplog)


def assert_nowhere(data, values, client, caplog):
    assert_absent(dump(), values, "the database")
    assert_absent(caplog.text.encode(), values, "the log")
    for file in data.rglob("*"):
        if file.is_file():
            assert_absent(file.read_bytes(), values, f"the data folder's {file.name}")
    for user in (LeaderFactory(), EngineerFactory()):
        received = texts(client, user)
        assert len(received) > 10
        for url, content in received.items():
            assert_absent(content, values, url if len(url) < 60 else f"{url[:40]}…")
