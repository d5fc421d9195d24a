"""A store told by a file: what is believed of it, what is refused, and where a fault leaves what was read."""

from __future__ import annotations

import json
import os
import resource
import secrets
import stat
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inventory.collector import (
    AssetRecord,
    CollectorError,
    DoneRecord,
    GrantRecord,
    PrincipalRecord,
    ReadContext,
    SecretRecord,
    SkipRecord,
)
from inventory.collectors.generic import GenericCollector
from inventory.generic.names import SECTIONS
from inventory.generic.upload import store_upload
from inventory.models import Asset, Secret, Source
from inventory.store_records import Capability, Matching, PrincipalKind, SecretKind, VersionState
from posture.common.inside import Network
from tests.inventory.test_sync import collect
from tests.services.fault_server import FAULTS, Reply, fault_server

HEAD = "store,path,kind,created_at,rotated_at,expires_at,last_used_at,environment,tier,auto_rotated,enabled,versions\n"
ROW = "safe,pay/db,database-password,2024-01-31,2025-06-01T12:00:00+02:00,2031-01-01,,production,high,no,yes,1|2\n"
ODD = [
    "a b",
    "a/b/",
    "100%",
    "naïve",
    "+x",
    "*",
    "?",
    "'quoted'",
    "<script>alert(1)</script>",
    "=1+1",
    "@x",
    "../../x",
    "🗝",
]


@pytest.fixture
def context(tmp_path):
    return ReadContext(
        tmp_path / "workspace",
        tmp_path / "key",
        {},
        lambda: iter(()),
        lambda: None,
        network=Network(internal=("127.0.0.1/32",)),
    )


@pytest.fixture
def given(tmp_path, context):
    """Return what a file makes of its asset: all records of each store."""

    def read(content, **config):
        place = tmp_path / "file"
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return records(GenericCollector(GenericCollector.clean({"path": str(place), **config})), context)

    return read


def records(collector, context):
    assets = [each for each in collector.discover(context) if isinstance(each, AssetRecord)]
    return {asset.external_id: list(collector.read(asset, context)) for asset in assets}


def of(kind, told):
    return [each for each in told if isinstance(each, kind)]


def document(**parts):
    return json.dumps({"format": 1, **parts})


def one_secret(given, header, cells):
    (told,) = given(f"path,{header}\nx,{cells}\n").values()
    return of(SecretRecord, told)[0]


def test_a_row_is_a_secret_with_what_the_file_says(given):
    told = given(HEAD + ROW)["safe"]

    (secret,) = of(SecretRecord, told)
    assert (secret.path, secret.kind, secret.environment, secret.tier) == (
        "pay/db",
        SecretKind.DATABASE_PASSWORD,
        "production",
        "high",
    )
    assert secret.created_at == datetime(2024, 1, 31, tzinfo=UTC)
    assert secret.rotated_at == datetime(2025, 6, 1, 10, tzinfo=UTC)
    assert (secret.auto_rotated, secret.enabled, secret.ephemeral, secret.last_used_at) == (False, True, None, None)
    assert [(each.number, each.state, each.held, each.key_id) for each in secret.versions] == [
        ("1", VersionState.SUPERSEDED, (), ""),
        ("2", VersionState.CURRENT, (), ""),
    ]
    assert told[-1] == DoneRecord({}, True, {"secrets": 1, "principals": 0, "grants": 0, "requests": 0})


def test_what_the_file_does_not_say_is_not_known_and_says_so(given):
    (told,) = given("path\nx\n").values()

    (secret,) = of(SecretRecord, told)
    facts = ("created_at", "rotated_at", "expires_at", "last_used_at")
    facts += ("enabled", "auto_rotated", "ephemeral", "rotation_failed")
    assert {getattr(secret, name) for name in facts} == {None}
    assert {secret.evidence[name] for name in facts} == {"the file does not say"}


