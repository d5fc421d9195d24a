"""What becomes of a collection of a Vault when something goes wrong in the middle of it (G44, J13, J18, W11-W16)."""

import json
import secrets
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from inventory.collector import AssetRecord, CollectorError, SecretRecord, SkipRecord
from inventory.models import Asset, Grant, Principal, Secret, Source
from inventory.services import count_readers
from inventory.vault import client as vault_client
from inventory.vault import kv
from posture.common.fingerprint import load_key
from posture.common.inside import Network
from tests.collectors.vault_reading import REFERENCE, Reading, passed_on
from tests.inventory.test_store_sync import collect
from tests.services.certificates import Authority
from tests.services.fault_server import Reply, fault_server

pytestmark = pytest.mark.slow
# Those that end at once; the slow ones are the client's own matter and tested there.
FAULTS = [
    *("busy_for_a_day", "wrong_type", "web_page", "half_body", "half_chunk", "half_json", "empty", "gzip_bomb"),
    *("bad_gzip", "endless_body", "ten_gigabytes", "endless_headers", "endless_header", "redirect_loop"),
    *("redirect_elsewhere", "not_http", "hang_up", "deep_json", "long_number", "next_elsewhere"),
]


@pytest.fixture
def reading(tmp_path, monkeypatch):
    return Reading(tmp_path, monkeypatch)


@pytest.fixture
def filled(openbao):
    """Twelve secrets in three folders."""
    openbao.key_values()
    for number in range(12):
        openbao.put(f"team-{number % 3}/s{number:02d}")
    return openbao


def asset_of(collector, context, name="kv/"):
    return next(
        record
        for record in collector.discover(context)
        if isinstance(record, AssetRecord) and record.external_id.endswith(name)
    )


def read_all(collector, asset, context):
    """Return what came before an error, and the error."""
    records = []
    try:
        for record in collector.read(asset, context):
            records.append(record)
    except CollectorError as error:
        return records, error
    return records, None


@pytest.mark.parametrize("fault", FAULTS)
def test_g44_j13_a_server_that_goes_wrong_in_the_middle_is_told_in_words(filled, reading, fault):
    with fault_server(passed_on(filled)) as server, fault_server() as other:
        server.elsewhere = other.url("").rstrip("/")
        collector = reading.collector(filled, server.url("").rstrip("/"), concurrency=1)
        context = reading.context(filled.token)
        asset = asset_of(collector, context)
        server.fault, server.good = fault, 9

        records, error = read_all(collector, asset, context)

        read = [record for record in records if isinstance(record, SecretRecord)]
        assert error is not None
        assert str(error).endswith(".")
        assert "Traceback" not in str(error)
        assert 1 <= len(read) <= 12
        assert other.asked == []
        assert set(server.told("X-Vault-Token")) == {filled.token}
        assert filled.token not in str(error)


def test_w14_a_standby_that_leads_to_another_node_is_not_followed(filled, reading):
    with (
        fault_server() as other,
        fault_server(lambda asked: Reply(b"", 307, {"Location": other.url("/v1/x")})) as server,
    ):
        collector = reading.collector(filled, server.url("").rstrip("/"))

        with pytest.raises(CollectorError, match="carry the credential away") as caught:
            list(collector.discover(reading.context(filled.token)))

        assert caught.value.permanent
        assert other.asked == []


def test_w11_an_address_inside_is_refused_for_a_source_added_in_the_browser(filled, reading):
    collector = reading.collector(filled)

    with pytest.raises(CollectorError, match="POSTURE_INTERNAL_HOSTS"):
        list(collector.discover(reading.context(filled.token, network=Network())))


def test_an_unknown_certificate_is_refused_and_an_own_authority_is_trusted(filled, reading, tmp_path):
    authority = Authority(tmp_path)
    with fault_server(passed_on(filled), authority=authority) as server:
        collector = reading.collector(filled, server.url("").rstrip("/"))
        trusting = Network(anywhere=True, ca_file=str(authority.file))

        with pytest.raises(CollectorError, match="POSTURE_CA_FILE") as caught:
            list(collector.discover(reading.context(filled.token)))
        found = list(collector.discover(reading.context(filled.token, network=trusting)))

    assert caught.value.permanent
    assert found


def test_j13_a_server_that_limits_is_asked_again_when_it_says(filled, reading):
    pass_on, refusals = passed_on(filled), Counter()

    def answer(asked):
        if "metadata/team" in asked.path and refusals[asked.path] == 0 and len(refusals) < 3:
            refusals[asked.path] += 1
            return Reply(b"", 429, {"Retry-After": "1"})
        return pass_on(asked)

    with fault_server(answer) as server:
        collector = reading.collector(filled, server.url("").rstrip("/"))
        context = reading.context(filled.token)
        records, error = read_all(collector, asset_of(collector, context), context)

    assert error is None
    assert len(refusals) == 3
    assert len([record for record in records if isinstance(record, SecretRecord)]) == 12


