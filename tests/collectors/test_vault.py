"""The Vault collector against a real OpenBao, each test in a namespace of its own."""

import json
import secrets
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from inventory.access_rule import AccessRule, allowed
from inventory.collector import CollectorError, SecretRecord
from inventory.collectors.vault import VaultCollector
from inventory.store_records import Capability, Matching, PrincipalKind, SecretKind, VersionState
from inventory.vault import client as vault_client
from tests.collectors.vault_reading import Reading
from tests.services.openbao import openbao as run_openbao
from tests.services.process import wait_until

pytestmark = pytest.mark.slow
# Everything that a path can hold, but what the server itself refuses: a newline, and `..`.
ODD = [
    "a b",
    "ünï/ço dé",
    "100%",
    "a%2Fb",
    "plus+plus",
    "star*",
    "what?really#yes",
    "back\\slash",
    "semi;colon&and=",
    " end ",
]
NAMES = """
path "kv/metadata/*" { capabilities = ["list", "read"] }
path "sys/mounts" { capabilities = ["read"] }
"""


@pytest.fixture
def reading(tmp_path, monkeypatch):
    return Reading(tmp_path, monkeypatch)


def value():
    return secrets.token_urlsafe(24)


def test_a_versioned_store_tells_ages_and_states_by_real_time(openbao, reading):
    openbao.key_values()
    before = datetime.now(UTC)
    openbao.put("pay/db")
    openbao.put("pay/old")
    time.sleep(1.1)
    middle = datetime.now(UTC)
    openbao.put("pay/db")
    openbao.call("POST", "kv/metadata/pay/short", {"delete_version_after": "1h", "custom_metadata": {"env": "prod"}})
    openbao.put("pay/short")
    openbao.put("web/gone")
    openbao.call("DELETE", "kv/data/web/gone")
    openbao.put("web/burnt")
    openbao.call("POST", "kv/destroy/web/burnt", {"versions": [1]})

    found = reading.collect(openbao).secrets("kv/")

    assert sorted(found) == ["pay/db", "pay/old", "pay/short", "web/burnt", "web/gone"]
    assert before - timedelta(seconds=1) < found["pay/db"].created_at < middle < found["pay/db"].rotated_at
    assert found["pay/old"].rotated_at is None
    assert [(each.number, str(each.state)) for each in found["pay/db"].versions] == [
        ("1", "superseded"),
        ("2", "current"),
    ]
    ends = found["pay/short"].expires_at - found["pay/short"].created_at
    assert timedelta(minutes=59) < ends < timedelta(minutes=61)
    assert found["pay/short"].environment == "production"
    assert [found[path].enabled for path in ("pay/db", "web/gone", "web/burnt")] == [True, False, False]
    assert found["web/burnt"].versions[0].state is VersionState.DESTROYED
    assert found["pay/db"].address == f"{openbao.namespace}/kv/data/pay/db"


def test_the_first_version_of_the_store_tells_names_and_no_ages(openbao, reading):
    openbao.key_values("kv1", version=1)
    openbao.call("POST", "kv1/pay/db", {"password": value()})

    found = reading.collect(openbao).secrets("kv1/")

    assert list(found) == ["pay/db"]
    assert (found["pay/db"].created_at, found["pay/db"].rotated_at) == (None, None)
    assert "keeps no times" in found["pay/db"].evidence["created_at"]
    assert found["pay/db"].address == f"{openbao.namespace}/kv1/pay/db"


def test_odd_characters_in_paths_are_read_as_they_are(openbao, reading):
    openbao.key_values()
    for path in ODD:
        openbao.put(path)

    found = reading.collect(openbao)

    assert sorted(found.secrets("kv/")) == sorted(ODD)
    assert all(record.created_at for record in found.secrets("kv/").values())
    assert found.told == []


