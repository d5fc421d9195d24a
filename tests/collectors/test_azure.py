"""What the Azure collector reads of vaults, at a stand-in that keeps state and refuses as Azure does."""

from __future__ import annotations

import re
import secrets
import subprocess
import sys
import uuid
from datetime import timedelta

import pytest

from inventory.azure.keys import Rotation, days
from inventory.azure.rights import CONTROL, METADATA, VALUES
from inventory.collector import CollectorError, SkipRecord
from inventory.collectors.azure import AzureCollector
from inventory.models import Grant, Principal, Secret, Source
from inventory.services.readers import count_readers
from inventory.store_records import SecretKind, VersionState
from posture.common.fingerprint import load_key
from posture.common.secret_value import SecretValue
from tests.collectors.azure_reading import REFERENCE, Reading, lead_home
from tests.inventory.test_store_sync import collect
from tests.services.azure_api import DOMAIN, MANAGEMENT, ago, azure_api, error, said
from tests.services.fault_server import fault_server

pytestmark = pytest.mark.slow
PUBLIC = {"vaults": "https://pay.vault.azure.net"}
OF_VALUE = re.compile(r" /secrets/[^/]+/[0-9a-f]{32}\?")


@pytest.fixture
def azure(tmp_path, monkeypatch):
    lead_home(monkeypatch)
    with azure_api(tmp_path) as (api, server, authority):
        api.vault("pay")
        yield Reading(tmp_path, monkeypatch, api, server, authority)


@pytest.fixture
def vault(azure):
    return azure.api.vaults["pay"]


def near(found, expected):
    return abs((found - expected).total_seconds()) < 300


def rotates(**trigger):
    return {
        "lifetimeActions": [{"trigger": trigger, "action": {"type": "Rotate"}}],
        "attributes": {"expiryTime": "P2Y"},
    }


def test_a_secret_tells_its_age_by_all_of_its_versions(azure, vault):
    """What the list says of a secret is what its newest version says, which alone would hide its age."""
    vault.secret("db", 400, 200, 20)
    vault.secret("once", 300)

    found = azure.collect().secrets

    db, once = found["secrets/db"], found["secrets/once"]
    assert near(db.created_at, ago(400))
    assert near(db.rotated_at, ago(20))
    assert [version.state for version in db.versions].count(VersionState.CURRENT) == 1
    assert db.versions[-1].state is VersionState.CURRENT
    assert near(once.created_at, ago(300))
    assert once.rotated_at is None
    assert "only one version" in once.evidence["rotated_at"]
    assert (db.auto_rotated, db.rotation_failed, db.last_used_at, db.ephemeral) == (None, None, None, False)
    assert db.evidence["auto_rotated"].startswith("not known")
    assert db.evidence["last_used_at"].startswith("not known")


def test_tags_content_types_and_ends_are_told(azure, vault):
    tags = {"Environment": "prod", "tier": "critical", "team": "payments", "cost": "12"}
    vault.secret("db", 10, tags=tags, content_type="connection string", exp=ago(-40), nbf=ago(9))
    vault.secret("plain", 10, content_type="text/plain", enabled=False)
    vault.secret("kind", 10, content_type="anything", tags={"kind": "platform-token"})

    found = azure.collect().secrets

    db = found["secrets/db"]
    assert (db.environment, db.tier, db.kind) == ("production", "critical", SecretKind.DATABASE_PASSWORD)
    assert db.evidence["kind"] == "Key Vault, contentType"
    assert near(db.expires_at, ago(-40))
    assert (db.attributes["Owner, by its tags"], db.attributes["Further tags"]) == ("payments", 1)
    assert found["secrets/plain"].kind is SecretKind.STORED
    assert found["secrets/plain"].enabled is False
    assert found["secrets/plain"].expires_at is None
    assert found["secrets/kind"].kind is SecretKind.TOKEN


def test_a_value_in_the_content_type_is_not_told(azure, vault):
    value = secrets.token_urlsafe(30)
    vault.secret("db", 10, content_type=value)

    found = azure.collect()

    assert "secrets/db" in found.secrets
    assert value not in repr(found)


