"""What recorded answers of a server say: ages that no test can wait for, and states that no test can bring about."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from inventory.store_records import PrincipalKind, SecretKind, VersionState
from inventory.stores.hints import hints_in
from inventory.vault.answer import Answer
from inventory.vault.engines import ENGINES, Leases, dynamic_record, static_record
from inventory.vault.identities import entity_record
from inventory.vault.instants import instant, seconds, spoken
from inventory.vault.keys import certificate_record, transit_record
from inventory.vault.kv import kv2_record
from inventory.vault.logins import Entry, login_record, secret_id_record
from inventory.vault.mounts import Mount
from inventory.vault.tokens import Sessions, login_of, token_record
from tests.services.certificates import certificate_of_no_version

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
KV = Mount("team/", "kv/", "kv", 2)
DATABASE = Mount("", "database/", "database", default_ttl=3600)
APPROLE = Entry(Mount("", "approle/", "approle"), "role", PrincipalKind.WORKLOAD, "web")


def version(created, deletion="", *, destroyed=False):
    return {"created_time": created, "deletion_time": deletion, "destroyed": destroyed}


def metadata(current=1, versions=None, **more):
    return Answer(
        200,
        {
            "created_time": "2025-01-05T12:00:00.123456789Z",
            "updated_time": "2026-05-30T00:00:00Z",
            "current_version": current,
            "custom_metadata": None,
            "delete_version_after": "0s",
            "versions": versions or {"1": version("2025-01-05T12:00:00.123456789Z")},
        }
        | more,
    )


def kv(answer):
    return kv2_record(KV, "pay/db", answer, NOW, {}, "")


def test_a_secret_with_one_version_was_never_rotated():
    record = kv(metadata())

    assert record.created_at == datetime(2025, 1, 5, 12, 0, 0, 123456, tzinfo=UTC)
    assert (record.rotated_at, record.enabled, record.ephemeral, record.auto_rotated) == (None, True, False, False)
    assert record.address == "team/kv/data/pay/db"
    assert record.evidence["rotated_at"] == "Vault metadata: version 1 is the only one ever written"


def test_it_was_rotated_when_its_current_version_was_written_not_when_metadata_changed():
    record = kv(metadata(3, {"2": version("2025-06-01T00:00:00Z"), "3": version("2026-02-03T04:05:06Z")}))

    assert record.rotated_at == datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert [(each.number, each.state) for each in record.versions] == [
        ("2", VersionState.SUPERSEDED),
        ("3", VersionState.CURRENT),
    ]


@pytest.mark.parametrize(
    ("latest", "state"),
    [
        (version("2026-02-01T00:00:00Z", "2026-05-01T00:00:00Z"), VersionState.SUPERSEDED),
        (version("2026-02-01T00:00:00Z", destroyed=True), VersionState.DESTROYED),
    ],
    ids=["deleted", "destroyed"],
)
def test_a_version_that_is_deleted_or_destroyed_is_handed_to_nobody(latest, state):
    record = kv(metadata(2, {"1": version("2025-01-05T12:00:00Z"), "2": latest}))

    assert record.enabled is False
    assert record.versions[1].state is state
    assert VersionState.CURRENT not in {each.state for each in record.versions}


def test_a_version_with_an_end_to_come_ends_then():
    record = kv(
        metadata(1, {"1": version("2026-05-20T00:00:00Z", "2026-07-01T00:00:00Z")}, delete_version_after="1008h")
    )

    assert (record.expires_at, record.enabled) == (datetime(2026, 7, 1, tzinfo=UTC), True)
    assert record.attributes["Deletes each version after"] == "42 days"


def test_a_secret_without_any_version_has_no_age():
    record = kv(Answer(200, {"created_time": "2025-01-05T12:00:00Z", "current_version": 0, "versions": {}}))

    assert (record.created_at, record.rotated_at, record.enabled, record.versions) == (None, None, False, ())
    assert "no version was ever written" in record.evidence["created_at"]


def test_custom_metadata_says_environment_tier_kind_and_owner_and_nothing_else_is_kept():
    value = secrets.token_urlsafe(32)
    custom = {
        "env": "PROD",
        "tier": "critical",
        "type": "database-password",
        "team": "Payments",
        "note": value,
        "b": "c",
    }

    record = kv(metadata(custom_metadata=custom))

    assert (record.environment, record.tier, record.kind) == ("production", "critical", SecretKind.DATABASE_PASSWORD)
    assert record.evidence["environment"] == "Vault custom metadata, env"
    assert record.attributes["Owner, by its metadata"] == "Payments"
    assert record.attributes["Further custom metadata"] == 2
    assert value not in repr(record)


def test_a_value_in_a_known_field_of_custom_metadata_is_not_taken_for_a_word():
    value = f"a{secrets.token_hex(18)}"  # Its letters are those that a name of an environment may have.

    hints = hints_in({"owner": value, "environment": value, "tier": value, "kind": value}, "Vault custom metadata")

    assert value not in repr(hints)


@pytest.mark.parametrize("custom", [None, "text", {}, {"env": 7, "tier": ["x"]}, {"environment": "", "owner": " "}])
def test_custom_metadata_that_says_nothing_gives_no_hints(custom):
    hints = hints_in(custom, "Vault custom metadata")

    assert (hints.environment, hints.tier, hints.kind, hints.owner, dict(hints.evidence)) == ("", "", None, "", {})


def test_a_dynamic_role_is_ephemeral_with_its_lifetime_and_leases():
    roles = ENGINES["database"][0]
    leases = Leases(("database/creds/app/1", "database/creds/app/2", "database/creds/app-two/3"))

    record = dynamic_record(DATABASE, roles, "app", Answer(200, {"default_ttl": 0, "max_ttl": 86400}), 7, leases)

    assert (record.kind, record.ephemeral, record.address) == (SecretKind.DYNAMIC, True, "database/creds/app")
    assert record.rotation_failed is True
    assert record.attributes == {
        "Lives for": "1 hour, by its engine",
        "Lives at most for": "24 hours",
        "Live leases": 7,
        "Leases that failed to revoke": 2,
    }


def test_leases_that_may_not_be_listed_are_not_known_and_not_none():
    roles = ENGINES["database"][0]
    refused = Answer(403)

    record = dynamic_record(DATABASE, roles, "app", Answer(200), refused.why, Leases(why_not=refused.why))

    assert record.rotation_failed is None
    assert record.evidence["rotation_failed"] == "Vault does not allow it (403)"
    assert record.attributes["Live leases"] == "not known: Vault does not allow it (403)"
    assert "Leases that failed to revoke" not in record.attributes


@pytest.mark.parametrize(("days", "failed"), [(0.5, False), (1.5, False), (2.5, True)])
def test_a_static_role_that_was_not_rotated_in_time_failed(days, failed):
    last = (NOW - timedelta(days=days)).isoformat()
    answer = Answer(200, {"last_vault_rotation": last, "rotation_period": 86_400, "username": "app"})

    record = static_record(DATABASE, ENGINES["database"][1], "app", answer, NOW)

    assert (record.auto_rotated, record.rotation_failed) == (True, failed)
    assert (record.kind, record.address) == (SecretKind.DATABASE_PASSWORD, "database/static-creds/app")
    assert record.rotated_at == NOW - timedelta(days=days)


def test_a_static_role_that_may_not_be_read_has_no_facts():
    record = static_record(DATABASE, ENGINES["database"][1], "app", Answer(403), NOW)

    assert (record.auto_rotated, record.rotation_failed, record.rotated_at) == (None, None, None)
    assert record.evidence["auto_rotated"] == "Vault does not allow it (403)"


def test_versions_of_a_key_that_may_not_decrypt_any_more_are_as_good_as_destroyed():
    made = [int((NOW - timedelta(days=days)).timestamp()) for days in (400, 200, 40)]
    told = {
        "keys": {str(number): at for number, at in enumerate(made, 1)},
        "latest_version": 3,
        "min_decryption_version": 2,
        "auto_rotate_period": 30 * 86_400,
        "type": "aes256-gcm96",
        "exportable": False,
    }

    record = transit_record(Mount("", "transit/", "transit"), "pay", Answer(200, told), NOW)

    assert [each.state for each in record.versions] == [
        VersionState.DESTROYED,
        VersionState.SUPERSEDED,
        VersionState.CURRENT,
    ]
    assert record.rotated_at == NOW - timedelta(days=40)
    assert (record.auto_rotated, record.rotation_failed) == (True, True)
    assert record.attributes["Rotates every"] == "30 days"


def certificate(*, days, left):
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pay")])
    end = NOW + timedelta(days=left)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - timedelta(days=days))
        .not_valid_after(end)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def test_g44_a_certificate_that_nobody_can_read_is_none():
    assert certificate_record("01:02", Answer(200, {"certificate": certificate_of_no_version()})) is None


def test_a_certificate_says_itself_from_when_and_until_when_it_is_valid():
    answer = Answer(200, {"certificate": certificate(days=90, left=10), "revocation_time": 0})

    record = certificate_record("01:02", answer)

    assert (record.expires_at, record.created_at) == (NOW + timedelta(days=10), NOW - timedelta(days=80))
    assert (record.enabled, record.ephemeral, record.kind) == (True, False, SecretKind.CERTIFICATE)
    assert record.attributes["Subject"] == "CN=pay"


def test_a_revoked_certificate_is_switched_off_and_a_short_one_is_ephemeral():
    told = {"certificate": certificate(days=0.5, left=0.2), "revocation_time": int(NOW.timestamp())}

    record = certificate_record("01:02", Answer(200, told))

    assert (record.enabled, record.ephemeral) == (False, True)


@pytest.mark.parametrize("text", ["", "nothing", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_none(text):
    assert certificate_record("01", Answer(200, {"certificate": text})) is None


def test_a_token_is_known_by_a_digest_of_its_accessor():
    accessor = secrets.token_urlsafe(18)
    told = {
        "accessor": accessor,
        "creation_time": int((NOW - timedelta(days=200)).timestamp()),
        "display_name": "token-ci",
        "expire_time": None,
        "entity_id": "e-1",
        "orphan": True,
        "policies": ["default", "pay"],
        "last_renewal": "2026-05-30T00:00:00.5Z",
        "path": "auth/token/create-orphan",
    }

    record = token_record("team/", Answer(200, told))

    assert record.member_of == ("team/:policy/default", "team/:policy/pay", "entity/e-1")
    assert (record.kind, record.created_at) == (PrincipalKind.TOKEN, NOW - timedelta(days=200))
    assert (record.expires_at, record.evidence["expires_at"]) == (None, "Vault token: it never expires")
    assert record.attributes["Last renewed"].startswith("2026-05-30")
    assert accessor not in repr(record)
    assert accessor[:6] in record.name


@pytest.mark.parametrize(
    ("told", "login"),
    [
        ({"path": "auth/approle/login", "meta": {"role_name": "web"}}, ("approle/", "web")),
        ({"path": "auth/userpass/login/ann", "meta": {"username": "ann"}}, ("userpass/", "ann")),
        ({"path": "auth/k8s/eu/login", "meta": {"role": "pay"}}, ("k8s/eu/", "pay")),
        ({"path": "auth/ldap/login/bob", "meta": None}, ("ldap/", "bob")),
        ({"path": "auth/token/create", "meta": None}, None),
        ({"path": "auth/cert/login", "meta": {}}, None),
    ],
)
def test_a_token_tells_by_which_login_it_was_made(told, login):
    assert login_of(Answer(200, told)) == login


def test_a_login_was_used_last_when_the_newest_of_its_live_tokens_was_made():
    answer = Answer(200, {"token_policies": ["pay"], "secret_id_ttl": 0, "token_max_ttl": 1800})

    record = login_record(APPROLE, answer, Sessions(2, NOW, NOW - timedelta(days=3)), "e-1")

    assert (record.kind, record.last_used_at) == (PrincipalKind.WORKLOAD, NOW)
    assert record.member_of == ("policy/pay", "policy/default", "entity/e-1")
    assert (record.attributes["Live tokens"], record.attributes["Secret ids live for"]) == (2, "ever")


def test_a_secret_id_has_an_age_and_an_end_and_no_value():
    entry = Entry(APPROLE.mount, "role", PrincipalKind.WORKLOAD, "web", accessor=secrets.token_urlsafe(18))
    told = {"creation_time": "2025-06-01T00:00:00Z", "expiration_time": "0001-01-01T00:00:00Z", "secret_id_ttl": 0}

    record = secret_id_record(entry, Answer(200, told))

    assert (record.created_at, record.expires_at) == (datetime(2025, 6, 1, tzinfo=UTC), None)
    assert record.evidence["expires_at"] == "Vault secret id: it never expires"
    assert record.kind is SecretKind.TOKEN
    assert entry.accessor not in repr(record)


def test_an_entity_whose_logins_are_listed_only_carries_rights():
    alias = {"mount_type": "oidc", "mount_path": "auth/oidc/", "name": "ann@halden.example"}
    answer = Answer(200, {"name": "entity_1", "policies": ["pay"], "direct_group_ids": ["g"], "aliases": [alias]})

    acting, carrying = (entity_record("", "e", answer, carried=carried) for carried in (False, True))

    assert (acting.kind, carrying.kind) == (PrincipalKind.HUMAN, PrincipalKind.ROLE)
    assert acting.member_of == ("policy/pay", "group/g")
    assert acting.name == "ann@halden.example (auth/oidc)"


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("2026-06-01T12:00:00.123456789Z", NOW.replace(microsecond=123456)),
        ("2026-06-01T14:00:00+02:00", NOW),
        (int(NOW.timestamp()), NOW),
        *(
            ("0001-01-01T00:00:00Z", None),
            ("", None),
            (0, None),
            (True, None),
            ("soon", None),
            (1e300, None),
            ({}, None),
        ),
        *((float("nan"), None), ("9999-12-31T23:59:59Z", None)),
    ],
)
def test_times_are_read_and_nonsense_is_not_known(told, meant):
    assert instant(told) == meant


@pytest.mark.parametrize(
    ("told", "meant"),
    [("1h30m", 5400), ("0s", 0), (3600, 3600), ("90", 90), ("1.5h", 5400), ("x", None), (True, None), (-1, None)],
)
def test_durations_are_read(told, meant):
    assert seconds(told) == meant


@pytest.mark.parametrize(
    ("period", "words"), [(3600, "1 hour"), (86_400, "24 hours"), (7_776_000, "90 days"), (2_764_830, "32 days")]
)
def test_durations_are_said_as_people_do(period, words):
    assert spoken(period) == words


@pytest.mark.parametrize("kind", ["certificate", "dynamic-credential"])
def test_no_label_says_that_a_secret_ends_by_itself(kind):
    assert hints_in({"type": kind}, "Vault custom metadata").kind is None
