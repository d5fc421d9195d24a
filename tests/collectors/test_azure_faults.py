"""What becomes of a read of Azure when something goes wrong in its middle (G44, J13, J18, W11-W16)."""

from __future__ import annotations

import json
import pickle
import secrets
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler

import pytest
from django.db.models import Q

from inventory.azure import client as azure_client
from inventory.azure import reading as azure_reading
from inventory.azure.rights import CONTROL
from inventory.collector import AssetRecord, CollectorError, DoneRecord, SecretRecord
from inventory.models import Principal, Secret, Source
from inventory.services import count_readers
from posture.common.inside import Network
from tests.collectors.azure_reading import REFERENCE, Reading, lead_home, pieces
from tests.inventory.test_store_sync import collect
from tests.services.azure_api import LOGIN, azure_api, error, said
from tests.services.certificates import Authority
from tests.services.fault_server import Reply, fault_server

pytestmark = pytest.mark.slow
FAULTS = [
    *("next_elsewhere", "busy_for_a_day", "wrong_type", "web_page", "half_json", "half_body", "empty", "gzip_bomb"),
    *("bad_gzip", "endless_headers", "redirect_loop", "redirect_elsewhere", "not_http", "hang_up", "deep_json"),
    "long_number",
]


@pytest.fixture
def azure(tmp_path, monkeypatch):
    lead_home(monkeypatch)
    with azure_api(tmp_path) as (api, server, authority):
        vault = api.vault("pay")
        for number in range(9):
            vault.secret(f"s{number}", 100, 10)
        api.assign("pay", "Key Vault Secrets User")
        api.page = 3
        yield Reading(tmp_path, monkeypatch, api, server, authority)


@pytest.fixture
def source(azure, tmp_path, settings, db):
    settings.WORKSPACE_DIR, settings.FINGERPRINT_KEY_FILE = tmp_path / "mirrors", tmp_path / "fingerprint.key"
    settings.CA_FILE = str(azure.authority.file)
    azure.context()
    given = {"kind": "azure", "config": azure.cleaned(), "credential": REFERENCE, "placed_by_operator": True}
    return Source.objects.create(name="azure", **given)


def after(good, then):
    """Answer as ever so many times, and otherwise from then on."""
    left = [good]

    def answer(asked):
        left[0] -= 1
        return None if left[0] >= 0 else then

    return answer


@pytest.mark.parametrize("fault", FAULTS)
def test_g44_a_host_that_misbehaves_ends_the_read_in_words(azure, fault):
    collector, context = azure.collector(), azure.context()
    (asset,) = collector.discover(context)
    azure.server.fault, azure.server.good = fault, 3

    records, failure = pieces(collector.read(asset, context))

    assert isinstance(failure, CollectorError), failure
    assert str(failure).endswith(".")
    assert azure.api.secret not in str(failure)
    assert "other.example" not in str(failure)
    assert not any(isinstance(record, DoneRecord) for record in records)


def test_j18_cut_at_any_request_what_was_read_stays_and_nothing_is_gone(azure, source):
    assert collect(source).status == "complete"
    # From the second time on Microsoft's clients know what the vault asks for.
    azure.server.asked.clear()
    assert collect(source).status == "complete"
    requests = len(azure.server.asked)
    azure.server.fault = "hang_up"

    for good in range(1, requests, 4):
        azure.server.good = good
        run = collect(source)

        assert run.status in ("failed", "partial"), good
        assert Secret.objects.present().count() == 9
        assert Principal.objects.present().count() == 1


def test_j13_a_busy_vault_is_asked_again_when_it_says(azure):
    busy = [True, True]

    def answer(asked):
        return Reply(b"", 429, {"Retry-After": "1"}) if busy and busy.pop() else None

    azure.api.answers = {"/secrets?": answer, "roleAssignments": lambda asked: None}

    found = azure.collect()

    assert len(found.secrets) == 9
    assert not found.skips


@pytest.mark.parametrize("where", ["pay /secrets?", "roleAssignments"])
def test_g44_a_link_that_leads_back_ends_the_read(azure, where):
    def turning(asked):
        path = asked.path.partition("&")[0]
        link = {"nextLink": f"https://{asked.headers['Host']}{path}&$skiptoken=1"}
        # So that a read that would go round for ever comes to an end here.
        return said({"value": []} | (link if len(azure.api.asked) < 100 else {}))

    azure.api.answers = {where: turning}
    collector, context = azure.collector(), azure.context()
    (asset,) = collector.discover(context)

    with pytest.raises(CollectorError, match="no answer of Azure"):
        list(collector.read(asset, context))