def test_namespaces_below_are_read_with_their_names_in_front(openbao, reading):
    inner = openbao.inside("team-a").inside("payments")
    inner.key_values()
    inner.put("db")
    inner.policy("readers", 'path "kv/data/*" { capabilities = ["read"] }')

    found = reading.collect(openbao)

    assert {"access", "team-a/access", "team-a/payments/access", "team-a/payments/kv/"} <= set(found.assets)
    (record,) = found.secrets("team-a/payments/kv/").values()
    assert record.address == f"{inner.namespace}/kv/data/db"
    (grant,) = [each for each in found.grants() if "readers" in each.rule]
    assert (grant.pattern, grant.wildcard) == (f"{inner.namespace}/kv/data/*", True)


def test_names_come_in_pages_and_none_is_lost_or_told_twice(openbao, reading, monkeypatch):
    monkeypatch.setattr(vault_client, "PAGE", 3)
    openbao.key_values()
    paths = [f"team-{number % 3}/s{number:02d}" for number in range(18)] + [f"top-{number}" for number in range(3)]
    for path in paths:
        openbao.put(path)

    found = reading.collect(openbao)

    assert sorted(record.path for record in found.of(SecretRecord, "kv/")) == sorted(paths)


def test_a_server_without_pages_gives_all_names_at_once(openbao, reading, monkeypatch):
    openbao.key_values()
    for number in range(3):
        openbao.put(f"s{number}")
    monkeypatch.setattr(vault_client, "PAGE", 3)
    with reading.collector(openbao)._client(reading.context(openbao.token)) as client:
        # HashiCorp Vault does not know `after`, and says the same names once more.
        ask = client.ask
        monkeypatch.setattr(
            client,
            "ask",
            lambda method, path, namespace=None, *, params=None: ask(method, path, namespace),
        )

        names = list(client.names("kv/metadata", f"{openbao.namespace}/"))

    assert names == ["s0", "s1", "s2"]


def test_engines_keys_and_certificates_are_secrets_of_their_kinds(openbao, reading):
    openbao.mount("pki", "pki")
    openbao.call("POST", "pki/root/generate/internal", {"common_name": "Halden", "ttl": "720h"})
    openbao.call("POST", "pki/roles/app", {"allow_any_name": True, "enforce_hostnames": False})
    short = openbao.call("POST", "pki/issue/app", {"common_name": "short", "ttl": "1h"})["data"]["serial_number"]
    long = openbao.call("POST", "pki/issue/app", {"common_name": "long", "ttl": "100h"})["data"]["serial_number"]
    openbao.call("POST", "pki/revoke", {"serial_number": long})
    openbao.mount("transit", "transit")
    openbao.call("POST", "transit/keys/pay", {"auto_rotate_period": "24h"})
    openbao.call("POST", "transit/keys/pay/rotate")
    openbao.call("POST", "transit/keys/release", {"type": "ed25519"})
    openbao.mount("totp", "totp")
    openbao.call("POST", "totp/keys/ops", {"generate": True, "issuer": "Halden", "account_name": "ops"})
    openbao.mount("ssh", "ssh")
    openbao.call("POST", "ssh/roles/once", {"key_type": "otp", "default_user": "ops"})

    found = reading.collect(openbao)

    certificates = found.secrets("pki/")
    assert len(certificates) == 3
    assert (certificates[f"cert/{short}"].ephemeral, certificates[f"cert/{short}"].enabled) == (True, True)
    assert (certificates[f"cert/{long}"].ephemeral, certificates[f"cert/{long}"].enabled) == (False, False)
    assert {record.kind for record in certificates.values()} == {SecretKind.CERTIFICATE}
    keys = found.secrets("transit/")
    assert (keys["keys/pay"].auto_rotated, keys["keys/release"].auto_rotated) == (True, False)
    assert (keys["keys/pay"].rotated_at is None, keys["keys/release"].rotated_at is None) == (False, True)
    assert keys["keys/release"].address == f"{openbao.namespace}/transit/sign/release"
    assert list(found.secrets("totp/")) == ["keys/ops"]
    assert found.secrets("ssh/")["creds/once"].ephemeral is True
    assert found.told == []


