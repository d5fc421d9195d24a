"""The bounds of one read: of the machine (G29, G36) and of what is found (G37). Each is reached, and said."""

from __future__ import annotations

import os
import resource
import secrets
import string
from pathlib import Path
from typing import Any

import pytest

from inventory.collector import BlobRecord, CollectorError, ExposureRecord, SkipRecord
from inventory.repository import attribution, child, supervising
from inventory.repository.job import Limits
from inventory.repository.supervising import read_in_child
from tests.repository.network import Client, noise, push
from tests.repository.test_child import children_of, context_of, held_mirror
from tests.repository.workbench import Reading, Repository, Workbench, new_secret, secret_file
from tests.services.git_host import GitHost, Request

BOUNDS = {
    "Max address space": ("memory_bytes", 3 << 30),
    "Max cpu time": ("cpu_seconds", 1234),
    "Max file size": ("file_bytes", 5 << 30),
}


def read(workbench: Workbench, repository: Repository, **limits: int) -> list[Any]:
    context = context_of(workbench)
    return list(read_in_child(workbench.target(repository.path), type(context)(**vars(context) | {"limits": limits})))


def bounds_of(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    return {line[:25].strip(): line[26:46].strip() for line in lines}


@pytest.mark.slow
def test_g29_the_child_that_reads_has_every_bound_and_leaves_no_core(
    workbench: Workbench, repository: Repository
) -> None:
    given = dict(BOUNDS.values())
    context = context_of(workbench)
    context = type(context)(**vars(context) | {"limits": given})
    with held_mirror(workbench, repository):
        records = read_in_child(workbench.target(repository.path), context)
        next(records)
        (pid,) = children_of(os.getpid())

        bounds = bounds_of(pid)

        records.close()
    assert {name: int(bounds[name]) for name in BOUNDS} == {name: bound for name, (_, bound) in BOUNDS.items()}
    assert bounds["Max core file size"] == "0"


def test_g29_a_read_leaves_no_core_whatever_the_server_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    # A machine that allows none anyway would hide that it was not forbidden.
    bounds: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(child.resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    monkeypatch.setattr(child.resource, "setrlimit", bounds.__setitem__)
    monkeypatch.setattr(child.signal, "signal", lambda *_: None)

    child.limit(Limits())

    assert bounds[resource.RLIMIT_CORE] == (0, 0)


def test_g29_without_being_told_a_read_is_bounded_too() -> None:
    limits = Limits()

    assert limits.memory_bytes <= 2 << 30
    assert 0 < limits.cpu_seconds <= 4 * 3600
    assert 0 < limits.file_bytes <= 64 << 30
    assert 0 < limits.wall_seconds <= 4 * 3600


@pytest.mark.slow
def test_g29_more_processor_time_than_allowed_ends_the_read_with_words(
    workbench: Workbench, repository: Repository
) -> None:
    repository.commit({f"{number}.txt": flood(20_000) for number in range(40)})

    with pytest.raises(CollectorError, match="more processor time"):
        read(workbench, repository, cpu_seconds=1)


@pytest.mark.slow
def test_g29_more_memory_than_allowed_ends_the_read_with_words(workbench: Workbench, repository: Repository) -> None:
    repository.commit({"a.txt": "clean\n"})

    with pytest.raises(CollectorError, match="memory"):
        read(workbench, repository, memory_bytes=40 << 20)

    assert read(workbench, repository)


# G36: the disk.


@pytest.mark.slow
def test_g36_a_mirror_with_a_file_larger_than_allowed_is_refused_and_leaves_nothing(
    workbench: Workbench, repository: Repository
) -> None:
    repository.commit({"big.bin": noise(4000)})

    with pytest.raises(CollectorError, match="larger than a read may write"):
        read(workbench, repository, file_bytes=1 << 20)

    assert list((workbench.workspace / "mirrors").glob("*.git")) == []
    assert sum(path.stat().st_size for path in workbench.workspace.rglob("*") if path.is_file()) < 100_000


@pytest.mark.slow
def test_g36_the_same_holds_for_what_a_host_sends(source: Client, work: Repository) -> None:
    push(work, {"big.bin": noise(4000)})

    with pytest.raises(CollectorError, match="larger than a read may write"):
        source.read(limits=dict(source.context.limits) | {"file_bytes": 1 << 20})

    assert source.mirrors == []


def test_g36_a_disk_that_is_nearly_full_takes_no_mirror(workbench: Workbench, repository: Repository) -> None:
    repository.commit({"a.txt": "clean\n"})
    workbench.limits = {"free_bytes": 1 << 60}

    with pytest.raises(CollectorError, match=r"MiB free.*Free some space"):
        workbench.read(repository)

    assert list((workbench.workspace / "mirrors").glob("*.git*")) == []


def test_g36_a_disk_that_is_nearly_full_takes_no_update_and_keeps_the_mirror(
    workbench: Workbench, repository: Repository
) -> None:
    first, second = new_secret(), new_secret()
    repository.commit({"a.txt": secret_file(first)})
    workbench.read(repository)
    repository.commit({"b.txt": secret_file(second)})
    (mirror,) = (workbench.workspace / "mirrors").glob("*.git")
    before = mirror.stat().st_ino
    workbench.limits = {"free_bytes": 1 << 60}

    with pytest.raises(CollectorError, match=r"MiB free.*Free some space"):
        workbench.read(repository)

    assert mirror.stat().st_ino == before
    workbench.limits = {}
    reading = workbench.read(repository)
    assert reading.place(second, "b.txt") == "tip"
    assert reading.place(first, "a.txt") == "tip"


# G37: floods.


def flood(count: int) -> bytes:
    """Return so many different fake keys, one a line."""
    alphabet = (string.ascii_letters + string.digits).encode()
    table = bytes(alphabet[number % len(alphabet)] for number in range(256))
    signs = secrets.token_bytes(36 * count).translate(table).decode()
    prefix = "token: gh" + "p_"
    return "".join(f"{prefix}{signs[36 * number : 36 * number + 36]}\n" for number in range(count)).encode()


@pytest.mark.slow
def test_g37_a_million_keys_in_one_file_make_few_rows_and_the_caps_are_said(
    workbench: Workbench, repository: Repository
) -> None:
    repository.commit({"flood.txt": flood(1_000_000), "good.txt": secret_file(good := new_secret())})

    records = read(workbench, repository)

    # The file is larger than what is scanned of one, so its head and tail are, and each is cut short.
    assert sum(len(record.findings) for record in records if isinstance(record, BlobRecord)) <= 2_001
    assert sum(isinstance(record, ExposureRecord) for record in records) <= 2_001
    skips = {record.reason: record for record in records if isinstance(record, SkipRecord)}
    assert {"file too large", "too many findings"} <= set(skips)
    assert all(skips[reason].partial for reason in ("file too large", "too many findings"))
    assert Reading(records, workbench.key).place(good, "good.txt") == "tip"


def test_g37_more_places_than_are_stored_for_one_repository_are_counted_and_said(
    workbench: Workbench, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attribution, "MOST_EXPOSURES", 50)
    repository.commit({f"{number}.txt": flood(20) for number in range(10)})

    reading = workbench.read(repository)

    assert len(reading.of(ExposureRecord)) == 50
    assert reading.skips["too many places"] == 150
    assert reading.partial


def test_g37_the_bound_of_one_repository_is_one_that_a_database_takes() -> None:
    assert attribution.MOST_EXPOSURES <= 200_000


# G35: what a child or a host says.


def test_g35_of_what_a_child_says_only_the_beginning_is_kept(
    workbench: Workbench,
    repository: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    repository.commit({"a.txt": "clean\n"})
    talker = tmp_path / "talker"
    talker.write_text("#!/bin/sh\nhead -c 30000000 /dev/zero | tr '\\0' x >&2\nexit 3\n")
    talker.chmod(0o700)
    monkeypatch.setattr(supervising.sys, "executable", str(talker))

    with pytest.raises(CollectorError, match="ended with code 3"):
        read(workbench, repository)

    (told,) = (record for record in caplog.records if record.name == supervising.__name__)
    assert 60_000 < len(told.getMessage()) < 70_000


@pytest.mark.slow
def test_g35_a_host_that_never_stops_talking_fills_nothing(source: Client, host: GitHost, work: Repository) -> None:
    push(work, {"a.txt": "clean\n"})

    def packet(line: bytes) -> bytes:
        return b"%04x" % (len(line) + 4) + line

    def talk(request: Request, content: bytes) -> bytes:
        if b"command=fetch" not in request.body:
            return content
        talking = packet(b"\x02\x1b[31m\x1b]0;title\x07" + b"fatal: talk " * 5000 + b"\n")
        return packet(b"packfile\n") + talking * 60 + packet(b"\x03gone\n") + b"0000"

    host.rewrite = talk

    with pytest.raises(CollectorError) as failed:
        source.read()

    said = str(failed.value)
    assert len(said) < 1000
    assert said.isprintable()
    assert source.mirrors == []
