"""What becomes of a read of Google when something goes wrong in its middle (G44, J13, J18, W11-W16)."""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inventory.collector import AssetRecord, CollectorError, DoneRecord
from inventory.collectors.google import GoogleCollector
from inventory.gcp import client as google_client
from inventory.gcp import manager as google_manager
from inventory.gcp import pace as google_pace
from inventory.gcp.pace import Pace
from inventory.models import Principal, Secret, Source
from inventory.services import count_readers
from posture.common.fingerprint import load_key
from posture.common.inside import Network
from tests.collectors.google_reading import REFERENCE, Reading
from tests.inventory.test_store_sync import collect
from tests.services.certificates import Authority
from tests.services.fault_server import Reply, fault_server
from tests.services.google_api import PROJECT, GoogleAPI, after, problem

pytestmark = pytest.mark.slow
FAULTS = [
    *("busy_for_a_day", "wrong_type", "web_page", "half_json", "empty", "gzip_bomb", "bad_gzip", "endless_headers"),
    *("endless_header", "redirect_loop", "redirect_elsewhere", "not_http", "deep_json", "long_number"),
]
ACCESSOR = "roles/secretmanager.secretAccessor"
LIST = "secretmanager.projects.secrets.list"
POLICY = "secretmanager.projects.secrets.getIamPolicy"


@pytest.fixture
def reading(tmp_path, monkeypatch):
    return Reading(tmp_path, monkeypatch)


@pytest.fixture
def filled(reading):
    """Twelve secrets, three of them with rights of their own, three accounts."""
    project = reading.api.project
    for number in range(12):
        own = project.secret(f"s{number:02d}", 30)
        if number < 3:
            project.allow(ACCESSOR, f"user:u{number}@example.com", on=own)
            project.account(f"a{number}", 5)
    project.allow("roles/owner", "user:boss@example.com")
    return reading.api


@pytest.fixture
def source(tmp_path, settings, reading, db):
    settings.WORKSPACE_DIR, settings.FINGERPRINT_KEY_FILE = tmp_path / "mirrors", tmp_path / "fingerprint.key"
    load_key(tmp_path / "fingerprint.key", create=True)
    reading.context()

    def made(server):
        config = GoogleCollector.clean({"endpoint": server.url(""), "pace": 90_000})
        given = {"kind": "google", "config": config, "credential": REFERENCE, "placed_by_operator": True}
        return Source.objects.create(name="google", **given)

    return made


@pytest.mark.parametrize("fault", FAULTS)
def test_g44_a_server_that_misbehaves_is_told_in_plain_words(fault, reading):
    with reading.served() as server:
        server.fault = fault
        found = reading.collect(server)

    assert found.done is None or found.skips
    words = [str(found.failure or ""), *(each.reason for each in found.skips.values())]
    assert any(words)
    assert all(len(each) < 400 and "Traceback" not in each for each in words)


@pytest.mark.parametrize("good", [0, 3, 6, 9, 15])
def test_j18_a_server_that_hangs_up_ends_the_read_without_its_end(good, reading, filled):
    with reading.served() as server:
        server.fault, server.good = "hang_up", good
        found = reading.collect(server, concurrency=1)

    assert found.failure is not None
    assert not found.failure.permanent
    assert found.done is None


def test_w15_a_token_follows_no_redirect(reading):
    reading.api.answers["*"] = lambda asked: Reply(b"", 302, {"Location": "/elsewhere"})
    with reading.served() as server:
        found = reading.collect(server)

        assert not [each.path for each in server.asked if "elsewhere" in each.path]
    assert "passes requests on" in str(found.failure)


def test_g44_tls_that_nobody_vouches_for_is_refused(reading, tmp_path):
    with reading.served(authority=Authority(tmp_path)) as server:
        found = reading.collect(server)

        assert server.asked == []
    assert "POSTURE_CA_FILE" in str(found.failure)
    assert found.failure.permanent