@pytest.mark.parametrize("where", ["pay /secrets?", "pay /secrets/s1/versions", "roleAssignments", "vaults?"])
def test_g44_w14_a_next_page_at_another_host_is_not_asked_for(azure, where):
    with fault_server() as elsewhere:
        link = elsewhere.url("/secrets?api-version=7.4&$skiptoken=1", host="evil.localhost")
        azure.api.answers = {where: lambda asked: said({"value": [], "nextLink": link})}
        collector, context = azure.collector(), azure.context()

        _, failure = pieces(
            record
            for asset in collector.discover(context)
            if isinstance(asset, AssetRecord)
            for record in collector.read(asset, context)
        )

        assert isinstance(failure, CollectorError)
        assert "another" in str(failure)
        assert "evil" not in str(failure)
        assert not elsewhere.asked


def test_j13_a_token_near_its_end_is_got_anew(azure):
    azure.api.lives = 200

    found = azure.collect()

    logins = [each for each in azure.server.asked if each.headers["Host"].startswith(LOGIN)]
    assert len(found.secrets) == 9
    assert len(logins) > 5


def test_j13_an_application_that_is_removed_midway_ends_the_read_and_keeps_what_was_read(azure, source):
    assert collect(source).status == "complete"
    azure.api.answers = {"pay /secrets/": after(4, error(401, "Unauthorized"))}

    run = collect(source)

    said_to_people = " ".join(read.error for read in run.reads.all())
    assert run.status in ("failed", "partial")
    assert "secret has expired" in said_to_people
    assert not Secret.objects.exclude(gone_at=None).exists()


@pytest.mark.parametrize(
    ("code", "says"),
    [(7000222, "has expired"), (7000215, "is wrong"), (700016, "no such application"), (1, "check tenant")],
)
def test_g44_a_refused_sign_in_says_why_and_quotes_nothing(azure, code, says):
    told = {"error": "invalid_client", "error_codes": [code], "error_description": f"AADSTS {azure.api.secret}"}
    azure.api.answers = {"login ": lambda asked: said(told, 401)}

    with pytest.raises(CollectorError, match=says) as failure:
        list(azure.collector().discover(azure.context()))

    assert failure.value.permanent
    assert azure.api.secret not in str(failure.value)


@pytest.mark.parametrize("fault", ["web_page", "half_json", "redirect_elsewhere", "hang_up", "endless_body"])
def test_g44_a_sign_in_that_misbehaves_is_said_in_words(azure, fault):
    azure.server.fault = fault

    with pytest.raises(CollectorError) as failure:
        list(azure.collector().discover(azure.context()))

    assert azure.api.secret not in str(failure.value)


@pytest.mark.parametrize("token", ["", None, 12, "with\nnewline", "ü"])
def test_g44_a_token_that_is_none_is_not_sent(azure, token):
    azure.api.answers = {"login ": lambda asked: said({"access_token": token, "expires_in": 3600})}

    with pytest.raises(CollectorError, match="sign-in"):
        list(azure.collector().discover(azure.context()))


@pytest.mark.parametrize("ends", [None, "soon", -5, 1e400, [1]])
def test_a_token_that_does_not_say_when_it_ends_serves_for_one_request(azure, ends):
    given = azure.api._login

    def answer(asked):
        told = json.loads(given(asked).body)
        return Reply(json.dumps(told | {"expires_in": ends}).encode(), 200, {})

    azure.api.answers = {"login ": answer}

    assert len(list(azure.collector().discover(azure.context()))) == 1


def test_j18_a_right_that_is_taken_away_midway_hides_the_rest_and_marks_nothing_gone(azure, source):
    azure.api.vaults["pay"].key("k", 10)
    assert collect(source).status == "complete"
    refusal = error(403, "Forbidden", "ForbiddenByRbac")
    azure.api.answers = {"pay /secrets?": after(1, refusal)}

    run = collect(source)

    told = str([read.skipped for read in run.reads.all()])
    assert run.status == "partial"
    assert "no role of the application gives the right" in told
    assert not Secret.objects.exclude(gone_at=None).exists()