def test_j13_the_lease_is_kept_while_a_busy_server_is_waited_for(filled, reading):
    pass_on, busy, renewed = passed_on(filled), Counter(), Counter()

    def answer(asked):
        busy[asked.path] += 1
        if "sys/mounts" in asked.path and busy[asked.path] == 1:
            return Reply(b"", 429, {"Retry-After": "3"})
        return pass_on(asked)

    with fault_server(answer) as server:
        collector = reading.collector(filled, server.url("").rstrip("/"))
        records = collector.discover(reading.context(filled.token, alive=lambda: renewed.update(["times"])))
        next(records)
        records.close()

    assert renewed["times"] >= 4


def test_a_sealed_server_says_that_it_is_sealed(filled, reading):
    def answer(asked):
        if asked.path.startswith("/v1/sys/health"):
            return {"sealed": True, "initialized": True, "version": "2.7.2"}
        return Reply(b'{"errors":["Vault is sealed"]}', 503)

    with fault_server(answer) as server, pytest.raises(CollectorError, match="Unseal it") as caught:
        list(reading.collector(filled, server.url("").rstrip("/")).discover(reading.context(filled.token)))

    assert not caught.value.permanent


def test_one_secret_that_the_server_cannot_read_does_not_stop_the_others(filled, reading):
    pass_on = passed_on(filled)

    def answer(asked):
        return Reply(b'{"errors":["1 error"]}', 500) if asked.path.endswith("s04") else pass_on(asked)

    with fault_server(answer) as server:
        collector = reading.collector(filled, server.url("").rstrip("/"))
        context = reading.context(filled.token)
        records, error = read_all(collector, asset_of(collector, context), context)

    assert error is None
    (hidden,) = [record for record in records if isinstance(record, SecretRecord) and record.named_only]
    assert hidden.path == "team-1/s04"
    assert any(isinstance(record, SkipRecord) and record.partial for record in records)


def test_a_server_that_fails_for_everything_is_left_alone(filled, reading, monkeypatch):
    monkeypatch.setattr(kv, "MOST_FAILURES", 5)
    pass_on = passed_on(filled)

    def answer(asked):
        return Reply(b"{}", 500) if "/s" in asked.path.partition("metadata")[2] else pass_on(asked)

    with fault_server(answer) as server:
        collector = reading.collector(filled, server.url("").rstrip("/"))
        context = reading.context(filled.token)
        _, error = read_all(collector, asset_of(collector, context), context)

    assert "5 secrets in a row" in str(error)


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_clock_that_is_off_is_told_and_deleted_versions_are_judged_by_it(filled, reading, monkeypatch, hours):
    filled.call("POST", "kv/metadata/team-0/s00", {"delete_version_after": "1h"})
    filled.put("team-0/s00")
    told = datetime.now(UTC) + timedelta(hours=hours)
    monkeypatch.setattr(
        BaseHTTPRequestHandler, "date_time_string", lambda self, timestamp=None: f"{told:%a, %d %b %Y %H:%M:%S GMT}"
    )
    with fault_server(passed_on(filled)) as server:
        collector = reading.collector(filled, server.url("").rstrip("/"))
        context = reading.context(filled.token)
        records, error = read_all(collector, asset_of(collector, context), context)

    assert error is None
    (skip,) = [record for record in records if isinstance(record, SkipRecord)]
    assert skip.what == f"its clock is 180 minutes {'ahead of' if hours > 0 else 'behind'} ours"
    assert not skip.partial
    (record,) = [each for each in records if isinstance(each, SecretRecord) and each.path == "team-0/s00"]
    assert record.enabled is (hours < 0)


def test_the_order_in_which_names_come_makes_no_difference(filled, reading, monkeypatch):
    pass_on = passed_on(filled)

    def answer(asked):
        reply = pass_on(asked)
        body = json.loads(reply.body or b"{}")
        if "list=true" in asked.path and reply.status == 200:
            body["data"].get("keys", []).reverse()
            return Reply(json.dumps(body).encode(), 200, reply.headers)
        return reply

    with fault_server(answer) as server:
        backwards = reading.collect(filled, url=server.url("").rstrip("/"))
    forwards = reading.collect(filled)

    assert backwards.secrets("kv/") == forwards.secrets("kv/")
    assert set(backwards.grants()) == set(forwards.grants())


