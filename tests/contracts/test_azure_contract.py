"""The Azure collector, and the stand-in that its tests use, held against what Microsoft publishes.

Requests to vaults and the stand-in's answers pass Prism, which knows Key Vault's contract (version 7.0, the newest that
a package carries; what came with 7.3 Microsoft's own client reads). Requests to the Resource Manager are compared with
those that Microsoft's own client makes, which also reads the stand-in's answers. None of it is Azure itself.
"""

from __future__ import annotations

import pytest
import requests

from inventory.azure.management import ROLES, VAULTS
from inventory.collector import CollectorError, DoneRecord
from posture.common.http import guarded_session
from tests.collectors.azure_reading import Reading, lead_home, pieces
from tests.services.azure_api import MANAGEMENT, ago, azure_api
from tests.services.fault_server import Asked, Reply, fault_server
from tests.services.prism import contract

pytestmark = pytest.mark.slow
CONTRACT = "azure.com/keyvault.json"
ROTATES = {"lifetimeActions": [{"trigger": {"timeAfterCreate": "P90D"}, "action": {"type": "Rotate"}}]}


@pytest.fixture
def azure(tmp_path, monkeypatch):
    lead_home(monkeypatch)
    with azure_api(tmp_path) as (api, server, authority):
        yield Reading(tmp_path, monkeypatch, api, server, authority)


@pytest.fixture(scope="module")
def behind(prism):
    """What stands behind Prism; `answers` holds the stand-in of the test under way."""
    answers = []
    with fault_server(lambda asked: answers[-1](asked)) as server:
        yield answers, prism(contract(CONTRACT), server.url(""))


def passed_to(address):
    """Pass requests on to a Prism."""
    session = requests.Session()
    session.trust_env = False

    def answer(asked):
        kept = {name: value for name, value in asked.headers.items() if name.lower() not in ("host", "content-length")}
        told = session.request(asked.method, address + asked.path, headers=kept, data=asked.body, timeout=60)
        return Reply(told.content, told.status_code, {"Content-Type": told.headers.get("Content-Type", "")})

    return answer


def filled(api):
    """A vault with something of everything."""
    vault = api.vault("pay")
    for number in range(5):
        vault.secret(f"s{number}", 400, 30, tags={"env": "prod"}, content_type="text/plain", exp=ago(-90))
    vault.key("sign", 100, 10, policy=ROTATES)
    vault.certificate("tls", 380, 20)
    vault.secret("old", 50)
    vault.delete("secrets", "old")
    api.page = 2
    return vault


def judged(api, behind):
    """Let Prism judge the requests to a vault and its answers, but for what came after its version."""
    answers, address = behind
    answers.append(lambda asked: api.of_vault(asked, "pay"))
    through = passed_to(address)
    api.passes = lambda asked: api.of_vault(asked, "pay") if "/rotationpolicy" in asked.path else through(asked)


@pytest.mark.parametrize("fingerprint", [False, True])
def test_the_collector_asks_vaults_as_the_contract_says_and_understands_its_answers(azure, behind, fingerprint):
    filled(azure.api)
    judged(azure.api, behind)

    found = azure.collect(fingerprint=fingerprint)

    assert not found.skips
    assert len(found.secrets) == 8
    assert abs((found.secrets["secrets/s0"].rotated_at - ago(30)).total_seconds()) < 300
    assert found.secrets["certificates/tls"].auto_rotated is True
    assert any(version.held for version in found.secrets["secrets/s0"].versions) is fingerprint


def test_the_contract_would_not_let_a_wrong_answer_or_a_wrong_request_pass(azure, behind):
    vault = filled(azure.api)
    vault.secrets["s0"].versions[-1]["attributes"]["created"] = "yesterday"
    judged(azure.api, behind)

    wrong_answer = azure.collect()
    azure.api.vaults["pay"].secrets.clear()
    unknown_path = azure.api.passes(_asked("/secrets/s1/history?api-version=7.4"))
    no_version = azure.api.passes(_asked("/secrets"))

    assert "secrets" in wrong_answer.skips
    assert (unknown_path.status, no_version.status) == (404, 422)


def test_w11_the_link_to_another_host_that_the_contracts_own_example_holds_is_not_followed(azure, prism):
    """Every list in Microsoft's examples goes on at a vault of its own."""
    azure.api.vault("pay")
    azure.api.passes = passed_to(prism(contract(CONTRACT)))
    collector, context = azure.collector(), azure.context()
    (asset,) = collector.discover(context)

    records, error = pieces(collector.read(asset, context))

    assert isinstance(error, CollectorError)
    assert "another host" in str(error)
    assert "testvault" not in str(error)
    assert not any(isinstance(record, DoneRecord) for record in records)


def test_the_collector_asks_the_resource_manager_as_microsofts_own_client_does(azure):
    filled(azure.api)
    person = azure.api.assign("pay", "Key Vault Secrets User")
    mine = asked_of_management(azure, lambda: azure.collect())

    vaults, roles = [], []

    def with_microsofts_client():
        for vault in client(azure, "vaults").vaults.list_by_subscription():
            vaults.append(client(azure, "vaults").vaults.get("shop", vault.name))
        for given in client(azure, "roles").role_assignments.list_for_scope(azure.api.vault_id("pay")):
            roles.append((given, client(azure, "roles").role_definitions.get_by_id(given.role_definition_id)))

    theirs = asked_of_management(azure, with_microsofts_client)

    assert mine == theirs
    (vault,), ((given, role),) = vaults, roles
    assert vault.properties.vault_uri == f"{azure.api.address('pay')}/"
    assert vault.properties.enable_rbac_authorization is True
    assert (given.principal_id, given.principal_type, given.scope) == (person, "User", azure.api.vault_id("pay"))
    assert role.role_name == "Key Vault Secrets User"
    assert "Microsoft.KeyVault/vaults/secrets/getSecret/action" in role.permissions[0].data_actions


def test_microsofts_client_reads_the_access_policies_of_the_stand_in(azure):
    vault = azure.api.vault("pay", by_roles=False)
    vault.policies.append(
        {"tenantId": azure.api.tenant, "objectId": azure.api.client, "permissions": {"secrets": ["get", "list"]}}
    )

    (told,) = client(azure, "vaults").vaults.list_by_subscription()

    assert told.properties.access_policies[0].object_id == azure.api.client
    assert list(told.properties.access_policies[0].permissions.secrets) == ["get", "list"]


def asked_of_management(azure, act):
    azure.api.asked.clear()
    act()
    return {each.lower() for each in azure.api.asked if each.startswith("management ")}


def client(azure, name):
    """Return Microsoft's own client for the Resource Manager, carried by a session that knows the stand-in."""
    from azure.core.credentials import AccessToken
    from azure.core.pipeline.transport import RequestsTransport
    from azure.mgmt.authorization import AuthorizationManagementClient
    from azure.mgmt.keyvault import KeyVaultManagementClient

    address = f"https://{MANAGEMENT}:{azure.api.port}"

    class Known:
        def get_token(self, *scopes, **given):
            azure.api.tokens["known"] = (f"{address}/.default", 1 << 40)
            return AccessToken("known", 1 << 40)

    kind, version = (KeyVaultManagementClient, VAULTS) if name == "vaults" else (AuthorizationManagementClient, ROLES)
    session = guarded_session(azure.network, address)
    return kind(
        Known(),
        azure.api.subscription,
        base_url=address,
        api_version=version,
        transport=RequestsTransport(session=session, session_owner=False),
        retry_total=0,
    )


def _asked(path):
    return Asked("GET", path, {"Host": "pay.vault.localhost", "Accept": "application/json"}, b"")
