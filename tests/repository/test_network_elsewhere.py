"""A host that sends the client elsewhere (G9, G10, G13), and addresses that lead inside (W11 to W13)."""

from __future__ import annotations

import re
import secrets
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from inventory.collector import CollectorError
from inventory.detection.hyperscan_engine import HyperscanEngine
from inventory.repository.address import AddressError, parse_address
from inventory.repository.askpass import answering
from inventory.repository.command import Git, GitFailed
from inventory.repository.connection import connection, git_for
from inventory.repository.job import Job
from inventory.repository.mirror import Target
from inventory.repository.reading import read_repository
from posture.common.fingerprint import load_key
from posture.common.inside import Network
from posture.common.secret_value import SecretValue
from tests.repository.network import Client, give, push
from tests.repository.workbench import Reading, Repository, new_secret, secret_file
from tests.services.certificates import Authority
from tests.services.git_host import GitHost, Request, git_host

pytestmark = pytest.mark.slow
ReadHere = Callable[[str, Network], Reading]


@pytest.fixture
def second(tmp_path: Path, authority: Authority, host: GitHost) -> Iterator[GitHost]:
    """Another host, which nobody but an attacker means."""
    (tmp_path / "elsewhere").mkdir()
    with git_host(tmp_path / "elsewhere", authority) as running:
        yield running


@pytest.fixture
def git(tmp_path: Path, source: Client) -> Git:
    """The git that reads the source's address, in our own closed environment."""
    (tmp_path / "scratch").mkdir()
    return git_for(job_of(source.url, tmp_path, source.context.network), tmp_path / "scratch")


def job_of(url: str, folder: Path, network: Network) -> Job:
    """Describe the reading of an address."""
    return Job.of(
        Target(url, url, None),
        workspace=folder / "workspace",
        key_file=folder / "key",
        cursor={},
        limits={},
        network=network,
    )


def without(git: Git, option: str) -> None:
    """Take one of our options away."""
    place = git.options.index(option)
    del git.options[place - 1 : place + 1]


def cloned(git: Git, url: str, *options: str) -> str:
    """Clone as a control and return why it failed, if it did."""
    try:
        git.run([*options, "clone", "--quiet", "--mirror", "--template=", "--", url, str(git.scratch / "control")])
    except GitFailed as failed:
        return failed.message
    return ""


# G10: redirects.


@pytest.fixture
def redirecting(host: GitHost, second: GitHost, work: Repository, remote: Repository) -> str:
    """Have the first host send everybody to a copy at the second; returns a credential."""
    push(work, {"a.txt": "clean\n"})
    shutil.copytree(remote.path, second.root / "team" / "app.git")
    host.redirect = f"https://localhost:{second.port}"
    return secrets.token_urlsafe(20)


def test_g10_w14_a_redirect_is_not_followed_and_the_credential_not_sent(
    source: Client, second: GitHost, redirecting: str
) -> None:
    second.wants = f"git:{redirecting}"
    give(source, redirecting)

    with pytest.raises(CollectorError, match="redirects to another address"):
        source.read(credential="file:git")

    assert second.connections == 0


def test_g10_without_our_option_the_redirect_is_followed(
    git: Git, source: Client, second: GitHost, redirecting: str
) -> None:
    without(git, "http.followRedirects=false")

    with answering(git, SecretValue(redirecting)):
        assert cloned(git, source.url) == ""

    assert second.requests


# G9: what a host may ask the client to fetch elsewhere.


@pytest.fixture
def alternates(host: GitHost, second: GitHost, work: Repository, remote: Repository) -> None:
    """A host of plain files that says its objects lie at the second host."""
    listed = f"{push(work, {'a.txt': 'clean'})}\trefs/heads/main\n".encode()
    shutil.copytree(remote.path, second.root / "objects.git")
    shutil.rmtree(remote.path / "objects")
    (remote.path / "objects/info").mkdir(parents=True)
    there = second.url("objects.git/objects", host="localhost")
    (remote.path / "objects/info/http-alternates").write_text(f"{there}\n")
    host.dumb = second.dumb = True
    # Without its objects, git would not list a reference.
    host.rewrite = lambda request, content: listed if request.path.endswith("info/refs") else content


def test_g9_objects_that_a_host_says_lie_elsewhere_are_not_fetched(
    source: Client, second: GitHost, alternates: None
) -> None:
    with pytest.raises(CollectorError):
        source.read()

    assert second.connections == 0


def test_g9_without_our_option_they_are(git: Git, source: Client, second: GitHost, alternates: None) -> None:
    git.options[git.options.index("http.followRedirects=false")] = "http.followRedirects=true"

    cloned(git, source.url)

    assert second.requests