@pytest.mark.parametrize("where", ["roleAssignments", "roleDefinitions/"])
def test_j18_where_not_all_rights_were_told_nobody_seems_to_have_none(azure, source, where):
    """A page of the assignments, or what one of the roles allows, was told, and not all."""
    for number in range(6):
        azure.api.assign("pay", "Key Vault Reader" if number else "Key Vault Crypto User")
    refusal = error(403, "AuthorizationFailed")
    azure.api.answers = {where: after(1, refusal)}

    assert collect(source).status == "partial"
    count_readers()

    assert set(Secret.objects.values_list("readers", flat=True)) == {None}
    assert Principal.objects.exists()
    assert not Principal.objects.filter(Q(admin=False) | Q(wildcard=False) | Q(reads=0)).exists()


@pytest.mark.parametrize(
    ("plural", "good", "code"),
    [("secrets", 0, 404), ("secrets", 1, 405), ("keys", 0, 501), ("keys", 1, 404), ("certificates", 0, 405)],
)
def test_j18_a_gateway_that_passes_no_list_on_marks_nothing_gone(azure, source, plural, good, code):
    for number in range(4):
        azure.api.vaults["pay"].key(f"k{number}", 10)
        azure.api.vaults["pay"].certificate(f"c{number}", 10)
    assert collect(source).status == "complete"
    azure.api.answers = {f"pay /{plural}?": after(good, error(code, "NotFound"))}

    run = collect(source)

    assert run.status == "partial"
    assert not Secret.objects.exclude(gone_at=None).exists()


@pytest.mark.parametrize("where", ["pay /secrets/s", "pay /keys/k", "pay /certificates/c"])
def test_j18_a_gateway_that_passes_lists_on_and_no_versions_marks_nothing_gone(azure, source, where):
    azure.api.vaults["pay"].key("k", 10)
    azure.api.vaults["pay"].certificate("c", 10)
    assert collect(source).status == "complete"
    azure.api.answers = {where: lambda asked: error(404, "NotFound")}

    run = collect(source)

    assert run.status == "partial"
    assert "not there any more" in str(run.reads.get().skipped)
    assert not Secret.objects.exclude(gone_at=None).exists()


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("pay /secrets?", {"status": "ok"}),
        ("pay /secrets?", {"value": None}),
        ("pay /keys?", {"value": {}}),
        ("pay /certificates?", {"status": "ok"}),
        ("pay /deletedsecrets", {"status": "ok"}),
        ("pay /secrets/s1/versions", {"status": "ok"}),
        ("vaults/pay?", {"status": "ok"}),
        ("roleDefinitions/", {"status": "ok"}),
    ],
)
def test_j18_an_answer_without_a_list_is_not_an_empty_list(azure, source, where, told):
    """Microsoft's clients take it for one, and all that the vault holds would be gone."""
    assert collect(source).status == "complete"
    azure.api.answers = {where: lambda asked: said(told)}

    run = collect(source)

    assert run.status == "failed"
    assert not Secret.objects.exclude(gone_at=None).exists()
    assert not Principal.objects.exclude(gone_at=None).exists()


def test_j18_a_vault_that_refuses_everything_does_not_keep_the_others_from_being_read(azure, source):
    azure.api.vault("web").secret("w", 10)
    refusal = error(403, "Forbidden", "ForbiddenByFirewall", f"Client address {secrets.token_hex(8)} is not authorized")
    azure.api.answers = {"pay /": lambda asked: refusal}

    run = collect(source)

    assert run.status == "partial"
    assert set(Secret.objects.values_list("path", flat=True)) == {"secrets/w"}
    told = str([read.skipped for read in run.reads.all()])
    assert "firewall" in told
    assert "Client address" not in told


def test_g44_a_list_without_end_is_read_in_part_and_nothing_is_gone(azure, source, monkeypatch):
    assert collect(source).status == "complete"
    monkeypatch.setattr(azure_client, "MOST_PAGES", 2)

    run = collect(source)

    assert run.status == "partial"
    assert "only the first 2 pages" in str(run.reads.get().skipped)
    assert not Secret.objects.exclude(gone_at=None).exists()