def test_g44_a_gateway_with_a_certificate_of_ones_own_is_read_over_tls(reading, filled, tmp_path):
    authority = Authority(tmp_path)
    with reading.served(authority=authority) as server:
        network = Network(anywhere=True, ca_file=str(authority.file))
        found = reading.collect(server, context=reading.context(network=network))

    assert found.failure is None
    assert len(found.secrets) == 12 + 3


def test_w11_a_gateway_inside_is_not_reached_from_the_browser(reading):
    with reading.served() as server:
        found = reading.collect(server, context=reading.context(network=Network()))

        assert server.connections == 0
    assert "POSTURE_INTERNAL_HOSTS" in str(found.failure)


def test_w14_w16_nothing_of_this_server_takes_part(reading, filled, monkeypatch, tmp_path):
    """A default credential, a proxy, or a metadata service would lend a source rights that are not its own."""
    api = GoogleAPI()
    ambient = tmp_path / "ambient.json"
    ambient.write_text(api.credential.replace("posture@", "ofthemachine@"))
    with fault_server() as other:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "GCE_METADATA_ROOT", "GCE_METADATA_IP", "GCE_METADATA_HOST"):
            monkeypatch.setenv(name, other.url("").removeprefix("http://") if "GCE" in name else other.url(""))
        for name, value in {
            "GOOGLE_APPLICATION_CREDENTIALS": str(ambient),
            "GOOGLE_CLOUD_PROJECT": "project-of-the-machine",
            "GOOGLE_CLOUD_UNIVERSE_DOMAIN": "evil.example",
            "GOOGLE_CLOUD_QUOTA_PROJECT": "project-of-the-machine",
            "GOOGLE_API_USE_MTLS_ENDPOINT": "always",
            "CLOUDSDK_CONFIG": str(tmp_path),
            "REQUESTS_CA_BUNDLE": "/nonexistent",
        }.items():
            monkeypatch.setenv(name, value)
        with reading.served() as server:
            found = reading.collect(server)
            told = str([each.headers for each in server.asked]) + str([each.path for each in server.asked])

        assert other.connections == 0
    assert found.done.full
    assert "of-the-machine" not in told