def test_two_versions_of_the_same_second_are_both_taken_for_current(azure, vault):
    thing = vault.secret("db", 100, 10, 10)
    thing.versions[2]["attributes"]["created"] = thing.versions[1]["attributes"]["created"]

    found = azure.collect().secrets["secrets/db"]

    assert [version.state for version in found.versions] == [
        VersionState.SUPERSEDED,
        VersionState.CURRENT,
        VersionState.CURRENT,
    ]


def test_secrets_and_keys_of_certificates_are_not_counted_again(azure, vault):
    vault.certificate("tls", 100)
    vault.secret("made-by-hand", 10, content_type="application/x-pkcs12")
    vault.secret("storage", 10, managed=True)

    found = azure.collect()

    assert set(found.secrets) == {"certificates/tls", "secrets/made-by-hand", "secrets/storage"}
    assert found.secrets["secrets/made-by-hand"].kind is SecretKind.PRIVATE_KEY
    assert found.secrets["secrets/storage"].attributes["Managed by Key Vault"] is True
    assert not any("/secrets/tls/" in each or "/keys/tls/" in each for each in azure.api.asked)


def test_a_certificate_tells_its_end_and_whether_it_is_renewed(azure, vault):
    vault.certificate("renewed", 100, 10)
    vault.certificate("late", 360)
    vault.certificate("by-hand", 100, issuer="Unknown")
    only_mails = [{"trigger": {"days_before_expiry": 30}, "action": {"action_type": "EmailContacts"}}]
    vault.certificate("mail", 100, policy={"lifetime_actions": only_mails})
    before = [{"trigger": {"days_before_expiry": 30}, "action": {"action_type": "AutoRenew"}}]
    vault.certificate("before", 300, policy={"lifetime_actions": before})

    found = azure.collect().secrets

    facts = {
        path.removeprefix("certificates/"): (each.auto_rotated, each.rotation_failed) for path, each in found.items()
    }
    assert facts == {
        "renewed": (True, False),
        "late": (True, True),
        "by-hand": (False, None),
        "mail": (False, None),
        "before": (True, False),
    }
    assert near(found["certificates/renewed"].expires_at, ago(10) + timedelta(days=365))
    assert near(found["certificates/renewed"].rotated_at, ago(10))
    assert found["certificates/late"].kind is SecretKind.CERTIFICATE


def test_a_key_tells_whether_it_rotates_and_whether_that_failed(azure, vault):
    vault.key("fine", 200, 20, policy=rotates(timeAfterCreate="P3M"))
    vault.key("failed", 200, policy=rotates(timeAfterCreate="P90D"))
    vault.key("before-end", 700, exp=ago(5), policy=rotates(timeBeforeExpiry="P30D"))
    vault.key("off", 200, enabled=False, policy=rotates(timeAfterCreate="P90D"))
    notify = {"lifetimeActions": [{"trigger": {"timeBeforeExpiry": "P30D"}, "action": {"type": "Notify"}}]}
    vault.key("notified", 200, policy=notify)
    vault.key("none", 200)

    found = azure.collect().secrets

    facts = {path.partition("/")[2]: (each.auto_rotated, each.rotation_failed) for path, each in found.items()}
    assert facts == {
        "fine": (True, False),
        "failed": (True, True),
        "before-end": (True, True),
        "off": (True, None),
        "notified": (False, None),
        "none": (False, None),
    }
    assert found["keys/fine"].attributes["Rotates after"] == "90 days"
    assert found["keys/fine"].kind is SecretKind.ENCRYPTION_KEY


@pytest.mark.parametrize(
    ("duration", "expected"),
    [("P90D", 90), ("P1Y2M", 425), ("P2W", 14), ("P1DT5H", 1), ("P", None), ("90", None)],
)
def test_durations_are_read_as_iso_8601_writes_them(duration, expected):
    assert days(duration) == expected


def test_a_rotation_that_lies_beyond_all_dates_is_not_due():
    assert Rotation(after="P9999Y").due(ago(1), None) is None