def test_a_creation_alone_is_no_claim_that_the_value_never_changed(given):
    secret = one_secret(given, "created", "2024-01-31")

    assert (secret.created_at, secret.rotated_at) == (None, None)
    assert "does not say if it was rotated" in secret.evidence["created_at"]
    assert secret.attributes == {"Created": "2024-01-31"}


def test_never_rotated_is_said_by_the_word(given):
    secret = one_secret(given, "created,rotated", "2024-01-31,Never")

    assert (secret.created_at, secret.rotated_at) == (datetime(2024, 1, 31, tzinfo=UTC), None)
    assert secret.evidence["rotated_at"] == "the file says never"


@pytest.mark.parametrize("when", ["1970-01-01", "0001-01-01T00:00:00+14:00", "1899-12-30"])
def test_a_day_that_stands_for_none_is_not_known(given, when):
    secret = one_secret(given, "rotated", when)

    assert secret.rotated_at is None
    assert "before 1990" in secret.evidence["rotated_at"]


def test_g44_a_clock_that_is_ahead_makes_nothing_fresh(given):
    ahead = (datetime.now(UTC) + timedelta(days=400)).isoformat()

    secret = one_secret(given, "rotated,last_used,expires", f"{ahead},{ahead},{ahead}")

    assert (secret.rotated_at, secret.last_used_at) == (None, None)
    assert "still to come" in secret.evidence["rotated_at"]
    assert secret.expires_at is not None


