"""Who Azure lets at a vault: roles with their wildcards and scopes, access policies, and what neither tells."""

from __future__ import annotations

import uuid

import pytest

from inventory.access_rule import AccessRule, allowed
from inventory.azure.access import facts_of, place
from inventory.azure.roles import policy_rights, role_of
from inventory.collector import GrantRecord, SkipRecord
from inventory.store_records import Capability, PrincipalKind
from tests.collectors.azure_reading import Reading, lead_home
from tests.services.azure_api import azure_api, error

KV = "Microsoft.KeyVault/vaults"
VAULT = f"/subscriptions/{uuid.uuid4()}/resourceGroups/shop/providers/{KV}/pay"
READ, LIST, WRITE, DELETE, USE, MANAGE = (
    *(Capability.READ, Capability.LIST, Capability.WRITE, Capability.DELETE, Capability.USE, Capability.MANAGE),
)


@pytest.fixture
def azure(tmp_path, monkeypatch):
    lead_home(monkeypatch)
    with azure_api(tmp_path) as (api, server, authority):
        api.vault("pay")
        yield Reading(tmp_path, monkeypatch, api, server, authority)


def role(**permission):
    return role_of({"properties": {"roleName": "own", "permissions": [permission]}})


def can(grants, address):
    """Return what grants together let somebody do, by the product's own rule."""
    rules = [
        AccessRule(each.pattern, each.matching, frozenset(each.capabilities), each.rule, condition=each.condition)
        for each in grants
    ]
    return allowed(rules, address)


@pytest.mark.parametrize(
    ("permission", "secrets", "keys", "certificates"),
    [
        ({"dataActions": [f"{KV}/secrets/getSecret/action"]}, {READ}, set(), {READ}),
        ({"dataActions": [f"{KV.upper()}/SECRETS/GETSECRET/ACTION"]}, {READ}, set(), {READ}),
        ({"dataActions": [f"{KV}/secrets/*"]}, {READ, LIST, WRITE, DELETE}, set(), {READ}),
        ({"dataActions": [f"{KV}/*/read"]}, set(), {LIST}, {LIST}),
        ({"dataActions": [f"{KV}/*/action"]}, {READ, LIST, WRITE, DELETE}, {USE, WRITE, DELETE}, {READ, WRITE, DELETE}),
        (
            {"dataActions": [f"{KV}/*"], "notDataActions": [f"{KV}/secrets/getSecret/action"]},
            {LIST, WRITE, DELETE},
            {LIST, USE, WRITE, DELETE},
            {LIST, WRITE, DELETE},
        ),
        ({"dataActions": ["Microsoft.Storage/*"]}, set(), set(), set()),
        ({"actions": [f"{KV}/secrets/getSecret/action"]}, set(), set(), set()),
        ({"actions": ["*/read"]}, {LIST}, {LIST}, set()),
        ({"actions": ["Microsoft.Authorization/*"]}, {MANAGE}, {MANAGE}, {MANAGE}),
        (
            {"actions": ["*"], "notActions": ["Microsoft.Authorization/*/Write"]},
            {LIST, WRITE, DELETE},
            {LIST, WRITE, DELETE},
            {DELETE},
        ),
    ],
)
def test_what_a_role_gives_in_a_vault_that_goes_by_roles(permission, secrets, keys, certificates):
    found = role(**permission).rights(by_roles=True)

    assert found == {"secrets": secrets, "keys": keys, "certificates": certificates}


def test_what_one_permission_of_a_role_forbids_another_one_may_give():
    told = {"roleName": "own", "permissions": [{"actions": ["*"], "notActions": ["*"]}, {"dataActions": [f"{KV}/*"]}]}

    assert READ in role_of({"properties": told}).rights(by_roles=True)["secrets"]


def test_in_a_vault_with_policies_of_its_own_roles_give_no_values_but_may_change_the_policies():
    administrator = role(dataActions=[f"{KV}/*"]).rights(by_roles=False)
    contributor = role(actions=["*"], notActions=["Microsoft.Authorization/*/Write"]).rights(by_roles=False)

    assert not any(administrator.values())
    assert MANAGE in contributor["secrets"]
    assert READ not in contributor["secrets"]