def test_what_was_deleted_and_can_be_recovered_is_told_as_switched_off(azure, vault):
    vault.secret("db", 100, tags={"env": "dev"})
    vault.key("k", 100)
    vault.certificate("tls", 100)
    for plural, name in (
        ("secrets", "db"),
        ("keys", "k"),
        ("certificates", "tls"),
        ("secrets", "tls"),
        ("keys", "tls"),
    ):
        vault.delete(plural, name, 3)

    found = azure.collect()

    assert set(found.secrets) == {"secrets/db", "keys/k", "certificates/tls"}
    db = found.secrets["secrets/db"]
    assert db.enabled is False
    assert "recovered" in db.evidence["enabled"]
    assert db.environment == "development"
    assert db.created_at is None
    assert db.attributes["Deleted"].startswith(f"{ago(3):%Y-%m-%d}")
    assert found.done.cursor["deleted"] is True


def test_pages_are_read_to_their_end_and_each_thing_once(azure, vault):
    azure.api.page = 3
    for number in range(10):
        vault.secret(f"s{number}", *range(7, 0, -1))

    found = azure.collect()

    assert len(found.secrets) == 10
    assert all(len(each.versions) == 7 for each in found.secrets.values())
    assert found.done.counts["secrets"] == 10
    assert found.done.full


def test_without_fingerprints_no_value_is_asked_for_and_the_rights_to_copy_suffice(azure, vault):
    vault.secret("db", 10)
    vault.key("k", 10, policy=rotates(timeAfterCreate="P90D"))
    vault.certificate("tls", 10)
    azure.api.assign("pay", "Reader")
    azure.api.allowed = {*CONTROL, *METADATA}

    found = azure.collect()
    abilities = azure.collector().probe(azure.context())

    assert not found.skips
    assert not any(OF_VALUE.search(each) for each in azure.api.asked)
    assert all(each.allowed for each in abilities), abilities
    for right in (*CONTROL, *METADATA, *VALUES):
        assert right in AzureCollector.least_rights


def test_with_fingerprints_each_version_is_read_once_and_only_its_fingerprint_is_kept(azure, vault):
    value = secrets.token_urlsafe(24)
    vault.secret("db", 40, 10, value=value)
    vault.secret("same", 10, value=value)
    vault.secret("off", 10, enabled=False)
    vault.certificate("tls", 10)

    first = azure.collect(fingerprint=True)
    asked = [each for each in azure.api.asked if OF_VALUE.search(each)]
    azure.known = [
        (path, version.number, version.key_id)
        for path, each in first.secrets.items()
        for version in each.versions
        if version.key_id
    ]
    azure.api.asked.clear()
    azure.collect(fingerprint=True)

    key = load_key(azure.folder / "fingerprint.key")
    held = [version.held[0].finding.fingerprint for version in first.secrets["secrets/db"].versions]
    assert held == [key.fingerprint(SecretValue(value))] * 2
    assert first.secrets["secrets/same"].versions[0].held[0].finding.fingerprint == held[0]
    assert value not in repr(first)
    assert len(asked) == 3
    assert "switched off" in first.skips["secrets/off"].reason
    assert not any(OF_VALUE.search(each) for each in azure.api.asked)


def test_a_value_that_may_not_be_read_is_said_and_ends_nothing(azure, vault):
    vault.secret("db", 10)
    azure.api.allowed -= {*VALUES}

    found = azure.collect(fingerprint=True)

    assert found.secrets["secrets/db"].versions[0].key_id == ""
    assert found.skips["secrets/db"].partial is False


def test_vaults_are_found_in_subscriptions_and_by_name_each_once(azure):
    azure.api.vault("web")

    assets = azure.collect(vaults=azure.api.address("pay")).assets

    assert sorted((each.name, each.locator) for each in assets) == [
        ("pay", azure.api.vault_id("pay")),
        ("web", azure.api.vault_id("web")),
    ]
    assert {each.kind for each in assets} == {"vault"}


@pytest.mark.parametrize(
    "address",
    [
        "https://pay.vault.localhost.example:{port}/",
        "https://pay.vault.localhost@evil.example/",
        "https://evil.example/?pay.vault.localhost",
        "https://evil.example#.vault.localhost",
        "https://evil.example\\.vault.localhost/",
        "https://pay.vault\n.localhost:{port}/",
        "https://pay.vault.localhost:99999/",
        "http://pay.vault.localhost:{port}/",
        "https://pay.vault.localhost:{port}/secrets/..",
        "",
        None,
        5,
    ],
)
def test_w15_a_vault_that_the_resource_manager_says_is_elsewhere_gets_no_token(azure, vault, address):
    vault.properties["vaultUri"] = address.format(port=azure.api.port) if isinstance(address, str) else address

    found = azure.collect()

    assert not found.assets
    assert [record.partial for record in found.of(SkipRecord)] == [True]


