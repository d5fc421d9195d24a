"""Clones over https from a real git host with a real certificate, and from hosts that misbehave."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inventory.collector import CollectorError
from posture.common.inside import Network
from tests.repository.network import Client, give, noise, push
from tests.repository.workbench import Repository, new_secret, secret_file
from tests.services.certificates import Authority
from tests.services.git_host import GitHost, git_host

pytestmark = pytest.mark.slow


def test_a_repository_is_cloned_over_tls_with_an_authority_of_ones_own(source: Client, work: Repository) -> None:
    secret = new_secret()
    push(work, {"a.txt": secret_file(secret, 4)})

    reading = source.read()

    assert reading.place(secret, "a.txt") == "tip"
    assert reading.exposures(secret)["a.txt"].first.line == 5
    assert reading.facts.default_ref == "refs/heads/main"


def test_the_second_read_fetches_only_what_is_new(source: Client, host: GitHost, work: Repository) -> None:
    first, second = new_secret(), new_secret()
    push(work, {"a.txt": secret_file(first), "big.bin": noise(400)})
    source.read()
    before = host.fetched
    push(work, {"b.txt": secret_file(second)})

    reading = source.read()

    assert reading.place(second, "b.txt") == "tip"
    assert reading.place(first, "a.txt") == "tip"
    assert reading.done.counts["blobs"] == 1
    assert before > 200_000
    assert host.fetched - before < 20_000


def test_nothing_new_fetches_no_pack(source: Client, host: GitHost, work: Repository) -> None:
    push(work, {"big.bin": noise(400)})
    source.read()
    before = host.fetched

    reading = source.read()

    assert reading.done.counts == {"commits": 0, "blobs": 0, "bytes": 0}
    assert host.fetched - before < 5_000


def test_a_force_push_over_the_network_leaves_the_value_in_history_no_more(
    source: Client, work: Repository, remote: Repository
) -> None:
    first, second = new_secret(), new_secret()
    push(work, {"a.txt": secret_file(first)})
    source.read()
    work.git("checkout", "--quiet", "--orphan", "other")
    push(work, {"a.txt": secret_file(second)})

    reading = source.read()

    assert reading.done.full
    assert reading.place(second, "a.txt") == "tip"
    assert reading.place(first, "a.txt") == "nowhere"


@pytest.mark.parametrize("user", ["deploy", ""])
def test_g11_the_credential_opens_the_host_and_stands_nowhere(
    source: Client, host: GitHost, work: Repository, user: str, tmp_path: Path
) -> None:
    canary = secrets.token_urlsafe(24)
    host.wants = f"{user or 'git'}:{canary}"
    give(source, f"{user}:{canary}" if user else canary)
    secret = new_secret()
    push(work, {"a.txt": secret_file(secret), "big.bin": noise(2000)})
    seen = Spy(canary)

    with seen.looking():
        reading = source.read(credential="file:git")

    assert reading.place(secret, "a.txt") == "tip"
    assert seen.processes > 0
    assert seen.found == []
    assert holding(canary, source.context.workspace) == []
    assert canary not in repr(reading.records)


class Spy:
    """Looks into the arguments and the environment of every process of ours for a value."""

    def __init__(self, value: str) -> None:
        self.value = value.encode()
        self.found: list[str] = []
        self.processes = 0

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look again and again, beside what is done meanwhile: how often a read asks is up to the machine."""
        done = threading.Event()

        def watch() -> None:
            while not done.is_set():
                self.look()

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def look(self) -> None:
        ours = os.getuid()
        for place in Path("/proc").iterdir():
            if not place.name.isdigit() or int(place.name) == os.getpid():
                continue
            try:
                if place.stat().st_uid != ours:
                    continue
                told = (place / "cmdline").read_bytes()
                self.processes += told.startswith(b"git") or b"inventory.repository.child" in told
                told += (place / "environ").read_bytes()
            except OSError:
                continue
            if self.value in told:
                self.found.append(told.decode(errors="replace"))