@pytest.mark.parametrize(
    ("header", "cell", "reason"),
    [
        ("rotated_at", "yesterday", "rotated_at: not a date; write it as 2026-01-31"),
        ("expires", "31.01.2026", "expires_at: not a date"),
        ("created_at", "9999-12-31T23:59:59-14:00", "created_at: not a date"),
        ("kind", "spoon", "kind: not one of generic-secret, cloud-key"),
        ("tier", "highest", "tier: not one of critical, high, medium, low"),
        ("enabled", "perhaps", "enabled: not yes or no"),
        ("environment", "x" * 41, "environment: longer than 40 characters"),
        ("fingerprintless", "no", "fingerprintless: a file carries no fingerprints"),
        ("store", "y" * 201, "store: longer than 200 characters"),
        ("versions", "z" * 201, "versions: a name longer than 200 characters"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_unrepeated_and_the_rest_is_read(
    given, context, tmp_path, header, cell, reason
):
    (tmp_path / "file").write_text(f"path,{header}\nbad,{cell}\ngood,\n")
    collector = GenericCollector(GenericCollector.clean({"path": str(tmp_path / "file")}))

    told = records(collector, context)["store"]

    (skip,) = of(SkipRecord, told)
    assert skip.reason.startswith(reason)
    assert (skip.what, skip.partial) == ("row 2", True)
    assert len(cell) < 3 or cell not in skip.reason
    assert [each.path for each in of(SecretRecord, told)] == ["good"]


@pytest.mark.parametrize("row", ["a\n", "a,b,c\n"])
def test_a_row_of_another_length_is_skipped_in_every_store(given, row):
    told = given(f"path,store\nx,one\ny,two\n{row}")

    for store in ("one", "two"):
        assert [(each.what, each.partial) for each in of(SkipRecord, told[store])] == [("row 4", True)]


@pytest.mark.parametrize(
    "name",
    ["value", "Secret Value", "password", "passwd", "db_password", "secret", "Plaintext", "api-key", "token", "data"],
)
def test_d1_a_column_that_may_hold_values_is_refused_unread(given, name):
    value = secrets.token_hex(16)

    with pytest.raises(CollectorError, match="as if it held values") as raised:
        given(f"path,{name}\nx,{value}\n")
    assert name in str(raised.value)
    assert value not in str(raised.value)


@pytest.mark.parametrize("section", SECTIONS)
def test_d1_a_key_that_may_hold_values_is_refused_wherever_it_stands(given, section):
    value = secrets.token_hex(16)

    with pytest.raises(CollectorError, match=r"\[1\]: the key 'password' looks as if it held values") as raised:
        given(document(**{section: [{}, {"password": value}]}))
    assert value not in str(raised.value)


def test_unknown_columns_are_named_with_those_that_are_known(given):
    with pytest.raises(CollectorError, match=r"'colour': not known\. Known are store, path, kind"):
        given("path,colour\nx,red\n")


@pytest.mark.parametrize("form", ["csv", "json"])
def test_d1_a_file_without_a_header_does_not_have_its_first_row_repeated(given, form):
    value = secrets.token_hex(16)
    content = f"x,{value},correct horse\n" if form == "csv" else json.dumps({value: 1})

    with pytest.raises(CollectorError, match="none of the names is known") as raised:
        given(content)
    assert value not in str(raised.value)
    assert "horse" not in str(raised.value)


def test_d1_an_unknown_name_that_is_no_word_is_not_repeated(given):
    value = secrets.token_hex(16)

    with pytest.raises(CollectorError, match="The column number 2: not known") as raised:
        given(f"path,{value}\nx,\n")
    assert value not in str(raised.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("  \n ", "is empty"),
        ("path\n", "names no secret"),
        ('{"format": 1}', "names no secret"),
        ("<!doctype html><p>Sign in", "a web page"),
        ("path,kind\nx,".encode("utf-16"), "not UTF-8"),
        (b"path,\xff\xfe\nx,y\n", "not UTF-8"),
        (b"path\nx\n\xff\n", "after row 1 the file is not UTF-8"),
        ("kind\ntoken\n", "no column 'path'"),
        ("path,path\nx,y\n", "a column twice"),
        ("path,created,created_at\nx,,\n", "a column twice"),
        ('"path\nx\n', "quotes do not match"),
        ('path\nx\n"y\nz\n', "After row 2 the file is no CSV"),
        ("path\nx\n" + "y" * 3_000_000, "After row 2 the file is no CSV"),
        ("p" * 70_000, "too long"),
        ("[]", "must be one object"),
        ('{"format": 2}', "reads format 1"),
        ('{"secrets": {}}', "secrets: not a list"),
        ('{"secrets": [', "breaks at line 1, column 14"),
        ("{" * 20, "breaks at line 1"),
    ],
)
def test_a_file_that_is_none_is_refused_with_what_to_do(given, content, words):
    with pytest.raises(CollectorError, match=words):
        given(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"secrets":' + "[" * 200_000, "nested too deep"),
        ('{"secrets":' + '{"a":' * 200_000, "nested too deep"),
        ('{"secrets": [' + "9" * 5000 + "]}", "endless number"),
        ('{"secrets": [' + "{}," * 600_000 + "{}]}", "500,000 things"),
        ('{"secrets": [' + "1," * 5_000_000 + "1]}", "500,000 things"),
        ('{"secrets": ["' + "x" * (33 << 20) + '"]}', "may have 32 MB"),
    ],
    ids=["lists", "objects", "number", "many", "more", "large"],
)
def test_g41_deep_and_huge_documents_are_refused_in_little_memory(given, content, words):
    tracemalloc.start()
    try:
        with pytest.raises(CollectorError, match=words):
            given(content)
        assert tracemalloc.get_traced_memory()[1] < 150 << 20
    finally:
        tracemalloc.stop()


def test_json_tells_principals_and_grants_too(given):
    told = given(
        document(
            grants=[
                {"principal": "app", "pattern": "pay/*", "capabilities": ["read", "list"]},
                {"principal": "app", "pattern": "*", "capabilities": ["admin"], "deny": True, "condition": "at night"},
                {"principal": "ops", "pattern": "pay/db", "capabilities": ["read"], "rule": "rule 7"},
            ],
            principals=[
                {"id": "app", "kind": "workload", "member_of": ["ops"], "enabled": True, "granted": 9, "used": 2},
                {"id": "ops", "kind": "group", "name": "Operations", "last_used_at": "2026-01-05T00:00:00Z"},
            ],
            secrets=[{"path": "pay/db", "versions": ["a", "b"]}],
        ),
        store="old safe",
    )["old safe"]

    app, ops = of(PrincipalRecord, told)
    assert (app.kind, app.external_id, app.member_of) == (PrincipalKind.WORKLOAD, "old%20safe/app", (ops.external_id,))
    assert (app.granted, app.used, ops.name) == (9, 2, "Operations")
    first, second, third = of(GrantRecord, told)
    assert {first.principal, second.principal} == {app.external_id}
    assert (first.pattern, first.matching, first.wildcard) == ("old%20safe/pay/*", Matching.GLOB, False)
    assert first.capabilities == (Capability.READ, Capability.LIST)
    assert (second.wildcard, second.deny, second.condition) == (True, True, "at night")
    assert (third.matching, third.rule) == (Matching.EXACT, "rule 7")
    assert third.pattern == of(SecretRecord, told)[0].address


def test_json_says_where_something_is_wrong(given):
    told = given(
        document(
            secrets=[{"path": "x"}, 7, {"path": "\ud800"}, {"path": "y", "rotated_at": 1700000000}, {"path": ""}],
            principals=[{"id": "a", "kind": "ghost"}, {"id": "b"}],
            grants=[{"principal": "a", "pattern": "*", "capabilities": ["fly"]}, {"principal": "a", "pattern": "*"}],
        )
    )["store"]

    assert {each.what: each.reason.split(";")[0] for each in of(SkipRecord, told)} == {
        "secrets[1]": "not an object",
        "secrets[2]": "path: holds a character that no name can have (NUL or half of one)",
        "secrets[3]": "rotated_at: not a date",
        "secrets[4]": "path: missing",
        "principals[0]": "kind: not one of human, workload, role, group, token",
        "principals[1]": "kind: missing",
        "grants[0]": "capabilities: not one of read, list, write, delete, use, manage, admin",
        "grants[1]": "capabilities: missing",
    }


@pytest.mark.parametrize("path", ODD)
def test_w10_odd_paths_are_just_text(given, path):
    quoted = path.replace('"', '""')

    (told,) = given(f'path,store\n"{quoted}","{quoted}"\n').values()

    assert of(SecretRecord, told)[0].path == path


def test_w10_a_line_break_in_a_path_is_text_too(given):
    told = given('path\n"a\nb"\nc\n')["store"]

    assert [each.path for each in of(SecretRecord, told)] == ["a\nb", "c"]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_spreadsheets_separate_and_mark_files_in_their_own_ways(given, separator):
    content = f"\ufeffPath{separator}Last used{separator}Auto-rotated\r\nx{separator}2026-01-05{separator}YES\r\n\r\n"

    (secret,) = of(SecretRecord, given(content)["store"])

    assert (secret.path, secret.auto_rotated) == ("x", True)
    assert secret.last_used_at == datetime(2026, 1, 5, tzinfo=UTC)


def test_a_file_with_too_many_stores_is_refused(given):
    with pytest.raises(CollectorError, match="more than 200 stores"):
        given("path,store\n" + "".join(f"x,{number}\n" for number in range(201)))


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({}, "where the file comes from"),
        ({"upload": True, "url": "https://a.example/x"}, "one of them"),
        ({"url": "ftp://a.example/x"}, "begin with http"),
        ({"url": "https://"}, "begin with http"),
        ({"url": "https://a.example/x?api_key=1"}, "holds a credential in its query"),
        ({"url": "https://a.example/x?X-Amz-Signature=1"}, "holds a credential in its query"),
        ({"url": "https://a.example/x", "header": "Host"}, "a header's name"),
        ({"url": "https://a.example/x", "header": "X\r\nY"}, "a header's name"),
        ({"upload": True, "colour": "red"}, "Unknown settings: colour"),
        ({"upload": True, "store": "x" * 201}, "longer than 200"),
        ({"path": "/nowhere/at/all"}, "no file that this server can read"),
        ({"path": "/"}, "no file that this server can read"),
    ],
)
def test_a_configuration_that_cannot_work_is_refused(config, words):
    with pytest.raises(CollectorError, match=words):
        GenericCollector.clean(config)