def test_w15_a_vault_that_names_another_authority_and_resource_gets_the_token_for_vaults_and_no_other(azure):
    azure.api.vault("web").secret("db", 10)
    with fault_server() as elsewhere:
        resource = f"https://{MANAGEMENT}:{azure.api.port}"
        azure.api.challenge = f'authorization="{elsewhere.url("/x")}", resource="{resource}"'

        found = azure.collect(vaults=azure.api.address("web"), subscriptions="")

        assert set(found.secrets) == {"secrets/db"}
        assert {scope for scope, _ in azure.api.tokens.values()} == {f"https://{DOMAIN}/.default"}
        assert not elsewhere.asked


def test_without_a_subscription_it_is_not_known_who_has_access(azure, vault):
    vault.secret("db", 10)
    azure.api.assign("pay", "Owner")

    found = azure.collect(vaults=azure.api.address("pay"), subscriptions="")
    again = azure.collect(vaults=azure.api.address("pay"), subscriptions="", cursor={"access": True})

    assert set(found.secrets) == {"secrets/db"}
    assert not found.principals
    assert found.secrets["secrets/db"].address == ""
    assert found.skips["who has access"].partial is False
    assert again.secrets["secrets/db"].address == "vaults/pay/secrets/db"
    assert again.skips["who has access"].partial is True
    assert not any(each.startswith("management") for each in azure.api.asked)


def test_the_test_of_a_source_says_what_is_missing_and_what_to_do(azure, vault):
    vault.key("k", 10)
    azure.api.allowed = {*CONTROL, "Microsoft.KeyVault/vaults/keys/read"}

    found = {each.name: each for each in azure.collector(fingerprint=True).probe(azure.context())}

    assert found["Sign in"].allowed is True
    assert found["List keys"].allowed is True
    assert found["List secrets"].allowed is False
    assert "no role" in found["List secrets"].detail
    assert "least rights" in found["Read how keys rotate"].detail
    assert found["Read how certificates renew"].allowed is None
    assert found["Read values"].allowed is None


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({}, "Name vaults"),
        ({"vaults": "https://pay.vault.azure.net.example.org"}, "A vault is named"),
        ({"vaults": "http://pay.vault.azure.net"}, "A vault is named"),
        ({"vaults": "https://pay.vault.azure.net:8443"}, "A vault is named"),
        ({"vaults": "https://pay.vault.azure.net/secrets"}, "A vault is named"),
        ({"vaults": "https://me@pay.vault.azure.net"}, "A vault is named"),
        ({"vaults": "https://vault.azure.net"}, "A vault is named"),
        ({"vaults": "https://a.b.vault.azure.net"}, "A vault is named"),
        ({"vaults": "https://pay.vault.azure.cn"}, "A vault is named"),
        ({"subscriptions": "production"}, "no id of a subscription"),
        (PUBLIC | {"authority": "http://login.microsoftonline.com"}, "begins with https"),
        (PUBLIC | {"authority": "https://login.example.org"}, "domain"),
        (PUBLIC | {"domain": "vault.example.org"}, "follow from the authority"),
        (PUBLIC | {"management": "https://management.example.org"}, "follow from the authority"),
        (PUBLIC | {"concurrency": 100}, "1 to 16"),
        (PUBLIC | {"fingerprint": "perhaps"}, "yes or no"),
        (PUBLIC | {"url": "x"}, "Unknown settings"),
    ],
)
def test_a_wrong_configuration_is_refused_in_words(config, says):
    with pytest.raises(CollectorError, match=says) as error:
        AzureCollector.clean(config)

    assert error.value.permanent