def test_w16_without_a_credential_the_machine_is_not_asked(reading, monkeypatch, tmp_path):
    (tmp_path / "ambient.json").write_text(reading.api.credential)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "ambient.json"))

    with pytest.raises(CollectorError, match="no credential"):
        list(GoogleCollector(GoogleCollector.clean({})).discover(replace(reading.context(), credential="")))


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "authorized_user", "client_id": "x", "client_secret": "y", "refresh_token": "z"},
        {"type": "external_account", "credential_source": {"executable": {"command": "touch RAN"}}},
        {"type": "external_account", "credential_source": {"file": "/etc/hostname"}, "token_url": "http://OTHER/"},
        {"type": "impersonated_service_account", "service_account_impersonation_url": "http://OTHER/"},
        {"type": None},
        {"client_email": "evil"},
        {"client_email": "x@evil.example"},
        {"universe_domain": "evil.example"},
        {"private_key": "PRIVATE"},
        {"private_key": 5},
    ],
)
def test_w16_other_kinds_of_credentials_run_read_and_ask_nothing(changed, reading, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with fault_server() as other, reading.served() as server:
        given = json.loads(reading.api.credential) | changed
        text = json.dumps(given).replace("OTHER", f"127.0.0.1:{other.port}")
        found = reading.collect(server, context=reading.context(text))

        assert (other.connections, server.connections) == (0, 0)
    assert found.failure.permanent
    assert "PRIVATE" not in str(found.failure)
    assert not (tmp_path / "RAN").exists()


@pytest.mark.parametrize("text", ["[]", '"PRIVATE"', "PRIVATE", "{", "5", "null", "[" * 100_000])
def test_w16_what_is_no_key_at_all_is_refused_without_a_word_of_it(text, reading):
    found = reading.collect(context=reading.context(text))

    assert "is no key of a service account" in str(found.failure)
    assert "PRIVATE" not in str(found.failure)


def test_w15_the_key_goes_nowhere_and_its_token_host_is_not_asked(reading, filled):
    with fault_server() as other:
        told = json.loads(reading.api.credential) | {"token_uri": other.url("/token")}
        with reading.served() as server:
            found = reading.collect(server, context=reading.context(json.dumps(told)))
            sent = b"".join(str(each.headers).encode() + each.body for each in server.asked).decode()

        assert other.connections == 0
    assert found.failure is None
    assert told["private_key"].splitlines()[3] not in sent


def test_w15_a_credential_is_bound_to_google_or_to_the_gateway():
    clean = GoogleCollector.clean

    assert GoogleCollector.origins(clean({})) == {"https://googleapis.com:443"}
    assert GoogleCollector.origins(clean({"endpoint": "https://Gate.example:8443"})) == {"https://gate.example:8443"}


def test_w15_without_an_endpoint_requests_go_to_googles_hosts_only(reading, monkeypatch):
    reached = []

    def ask(host, port):
        reached.append((host, port))
        return ["192.0.2.1"]

    made = google_client.guarded_session
    monkeypatch.setattr(google_client, "guarded_session", lambda *given, **more: made(*given, ask=ask, **more))
    client = google_client.Client.of({"locations": "europe-west3"}, reading.context(network=Network()))
    for service in ("iam", "cloudresourcemanager", "policyanalyzer"):
        with pytest.raises(CollectorError):
            client.ask(service, "v1/x", "x")
    for location in ("", "europe-west3"):
        with pytest.raises(CollectorError):
            client.call("list_secrets", "secretmanager.secrets.list", location, parent="projects/x")
    with pytest.raises(CollectorError):
        client.call("list_secrets", "secretmanager.secrets.list", "evil.example/", parent="projects/x")

    assert set(reached) == {
        (f"{name}.googleapis.com", 443)
        for name in ("iam", "cloudresourcemanager", "policyanalyzer", "secretmanager", "secretmanager.europe-west3.rep")
    }


def test_w14_the_official_client_has_no_way_of_its_own_and_no_credential(reading):
    client = google_client.Client.of({"endpoint": "http://127.0.0.1:9"}, reading.context())
    manager = client.manager()

    transport = manager.transport
    assert type(transport._credentials).__name__ == "AnonymousCredentials"
    assert getattr(transport._credentials, "token", None) is None
    assert {type(each._session).__name__ for each in transport._wrapped_methods} == {"_Carrier"}


def test_w14_the_official_client_writes_no_answer_down(reading, filled, monkeypatch):
    """Told to debug, it hands requests and answers to whatever writes logs as data."""
    written = []

    class Writer(logging.Handler):
        def emit(self, record):
            written.append(record.name)

    # It lets nothing of its own pass on to the root, so that one listens at its door.
    own = logging.getLogger("google")
    monkeypatch.setattr(own, "level", logging.DEBUG)
    monkeypatch.setattr(own, "handlers", [Writer(logging.DEBUG)])

    assert reading.collect().done

    assert [name for name in written if name.startswith("google.cloud")] == []


@pytest.mark.parametrize("name", ["a/b", "a b", "%2e%2e", "x?y=1", "x#y", "ü", "a\nb", "*", "..", "x" * 256, ""])
def test_g44_a_name_that_secret_manager_does_not_give_is_asked_for_nowhere(name, reading, filled):
    entry = {"name": f"projects/1/secrets/{name}", "createTime": "2026-01-01T00:00:00Z"}
    fine = {"name": "projects/1/secrets/s00", "createTime": "2026-01-01T00:00:00Z"}
    reading.api.answers[LIST] = lambda asked: Reply(json.dumps({"secrets": [entry, fine]}).encode())

    found = reading.collect()

    assert [path for path in found.secrets if not path.startswith("service-accounts/")] == ["s00"]
    assert found.skips["secrets"].partial, "what was passed over must not seem gone"
    assert reading.api.broken == []


def test_w15_a_name_of_another_project_leads_nowhere_else(reading, filled):
    """The project that is asked is the one that the source names, whatever an answer says."""
    entry = {"name": "projects/other-project/secrets/s00", "createTime": "2026-01-01T00:00:00Z"}
    reading.api.answers[LIST] = lambda asked: Reply(json.dumps({"secrets": [entry]}).encode())
    with reading.served() as server:
        reading.collect(server)

        asked = [each.path for each in server.asked]
    assert any("/secrets/s00" in path for path in asked)
    assert not [path for path in asked if "other-project" in path]


def test_g44_pages_that_lead_back_are_noticed(reading, filled):
    entry = {"name": "projects/1/secrets/s00", "createTime": "2026-01-01T00:00:00Z"}
    body = json.dumps({"secrets": [entry], "nextPageToken": "again"}).encode()
    reading.api.answers[LIST] = lambda asked: Reply(body)

    found = reading.collect()

    assert "lead back" in str(found.failure)
    assert reading.api.asked.count(LIST) == 2
    assert found.done is None


def test_g44_of_more_versions_than_are_read_none_is_kept_and_that_is_said(reading, filled, monkeypatch):
    filled.project.secret("s00", *range(9, 0, -1))
    monkeypatch.setattr(google_manager, "MOST_VERSIONS", 5)

    found = reading.collect()

    assert found.secrets["s00"].versions == ()
    assert "more than 5 versions" in found.skips["versions of secrets"].reason
    assert found.secrets["s01"].versions


@pytest.mark.parametrize("method", [LIST, POLICY])
def test_g44_what_is_larger_than_google_has_it_does_not_wait_to_be_written(method, reading, filled):
    """Hundreds of secrets with their policies wait at once."""
    bloat = "x" * 2_000_000
    entry = {"name": f"projects/{PROJECT}/secrets/s00", "annotations": {"a": bloat}}
    policy = {"bindings": [{"role": bloat, "members": ["user:a@example.com"]}]}
    bodies = {LIST: {"secrets": [entry]}, POLICY: policy}
    filled.answers[method] = lambda asked: Reply(json.dumps(bodies[method]).encode())

    found = reading.collect()

    assert found.skips["secrets" if method == LIST else "rights on secrets"].partial
    assert not any(len(str(record)) > 100_000 for record in found.records)


def test_g44_the_largest_page_that_google_can_give_is_read(reading, filled):
    """200 secrets, each with all the labels, annotations, topics and aliases that Google allows."""
    facts = {
        "labels": {f"l{number:062d}": "v" * 63 for number in range(64)},
        "annotations": {f"a{number:062d}": "v" * 960 for number in range(16)},
        "topics": [{"name": f"projects/{PROJECT}/topics/{'t' * 250}"} for _ in range(10)],
        "versionAliases": {f"b{number:062d}": "1" for number in range(50)},
    }
    for number in range(300):
        filled.project.secret(f"{number:03d}{'n' * 252}", 30, **facts)

    found = reading.collect(bindings=False, concurrency=16)

    assert found.failure is None
    assert sum(len(path) == 255 for path in found.secrets) == 300
    assert not any(skip.partial for skip in found.skips.values())


def test_g44_a_busy_google_is_waited_for_and_not_for_ever(reading, filled, monkeypatch):
    made = google_client.guarded_session
    monkeypatch.setattr(
        google_client, "guarded_session", lambda *given, **more: made(*given, sleep=lambda _: None, **more)
    )
    busy = iter([True, True, True])
    exhausted = problem(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED")
    reading.api.answers[POLICY] = lambda asked: exhausted(asked) if next(busy, False) else None
    with reading.served() as server:
        assert reading.collect(server, concurrency=1).failure is None

        reading.api.answers[LIST] = exhausted
        reading.api.asked.clear()
        found = reading.collect(server)

    assert "limits how often" in str(found.failure)
    assert not found.failure.permanent
    assert reading.api.asked.count(LIST) == google_client.ATTEMPTS


def test_g44_requests_keep_below_the_quota(monkeypatch):
    now, slept = [0.0], []

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(google_pace.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(google_pace.time, "sleep", sleep)
    beats = []
    pace = Pace(500, lambda: beats.append(1))

    for _ in range(550):
        pace.wait()
    first_minute = now[0]
    for _ in range(500):
        pace.wait()

    assert first_minute == pytest.approx(60, abs=1)
    assert now[0] == pytest.approx(120, abs=1)
    assert max(slept) <= 1
    assert beats, "the lease is renewed meanwhile"


def test_values_are_not_held_back_by_the_quota_of_readers(reading, monkeypatch):
    waited = []
    monkeypatch.setattr(Pace, "wait", lambda self: waited.append(1))
    reading.api.project.secret("x", 30, 20)

    reading.collect(fingerprint=True)

    asked = [each for each in reading.api.asked if each.startswith("secretmanager.")]
    assert len(asked) == 3 + 2
    assert len(waited) == 3


def test_j13_a_key_that_ends_in_the_middle_ends_the_read_and_keeps_what_was_read(reading, filled):
    hidden = secrets.token_hex(20)
    reading.api.answers[POLICY] = after(6, problem(401, "UNAUTHENTICATED", "ACCOUNT_STATE_INVALID", hidden))

    found = reading.collect(concurrency=1)

    assert found.failure.permanent
    assert "does not accept the service account's key" in str(found.failure)
    assert hidden not in str(found.failure)
    assert 0 < sum(path.startswith("s0") for path in found.secrets) <= 6
    assert found.done is None


def test_j13_a_token_that_ends_in_a_long_read_is_made_anew(reading, filled, monkeypatch):
    expired, tokens = [3], set()

    def judge(asked):
        tokens.add(asked.headers["Authorization"])
        expired[0] -= 1
        return problem(401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED")(asked) if expired[0] == 0 else None

    monkeypatch.setattr("inventory.gcp.credential.ServiceAccountKey.fresh", False)
    reading.api.answers[POLICY] = judge

    found = reading.collect(concurrency=1)

    assert found.failure is None
    assert sum(path.startswith("s") and len(path) == 3 for path in found.secrets) == 12


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_clock_that_is_wrong_is_named(hours, reading, filled, monkeypatch):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(UTC) + timedelta(hours=hours)

    monkeypatch.setattr(google_client, "datetime", Clock)
    right = reading.collect()
    reading.api.revoked = True
    refused = reading.collect()

    assert right.skips[f"its clock is 300 minutes {'behind' if hours > 0 else 'ahead of'} ours"]
    assert "300 minutes apart" in str(refused.failure)


def test_j13_the_token_is_one_that_google_accepts_now_and_not_for_long(reading, filled):
    """The stand-in checks signature, start and end of what the official library signed."""
    assert reading.collect().failure is None

    for hours in (-2, 2):
        reading.api.clock = timedelta(hours=hours)
        assert "does not accept" in str(reading.collect().failure)


def test_j13_a_revoked_key_is_told(reading, filled):
    reading.api.revoked = True

    assert reading.collect().failure.permanent


@pytest.mark.django_db(transaction=True)
def test_j18_a_right_revoked_halfway_leaves_what_was_known_and_goes_on(reading, filled, source):
    filled.most = 5
    with reading.served() as server:
        row = source(server)
        assert collect(row).status == "complete"
        filled.answers[LIST] = after(1, problem(403, reason="IAM_PERMISSION_DENIED"))
        filled.project.account("new", 3)
        run = collect(row)

    assert run.status == "partial"
    assert Secret.objects.present().filter(path__startswith="s", kind="generic-secret").count() == 12
    assert Secret.objects.present().filter(path__contains="/new@").exists()
    skipped = run.reads.get().skipped
    assert [each["what"] for each in skipped if each["partial"]] == ["secrets"]
    assert "does not allow secretmanager.secrets.list" in str(skipped)


@pytest.mark.django_db(transaction=True)
def test_j18_where_the_projects_rights_were_never_told_nobody_seems_to_have_none(reading, filled, source):
    with reading.served() as server:
        row = source(server)
        filled.answers["cloudresourcemanager.projects.getIamPolicy"] = problem(403)
        assert collect(row).status == "partial"
        count_readers()

        assert set(Secret.objects.values_list("readers", flat=True)) == {None}
        assert set(Principal.objects.values_list("admin", "wildcard", "reads")) == {(None, None, None)}

        del filled.answers["cloudresourcemanager.projects.getIamPolicy"]
        assert collect(row).status == "complete"
        filled.answers["cloudresourcemanager.projects.getIamPolicy"] = problem(403)
        assert collect(row).status == "partial"
        count_readers()

    stored = Secret.objects.filter(kind="generic-secret")
    assert dict(stored.values_list("path", "readers"))["s00"] == 2, "what was told before still stands"
    assert Principal.objects.get(name="boss@example.com").wildcard is True
    assert Principal.objects.get(name="u0@example.com").wildcard is False


@pytest.mark.django_db(transaction=True)
def test_j18_a_read_that_breaks_off_marks_nothing_as_gone(reading, filled, source):
    with reading.served() as server:
        row = source(server)
        assert collect(row).status == "complete"
        filled.answers[POLICY] = problem(401, "UNAUTHENTICATED")
        run = collect(row)

    assert run.status == "failed"
    assert Secret.objects.present().count() == 12 + 3
    assert Principal.objects.present().filter(name="u2@example.com").exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_deleted_is_gone_after_a_whole_read(reading, filled, source):
    with reading.served() as server:
        row = source(server)
        assert collect(row).status == "complete"
        del filled.project.secrets["secrets/s00"]
        assert collect(row).status == "complete"

    assert not Secret.objects.present().filter(path="s00").exists()
    assert not Principal.objects.present().filter(name="u0@example.com").exists()
    assert Principal.objects.present().filter(name="u1@example.com").exists()


@pytest.mark.parametrize(
    ("method", "answer", "partial"),
    [
        (LIST, problem(403), True),
        (LIST, problem(403, reason="SERVICE_DISABLED"), True),
        (LIST, problem(403, reason="SECURITY_POLICY_VIOLATED"), True),
        (LIST, problem(500, "INTERNAL"), True),
        (LIST, problem(400, "INVALID_ARGUMENT"), True),
        (LIST, problem(501, "UNIMPLEMENTED"), True),
        (LIST, problem(404, "NOT_FOUND"), True),
        ("iam.projects.serviceAccounts.list", problem(404, "NOT_FOUND"), True),
        ("iam.projects.serviceAccounts.keys.list", problem(404, "NOT_FOUND"), True),
        ("secretmanager.projects.secrets.versions.list", problem(403), False),
        (POLICY, problem(403), True),
        ("iam.projects.serviceAccounts.list", problem(403), True),
        ("iam.projects.serviceAccounts.keys.list", problem(403), True),
        ("policyanalyzer.projects.activityTypes.activities.query", problem(403), False),
        ("cloudresourcemanager.projects.getIamPolicy", problem(403), True),
        ("cloudresourcemanager.projects.getAncestry", problem(403), False),
    ],
)
def test_j18_what_one_right_is_missing_for_is_skipped_and_the_rest_is_read(method, answer, partial, reading, filled):
    filled.answers[method] = answer

    found = reading.collect()

    assert found.failure is None
    assert [each.partial for each in found.skips.values()] == [partial]
    assert found.principals
    assert found.secrets
    assert isinstance(found.records[-1], DoneRecord)


@pytest.mark.parametrize("method", [POLICY, "secretmanager.projects.secrets.versions.list"])
def test_j18_secrets_that_are_listed_and_not_there_do_not_seem_gone(method, reading, filled):
    """One was deleted just now; or a gateway passes on only a part, and says so of all the rest."""
    filled.answers[method] = after(3, problem(404, "NOT_FOUND"))

    found = reading.collect(concurrency=1)

    assert sum(len(path) == 3 for path in found.secrets) == 3
    assert found.skips["secrets"].partial
    assert found.skips["secrets"].count == 9


def test_j18_a_project_that_was_taken_out_is_not_read(reading):
    old = AssetRecord("other-project", "project", "x", "projects/other-project")
    collector = GoogleCollector(GoogleCollector.clean({"endpoint": "http://127.0.0.1:9", "projects": PROJECT}))

    with pytest.raises(CollectorError, match="not among"):
        list(collector.read(old, reading.context()))