@pytest.fixture
def pack_elsewhere(second: GitHost, work: Repository, remote: Repository) -> str:
    """A host that offers one file as a pack at the second host; returns the file's value."""
    secret = new_secret()
    push(work, {"a.txt": secret_file(secret), "b.txt": "clean\n"})
    blob = work.head("HEAD:a.txt")
    packed = work.git("pack-objects", "--quiet", str(second.root / "pack"), content=f"{blob}\n".encode())
    name = packed.decode().strip()
    place = second.url(f"pack-{name}.pack", host="localhost")
    remote.git("config", "uploadpack.allowSidebandAll", "true")
    remote.git("config", "uploadpack.blobPackfileUri", f"{blob} {name} {place}")
    return secret


def test_g9_a_pack_offered_elsewhere_is_fetched_from_the_host_itself(
    source: Client, second: GitHost, pack_elsewhere: str
) -> None:
    assert source.read().place(pack_elsewhere, "a.txt") == "tip"
    assert second.connections == 0


def test_g9_a_client_that_is_told_to_fetches_it_elsewhere(
    git: Git, source: Client, second: GitHost, pack_elsewhere: str
) -> None:
    cloned(git, source.url, "-c", "fetch.uriProtocols=https")

    assert second.connections > 0


@pytest.fixture
def bundle_elsewhere(host: GitHost, second: GitHost, work: Repository) -> str:
    """A host that advertises a bundle at the second host."""
    secret = new_secret()
    push(work, {"a.txt": secret_file(secret)})

    def advertise(request: Request, content: bytes) -> bytes:
        if b"command=bundle-uri" in request.body:
            place = second.url("all.bundle", host="localhost")
            told = ["bundle.version=1", "bundle.mode=all", f"bundle.all.uri={place}"]
            return b"".join(packet(f"{line}\n".encode()) for line in told) + b"0000"
        return content.replace(b"0000", packet(b"bundle-uri\n") + b"0000") if b"version 2" in content else content

    host.rewrite = advertise
    return secret


def packet(line: bytes) -> bytes:
    return b"%04x" % (len(line) + 4) + line


def asked_for_bundles(host: GitHost) -> bool:
    return any(b"command=bundle-uri" in request.body for request in host.requests)


def test_g9_a_bundle_that_a_host_advertises_is_not_asked_for(
    source: Client, host: GitHost, second: GitHost, bundle_elsewhere: str
) -> None:
    assert source.read().place(bundle_elsewhere, "a.txt") == "tip"
    assert not asked_for_bundles(host)
    assert second.connections == 0


def test_g9_a_git_that_knows_bundles_asks_for_them_once_told(
    git: Git, source: Client, host: GitHost, second: GitHost, bundle_elsewhere: str
) -> None:
    version = tuple(map(int, re.findall(rb"\d+", subprocess.check_output(["git", "version"]))[:2]))
    git.options[git.options.index("transfer.bundleURI=false")] = "transfer.bundleURI=true"

    cloned(git, source.url)

    # Older ones know bundles only from their command line.
    assert asked_for_bundles(host) == (second.connections > 0) == (version >= (2, 40))


def test_g13_a_file_in_lfs_is_not_asked_for_anywhere(
    source: Client, host: GitHost, second: GitHost, work: Repository
) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12\n"
    config = f"[lfs]\n\turl = {second.url('lfs', host='localhost')}\n"
    push(work, {".lfsconfig": config, ".gitattributes": "*.bin filter=lfs\n", "big.bin": pointer})

    reading = source.read()

    assert second.connections == 0
    assert not [request for request in host.requests if "lfs" in request.path]
    assert reading.facts.attributes["lfs"] == 1


# W11 to W13: a place that was chosen in a browser.

INSIDE_HOSTS = ["127.0.0.1", "127.0.0.2", "localhost", "0.0.0.0"]


@pytest.mark.parametrize("name", INSIDE_HOSTS)
@pytest.mark.parametrize("scheme", ["https", "ssh"])
def test_w11_what_was_added_in_a_browser_reaches_nothing_inside(
    source: Client, host: GitHost, authority: Authority, name: str, scheme: str
) -> None:
    source.url = host.url("team/app.git", host=name).replace("https", scheme)

    with pytest.raises(CollectorError, match="POSTURE_INTERNAL_HOSTS"):
        source.read(network=Network(ca_file=str(authority.file)))

    assert host.connections == 0


def test_w11_what_an_operator_added_does(source: Client, host: GitHost, work: Repository) -> None:
    push(work, {"a.txt": "clean\n"})
    source.read()

    assert host.connections > 0


def test_w11_a_host_that_the_server_names_is_read(
    source: Client, host: GitHost, work: Repository, authority: Authority
) -> None:
    push(work, {"a.txt": "clean\n"})

    source.read(network=Network(internal=("127.0.0.1",), ca_file=str(authority.file)))

    assert host.connections > 0


@pytest.mark.parametrize(
    "name", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "0", "1.2.3.4.5", "0x7f.1", "256.1.1.1"]
)
@pytest.mark.parametrize("form", ["https://{}/x", "ssh://git@{}/x", "git@{}:x"])
def test_w13_a_host_that_is_an_oddly_spelt_number_is_no_address(name: str, form: str) -> None:
    with pytest.raises(AddressError):
        parse_address(form.format(name))