def test_g44_of_more_versions_than_are_read_none_is_kept_and_that_is_said(azure, monkeypatch):
    azure.api.vaults["pay"].secret("s1", *range(9, 0, -1))
    azure.api.vaults["pay"].key("k", *range(9, 0, -1))
    monkeypatch.setattr(azure_reading, "MOST_VERSIONS", 5)

    found = azure.collect()

    for path in ("secrets/s1", "keys/k"):
        told = found.secrets[path]
        assert (told.created_at, told.rotated_at, told.versions) == (None, None, ())
        assert "more than 5 versions" in told.evidence["created_at"]
    assert {"versions of secrets", "versions of keys"} <= found.skips.keys()
    assert found.secrets["secrets/s2"].versions


def test_g44_what_waits_to_be_written_is_small_however_much_is_told(azure):
    """Hundreds of entries wait at once, each of which may be as long as an answer."""
    hidden = "x" * 10_000
    tags = {"team": "pay", "note": hidden, "nested": {"a": hidden}} | {f"t{number}": hidden for number in range(100)}
    azure.api.vaults["pay"].secret("s1", 10, tags=tags, content_type=hidden)
    collector, context = azure.collector(), azure.context()
    (asset,) = collector.discover(context)
    with collector._open(context) as (login, _), collector._client(asset, login, context) as client:
        pages = client.entries("list secrets", lambda vault: vault.secrets.list_properties_of_secrets())
        entries = {each.name: each for page in pages for each in page}

    assert entries["s1"].tags["team"] == "pay"
    assert len(pickle.dumps(entries["s1"])) < 20_000


def test_versions_that_are_not_told_leave_ages_unknown(azure):
    azure.api.answers = {"pay /secrets/s1/versions": lambda asked: error(500, "InternalServerError")}

    found = azure.collect().secrets["secrets/s1"]

    assert (found.created_at, found.rotated_at) == (None, None)
    assert found.evidence["created_at"].startswith("not known")


def test_a_secret_that_is_deleted_while_it_is_read_is_left_out(azure):
    azure.api.answers = {"pay /secrets/s1/versions": lambda asked: error(404, "SecretNotFound")}

    found = azure.collect()

    assert "secrets/s1" not in found.secrets
    assert len(found.secrets) == 8
    assert found.done.full


def test_j18_what_was_deleted_is_not_taken_for_purged_where_it_is_no_longer_told(azure, source):
    azure.api.vaults["pay"].delete("secrets", "s1")
    assert collect(source).status == "complete"
    azure.api.answers = {"pay /deletedsecrets": lambda asked: error(403, "Forbidden", "ForbiddenByRbac")}

    run = collect(source)

    assert run.status == "partial"
    assert Secret.objects.get(path="secrets/s1").gone_at is None


def test_j18_what_was_deleted_is_not_taken_for_purged_where_a_gateway_does_not_pass_it_on(azure, source):
    azure.api.vaults["pay"].delete("secrets", "s1")
    assert collect(source).status == "complete"
    azure.api.answers = {"pay /deleted": lambda asked: error(404, "NotFound")}

    run = collect(source)

    assert run.status == "partial"
    assert Secret.objects.get(path="secrets/s1").gone_at is None


def test_a_vault_that_keeps_nothing_deleted_is_read_completely(azure):
    azure.api.answers = {"pay /deleted": lambda asked: error(404, "NotFound")}

    found = azure.collect()

    assert not any(skip.partial for skip in found.skips.values())


def test_g44_tls_of_another_authority_is_refused(azure, tmp_path):
    (tmp_path / "other").mkdir()
    stranger = Authority(tmp_path / "other")
    context = replace(azure.context(), network=Network(anywhere=True, ca_file=str(stranger.file)))

    with pytest.raises(CollectorError, match="certificate"):
        list(azure.collector().discover(context))

    assert not azure.server.asked


def test_w12_a_cloud_that_leads_inside_is_not_reached_for_somebody_in_a_browser(azure):
    context = replace(azure.context(), network=Network(ca_file=str(azure.authority.file)))

    with pytest.raises(CollectorError, match="POSTURE_INTERNAL_HOSTS"):
        list(azure.collector().discover(context))

    assert not azure.server.asked


@pytest.mark.parametrize(("ahead", "failed"), [(400, True), (0, False)])
def test_the_vaults_own_clock_decides_what_fell_due(azure, monkeypatch, ahead, failed):
    there = format_datetime(datetime.now(UTC) + timedelta(days=ahead), usegmt=True)
    monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", lambda self, timestamp=None: there)
    rotates = {"lifetimeActions": [{"trigger": {"timeAfterCreate": "P1Y"}, "action": {"type": "Rotate"}}]}
    azure.api.vaults["pay"].key("k", 30, policy=rotates)

    found = azure.collect().secrets["keys/k"]

    assert found.rotation_failed is failed


