"""A store whose description comes page by page from an address: every page is read, and none from elsewhere."""

from __future__ import annotations

import json
import secrets

import pytest

from inventory.collector import AssetRecord, CollectorError, ReadContext, SecretRecord, SkipRecord
from inventory.collectors.generic import GenericCollector
from inventory.generic.upload import store_upload
from inventory.models import Asset, Secret, Source
from posture.common.inside import Network
from tests.inventory.test_sync import collect
from tests.services.fault_server import Reply, fault_server


def page_of(*paths, following=None, **more):
    """Return one page as JSON."""
    document = {"secrets": [{"path": path, **more} for path in paths]}
    return json.dumps(document if following is None else document | {"next": following}).encode()


def served(pages):
    """Return an answer that gives each address its page."""
    return lambda asked: pages[asked.path] if isinstance(pages[asked.path], Reply) else Reply(pages[asked.path])


@pytest.fixture
def context(tmp_path):
    (tmp_path / "credentials").mkdir()
    return ReadContext(
        tmp_path / "workspace",
        tmp_path / "key",
        {},
        lambda: iter(()),
        lambda: None,
        network=Network(internal=("127.0.0.1/32",)),
    )


def read(server, context, path="/1"):
    """Return the paths that are read, and what is skipped."""
    collector = GenericCollector(GenericCollector.clean({"url": server.url(path)}))
    told = list(collector.discover(context))
    for asset in [each for each in told if isinstance(each, AssetRecord)]:
        told += collector.read(asset, context)
    return [each.path for each in told if isinstance(each, SecretRecord)], [
        each for each in told if isinstance(each, SkipRecord)
    ]


def test_json_names_its_next_page(context):
    pages = {"/1": page_of("a", following="/2"), "/2": page_of("b", following="3?after=b"), "/3?after=b": page_of("c")}
    with fault_server(served(pages)) as server:
        assert read(server, context) == (["a", "b", "c"], [])
        assert [each.path for each in server.asked] == list(pages), "each is fetched once per run"


def test_csv_has_its_next_page_in_a_header(context):
    pages = {"/1": Reply(b"path\na\n", 200, {"Link": '</2>; rel="next", </1>; rel="self"'}), "/2": b"path\nb\n"}
    with fault_server(served(pages)) as server:
        assert read(server, context) == (["a", "b"], [])


def test_pages_of_before_that_are_no_more_are_not_read(context):
    pages = {"/1": page_of("a", following="/2"), "/2": page_of("b")}
    with fault_server(served(pages)) as server:
        read(server, context)
        pages["/1"] = page_of("a")

        assert read(server, context) == (["a"], [])


def test_what_is_wrong_says_on_which_page(context):
    pages = {"/1": page_of("a", following="/2"), "/2": page_of("b", rotated_at="soon")}
    with fault_server(served(pages)) as server:
        _, skips = read(server, context)

    assert {each.what for each in skips} == {"page 2, secrets[0]"}


@pytest.mark.parametrize(
    ("second", "why"),
    [
        (page_of("b", following="/1"), "in a circle"),
        (page_of("b", following="http://[no"), "carry the credential away"),
        (page_of("b", following="/3?access_token=x"), "holds a credential in its query"),
        (page_of("b", following="/" + "x" * 5000), "too long"),
        (page_of("b", following=7), "not an address"),
        (page_of("b", value="x"), "looks as if it held values"),
        (Reply(b"", 401), "refuses the credential"),
        (Reply(b"", 404), "nothing at the address"),
        (b"<html>", "web page"),
        (b'{"secrets": [', "no JSON"),
    ],
    ids=["circle", "address", "credential", "long", "number", "values", "expired", "missing", "sign-in", "cut"],
)
def test_g44_where_the_pages_break_off_those_before_are_read_and_the_rest_is_not_gone(context, second, why):
    with fault_server(served({"/1": page_of("a", following="/2"), "/2": second})) as server:
        paths, skips = read(server, context)

    assert "a" in paths
    assert skips
    assert all(why in each.reason and each.partial for each in skips)


def test_g44_pages_have_a_bound_together(context, monkeypatch):
    monkeypatch.setattr("inventory.generic.fetch.MOST_BYTES", 200)
    with fault_server(lambda asked: Reply(page_of("x" * 50, following=f"{asked.path}1"))) as server:
        _, skips = read(server, context)

        assert len(server.asked) < 5
    assert "together are larger" in skips[0].reason


def test_a_file_that_is_not_fetched_has_no_next_page(context, tmp_path):
    with pytest.raises(CollectorError, match="Give all of it in one file"):
        store_upload([page_of("a", following="/2")], context.workspace)

    (tmp_path / "file").write_bytes(page_of("a", following="/2"))
    collector = GenericCollector(GenericCollector.clean({"path": str(tmp_path / "file")}))
    (skip,) = (each for each in collector.discover(context) if isinstance(each, SkipRecord))
    assert skip.partial


@pytest.fixture
def source(db, monkeypatch):
    token = secrets.token_hex(16)
    monkeypatch.setenv("POSTURE_CREDENTIAL_PAGES", token)

    def made(server):
        config = {"url": server.url("/1"), "store": "store"}
        given = {"credential": "env:POSTURE_CREDENTIAL_PAGES", "placed_by_operator": True}
        return Source.objects.create(name="pages", kind="generic", config=config, **given)

    made.token = token
    return made


def test_w13_a_next_page_elsewhere_is_not_fetched_and_what_came_before_is_kept(source):
    with fault_server() as other:
        pages = {"/1": page_of("a", following="/2"), "/2": page_of("b", following="/3"), "/3": page_of("c")}
        with fault_server(served(pages)) as server:
            row = source(server)
            assert collect(row).status == "complete"
            pages["/2"] = page_of("b", "new", following=other.url("/3"))

            run = collect(row)

            assert set(server.told("Authorization")) == {f"Bearer {source.token}"}
        assert other.connections == 0
    assert run.status == "partial"
    assert "carry the credential away" in str(run.skipped)
    assert set(Secret.objects.present().values_list("path", flat=True)) == {"a", "b", "c", "new"}


def test_j18_a_server_that_stops_after_a_page_leaves_that_page_and_takes_nothing(source):
    pages = {"/1": page_of("a", following="/2"), "/2": page_of("b")}
    with fault_server(served(pages)) as server:
        row = source(server)
        assert collect(row).status == "complete"
        pages["/1"] = page_of("new", following="/2")
        server.fault, server.good = "half_json", 1

        run = collect(row)

    assert run.status == "partial"
    assert set(Secret.objects.present().values_list("path", flat=True)) == {"a", "b", "new"}
    assert Asset.objects.present().count() == 1
