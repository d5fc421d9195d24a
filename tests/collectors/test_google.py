"""What the Google collector reads of a stand-in that keeps state and is held to Google's own description."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta

import pytest

from inventory.collector import CollectorError, SkipRecord
from inventory.collectors.google import GoogleCollector
from inventory.gcp.rights import ABOVE, METADATA, VALUES
from inventory.models import Grant, Principal, Secret, Source
from inventory.services.readers import count_readers
from inventory.store_records import SecretKind, VersionState
from posture.common.fingerprint import load_key
from posture.common.secret_value import SecretValue
from tests.collectors.google_reading import REFERENCE, Reading
from tests.inventory.test_store_sync import collect
from tests.services import google_contract
from tests.services.fault_server import Reply
from tests.services.google_api import PROJECT, ago, problem

pytestmark = pytest.mark.slow
OF_VALUES = "secretmanager.projects.secrets.versions.access"
ACCESSOR = "roles/secretmanager.secretAccessor"


@pytest.fixture
def reading(tmp_path, monkeypatch):
    found = Reading(tmp_path, monkeypatch)
    yield found
    assert found.api.broken == [], "both sides speak as Google describes"


@pytest.fixture
def project(reading):
    return reading.api.project


def near(time, days):
    return abs(time - ago(days)) < timedelta(minutes=5)


def test_a_secret_tells_its_age_its_labels_and_its_versions(reading, project):
    labels = {"environment": "prod", "tier": "critical", "team": "payments", "cost": "y"}
    project.secret("pay-db", 400, 90, 20, labels=labels, states={1: "DESTROYED", 2: "DISABLED"})

    found = reading.collect().secrets["pay-db"]

    assert found.address == f"projects/{PROJECT}/secrets/pay-db"
    assert near(found.created_at, 400)
    assert near(found.rotated_at, 20)
    assert (found.environment, found.tier) == ("production", "critical")
    assert found.evidence["environment"] == "Google label, environment"
    assert (found.enabled, found.auto_rotated, found.rotation_failed, found.ephemeral) == (True, False, None, False)
    assert [(each.number, each.state) for each in found.versions] == [
        ("3", VersionState.CURRENT),
        ("2", VersionState.SUPERSEDED),
        ("1", VersionState.DESTROYED),
    ]
    assert found.attributes["Owner, by its labels"] == "payments"
    assert found.attributes["Further labels"] == 1
    assert (found.attributes["Versions switched off"], found.attributes["Versions destroyed"]) == (1, 1)


def test_a_secret_with_its_first_version_was_never_rotated(reading, project):
    project.secret("first", 400)
    project.secret("filled-later", 30, created=ago(400))

    found = reading.collect().secrets

    assert found["first"].rotated_at is None
    assert near(found["first"].created_at, 400)
    assert near(found["filled-later"].rotated_at, 30), "the value is no older than its version"


def test_the_newest_version_that_is_enabled_is_the_current_one(reading, project):
    project.secret("rolled-back", 300, 200, 100, states={3: "DISABLED"})

    found = reading.collect().secrets["rolled-back"]

    assert {each.number: each.state for each in found.versions} == {
        "1": VersionState.SUPERSEDED,
        "2": VersionState.CURRENT,
        "3": VersionState.SUPERSEDED,
    }
    assert near(found.rotated_at, 200)


def test_a_version_that_an_alias_leads_to_is_in_use_too(reading, project):
    secret = f"a{secrets.token_hex(20)}"
    project.secret("pinned", 300, 200, 100, versionAliases={"stable": "2", secret: "1"}, states={1: "DISABLED"})

    found = reading.collect().secrets["pinned"]

    current = {each.number for each in found.versions if each.state is VersionState.CURRENT}
    assert current == {"2", "3"}
    assert found.attributes["Version aliases"] == "stable → 2", "what looks like a value is no name"


def test_without_an_enabled_version_nothing_is_handed_out(reading, project):
    project.secret("off", 300, 200, states={1: "DESTROYED", 2: "DISABLED"})
    project.secret("empty")

    found = reading.collect().secrets

    assert found["off"].enabled is False
    assert VersionState.CURRENT not in {each.state for each in found["off"].versions}
    assert (found["empty"].created_at, found["empty"].rotated_at, found["empty"].enabled) == (None, None, False)
    assert "no version" in found["empty"].evidence["rotated_at"]


def test_a_schedule_counts_as_rotation_only_where_versions_followed_it(reading, project):
    following = datetime.now(UTC).replace(microsecond=0) + timedelta(days=10)
    rotation = {"nextRotationTime": f"{following:%Y-%m-%dT%H:%M:%S}Z", "rotationPeriod": "2592000s"}
    topics = [{"name": f"projects/{PROJECT}/topics/rotate"}]
    slot = [following - timedelta(days=30 * each) + timedelta(minutes=2) for each in (1, 2, 3)]
    for name, times in {
        "followed": [ago(300), slot[1], slot[0]],
        "stopped": [ago(300), slot[2], slot[1]],
        "ignored": [ago(300)],
    }.items():
        project.secret(name, *times, rotation=rotation, topics=topics)

    found = reading.collect().secrets

    assert {name: (each.auto_rotated, each.rotation_failed) for name, each in found.items()} == {
        "followed": (True, False),
        "stopped": (False, True),
        "ignored": (False, None),
    }
    assert "only sends notifications" in found["followed"].evidence["auto_rotated"]
    facts = found["followed"].attributes
    assert facts["Notification every"] == "30 days"
    assert facts["Notification topics"] == 1
    assert facts["Next notification"] == following.isoformat()


def test_what_secret_manager_rotates_itself_says_so_and_whether_it_failed(reading, project):
    status = {"state": "ACTIVE", "error": {"code": 7, "message": secrets.token_urlsafe(24)}}
    project.secret("sql", 300, secretType="CLOUD_SQL_DB_CREDENTIALS", rotation={"managedRotationStatus": status})

    found = reading.collect().secrets["sql"]

    assert (found.auto_rotated, found.rotation_failed) == (True, True)
    assert found.kind is SecretKind.DATABASE_PASSWORD
    assert status["error"]["message"] not in repr(found)


def test_where_and_how_a_secret_is_kept_is_told(reading, project):
    key = f"projects/{PROJECT}/locations/europe-west3/keyRings/r/cryptoKeys/k"
    encrypted = {"customerManagedEncryption": {"kmsKeyName": key}}
    replicas = [{"location": "europe-west3", **encrypted}, {"location": "europe-west4"}]
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(days=5)
    project.secret("copies", 3, replication={"userManaged": {"replicas": replicas}}, versionDestroyTtl="604800s")
    project.secret("regional", 3, location="europe-west3", **encrypted)
    project.secret("ending", 3, expireTime=f"{ends:%Y-%m-%dT%H:%M:%S}Z", annotations={"note": secrets.token_hex(20)})

    found = reading.collect(locations="europe-west3").secrets

    assert found["copies"].attributes["Kept in"] == "europe-west3, europe-west4"
    assert found["copies"].attributes["Encrypted with"] == key
    assert found["copies"].attributes["Versions are destroyed after"] == "7 days"
    regional = found["europe-west3/regional"]
    assert regional.address == f"projects/{PROJECT}/locations/europe-west3/secrets/regional"
    assert regional.attributes["Kept in"] == "europe-west3"
    assert found["ending"].expires_at == ends
    assert found["ending"].attributes["Annotations"] == 1


def test_a_secret_whose_end_has_passed_is_off(reading, project):
    project.secret("ended", 30, expireTime=f"{ago(1):%Y-%m-%dT%H:%M:%S}Z")

    assert reading.collect().secrets["ended"].enabled is False


def test_keys_of_service_accounts_tell_their_age_and_last_use(reading, project):
    email = project.account("app", 400, 10)
    old, young = (each["name"].rpartition("/")[2] for each in project.keys[email])
    project.uses[f"{email}/keys/{old}"] = project.uses[email] = ago(2)
    project.keys[email][1] |= {
        "disabled": True,
        "disableReason": "SERVICE_ACCOUNT_KEY_DISABLE_REASON_EXPOSED",
        "extendedStatus": [{"key": "SERVICE_ACCOUNT_KEY_EXTENDED_STATUS_KEY_EXPOSED", "value": "somewhere"}],
        "validBeforeTime": f"{ago(-30):%Y-%m-%dT%H:%M:%S}Z",
    }

    found = reading.collect()

    first, second = (found.secrets[f"service-accounts/{email}/keys/{each}"] for each in (old, young))
    assert first.kind is SecretKind.SERVICE_ACCOUNT_KEY
    assert near(first.created_at, 400)
    assert first.last_used_at.date() == ago(2).date()
    assert (first.enabled, first.auto_rotated, first.expires_at, first.address) == (True, False, None, "")
    assert (second.enabled, second.last_used_at) == (False, None)
    assert near(second.expires_at, -30)
    assert second.attributes["Switched off, because"] == "Google found it exposed"
    assert second.attributes["Google found it exposed or misused"] is True
    assert found.principals[email].last_used_at.date() == ago(2).date()


def test_keys_that_google_itself_holds_are_nobodys_to_rotate(reading, project):
    email = project.account("app", 10)
    own = project.keys[email][0] | {"keyType": "SYSTEM_MANAGED", "name": project.keys[email][0]["name"] + "0"}
    body = json.dumps({"keys": [*project.keys[email], own]}).encode()
    reading.api.answers["iam.projects.serviceAccounts.keys.list"] = lambda asked: Reply(body)

    assert len(reading.collect().secrets) == 1


def test_pages_come_in_any_size_and_all_of_them_are_read(reading, project):
    for number in range(23):
        project.secret(f"s{number:02d}", 30, 20, 10)
        project.account(f"a{number:02d}", 5)
    reading.api.most = 2

    found = reading.collect()

    assert sum(each.kind is SecretKind.STORED for each in found.secrets.values()) == 23
    assert sum(each.kind is SecretKind.SERVICE_ACCOUNT_KEY for each in found.secrets.values()) == 23
    assert {len(each.versions) for each in found.secrets.values() if each.versions} == {3}
    assert found.done.counts["requests"] == len(reading.api.asked)


def test_each_secret_costs_one_request_or_two_with_its_own_rights(reading, project):
    for number in range(20):
        project.secret(f"s{number:02d}", 30)

    whole = reading.collect()
    asked, reading.api.asked = reading.api.asked, []
    less = reading.collect(bindings=False)

    of_secrets = [each for each in asked if each.startswith("secretmanager.")]
    assert len(of_secrets) == 1 + 2 * 20
    assert len([each for each in reading.api.asked if each.startswith("secretmanager.")]) == 1 + 20
    assert whole.secrets.keys() == less.secrets.keys()


def test_j18_rights_that_are_not_asked_for_any_more_are_not_gone(reading, project):
    project.secret("x", 1)

    before = reading.collect().done.cursor
    found = reading.collect(bindings=False, context=reading.context(cursor=before))

    assert found.skips["rights on single secrets"].partial
    assert not reading.collect(bindings=False).skips.get("rights on single secrets")


def test_j18_rights_from_above_that_may_not_be_read_any_more_are_not_gone(reading, project):
    project.allow(ACCESSOR, "user:f@example.com", on="folders/12")

    before = reading.collect().done.cursor
    reading.api.rights = set(METADATA)
    first, later = reading.collect(), reading.collect(context=reading.context(cursor=before))
    reading.api.rights = set(METADATA) - {"resourcemanager.projects.get"}
    blind = reading.collect(context=reading.context(cursor=before))

    what = "rights from folders and the organisation"
    assert not first.skips[what].partial, "what was never known cannot seem gone"
    assert later.skips[what].partial
    assert later.done.cursor["above"], "and stays so"
    assert blind.skips[what].partial, "nor is it where nothing tells what is above"


def test_with_the_least_rights_metadata_is_whole_and_no_value_is_asked_for(reading, project):
    own = project.secret("pay-db", 400, 20)
    email = project.account("app", 10)
    role = f"projects/{PROJECT}/roles/own"
    project.roles[role] = {"includedPermissions": ["secretmanager.versions.access"]}
    project.allow(role, f"serviceAccount:{email}", on=own)
    project.allow("roles/owner", "user:o@example.com")
    reading.api.rights = set(METADATA)

    found = reading.collect()

    assert found.failure is None
    assert found.skips == {}
    assert OF_VALUES not in reading.api.asked
    assert not any(version.key_id for each in found.secrets.values() for version in each.versions)


def test_every_right_of_the_least_ones_is_needed(reading, project):
    own = project.secret("pay-db", 400, 20)
    email = project.account("app", 10)
    role = f"projects/{PROJECT}/roles/own"
    project.roles[role] = {"includedPermissions": ["secretmanager.versions.access"]}
    project.allow(role, f"serviceAccount:{email}", on=own)
    project.allow("roles/owner", "user:f@example.com", on="folders/12")
    project.allow("roles/owner", "user:f@example.com", on="organizations/34")
    every = {*METADATA, *VALUES, *ABOVE}
    with reading.served() as server:
        for right in sorted(every):
            reading.api.rights = every - {right}
            found = reading.collect(server, fingerprint=right in VALUES)
            assert found.failure is None
            assert found.skips, f"{right} is asked for and not needed"
        reading.api.rights = every
        assert reading.collect(server, fingerprint=True).skips == {}


def test_values_are_fingerprinted_version_by_version(reading, project):
    value = secrets.token_urlsafe(24)
    project.secret("pay-db", 30, 20, 10, value=json.dumps({"user": "app", "password": value}), states={1: "DISABLED"})
    project.secret("raw", 10, value=value)

    found = reading.collect(fingerprint=True).secrets

    fingerprint = load_key(reading.folder / "fingerprint.key").fingerprint(SecretValue(value))
    held = {each.number: each.held for each in found["pay-db"].versions}
    assert {number: [(each.key, each.finding.fingerprint) for each in of] for number, of in held.items()} == {
        "3": [("password", fingerprint)],
        "2": [("password", fingerprint)],
        "1": [],
    }
    assert found["raw"].versions[0].held[0].finding.fingerprint == fingerprint
    assert reading.api.asked.count(OF_VALUES) == 3


def test_a_version_that_was_read_before_is_not_read_again(reading, project):
    project.secret("pay-db", 30, 20)
    key_id = load_key(reading.folder / "fingerprint.key", create=True).key_id
    reading.known = [("pay-db", "1", key_id), ("pay-db", "2", "an older key")]

    found = reading.collect(fingerprint=True).secrets["pay-db"]

    assert reading.api.asked.count(OF_VALUES) == 1
    assert {each.number: each.key_id for each in found.versions} == {"2": key_id, "1": ""}


def test_a_value_that_does_not_fit_its_checksum_gets_no_fingerprint(reading, project):
    project.secret("pay-db", 30)
    body = json.dumps({"payload": {"data": "c3RyaW5n", "dataCrc32c": "12345"}}).encode()
    reading.api.answers[OF_VALUES] = lambda asked: Reply(body)

    found = reading.collect(fingerprint=True)

    assert found.secrets["pay-db"].versions[0].key_id == ""
    assert "checksum" in found.skips["pay-db"].reason


def test_without_the_versions_the_age_is_not_known(reading, project):
    project.secret("pay-db", 400, 20)
    reading.api.rights = {*METADATA} - {"secretmanager.versions.list"}

    found = reading.collect()

    secret = found.secrets["pay-db"]
    assert (secret.created_at, secret.rotated_at, secret.enabled) == (None, None, None)
    assert "does not allow secretmanager.versions.list" in secret.evidence["rotated_at"]
    assert not found.skips["versions of secrets"].partial


def test_the_answers_that_google_itself_describes_are_understood(reading):
    """Everything that the vendor's documents name is there at once, chosen by nobody."""

    def filled(asked):
        method, _, _ = google_contract.method_of(asked.method, asked.path)
        told = google_contract.filled({"$ref": method.answers}, method.document)
        told.pop("nextPageToken", None)
        for each in told.get("secrets", ()):
            # Of these Google gives one or the other, which its documents have no way to say.
            del each["ttl"], each["replication"]["automatic"]
        for each in told.get("versions", ()):
            del each["replicationStatus"]["automatic"]
        return Reply(json.dumps(told).encode())

    reading.api.answers["*"] = filled
    found = reading.collect(fingerprint=True, locations="europe-west3")

    assert found.failure is None
    assert found.done
    assert found.skips["secrets"].count == 1, "a name of another form is asked for nowhere"