@pytest.mark.parametrize(
    "url",
    [
        "https://8.8.8.8@127.0.0.1/x", "https://127.0.0.1\\@host.example/x", "https://host.example#@127.0.0.1/x",
        "https://host.example./x", "https://[::1]/x", "https://[fe80::1%25lo]/x", "https://①②⑦.0.0.1/x",
        "https://127。0。0。1/x", "https://host.example%2f@127.0.0.1/x", "https://host.example\t/x",
        "https://host.example\r\nHost: x/x", "http://127.0.0.1/x", "git://127.0.0.1/x", "ssh://[::1]/x",
    ],
)  # fmt: skip
def test_w13_spellings_that_hide_a_host_are_no_address(url: str) -> None:
    with pytest.raises(AddressError):
        parse_address(url)


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Have names lead to these addresses, one after the other; returns the names asked for."""
    asked: list[str] = []

    def answer(name: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(name)
        address = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


@pytest.fixture
def read_here(tmp_path: Path, source: Client, engine: HyperscanEngine) -> ReadHere:
    """Reads an address in this process, so that the test decides where names lead."""

    def read(url: str, network: Network) -> Reading:
        key = load_key(source.context.key_file)
        records: list[Any] = []
        read_repository(job_of(url, tmp_path, network), engine, key, records.append, lambda: ())
        return Reading(records, key)

    return read


def test_w12_git_connects_to_the_address_that_was_judged_under_the_name_that_was_given(
    read_here: ReadHere, host: GitHost, work: Repository, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = new_secret()
    push(work, {"a.txt": secret_file(secret)})
    asked = resolving(monkeypatch, "127.0.0.1", "192.0.2.1")
    network = Network(internal=("127.0.0.1",), ca_file=str(authority.file))

    # No system could resolve this name, so that a git that asked for it again would fail.
    reading = read_here(host.url("team/app.git", host="git.example"), network)

    assert reading.place(secret, "a.txt") == "tip"
    assert asked == ["git.example"]
    assert set(host.told("Host")) == {f"git.example:{host.port}"}


def test_w12_a_name_that_leads_inside_is_never_connected_to(
    read_here: ReadHere, host: GitHost, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, "127.0.0.1")

    with pytest.raises(CollectorError, match="POSTURE_INTERNAL_HOSTS"):
        read_here(host.url("team/app.git", host="git.example"), Network(ca_file=str(authority.file)))

    assert host.connections == 0


def test_w12_a_name_that_turns_inside_later_stays_where_it_was_judged(tmp_path: Path) -> None:
    answers = iter([["8.8.8.8", "2606:4700::1111"], ["127.0.0.1"]])

    way = connection(parse_address("https://git.example/x"), Network(), tmp_path, lambda *_: next(answers))

    assert way.options == ("-c", "http.curloptResolve=git.example:443:8.8.8.8,[2606:4700::1111]")


@pytest.mark.parametrize("said", ["git version 2.36.9", "git version 1.99.1 (of ours)", "who knows"])
def test_w12_a_git_that_would_resolve_the_name_itself_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    old = tmp_path / "git"
    old.write_text(f"#!/bin/sh\necho '{said}'\n")
    old.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CollectorError, match=r"needs git 2\.37 or newer") as raised:
        connection(parse_address("https://git.example/x"), Network(), tmp_path, lambda *_: ["8.8.8.8"])

    assert raised.value.permanent
    # Whoever has access to the server lets git resolve the name; there is nothing to fix.
    connection(parse_address("https://git.example/x"), Network(anywhere=True), tmp_path)


def test_authorities_of_ones_own_are_trusted_beside_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, own = tmp_path / "usual.pem", tmp_path / "own.pem"
    usual.write_text("-----BEGIN usual\n")
    own.write_text("-----BEGIN own\n")
    monkeypatch.setattr("inventory.repository.connection._SYSTEM_AUTHORITIES", (str(tmp_path / "no"), str(usual)))

    way = connection(parse_address("https://git.example/x"), Network(anywhere=True, ca_file=str(own)), tmp_path)

    told = Path(way.options[1].removeprefix("http.sslCAInfo=")).read_text()
    assert "BEGIN usual" in told
    assert "BEGIN own" in told


def test_w12_ssh_is_led_to_the_judged_address_and_through_no_gateway(tmp_path: Path) -> None:
    way = connection(parse_address("ssh://git@git.example:2222/x"), Network(), tmp_path, lambda *_: ["8.8.8.8"])

    words = way.ssh.split()
    assert {"-oHostName=8.8.8.8", "-oProxyCommand=none", "-oProxyJump=none"} <= set(words)
    assert "'-oHostKeyAlias=[git.example]:2222'" in words


def test_a_name_that_leads_nowhere_is_said(read_here: ReadHere, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    with pytest.raises(CollectorError, match=r"git\.example cannot be found"):
        read_here("https://git.example/x", Network())