def test_a_password_in_the_address_is_refused_unrepeated():
    value = secrets.token_hex(16)

    with pytest.raises(CollectorError, match="no user name") as raised:
        GenericCollector.clean({"url": f"https://me:{value}@a.example/x"})
    assert value not in str(raised.value)


def test_a_credential_is_bound_to_the_origin_of_the_address():
    config = GenericCollector.clean({"url": "https://a.example:8443/x.csv?env=all"})

    assert GenericCollector.origins(config) == {"https://a.example:8443"}


def test_uploads_of_two_sources_are_not_one_place():
    assert not GenericCollector.overlap({"upload": True, "store": "a"}, {"upload": True, "store": "a"})
    assert GenericCollector.overlap({"url": "https://a/x", "store": "a"}, {"url": "https://a/x", "store": "b"})


@pytest.mark.parametrize("kind", ["pipe", "link", "device"])
def test_g43_what_is_no_file_is_not_opened(tmp_path, context, kind):
    place = tmp_path / "file"
    place.write_text("path\nx\n")
    collector = GenericCollector(GenericCollector.clean({"path": str(place)}))
    place.unlink()
    if kind == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to("/dev/zero" if kind == "device" else tmp_path / "other")

    with pytest.raises(CollectorError, match=r"cannot be read|not a file"):
        list(collector.discover(context))