def test_roles_of_a_real_database_tell_lifetimes_leases_and_rotation(openbao, reading, postgres_url):
    parts = urlsplit(postgres_url)
    openbao.mount("database", "database")
    openbao.call(
        "POST",
        "database/config/main",
        {
            "plugin_name": "postgresql-database-plugin",
            "allowed_roles": "*",
            "connection_url": f"postgresql://{{{{username}}}}:{{{{password}}}}@{parts.hostname}:{parts.port}/postgres",
            "username": parts.username,
            "password": value(),
        },
    )
    create = "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}';"
    given = {"db_name": "main", "creation_statements": [create], "default_ttl": "1h", "max_ttl": "24h"}
    openbao.call("POST", "database/roles/app", given)
    for _ in range(2):
        made = openbao.call("GET", "database/creds/app")["data"]
    rotating = {"db_name": "main", "username": made["username"], "rotation_period": "48h"}
    openbao.call("POST", "database/static-roles/report", rotating)

    found = reading.collect(openbao)

    dynamic = found.secrets("database/")["creds/app"]
    assert (dynamic.kind, dynamic.ephemeral, dynamic.rotation_failed) == (SecretKind.DYNAMIC, True, False)
    assert dynamic.attributes["Lives for"] == "1 hour"
    assert (dynamic.attributes["Live leases"], dynamic.attributes["Leases that failed to revoke"]) == (2, 0)
    static = found.secrets("database/")["static-creds/report"]
    assert (static.auto_rotated, static.rotation_failed, static.ephemeral) == (True, False, False)
    assert datetime.now(UTC) - static.rotated_at < timedelta(minutes=2)
    assert static.attributes["Rotation period"] == "2 days"
    assert made["password"] not in repr(found.records)


def test_tokens_of_a_listed_login_are_counted_there_and_others_stand_for_themselves(openbao, reading):
    openbao.policy("pay", 'path "kv/data/pay/*" { capabilities = ["read"] }')
    credential = openbao.app_role("web", "pay", secret_id_ttl="48h")
    for _ in range(2):
        openbao.call("POST", "auth/approle/login", credential)
    openbao.secret_id("web")
    openbao.new_token("pay", display_name="ci", ttl="2h", no_parent=True)

    found = reading.collect(openbao)

    principals = found.principals()
    web = principals["auth/approle/role/web"]
    assert (web.kind, web.attributes["Live tokens"]) == (PrincipalKind.WORKLOAD, 2)
    assert datetime.now(UTC) - web.last_used_at < timedelta(minutes=1)
    (token,) = [each for each in principals.values() if each.kind is PrincipalKind.TOKEN]
    assert token.name.startswith("token-ci (accessor ")
    assert timedelta(minutes=115) < token.expires_at - token.created_at < timedelta(minutes=121)
    assert [member.rpartition(":")[2] for member in token.member_of] == ["policy/default", "policy/pay"]
    secret_ids = found.secrets("access")
    assert len(secret_ids) == 2
    for record in secret_ids.values():
        assert timedelta(hours=47) < record.expires_at - record.created_at <= timedelta(hours=48)
    assert credential["secret_id"] not in repr(found.records)


def test_a_person_with_a_user_an_entity_and_a_group_is_one_identity(openbao, reading):
    openbao.policy("pay", 'path "kv/data/pay/*" { capabilities = ["read"] }')
    openbao.call("POST", "sys/auth/userpass", {"type": "userpass"})
    password = value()
    openbao.call("POST", "auth/userpass/users/ann", {"password": password, "token_policies": "default"})
    openbao.call("POST", "auth/userpass/login/ann", {"password": password})
    (entity,) = openbao.call("LIST", "identity/entity/id")["data"]["keys"]
    body = {"name": "payments", "policies": ["pay"], "member_entity_ids": [entity]}
    group = openbao.call("POST", "identity/group", body)["data"]["id"]

    principals = reading.collect(openbao).principals()

    acting = [each for each in principals.values() if each.kind in (PrincipalKind.HUMAN, PrincipalKind.WORKLOAD)]
    assert [each.name.partition(" ")[0] for each in acting] == ["ann"]
    assert f"entity/{entity}" in acting[0].member_of
    assert f"group/{group}" in principals[f"entity/{entity}"].member_of
    assert [each.rpartition(":")[2] for each in principals[f"group/{group}"].member_of] == ["policy/pay"]