def test_names_that_cannot_stand_in_an_address_are_skipped(filled, reading):
    pass_on = passed_on(filled)

    def answer(asked):
        reply = pass_on(asked)
        if "kv/metadata?" in asked.path and "list=true" in asked.path:
            body = json.loads(reply.body)
            body["data"]["keys"] += ["..", "./", "a\0b", ""]
            return Reply(json.dumps(body).encode(), 200, reply.headers)
        return reply

    with fault_server(answer) as server:
        collector = reading.collector(filled, server.url("").rstrip("/"))
        context = reading.context(filled.token)
        records, error = read_all(collector, asset_of(collector, context), context)
        asked = [each.path for each in server.asked]

    assert error is None
    assert [(record.count, record.partial) for record in records if isinstance(record, SkipRecord)] == [(4, True)]
    assert not [path for path in asked if ".." in path or "%00" in path]


# Through the inventory: what is kept, and that nothing is gone.


@pytest.fixture
def source(filled, monkeypatch, settings):
    monkeypatch.setenv("POSTURE_CREDENTIAL_VAULT", filled.token)
    load_key(settings.FINGERPRINT_KEY_FILE, create=True)
    config = {"url": filled.url, "namespace": filled.namespace, "fingerprint": False, "concurrency": 1}
    return Source.objects.create(
        name="vault", kind="vault", config=config, credential=REFERENCE, placed_by_operator=True
    )


def gone():
    return [model.objects.exclude(gone_at=None).count() for model in (Asset, Secret, Principal)]


def behind(source, server):
    source.config = source.config | {"url": server.url("").rstrip("/")}
    source.save()


@pytest.mark.django_db
def test_j18_cut_at_any_request_nothing_is_gone(filled, source, monkeypatch):
    assert collect(source).status == "complete"
    whole = Secret.objects.count()
    assert whole >= 12
    with fault_server(passed_on(filled)) as server:
        behind(source, server)
        server.fault = "half_json"
        for good in (0, 3, 6, 8, 10, 13, 17, 21, 25):
            server.good = good

            run = collect(source)

            assert run.status in ("failed", "partial")
            assert gone() == [0, 0, 0]
    assert Secret.objects.present().count() == whole


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "said"),
    [
        *((path, {"status": "ok"}) for path in ("sys/mounts", "kv/metadata?", "sys/policies/acl?")),
        *(("kv/metadata?", said) for said in (["request_id"], "request_id", None)),
    ],
)
def test_j18_an_answer_that_is_not_vaults_is_not_one_that_holds_nothing(filled, source, path, said):
    assert collect(source).status == "complete"
    whole = Secret.objects.count()
    pass_on = passed_on(filled)
    with fault_server(lambda asked: said if path in asked.path else pass_on(asked)) as server:
        behind(source, server)

        run = collect(source)

    assert run.status in ("failed", "partial")
    assert "What answers is not Vault" in run.error + " ".join(read.error for read in run.reads.all())
    assert gone() == [0, 0, 0]
    assert Secret.objects.present().count() == whole


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["revoked", "restarted"])
def test_j13_a_token_that_ends_in_the_middle_ends_the_read_and_keeps_what_was_read(filled, source, monkeypatch, how):
    filled.policy("all", 'path "*" { capabilities = ["create", "read", "update", "list", "sudo"] }')
    token = filled.new_token("all")
    monkeypatch.setenv("POSTURE_CREDENTIAL_VAULT", token)
    monkeypatch.setattr(vault_client, "_SURE_SECONDS", 0)
    pass_on, count = passed_on(filled), Counter()

    def answer(asked):
        count["secrets"] += "kv/metadata/team" in asked.path and "list" not in asked.path
        if count["secrets"] == 6 and how == "revoked" and not count["ended"]:
            count["ended"] += 1
            filled.with_token(token).call("POST", "auth/token/revoke-self")
        if count["secrets"] >= 6 and how == "restarted":
            # A server in memory that was started again knows nobody.
            return Reply(b'{"errors":["permission denied"]}', 403)
        return pass_on(asked)

    with fault_server(answer) as server:
        behind(source, server)
        run = collect(source)

    (failed,) = [read for read in run.reads.all() if read.asset.external_id.endswith("kv/")]
    assert failed.status == "failed"
    assert "expired, was revoked" in failed.error
    assert token not in failed.error
    assert gone() == [0, 0, 0]


@pytest.mark.django_db
def test_j18_a_right_that_is_taken_in_the_middle_leaves_what_was_known(filled, source, monkeypatch):
    assert collect(source).status == "complete"
    known = dict(Secret.objects.filter(path__startswith="team").values_list("path", "created_at"))
    rights = 'path "*" { capabilities = ["create", "read", "update", "list", "sudo"] }'
    filled.policy("all", rights)
    monkeypatch.setenv("POSTURE_CREDENTIAL_VAULT", filled.new_token("all"))
    pass_on, count = passed_on(filled), Counter()

    def answer(asked):
        count["secrets"] += "kv/metadata/team" in asked.path and "list" not in asked.path
        if count["secrets"] == 5 and not count["taken"]:
            count["taken"] += 1
            filled.policy("all", rights + '\npath "kv/metadata/*" { capabilities = ["list"] }')
        return pass_on(asked)

    with fault_server(answer) as server:
        behind(source, server)
        run = collect(source)

    assert run.status == "partial"
    assert gone() == [0, 0, 0]
    assert dict(Secret.objects.filter(path__startswith="team").values_list("path", "created_at")) == known
    assert all(known.values())