def holding(value: str, folder: Path) -> list[Path]:
    """Return the files that hold a value."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if value.encode() in path.read_bytes()]


def test_g11_a_wrong_credential_is_said_without_it_and_keeps_what_is_there(
    source: Client, host: GitHost, work: Repository
) -> None:
    secret = new_secret()
    push(work, {"a.txt": secret_file(secret)})
    source.read()
    before = mirror_identity(source)
    push(work, {"b.txt": "later\n"})
    canary = secrets.token_urlsafe(24)
    host.wants = "git:another"
    give(source, canary)

    with pytest.raises(CollectorError, match="refuses the credential of this source") as refused:
        source.read(credential="file:git")

    assert canary not in str(refused.value)
    assert canary not in repr(refused.value.__cause__)
    assert mirror_identity(source) == before
    host.wants = ""
    assert source.read().place(secret, "a.txt") == "tip"


def mirror_identity(source: Client) -> tuple[int, set[str]]:
    """Return what tells a mirror from one that was made anew."""
    (mirror,) = source.mirrors
    return mirror.stat().st_ino, {path.name for path in (mirror / "objects/pack").glob("*.pack")}


def test_a_host_that_asks_while_no_credential_is_named_is_said(source: Client, host: GitHost, work: Repository) -> None:
    push(work, {"a.txt": "clean\n"})
    host.wants = "git:something"

    with pytest.raises(CollectorError, match="asks for a credential"):
        source.read()


def test_a_repository_that_is_not_there_is_said(source: Client, host: GitHost) -> None:
    source.url = host.url("team/none.git")

    with pytest.raises(CollectorError, match="no such repository"):
        source.read()

    assert source.mirrors == []


def test_an_unknown_authority_is_refused_and_what_to_set_is_said(
    source: Client, host: GitHost, work: Repository
) -> None:
    push(work, {"a.txt": "clean\n"})

    with pytest.raises(CollectorError, match="POSTURE_CA_FILE"):
        source.read(network=Network(anywhere=True))

    assert host.requests == []


def test_a_certificate_for_another_name_is_refused(
    source: Client, work: Repository, tmp_path: Path, authority: Authority
) -> None:
    push(work, {"a.txt": "clean\n"})
    with git_host(tmp_path / "served", authority, names=["other.example"]) as running:
        source.url = running.url("team/app.git")

        with pytest.raises(CollectorError, match="where the host's name is another one, correct the address"):
            source.read()

    assert running.requests == []


@pytest.mark.parametrize("content", [None, "no certificate\n"])
def test_a_file_of_authorities_that_is_none_is_said(source: Client, tmp_path: Path, content: str | None) -> None:
    given = tmp_path / "given.pem"
    if content:
        given.write_text(content)

    with pytest.raises(CollectorError, match=r"POSTURE_CA_FILE names .*Correct it"):
        source.read(network=Network(anywhere=True, ca_file=str(given)))


@pytest.mark.parametrize("when", ["first", "later"])
def test_g35_a_host_that_hangs_up_inside_a_pack_costs_nothing(
    source: Client, host: GitHost, work: Repository, when: str
) -> None:
    first, second = new_secret(), new_secret()
    push(work, {"a.txt": secret_file(first)})
    before = None
    if when == "later":
        source.read()
        before = mirror_identity(source)
    push(work, {"b.txt": secret_file(second), "big.bin": noise(300)})
    host.break_after = 50_000

    with pytest.raises(CollectorError, match=r"broke off .*tried again later"):
        source.read()

    assert (mirror_identity(source) if source.mirrors else None) == before
    host.break_after = -1
    reading = source.read()
    assert reading.place(first, "a.txt") == "tip"
    assert reading.place(second, "b.txt") == "tip"


def test_g35_a_host_that_drips_is_given_up(source: Client, host: GitHost, work: Repository) -> None:
    push(work, {"big.bin": noise(100)})
    host.drip = 0.05
    limits = dict(source.context.limits) | {"slow_seconds": 2}
    started = time.monotonic()

    with pytest.raises(CollectorError, match="next to nothing for too long"):
        source.read(limits=limits)

    assert time.monotonic() - started < 30  # Meant: 3 s.
    assert source.mirrors == []
    assert not list((source.context.workspace / "mirrors").glob("*.part*"))


def test_g35_an_endless_host_is_stopped_at_the_time_limit(source: Client, host: GitHost, work: Repository) -> None:
    push(work, {"big.bin": noise(100)})
    host.drip = 0.0005
    limits = dict(source.context.limits) | {"wall_seconds": 3}

    with pytest.raises(CollectorError, match="longer than a read may take"):
        source.read(limits=limits)


def test_a_host_that_answers_no_more_keeps_what_is_there(source: Client, host: GitHost, work: Repository) -> None:
    push(work, {"a.txt": "clean\n"})
    source.read()
    before = mirror_identity(source)
    source.url = host.url("team/app.git").replace(str(host.port), "9")

    with pytest.raises(CollectorError, match="does not answer"):
        source.read()

    assert mirror_identity(source) == before