def test_grants_say_what_the_server_itself_says(openbao, reading):
    openbao.key_values()
    openbao.policy(
        "mixed",
        """
        path "kv/data/*" { capabilities = ["read"] }
        path "kv/data/pay/*" { capabilities = ["list"] }
        path "kv/data/+/shared" { capabilities = ["read", "update"] }
        path "kv/data/hr/*" { capabilities = ["deny"] }
        path "kv/data/hr/public" { capabilities = ["read"] }
        path "kv/metadata/*" { capabilities = ["read", "list"] }
        """,
    )
    paths = ["web/db", "pay/db", "pay/shared", "hr/db", "hr/public", "hr/shared", "top"]
    for path in paths:
        openbao.put(path)
    token = openbao.with_token(openbao.new_token("mixed"))
    found = reading.collect(openbao)
    known = [
        AccessRule(each.pattern, Matching.VAULT, frozenset(each.capabilities), each.rule, each.deny)
        for each in found.grants()
        if each.rule.startswith("policy mixed")
    ]

    ours = {path: allowed(known, found.secrets("kv/")[path].address).can(Capability.READ) for path in paths}

    assert ours == {path: token.status("GET", f"kv/data/{path}") == 200 for path in paths}
    assert True in ours.values()
    assert False in ours.values()


def test_the_least_rights_are_enough_and_read_no_value(openbao_server, reading, tmp_path):
    # A server of its own, seen from the root, since the policy speaks of the namespaces below.
    with run_openbao(tmp_path) as server:
        server.policy("posture", VaultCollector.least_rights)
        below = server.inside("below")
        for each in (server, below):
            fill_a_little(each)
        token = server.new_token("posture")
        seen = len(server.audited())

        found = reading.collect(server, token)

        asked = server.audited()[seen:]
        everything = reading.collect(server)
        mine = [each.with_token(token) for each in (server, below)]
        statuses = {each.status("GET", path) for each in mine for path in ("kv/data/pay/db", "kv1/a")}
    assert found.told == everything.told == []
    assert {name: found.secrets(name) for name in found.assets} == {
        name: everything.secrets(name) for name in everything.assets
    }
    assert set(found.grants()) == set(everything.grants())
    assert found.principals().keys() == everything.principals().keys()
    assert {
        "kv/",
        "below/kv/",
        "kv1/",
        "below/kv1/",
        "transit/",
        "pki/",
        "access",
        "below/access",
    } <= found.assets.keys()
    assert statuses == {403}
    assert len(asked) > 60
    assert [line["request"]["path"] for line in asked if reads_a_value(line["request"])] == []


def fill_a_little(server):
    server.key_values("kv")
    server.put("pay/db")
    server.key_values("kv1", version=1)
    server.call("POST", "kv1/a", {"password": value()})
    server.mount("transit", "transit")
    server.call("POST", "transit/keys/pay")
    server.mount("pki", "pki")
    server.call("POST", "pki/root/generate/internal", {"common_name": "Halden"})
    server.mount("ssh", "ssh")
    server.call("POST", "ssh/roles/once", {"key_type": "otp", "default_user": "ops"})
    server.app_role("web")
    server.call("POST", "sys/auth/userpass", {"type": "userpass"})
    server.call("POST", "auth/userpass/users/ann", {"password": value()})
    server.call("POST", "identity/entity", {"name": "ann"})
    server.call("POST", "identity/group", {"name": "payments"})
    server.call("POST", "auth/token/roles/ci", {"allowed_policies": "default"})