@pytest.mark.parametrize(
    ("verb", "target", "body"),
    [
        ("GET", "/v1/projects/p/secret", b""),
        ("POST", "/v1/projects/p/secrets/x:getIamPolicy", b""),
        ("GET", "/v1/projects/p/secrets?page_size=1", b""),
        ("GET", "/v1/projects/p/secrets?pageSize=one", b""),
        ("GET", "/v1/projects/p/serviceAccounts/a@b/keys?keyTypes=ALL", b""),
        ("POST", "/v1/projects/p:getIamPolicy", b'{"options": {"requestedPolicyVersion": "3"}}'),
        ("POST", "/v1/projects/p:getIamPolicy", b'{"version": 3}'),
        ("GET", "/v1/projects/p/secrets", b"{}"),
    ],
)
def test_a_request_that_google_does_not_describe_is_noticed(verb, target, body):
    found = google_contract.method_of(verb, target)

    assert found is None or google_contract.wrong_with_request(found[0], found[2], body)


@pytest.mark.parametrize(
    "answer",
    [
        {"secrets": [{"create_time": "2026-01-01T00:00:00Z"}]},
        {"secrets": [{"createTime": "yesterday"}]},
        {"secrets": [{"versionAliases": {"a": 1}}]},
        {"secrets": [{"secretType": "SOMETHING"}]},
        {"secrets": [{"rotation": {"rotationPeriod": "30 days"}}]},
        {"secrets": {}},
        {"totalSize": "3"},
    ],
)
def test_an_answer_that_google_does_not_describe_is_noticed(answer):
    method, _, _ = google_contract.method_of("GET", "/v1/projects/p/secrets")

    assert google_contract.wrong_with_answer(method, answer)