@pytest.mark.parametrize(
    "told",
    [
        {"value": None},
        {"value": "x"},
        {"value": [1, None, "x"]},
        {"value": [{"id": 5, "attributes": []}]},
        {"value": [{"id": "x", "attributes": {"created": "yesterday"}}]},
        {"value": [{"id": "https://pay.vault.localhost/secrets/s1", "attributes": {"created": 10**18}}]},
        {"value": [{"id": "https://pay.vault.localhost/secrets/s1", "tags": ["x"], "attributes": {"enabled": "no"}}]},
        {"value": [{}]},
        [],
        None,
        {"nextLink": 5, "value": []},
        {"nextLink": "::", "value": []},
    ],
)
@pytest.mark.parametrize("where", ["pay /secrets?", "roleAssignments"])
def test_g44_an_answer_of_another_shape_is_said_in_words(azure, told, where):
    azure.api.answers = {where: lambda asked: said(told)}

    collector, context = azure.collector(), azure.context()
    (asset,) = collector.discover(context)
    records, failure = pieces(collector.read(asset, context))

    assert failure is None or isinstance(failure, CollectorError), failure
    assert (failure is None) is any(isinstance(record, DoneRecord) for record in records)


def test_j13_the_lease_is_renewed_while_a_vault_is_read_and_its_loss_ends_the_read(azure):
    class Lost(Exception):
        pass

    calls = []

    def alive():
        calls.append(1)
        if len(calls) > 4:
            raise Lost

    azure.alive = alive

    with pytest.raises(Lost):
        azure.collect()


def test_w16_nothing_of_this_machine_takes_part(azure, monkeypatch):
    """Neither its identity nor its proxies: a source has the rights of its own credential and no others."""
    with fault_server() as machine:
        for name in (
            "IDENTITY_ENDPOINT",
            "MSI_ENDPOINT",
            "AZURE_AUTHORITY_HOST",
            "HTTPS_PROXY",
            "HTTP_PROXY",
            "ALL_PROXY",
        ):
            monkeypatch.setenv(name, machine.url(""))
        for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "IDENTITY_HEADER"):
            monkeypatch.setenv(name, secrets.token_hex(8))

        found = azure.collect()
        context = replace(azure.context(), credential="")

        with pytest.raises(CollectorError, match="no credential"):
            list(azure.collector().discover(context))
        assert len(found.secrets) == 9
        assert not machine.asked


@pytest.mark.parametrize(
    "credential",
    [
        "no json",
        "[]",
        '{"tenant_id": "t", "client_id": "c"}',
        '{"tenant_id": "../x", "client_id": "c", "client_secret": "s"}',
        '{"tenant_id": "t", "client_id": ["c"], "client_secret": "s"}',
    ],
)
def test_w16_a_credential_of_another_form_is_not_sent_and_not_repeated(azure, credential):
    context = azure.context(secret=credential)

    with pytest.raises(CollectorError, match="credential") as failure:
        list(azure.collector().discover(context))

    assert credential not in str(failure.value)
    assert not azure.server.asked


def test_what_the_command_line_prints_is_a_credential_too(azure):
    printed = json.dumps({"appId": azure.api.client, "password": azure.api.secret, "tenant": azure.api.tenant})
    context = azure.context(secret=printed)

    assert len(list(azure.collector().discover(context))) == 1


def test_j13_only_who_reads_renews_the_lease_however_busy_the_authority_is(azure):
    """The lease belongs to the thread with the database; helpers get tokens too."""
    azure.api.lives, busy, callers = 200, [True] * 3, set()
    azure.alive = lambda: callers.add(threading.get_ident())

    def answer(asked):
        return Reply(b"", 429, {"Retry-After": "1"}) if len(azure.api.tokens) > 3 and busy and busy.pop() else None

    azure.api.answers = {"login ": answer}

    found = azure.collect()

    assert len(found.secrets) == 9
    assert not busy
    assert callers == {threading.get_ident()}


def test_the_rights_to_find_vaults_alone_read_nothing_and_say_so(azure):
    azure.api.allowed = {*CONTROL}

    found = azure.collect()

    assert not found.of(SecretRecord)
    assert {what for what, skip in found.skips.items() if skip.partial} == {"secrets", "keys", "certificates"}
    assert len(found.principals) == 1