def reads_a_value(request):
    """Say whether a request was for a value; the log counts mounts' paths without their namespace."""
    path = request["path"].removeprefix("below/")
    return "data/" in path.replace("metadata/", "") or (path.startswith("kv1/") and request["operation"] == "read")


def test_one_request_per_secret_is_enough_in_metadata_mode(openbao, reading):
    openbao.key_values()
    for number in range(40):
        openbao.put(f"team/s{number}")
        openbao.put(f"team/s{number}")
    seen = len(openbao.audited())

    reading.collect(openbao)

    asked = [line["request"]["path"] for line in openbao.audited()[seen:]]
    paths = [path for path in asked if "kv/metadata/team/s" in path]
    assert len(paths) == len(set(paths)) == 40


def test_fingerprints_are_of_every_version_and_known_ones_are_not_fetched_again(openbao, reading):
    openbao.key_values()
    old, new = value(), value()
    openbao.put("pay/db", password=old, host="db.halden.example", user="app")
    openbao.put("pay/db", password=new, host="db.halden.example", user="app")
    openbao.key_values("kv1", version=1)
    openbao.call("POST", "kv1/same", {"password": new})

    found = reading.collect(openbao, fingerprint=True)

    record = found.secrets("kv/")["pay/db"]
    held = {each.number: {key.key: key.finding.fingerprint for key in each.held} for each in record.versions}
    assert set(held["1"]) == set(held["2"]) == {"password"}
    assert held["1"] != held["2"]
    (same,) = found.secrets("kv1/")["same"].versions[0].held
    assert same.finding.fingerprint == held["2"]["password"]
    assert old not in repr(found.records)
    assert new not in repr(found.records)

    reading.known = [("pay/db", each.number, each.key_id) for each in record.versions]
    seen = len(openbao.audited())
    again = reading.collect(openbao, fingerprint=True)

    assert not [line for line in openbao.audited()[seen:] if "kv/data/" in line["request"]["path"]]
    assert [each.key_id for each in again.secrets("kv/")["pay/db"].versions] == ["", ""]


def test_a_value_that_may_not_be_read_leaves_its_metadata(openbao, reading):
    openbao.key_values()
    openbao.put("pay/db")
    openbao.policy("names", NAMES)

    found = reading.collect(openbao, openbao.new_token("names"), fingerprint=True)

    record = found.secrets("kv/")["pay/db"]
    assert record.created_at is not None
    assert record.versions[0].key_id == ""
    assert any("may not be read" in skip.reason and not skip.partial for skip in found.told)


def test_what_the_credential_may_not_see_is_not_known_and_never_nothing(openbao, reading):
    openbao.key_values()
    openbao.put("pay/db")
    openbao.put("hr/db")
    openbao.policy("some", NAMES + 'path "kv/metadata/hr/db" { capabilities = ["deny"] }')

    found = reading.collect(openbao, openbao.new_token("some"))

    hidden = found.secrets("kv/")["hr/db"]
    assert (hidden.named_only, hidden.created_at) == (True, None)
    assert "403" in hidden.evidence["created_at"]
    refused = {skip.what for skip in found.told if skip.partial}
    assert {"policies", "token accessors", "identity entity list"} <= refused
    assert found.grants() == []


def test_an_approle_signs_in_and_ends_its_token(openbao, reading):
    openbao.key_values()
    openbao.put("pay/db")
    openbao.policy("all", 'path "*" { capabilities = ["create", "read", "update", "list", "sudo"] }')
    credential = json.dumps(openbao.app_role("posture", "all"))

    found = reading.collect(openbao, credential)

    assert list(found.secrets("kv/")) == ["pay/db"]
    # The test's own token lives outside this namespace; each of the collector's was ended.
    wait_until(lambda: openbao.call("LIST", "auth/token/accessors", fine=False).get("data") is None, 10, "revocation")
    assert not [each for each in found.principals().values() if each.kind is PrincipalKind.TOKEN]