def test_a_credential_of_the_project_needs_no_list_of_projects(reading, project):
    assert [asset.external_id for asset in reading.collect().assets] == [PROJECT]


def test_a_project_that_may_not_be_read_leaves_the_others(reading, project):
    project.secret("x", 1)

    found = reading.collect(projects=f"other-project, {PROJECT}")

    assert [asset.external_id for asset in found.assets] == ["other-project", PROJECT]
    assert "x" in found.secrets
    assert found.skips["secrets"].partial


def test_the_probe_says_what_is_allowed_and_what_is_missing(reading, project):
    project.secret("x", 1)
    with reading.served() as server:
        collector = GoogleCollector(GoogleCollector.clean({"endpoint": server.url(""), "locations": "europe-west3"}))
        reading.api.rights = {*METADATA} - {"iam.serviceAccountKeys.list", "resourcemanager.projects.getIamPolicy"}
        told = {each.name: each for each in collector.probe(reading.context())}
        reading.api.rights = {*METADATA, *VALUES}
        whole = {each.name: each for each in collector.probe(reading.context())}
        collector.config["fingerprint"] = True
        with_values = {each.name: each.allowed for each in collector.probe(reading.context())}

    assert {name for name, each in told.items() if each.allowed is not True} == {
        "List keys of service accounts",
        "Read the project's policy",
    }
    assert "iam.serviceAccountKeys.list" in told["List keys of service accounts"].detail
    assert all(each.allowed for each in whole.values())
    assert "take it away" in whole["Read values"].detail
    assert with_values["Read values"] is True
    assert OF_VALUES not in reading.api.asked