def test_the_documentation_names_every_column_and_word_and_its_examples_are_read(given):
    text = (Path(__file__).parents[2] / "docs" / "generic-format.md").read_text()
    for known in SECTIONS.values():
        for name, meaning in known.items():
            assert f"| `{name}` | {meaning} |" in text
    for word in SecretKind:
        assert f"`{word}`" in text

    for form in ("csv", "json"):
        (told,) = given(text.partition(f"```{form}\n")[2].partition("```")[0]).values()
        assert not of(SkipRecord, told)
        assert of(SecretRecord, told)


# Uploading


def uploaded(context):
    return GenericCollector(GenericCollector.clean({"upload": True})), context.workspace


def test_an_uploaded_file_is_kept_for_its_source_alone_and_read(context):
    collector, workspace = uploaded(context)
    with pytest.raises(CollectorError, match="Upload it on this source's page"):
        list(collector.discover(context))

    told = store_upload([HEAD.encode(), ROW.encode()], workspace)

    assert (told.secrets, told.stores) == (1, 1)
    (file,) = [each for each in workspace.iterdir() if each.is_file()]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(workspace.stat().st_mode) == 0o700
    assert [each.path for each in of(SecretRecord, records(collector, context)["safe"])] == ["pay/db"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("path,password\nx,{value}\n", "'password' looks as if it held values"),
        ('{{"secrets": [{{"path": "x", "value": "{value}"}}]}}', r"secrets\[0\]: the key 'value' looks"),
        ("path,rotated\nx,{value}\ny,2026-01-05\nz,{value}\n", "row 2, rotated_at: not a date.*; row 4, rotated_at"),
        ('{{"secrets": [{{"path": "x", "rotated": "{value}"}}]}}', r"secrets\[0\]\.rotated_at: not a date"),
        ("path,store\n" + "".join(f"x,{n}\n" for n in range(201)) + "{value},\n", "more than 200 stores"),
        ("path\n" + "{value}\n" * 300_000, "larger than the 1 MB"),
    ],
    ids=["column", "key", "rows", "item", "stores", "size"],
)
def test_d1_a_refused_upload_leaves_nothing_behind_and_the_file_of_before_stays(context, content, words):
    collector, workspace = uploaded(context)
    store_upload([b"path\nbefore\n"], workspace)
    value = secrets.token_hex(16)
    filled = content.format(value=value).encode()

    with pytest.raises(CollectorError, match=words) as raised:
        store_upload((filled[at : at + 7000] for at in range(0, len(filled), 7000)), workspace, most_bytes=1 << 20)

    assert value not in str(raised.value)
    assert [each.name for each in workspace.iterdir()] == ["uploaded"]
    assert value not in (workspace / "uploaded").read_text()
    assert [each.path for each in of(SecretRecord, records(collector, context)["store"])] == ["before"]