def test_an_approle_signs_in_again_when_its_token_ended_in_the_middle(filled, reading, monkeypatch):
    monkeypatch.setattr(vault_client, "_LOGIN_SECONDS", 0)
    monkeypatch.setattr(vault_client, "_SURE_SECONDS", 0)
    filled.policy("all", 'path "*" { capabilities = ["create", "read", "update", "list", "sudo"] }')
    credential = filled.app_role("posture", "all")
    pass_on, count, tokens = passed_on(filled), Counter(), set()

    def answer(asked):
        count["secrets"] += "kv/metadata/team" in asked.path and "list" not in asked.path
        if count["secrets"] == 6 and not count["ended"]:
            count["ended"] += 1
            filled.with_token(asked.headers["X-Vault-Token"]).call("POST", "auth/token/revoke-self")
        tokens.add(asked.headers.get("X-Vault-Token"))
        return pass_on(asked)

    with fault_server(answer) as server:
        collector = reading.collector(filled, server.url("").rstrip("/"))
        context = reading.context(json.dumps(credential))
        records, error = read_all(collector, asset_of(collector, context), context)

    assert error is None
    assert count["ended"] == 1
    assert len([each for each in records if isinstance(each, SecretRecord) and not each.named_only]) == 12


def test_a_lease_that_is_lost_stops_the_workers(filled, reading):
    class Lost(Exception):
        """Another worker has it."""

    def alive():
        raise Lost

    reading.alive = alive
    collector = reading.collector(filled)
    asset = AssetRecord("kv/", "mount", "kv", f"{filled.url}/ui/vault/secrets/kv%2F?namespace={filled.namespace}")

    with pytest.raises(Lost):
        list(collector.read(asset, reading.context(filled.token)))


def test_secrets_of_the_credential_stand_in_no_error(filled, reading):
    secret = secrets.token_urlsafe(24)
    broken = json.dumps({"role_id": secret, "secret": secret})

    with pytest.raises(CollectorError) as caught:
        list(reading.collector(filled).discover(reading.context(broken)))

    assert secret not in str(caught.value)
    assert secret not in repr(caught.value.__context__)


# Who can read


@pytest.mark.django_db
@pytest.mark.parametrize(
    "part", ["sys/policies/acl?", "sys/policies/acl/reader", "auth/token/accessors", "identity/entity/id", "/role/app"]
)
def test_j18_rights_that_were_known_are_not_lost_where_a_part_is_told_no_more(filled, source, part):
    app_of(filled)
    assert collect(source).status == "complete"
    count_readers()
    counts = set(Secret.objects.filter(path__startswith="team").values_list("readers", flat=True))
    (before,) = counts
    app = Principal.objects.get(external_id__endswith="auth/approle/role/app")
    assert (app.admin, app.reads) == (False, 12)

    with fault_server(refusing(filled, part)) as server:
        behind(source, server)
        collect(source)
    count_readers()

    app.refresh_from_db()
    assert (app.admin, app.reads) == (None, None)
    assert "reader" in {link.group.name.rpartition("/")[2] for link in app.links_up.select_related("group")}
    assert before >= 1
    assert set(Secret.objects.filter(path__startswith="team").values_list("readers", flat=True)) == {None}


@pytest.mark.django_db
def test_j18_readers_are_not_known_where_the_first_read_of_rights_breaks_off(filled, source):
    app_of(filled)
    with fault_server(refusing(filled, "auth/token/accessors", 200)) as server:
        behind(source, server)
        run = collect(source)
    count_readers()

    assert [read.status for read in run.reads.filter(asset__kind="access")] == ["failed"]
    assert Grant.objects.exists()
    assert set(Secret.objects.values_list("readers", flat=True)) == {None}
    assert set(Principal.objects.values_list("admin", "reads")) == {(None, None)}


def app_of(server):
    """Make a role that may read what is stored."""
    server.policy("reader", 'path "kv/data/*" { capabilities = ["read"] }')
    server.call("POST", "sys/auth/approle", {"type": "approle"})
    server.call("POST", "auth/approle/role/app", {"token_policies": ["reader"]})


def refusing(server, part, status=403):
    """Answer as the server does, but for requests whose address has a part."""
    pass_on = passed_on(server)

    def answer(asked):
        return Reply(b'{"errors":[]}', status) if part in asked.path else pass_on(asked)

    return answer