@pytest.mark.parametrize(
    ("permissions", "secrets", "keys", "certificates"),
    [
        ({"secrets": ["get"]}, {READ}, set(), {READ}),
        ({"secrets": ["List"], "keys": ["wrapKey", "Get"]}, {LIST}, {USE, LIST}, set()),
        ({"secrets": ["all"], "storage": ["all"]}, {READ, LIST, WRITE, DELETE}, set(), {READ}),
        ({"certificates": ["manageissuers", "purge"]}, set(), set(), {WRITE, DELETE}),
        ({"secrets": ["backup"]}, set(), set(), set()),
        ({"secrets": "get", "keys": None}, set(), set(), set()),
        (None, set(), set(), set()),
    ],
)
def test_what_an_access_policy_gives(permissions, secrets, keys, certificates):
    assert policy_rights(permissions) == {"secrets": secrets, "keys": keys, "certificates": certificates}


@pytest.mark.parametrize(
    ("scope", "means"),
    [
        (VAULT, ("", "")),
        (VAULT.upper(), ("", "")),
        (VAULT.rpartition("/providers")[0], ("", "")),
        (VAULT.partition("/resourceGroups")[0], ("", "")),
        ("/", ("", "")),
        ("/providers/Microsoft.Management/managementGroups/all", ("", "")),
        (f"{VAULT}/secrets/DB", ("secrets", "db")),
        (f"{VAULT}/keys/k", ("keys", "k")),
        (f"{VAULT}2", None),
        (f"{VAULT}/other/x", None),
        (f"{VAULT}/secrets/a/b", None),
        (VAULT.replace("shop", "sho"), None),
        (VAULT.partition("/resourceGroups")[0] + "/resourceGroups/sho", None),
    ],
)
def test_where_an_assignment_holds(scope, means):
    assert place(scope, VAULT) == means


@pytest.mark.slow
def test_everybody_with_a_role_is_told_with_what_it_gives(azure):
    azure.api.vaults["pay"].secret("db", 10)
    above = f"/subscriptions/{azure.api.subscription}"
    owner = azure.api.assign("pay", "Owner", scope=above)
    group = azure.api.assign("pay", "Key Vault Administrator", "Group")
    one = azure.api.assign(
        "pay", "Key Vault Secrets User", "ServicePrincipal", scope=f"{azure.api.vault_id('pay')}/secrets/DB"
    )
    limited = azure.api.assign("pay", "Key Vault Secrets User", condition="@Resource[...] StringEquals 'x'")
    azure.api.assign("pay", "Support", scope=above)

    found = azure.collect()

    kinds = {each: found.principals[each].kind for each in (owner, group, one, limited)}
    assert kinds == {
        owner: PrincipalKind.HUMAN,
        group: PrincipalKind.GROUP,
        one: PrincipalKind.WORKLOAD,
        limited: PrincipalKind.HUMAN,
    }
    assert set(found.principals) == {owner, group, f"{group}#members", one, limited}
    db, other, tls = "vaults/pay/secrets/db", "vaults/pay/secrets/other", "vaults/pay/certificates/db"
    assert can(found.granted(owner).values(), db).can(MANAGE) is True
    assert can(found.granted(owner).values(), db).can(READ) is False
    assert can(found.granted(group).values(), other).can(READ) is True
    assert found.granted(group)["vaults/pay/secrets/*"].wildcard
    assert can(found.granted(one).values(), db).can(READ) is True
    assert can(found.granted(one).values(), tls).can(READ) is True
    assert can(found.granted(one).values(), other).can(READ) is False
    assert not any(grant.wildcard for grant in found.granted(one).values())
    assert can(found.granted(limited).values(), db).can(READ) is None
    assert "StringEquals" not in repr(found)
    assert found.granted(owner)["vaults/pay/secrets/*"].rule == f"role Owner at {above}, on secrets"
    assert found.facts["access"] == "roles (RBAC)"


@pytest.mark.slow
def test_names_are_not_known_without_the_graph_and_it_is_said(azure):
    person = azure.api.assign("pay", "Owner")

    found = azure.collect().principals[person]

    assert found.name == f"User {person}"
    assert "Graph" in found.evidence["name"]
    assert (found.enabled, found.last_used_at, found.expires_at) == (None, None, None)
    assert "Graph" in found.evidence["enabled"]


@pytest.mark.slow
def test_whoever_belongs_to_a_group_counts_as_one_reader_at_least(azure):
    group = azure.api.assign("pay", "Key Vault Secrets User", "Group")

    found = azure.collect().principals

    assert found[f"{group}#members"].member_of == (found[group].external_id,)
    assert found[f"{group}#members"].kind is PrincipalKind.HUMAN
    assert "however many" in found[f"{group}#members"].attributes["Stands for"]