def test_d1_a_value_column_is_noticed_before_anything_is_written(context, monkeypatch):
    def never(*given):
        raise AssertionError("written")

    monkeypatch.setattr("inventory.generic.upload.os.open", never)
    for content in (b"path,password\nx,y\n", b'{"secrets": [{"path": "x", "password": "y"}]}'):
        with pytest.raises(CollectorError, match="as if it held values"):
            store_upload((content[at : at + 1] for at in range(len(content))), context.workspace)


# Fetching


def fetching(server, context, credential="", **config):
    collector = GenericCollector(GenericCollector.clean({"url": server.url("/secrets.csv"), **config}))
    return collector, context if not credential else with_credential(context, credential)


def with_credential(context, value):
    folder = context.workspace.parent / "credentials"
    folder.mkdir(exist_ok=True)
    (folder / "generic").write_text(value)
    return ReadContext(
        context.workspace,
        context.key_file,
        {},
        context.known_blobs,
        context.alive,
        credential="file:generic",
        credential_dir=folder,
        network=context.network,
    )


@pytest.mark.parametrize(
    ("header", "name", "before"), [("", "Authorization", "Bearer "), ("X-Api-Key", "X-Api-Key", "")]
)
def test_a_file_is_fetched_with_the_credential_in_a_header_once_per_run(context, header, name, before):
    token = secrets.token_hex(16)
    with fault_server(lambda asked: Reply((HEAD + ROW).encode())) as server:
        collector, context = fetching(server, context, token, header=header)

        told = records(collector, context)

        assert list(told) == ["safe"]
        assert server.told(name) == [f"{before}{token}"]
        assert len(server.asked) == 1


def test_the_file_is_fetched_again_where_another_machine_reads(context, tmp_path):
    with fault_server(lambda asked: Reply((HEAD + ROW).encode())) as server:
        collector, context = fetching(server, context)
        asset = AssetRecord("safe", "store", "safe", "")

        assert len(of(SecretRecord, collector.read(asset, context))) == 1


@pytest.mark.parametrize(
    ("status", "words"), [(401, "refuses the credential"), (404, "nothing at the address"), (500, "500")]
)
def test_g44_an_expired_credential_or_a_missing_file_is_said(context, status, words):
    token = secrets.token_hex(16)
    with fault_server(lambda asked: Reply(token.encode(), status)) as server:
        collector, context = fetching(server, context, token)

        with pytest.raises(CollectorError, match=words) as raised:
            list(collector.discover(context))

    assert token not in str(raised.value)


# The whole file is one answer, so that a next page elsewhere is no fault here.
@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"next_elsewhere"}))
def test_g44_whatever_the_server_does_the_file_of_before_stays(context, fault, monkeypatch):
    monkeypatch.setattr("inventory.generic.fetch.SECONDS", 0.5)
    monkeypatch.setattr("inventory.generic.fetch.MOST_BYTES", 1 << 20)
    monkeypatch.setattr("posture.common.http_adapter.GuardedAdapter._pause", lambda *_: None)
    token = secrets.token_hex(16)
    with fault_server(lambda asked: Reply((HEAD + ROW).encode())) as server:
        collector, context = fetching(server, context, token)
        list(collector.discover(context))
        before = (context.workspace / "fetched").read_bytes()
        server.fault = fault

        with pytest.raises(CollectorError) as raised:
            list(collector.discover(context))

    assert token not in str(raised.value)
    assert [each.name for each in context.workspace.iterdir()] == ["fetched"]
    assert (context.workspace / "fetched").read_bytes() == before