def test_the_probe_says_when_an_api_is_not_switched_on(reading, project):
    reading.api.answers["policyanalyzer.projects.activityTypes.activities.query"] = problem(
        403, reason="SERVICE_DISABLED"
    )
    with reading.served() as server:
        collector = GoogleCollector(GoogleCollector.clean({"endpoint": server.url("")}))
        told = {each.name: each for each in collector.probe(reading.context())}

    assert told["Read last uses of keys"].allowed is False
    assert "not switched on" in told["Read last uses of keys"].detail


@pytest.mark.django_db(transaction=True)
def test_readers_of_a_secret_are_counted_with_groups_and_conditions(reading, project, tmp_path, settings):
    settings.WORKSPACE_DIR, settings.FINGERPRINT_KEY_FILE = tmp_path / "mirrors", tmp_path / "fingerprint.key"
    own = project.secret("pay-db", 3)
    project.secret("other", 3)
    project.allow(ACCESSOR, "group:devs@example.com", "user:ann@example.com", on=own)
    project.allow(ACCESSOR, "user:maybe@example.com", on=own, condition=("t", "request.time < timestamp('2030-01-01')"))
    project.allow("roles/owner", "user:boss@example.com")
    with reading.served() as server:
        reading.context()
        config = GoogleCollector.clean({"endpoint": server.url("")})
        source = Source.objects.create(
            name="google", kind="google", config=config, credential=REFERENCE, placed_by_operator=True
        )
        run = collect(source)
    count_readers()

    assert run.status == "complete"
    assert Secret.objects.get(path="pay-db").readers == 3, "Ann, the boss, and whoever is in the group"
    assert Secret.objects.get(path="other").readers == 1
    boss = Principal.objects.get(name="boss@example.com")
    assert (boss.admin, boss.wildcard) == (True, True)
    assert Grant.objects.exclude(condition="").count() == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"projects": "Payments"}, "no project's id"),
        ({"projects": "../x"}, "no project's id"),
        ({"locations": "europe"}, "no location"),
        ({"locations": "evil.example/"}, "no location"),
        ({"endpoint": "https://u:p@gate.example"}, "begins with https"),
        ({"endpoint": "file:///etc/passwd"}, "begins with https"),
        ({"concurrency": 99}, "1 to 16"),
        ({"pace": 0}, "1 to 90000"),
        ({"fingerprint": "perhaps"}, "yes or no"),
        ({"bindings": "perhaps"}, "yes or no"),
        ({"project": "x"}, "Unknown settings"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_what_to_write(given, words):
    with pytest.raises(CollectorError, match=words) as caught:
        GoogleCollector.clean(given)

    assert caught.value.permanent


def test_settings_are_written_one_way():
    given = {"projects": ["pay-prod", "pay-prod", "example.com:old-project"], "locations": "europe-west3 us-central1"}

    assert GoogleCollector.clean(given | {"endpoint": "https://G.example/"}) == {
        "projects": "pay-prod, example.com:old-project",
        "locations": "europe-west3, us-central1",
        "endpoint": "https://g.example",
        "fingerprint": False,
        "bindings": True,
        "concurrency": 4,
        "pace": 500,
    }


def test_two_sources_that_name_one_project_overlap():
    clean = GoogleCollector.clean
    one = clean({"projects": "pay-prod, pay-test"})

    assert GoogleCollector.overlap(one, clean({"projects": "pay-test"}))
    assert not GoogleCollector.overlap(one, clean({"projects": "shop-prod"}))
    assert not GoogleCollector.overlap(clean({}), clean({})), "each has the project of its own credential"


def test_a_read_renews_its_lease(reading, project):
    for number in range(10):
        project.secret(f"s{number}", 1)
    beats = []
    reading.alive = lambda: beats.append(1)

    reading.collect()

    assert len(beats) > 5


def test_nothing_but_what_the_skips_say_is_left_out(reading, project):
    project.secret("x", 1)

    assert [each for each in reading.collect().records if isinstance(each, SkipRecord)] == []