@pytest.mark.slow
def test_access_policies_are_told_and_roles_that_may_change_them(azure):
    vault = azure.api.vault("pay", by_roles=False)
    reader, through, nobody = (str(uuid.uuid4()) for _ in range(3))
    group = azure.api.assign("pay", "Support", "Group")
    vault.policies = [
        {"objectId": reader, "permissions": {"secrets": ["get", "list"], "keys": ["sign"]}},
        {"objectId": group, "permissions": {"keys": ["list"]}},
        {"objectId": through, "applicationId": nobody, "permissions": {"secrets": ["all"]}},
        {"objectId": nobody, "permissions": {"secrets": []}},
    ]
    contributor = azure.api.assign("pay", "Contributor")
    administrator = azure.api.assign("pay", "Key Vault Administrator")

    found = azure.collect()

    assert set(found.principals) == {reader, group, f"{group}#members", through, contributor, administrator}
    assert found.principals[group].kind is PrincipalKind.GROUP
    assert can(found.granted(administrator).values(), "vaults/pay/secrets/db").certain == {LIST}
    assert (
        found.granted(reader)["vaults/pay/secrets/*"].rule == "access policy: secrets get, list; keys sign, on secrets"
    )
    assert found.granted(reader)["vaults/pay/keys/*"].capabilities == (USE,)
    assert "application" in found.granted(through)["vaults/pay/secrets/*"].condition
    assert found.principals[reader].attributes["Kind"] == "not known"
    assert found.principals[reader].evidence["kind"].startswith("not known")
    assert MANAGE in found.granted(contributor)["vaults/pay/secrets/*"].capabilities
    assert found.facts["access"] == "access policies of its own"


@pytest.mark.slow
def test_a_role_is_asked_for_once_however_many_have_it(azure):
    azure.api.page = 3
    for _ in range(10):
        azure.api.assign("pay", "Key Vault Reader")

    found = azure.collect()

    assert len(found.principals) == 10
    assert sum("roleDefinitions" in each for each in azure.api.asked) == 1


@pytest.mark.slow
def test_a_role_that_is_not_told_hides_rights_and_it_is_said(azure):
    known = azure.api.assign("pay", "Key Vault Reader")
    azure.api.assign("pay", "Gone")
    gone = next(key for key, each in azure.api.roles.items() if each["properties"]["roleName"] == "Gone")
    del azure.api.roles[gone]

    found = azure.collect()

    assert set(found.principals) == {known}
    assert found.skips["roles that somebody has"].partial is True


@pytest.mark.slow
def test_w11_a_role_is_asked_for_only_where_roles_are(azure):
    for odd in ("/../../secrets", "https://evil.example/x", f"{VAULT}/providers/x?y=z", ""):
        azure.api.assign("pay", "Owner", roleDefinitionId=odd)

    found = azure.collect()

    assert not found.principals
    assert found.skips["roles that somebody has"].count == 4
    assert not any("evil" in each or "roleDefinitions" in each or ".." in each for each in azure.api.asked)


@pytest.mark.slow
def test_role_assignments_that_may_not_be_read_hide_them_but_not_the_policies(azure):
    vault = azure.api.vault("pay", by_roles=False)
    reader = str(uuid.uuid4())
    vault.policies = [{"objectId": reader, "permissions": {"secrets": ["get"]}}]
    vault.secret("db", 10)
    azure.api.assign("pay", "Owner")
    azure.api.allowed.discard("Microsoft.Authorization/roleAssignments/read")

    found = azure.collect()

    assert set(found.principals) == {reader}
    assert found.skips["who has access"].partial is True
    assert set(found.secrets) == {"secrets/db"}


@pytest.mark.slow
@pytest.mark.parametrize("answer", [error(500, "InternalError"), error(409, "Conflict"), error(404, "NotFound")])
def test_what_the_resource_manager_does_not_tell_is_not_known(azure, answer):
    azure.api.vaults["pay"].secret("db", 10)
    azure.api.assign("pay", "Owner")
    azure.api.answers = {"roleAssignments": lambda asked: answer}

    found = azure.collect()

    assert not found.of(GrantRecord)
    assert found.skips["who has access"].partial is True
    assert len(found.of(SkipRecord)) == 1


@pytest.mark.parametrize(
    ("properties", "fact", "said"),
    [
        ({"networkAcls": {"defaultAction": "Deny"}}, "network", "named networks"),
        ({"publicNetworkAccess": "Disabled"}, "network", "named networks"),
        ({}, "network", "all networks"),
        ({"enablePurgeProtection": True}, "purge_protection", "yes"),
        ({"enableSoftDelete": False}, "soft_delete", "no"),
    ],
)
def test_what_is_told_of_a_vault_itself(properties, fact, said):
    assert facts_of(properties, by_roles=True)[fact] == said