def test_the_probe_says_what_is_allowed_what_is_missing_and_what_is_too_much(openbao, reading):
    openbao.key_values()
    openbao.put("pay/db")
    openbao.policy("names", NAMES)
    seen = len(openbao.audited())

    few, all_of_it = (
        {each.name: each for each in reading.collector(openbao).probe(reading.context(token))}
        for token in (openbao.new_token("names"), openbao.token)
    )

    assert few["Connect and sign in"].gives.startswith("version 2.")
    assert (few["Read the metadata of kv"].allowed, few["Read policies"].allowed) == (True, False)
    assert "least rights" in few["Read policies"].detail
    assert few["Read values"].allowed is False
    assert all_of_it["Read values"].allowed is True
    assert "Take that away" in all_of_it["Read values"].detail
    assert not [line for line in openbao.audited()[seen:] if "/data/" in line["request"]["path"]]


@pytest.mark.parametrize(
    "credential",
    ["nonsense", json.dumps({"role_id": "a", "secret_id": "b"}), json.dumps({"role": "x"})],
    ids=["token", "approle", "shape"],
)
def test_a_credential_that_is_not_accepted_says_what_to_do_and_not_what_it_is(openbao, reading, credential):
    openbao.app_role("web")

    with pytest.raises(CollectorError) as caught:
        reading.collect(openbao, credential)

    assert caught.value.permanent
    assert "tore it" in str(caught.value)
    assert "nonsense" not in str(caught.value)


def test_a_namespace_that_is_not_there_is_said(openbao, reading):
    with pytest.raises(CollectorError, match="namespace"):
        reading.collect(openbao, namespace=f"{openbao.namespace}/nowhere")


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({}, "address"),
        ({"url": "vault.example.org"}, "https://"),
        ({"url": "ftp://vault.example.org"}, "https://"),
        ({"url": "https://me:secret@vault.example.org"}, "credential"),
        ({"url": "https://vault.example.org/v1/kv"}, "Leave out the rest"),
        ({"url": "https://vault.example.org:99999"}, "https://"),
        ({"url": "https://vault.example.org", "namespace": "a//b"}, "namespace"),
        ({"url": "https://vault.example.org", "namespace": "a/../b"}, "namespace"),
        ({"url": "https://vault.example.org", "namespace": "a\nb"}, "namespace"),
        ({"url": "https://vault.example.org", "concurrency": 99}, "1 to 16"),
        ({"url": "https://vault.example.org", "concurrency": "x"}, "1 to 16"),
        ({"url": "https://vault.example.org", "fingerprint": "maybe"}, "yes or no"),
        ({"url": "https://vault.example.org", "token": "x"}, "Unknown settings"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(config, words):
    with pytest.raises(CollectorError, match=words) as caught:
        VaultCollector.clean(config)

    assert caught.value.permanent
    assert "secret" not in str(caught.value)


def test_a_configuration_is_written_one_way():
    cleaned = VaultCollector.clean(
        {"url": "https://Vault.Example.org:8200/", "namespace": "/a/b/", "fingerprint": "yes"}
    )

    assert cleaned == {
        "url": "https://vault.example.org:8200",
        "namespace": "a/b",
        "fingerprint": True,
        "concurrency": 4,
    }
    assert VaultCollector.clean(cleaned) == cleaned


def test_a_namespace_within_another_is_the_same_place_twice():
    def at(namespace, url="https://vault.example.org"):
        return VaultCollector.clean({"url": url, "namespace": namespace})

    assert VaultCollector.overlap(at("a/b"), at("a")) == "is a namespace within"
    assert VaultCollector.overlap(at("a"), at("a/b")) == "contains the namespace of"
    assert VaultCollector.overlap(at(""), at("a")) == "contains the namespace of"
    assert (
        VaultCollector.overlap(at("a"), at("a", "https://vault.example.org:443"))
        == "is the same server and namespace as"
    )
    assert VaultCollector.overlap(at("a"), at("ab")) == ""
    assert VaultCollector.overlap(at("a"), at("a", "https://other.example.org")) == ""