def test_a_credential_is_bound_to_the_cloud_and_not_to_single_vaults():
    one = AzureCollector.clean(PUBLIC)
    more = AzureCollector.clean({"vaults": "pay.vault.azure.net, https://WEB.vault.azure.net:443/"})
    china = AzureCollector.clean(
        {"vaults": "https://pay.vault.azure.cn", "authority": "https://login.partner.microsoftonline.cn"}
    )

    assert more["vaults"] == "https://pay.vault.azure.net, https://web.vault.azure.net"
    assert AzureCollector.origins(one) == AzureCollector.origins(more)
    assert not AzureCollector.origins(one) & AzureCollector.origins(china)
    assert AzureCollector.overlap(one, more)
    assert not AzureCollector.overlap(one, china)


def test_j13_collecting_again_changes_nothing_and_what_is_gone_is_gone(azure, vault, tmp_path, settings, db):
    settings.WORKSPACE_DIR, settings.FINGERPRINT_KEY_FILE = tmp_path / "mirrors", tmp_path / "fingerprint.key"
    settings.CA_FILE = str(azure.authority.file)
    azure.context()
    vault.secret("db", 100, 10)
    vault.secret("old", 100)
    reader = azure.api.assign("pay", "Key Vault Secrets User")
    given = {"kind": "azure", "config": azure.cleaned(), "credential": REFERENCE, "placed_by_operator": True}
    source = Source.objects.create(name="azure", **given)

    first = collect(source)
    before = list(Secret.objects.order_by("path").values("path", "created_at", "rotated_at", "kind", "gone_at"))
    second = collect(source)
    after = list(Secret.objects.order_by("path").values("path", "created_at", "rotated_at", "kind", "gone_at"))
    del vault.secrets["old"]
    third = collect(source)
    count_readers()

    assert [run.status for run in (first, second, third)] == ["complete"] * 3
    assert before == after
    assert Secret.objects.get(path="secrets/old").gone_at is not None
    assert Principal.objects.get().external_id == f"pay/{reader}"
    assert Grant.objects.present().count() == 2
    assert Secret.objects.get(path="secrets/db").readers == 1


def test_readers_are_counted_with_members_of_groups_and_not_known_where_access_is_not_told(
    azure, vault, tmp_path, settings, db
):
    settings.WORKSPACE_DIR, settings.FINGERPRINT_KEY_FILE = tmp_path / "mirrors", tmp_path / "fingerprint.key"
    settings.CA_FILE = str(azure.authority.file)
    azure.context()
    vault.secret("db", 10)
    azure.api.vault("web").secret("db", 10)
    azure.api.vault("old").secret("db", 10)
    azure.api.assign("pay", "Key Vault Secrets User", "Group", principal=(group := str(uuid.uuid4())))
    azure.api.assign("pay", "Key Vault Secrets User")
    azure.api.assign("web", "Key Vault Secrets User", "Group", principal=group)
    azure.api.assign("web", "Key Vault Reader")
    refused = f"{azure.api.vault_id('old')}/providers"
    azure.api.answers = {refused: lambda asked: error(403, "Forbidden")}
    given = {"kind": "azure", "config": azure.cleaned(), "credential": REFERENCE, "placed_by_operator": True}
    collect(Source.objects.create(name="azure", **given))

    count_readers()

    assert dict(Secret.objects.values_list("asset__name", "readers")) == {"pay": 2, "web": 1, "old": None}


def test_microsofts_clients_are_loaded_by_whoever_collects_and_by_nobody_else():
    """Every web worker loads the collectors."""
    code = "import sys, inventory.collectors.azure; print([name for name in sys.modules if name.startswith('azure.')])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_an_answer_that_names_odd_things_is_no_way_to_other_addresses(azure, vault):
    """No vault gives such names; one who answers in its place may."""
    vault.secret("db", 10)
    odd = ["..", "a b", "a%2fb", "a_b", "*", "ü", "x" * 128]
    lines = [{"id": f"{azure.api.address('pay')}/secrets/{name}", "attributes": {}} for name in odd]
    azure.api.answers = {"pay /secrets?": lambda asked: said({"value": lines})}

    found = azure.collect()

    assert not found.secrets
    (skip,) = found.of(SkipRecord)
    assert "such a name" in skip.reason
    assert (skip.count, skip.partial) == (len(odd), True)
    assert not any("versions" in each for each in azure.api.asked)