def test_probing_says_what_the_file_tells_and_what_it_cannot(context):
    with fault_server(lambda asked: Reply((HEAD + ROW + "x\n").encode())) as server:
        collector, context = fetching(server, context)

        abilities = {each.name: each for each in collector.probe(context)}

    assert abilities["Tell its secrets"].gives.startswith("1 secrets")
    assert abilities["Tell who can use them"].allowed is False
    assert "JSON" in abilities["Tell who can use them"].detail
    assert abilities["Make sense of every entry"].detail.startswith("1 cannot be read")


# With the inventory


@pytest.fixture
def stored(tmp_path, db):
    """Return a function that collects a file into the inventory."""
    place = tmp_path / "file.csv"

    def collected(content):
        place.write_text(content)
        source, _ = Source.objects.get_or_create(
            name="safe", kind="generic", config={"path": str(place), "store": "store"}, placed_by_operator=True
        )
        return collect(source)

    return collected


def test_the_inventory_holds_what_the_file_tells_and_marks_what_it_drops_as_gone(stored):
    stored("path,rotated_at\na,2025-01-01\nb,2025-01-01\n")

    run = stored("path,rotated_at\nb,2025-02-01\n")

    assert run.status == "complete"
    assert dict(Secret.objects.present().values_list("path", "rotated_at__month")) == {"b": 2}
    assert Asset.objects.get().kind == "store"


@pytest.mark.parametrize(
    "content",
    [
        "path,rotated_at\nb,2025-02-01\na,soon\n",
        'path,rotated_at\nb,2025-02-01\n"a,\n',
        "path,rotated_at\nb,2025-02-01\nc\n",
    ],
    ids=["date", "quotes", "cells"],
)
def test_j18_a_file_that_cannot_be_read_to_the_end_loses_nothing(stored, content):
    stored("path,rotated_at\na,2025-01-01\nb,2025-01-01\n")

    run = stored(content)

    assert run.status != "complete"
    assert set(Secret.objects.present().values_list("path", flat=True)) == {"a", "b"}


def test_j18_an_empty_export_loses_nothing(stored):
    stored("path\na\n")

    run = stored("path\n")

    assert (run.status, Secret.objects.present().count()) == ("failed", 1)
    assert "names no secret" in run.error


def test_w10_markup_and_formulas_stay_text_on_the_way_to_the_database(stored):
    stored("path\n" + "".join(f'"{each}"\n' for each in ODD))

    assert set(Secret.objects.values_list("path", flat=True)) == set(ODD)


@pytest.mark.slow
def test_g44_a_file_of_any_length_is_read_and_uploaded_in_constant_memory(tmp_path, context):
    """Measured by hand: a million rows in 26 s of processor time and no more than 1 MB."""
    place, rows = tmp_path / "file.csv", 200_000
    with place.open("w") as handle:
        handle.write(HEAD)
        for number in range(rows):
            handle.write(f"safe,pay/{number},platform-token,2024-01-31,2025-06-01,,,production,high,no,yes,1|2\n")
    collector = GenericCollector(GenericCollector.clean({"path": str(place)}))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with place.open("rb") as handle:
        told = store_upload(iter(lambda: handle.read(1 << 16), b""), context.workspace)
    read = sum(isinstance(each, SecretRecord) for each in collector.read(AssetRecord("safe", "store", "", ""), context))

    assert (told.secrets, read) == (rows, rows)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 << 10
