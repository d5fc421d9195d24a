"""An AppRole's secret id leaks in a repository: over a real OpenBao, its policies, to the secrets that these give."""

import json
from pathlib import Path

import pytest

from inventory.blast_page import blast_radius
from inventory.models import Credential, Holding, Source
from inventory.services import add_source
from posture.common.fingerprint import load_key
from posture.pipeline import advance
from tests.factories import EngineerFactory
from tests.inventory.test_store_sync import collect
from tests.repositories import Repository

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SECRET_ID, ROLE_ID = "hashicorp-vault-approle-secret-id", "hashicorp-vault-approle-role-id"
READER = 'path "*" { capabilities = ["create", "read", "update", "list", "sudo"] }'


@pytest.fixture
def data(tmp_path, settings, tmp_path_factory):
    settings.DATA_DIR = tmp_path / "data"
    settings.WORKSPACE_DIR = settings.DATA_DIR / "mirrors"
    settings.FINGERPRINT_KEY_FILE = settings.DATA_DIR / "fingerprint.key"
    settings.CREDENTIAL_DIR = tmp_path / "credentials"
    settings.CREDENTIAL_DIR.mkdir()
    settings.WORKSPACE_DIR.mkdir(parents=True)
    cache = tmp_path_factory.getbasetemp() / "engine"
    cache.mkdir(exist_ok=True)
    (settings.WORKSPACE_DIR / "engine").symlink_to(cache)
    load_key(Path(settings.FINGERPRINT_KEY_FILE), create=True)
    return tmp_path


@pytest.fixture
def vault(data, openbao, settings):
    openbao.key_values()
    environments = {"pay/db": "production", "pay/mail": "production", "pay/ci": "test", "web": "test"}
    for path, environment in environments.items():
        openbao.put(path)
        openbao.call("POST", f"kv/metadata/{path}", {"custom_metadata": {"environment": environment}})
    openbao.policy("pay", 'path "kv/data/pay/*" { capabilities = ["read"] }')
    openbao.policy("all", READER)
    (settings.CREDENTIAL_DIR / "vault").write_text(json.dumps(openbao.app_role("posture", "all")))
    config = {"url": openbao.url, "namespace": openbao.namespace, "fingerprint": True}
    return add_source(name="vault", kind="vault", config=config, credential="file:vault", operator=True)


@pytest.fixture
def code(data):
    repository = Repository(data / "code" / "deploy")
    add_source(name="code", kind="repositories", config={"path": str(data / "code")}, operator=True)
    return repository


def leak(repository, login):
    repository.commit({"deploy.env": f"VAULT_ROLE_ID={login['role_id']}\nVAULT_SECRET_ID={login['secret_id']}\n"})


def everything(*sources):
    for source in sources:
        assert collect(source).status == "complete"
    advance()


def test_a_leaked_secret_id_leads_over_its_approles_policies_to_their_secrets(vault, code, openbao):
    leak(code, openbao.app_role("deploy", "pay"))
    openbao.secret_id("deploy")

    everything(vault, _source("code"))

    lost = Credential.objects.get(rule=SECRET_ID)
    found = blast_radius(EngineerFactory(), lost, weak=lost.weak)
    assert [step.name.split()[0] for step in found.steps] == ["deploy"]
    assert {each.environment: each.secrets for each in found.environments} == {"production": 2, "test": 1}
    assert found.steps[0].rights == "limited"
    assert (lost.severity, lost.severity_reason) == ("high", "It opens production.")
    assert Holding.objects.filter(credential__rule=ROLE_ID, credential__exposures__isnull=False).count() == 1


def test_a_wider_policy_makes_it_critical_and_a_destroyed_secret_id_opens_nothing(vault, code, openbao):
    login = openbao.app_role("deploy", "pay")
    leak(code, login)
    everything(vault, _source("code"))

    openbao.policy("pay", 'path "kv/data/*" { capabilities = ["read"] }')
    everything(vault)

    assert Credential.objects.get(rule=SECRET_ID).severity == "critical"

    openbao.call("POST", "auth/approle/role/deploy/secret-id/destroy", {"secret_id": login["secret_id"]})
    everything(vault)

    lost = Credential.objects.get(rule=SECRET_ID)
    assert lost.severity == "medium"
    assert not blast_radius(EngineerFactory(), lost, weak=lost.weak).is_known


def _source(name):
    return Source.objects.get(name=name)
