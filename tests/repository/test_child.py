"""The process that reads: it dies with its parent, takes its gits along, and leaves a state that can be used."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from inventory.collector import CollectorError, DoneRecord, ReadContext, StandingRecord
from inventory.repository import mirror
from inventory.repository.supervising import read_in_child
from inventory.repository.text import message_text, path_bytes, path_text
from inventory.repository.wire import Decoder, encode
from tests.repository.workbench import Repository, Workbench, new_secret, secret_file


class GivenUp(Exception):
    """What a lease raises when somebody else has it."""


def context_of(workbench: Workbench, alive: Callable[[], None] = lambda: None) -> ReadContext:
    return ReadContext(
        workspace=workbench.workspace,
        key_file=workbench.key_file,
        cursor={},
        known_blobs=lambda: iter(()),
        alive=alive,
    )


def children_of(pid: int) -> set[int]:
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "status").read_text()
                command = (entry / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if f"\nPPid:\t{pid}\n" in status and b"inventory.repository.child" in command:
                found.add(int(entry.name))
    return found


def is_running(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def held_mirror(workbench: Workbench, repository: Repository) -> Iterator[None]:
    """Hold the lock of a mirror, so that a child waits for it as long as the test wants."""
    workbench.read(repository)
    (lock,) = (workbench.workspace / "mirrors").glob("*.lock")
    with open(lock, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@pytest.mark.slow
def test_a_child_killed_midway_is_an_error_and_the_next_read_is_whole(
    workbench: Workbench, repository: Repository
) -> None:
    secret = new_secret()
    for number in range(3):
        repository.commit({f"{number}.txt": secret_file(secret, number)})
    records = read_in_child(workbench.target(repository.path), context_of(workbench))
    next(records)
    for pid in children_of(os.getpid()):
        os.killpg(pid, signal.SIGKILL)

    with pytest.raises(CollectorError, match="SIGKILL"):
        list(records)

    again = list(read_in_child(workbench.target(repository.path), context_of(workbench)))
    assert isinstance(again[-1], DoneRecord)
    assert again[-1].counts["blobs"] == 3


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.3, 0.5, 0.7, 0.9])
def test_killed_at_any_moment_the_next_read_finds_everything(
    workbench: Workbench, repository: Repository, seconds: float
) -> None:
    secret = new_secret()
    repository.commit({"a.txt": secret_file(secret)})
    started = time.monotonic()

    def kill() -> None:
        if time.monotonic() - started > seconds:
            raise GivenUp

    def pause(_: object) -> None:
        time.sleep(max(0.0, seconds - (time.monotonic() - started)))
        kill()

    with pytest.raises(GivenUp):
        list(map(pause, read_in_child(workbench.target(repository.path), context_of(workbench, kill))))

    assert workbench.read(repository).place(secret, "a.txt") == "tip"


@pytest.mark.slow
def test_a_lost_lease_ends_the_silent_child(workbench: Workbench, repository: Repository) -> None:
    calls = []
    pids: set[int] = set()

    def alive() -> None:
        calls.append(time.monotonic())
        pids.update(children_of(os.getpid()))
        if len(calls) > 3:
            raise GivenUp

    with held_mirror(workbench, repository), pytest.raises(GivenUp):
        list(read_in_child(workbench.target(repository.path), context_of(workbench, alive)))

    assert pids
    assert not any(is_running(pid) for pid in pids)
    assert max(later - earlier for earlier, later in pairwise(calls)) < 5  # Meant: 2 s.


@pytest.mark.slow
def test_closing_the_records_ends_the_child(workbench: Workbench, repository: Repository) -> None:
    with held_mirror(workbench, repository):
        records = read_in_child(workbench.target(repository.path), context_of(workbench))
        next(records)
        (pid,) = children_of(os.getpid())

        records.close()

        assert not is_running(pid)


@pytest.mark.slow
def test_a_child_does_not_outlive_a_killed_parent(workbench: Workbench, repository: Repository) -> None:
    code = (
        "import sys; from pathlib import Path; from inventory.collector import ReadContext;"
        "from inventory.repository.supervising import read_in_child;"
        "from inventory.repository.mirror import Target; from inventory.repository.foreign import locate;"
        "place, workspace, key = map(Path, sys.argv[1:]);"
        "context = ReadContext(workspace, key, {}, lambda: iter(()), lambda: None);"
        "list(read_in_child(Target(str(place), '', locate(place, place)), context))"
    )
    with held_mirror(workbench, repository):
        arguments = [str(repository.path), str(workbench.workspace), str(workbench.key_file)]
        parent = subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=Path(__file__).parents[2])
        wait_until(lambda: children_of(parent.pid))
        (child,) = children_of(parent.pid)
        time.sleep(0.5)

        parent.kill()
        parent.wait()

        wait_until(lambda: not is_running(child), seconds=10)


@pytest.mark.slow
def test_nothing_of_the_servers_environment_reaches_the_child(
    workbench: Workbench, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTURE_CREDENTIAL_TEST", "planted")
    seen = b""
    with held_mirror(workbench, repository):
        records = read_in_child(workbench.target(repository.path), context_of(workbench))
        next(records)
        (pid,) = children_of(os.getpid())
        seen = Path(f"/proc/{pid}/environ").read_bytes()
        records.close()

    assert b"PATH=" in seen
    assert b"planted" not in seen


def test_two_reads_never_share_a_mirror(
    workbench: Workbench, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "_LOCK_SECONDS", 0.1)

    with held_mirror(workbench, repository), pytest.raises(CollectorError, match="Another read"):
        workbench.read(repository, again=False)


def test_a_child_that_is_done_ends_at_once_and_well(workbench: Workbench, repository: Repository) -> None:
    repository.commit({"a.txt": "clean\n"})
    job = workbench.job(workbench.target(repository.path), {})
    child = subprocess.Popen(
        [sys.executable, "-m", "inventory.repository.child"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdin.write(job.to_line() + b"\n")
    child.stdin.flush()

    lines = child.stdout.read().splitlines()

    assert json.loads(lines[-1])[0] == "done"
    assert child.wait() == 0
    assert child.stderr.read() == b""
    for stream in (child.stdin, child.stdout, child.stderr):
        stream.close()


def test_a_job_in_another_form_ends_the_child_with_words_instead_of_silence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "inventory.repository.child"],
        cwd=Path(__file__).parents[2],
        input=b'{"external_id": "one"}\n',
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert json.loads(done.stdout)[0] == "error"
    assert "Restart" in done.stdout.decode()


def test_the_child_imports_no_django() -> None:
    code = "import sys; import inventory.repository.child; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0


def test_a_data_folder_that_cannot_be_written_is_said_with_what_to_do(
    workbench: Workbench, repository: Repository, tmp_path: Path
) -> None:
    repository.commit({"a.txt": "clean\n"})
    (tmp_path / "file").write_text("in the way")
    blocked = replace(context_of(workbench), workspace=tmp_path / "file" / "workspace")

    with pytest.raises(CollectorError, match="data folder"):
        list(read_in_child(workbench.target(repository.path), blocked))


@pytest.mark.slow
def test_a_relative_data_folder_is_the_one_of_the_parent(
    workbench: Workbench, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a.txt": "clean\n"})
    base = workbench.key_file.parent
    monkeypatch.chdir(base)
    relative = replace(
        context_of(workbench),
        workspace=workbench.workspace.relative_to(base),
        key_file=workbench.key_file.relative_to(base),
    )

    records = list(read_in_child(workbench.target(repository.path), relative))

    assert isinstance(records[-1], DoneRecord)


BROKEN = """#!{python}
import pathlib, runpy, threading
from inventory.repository import reading

def read(*given):
    value = pathlib.Path(__file__).with_name("value").read_text()
    thread = threading.Thread(target=lambda: int(value))
    thread.start()
    thread.join()
    raise TypeError("cannot read " + value)

reading.read_repository = read
runpy.run_module("inventory.repository.child", run_name="__main__", alter_sys=True)
"""


def test_d1_a_fault_in_the_child_is_logged_without_the_content_that_it_was_about(
    workbench: Workbench,
    repository: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    repository.commit({"a.txt": "clean\n"})
    (tmp_path / "value").write_text(value := new_secret())
    (tmp_path / "broken").write_text(BROKEN.format(python=sys.executable))
    (tmp_path / "broken").chmod(0o700)
    monkeypatch.setattr("inventory.repository.supervising.sys.executable", str(tmp_path / "broken"))

    with pytest.raises(CollectorError, match="last words are in the log") as raised:
        list(read_in_child(workbench.target(repository.path), context_of(workbench)))

    assert value not in caplog.text + str(raised.value)
    assert "ValueError" in caplog.text, "from its thread"
    assert "TypeError" in caplog.text
    assert "inventory/repository/child.py" in caplog.text


def test_a_key_that_is_missing_is_an_error_with_words(workbench: Workbench, repository: Repository) -> None:
    repository.commit({"a.txt": "clean\n"})
    keyless = replace(context_of(workbench), key_file=workbench.workspace / "no-key")

    with pytest.raises(CollectorError, match="no-key"):
        list(read_in_child(workbench.target(repository.path), keyless))


def test_a_long_standing_travels_in_parts() -> None:
    standing = StandingRecord(
        frozenset((f"{number}\n.txt", "f" * 64) for number in range(5000)), frozenset({("\\xff", "0" * 64)})
    )
    decoder = Decoder()

    lines = list(encode(standing))
    records = [record for _, record in map(decoder.decode, lines) if record is not None]

    assert records == [standing]
    assert len(lines) == 4
    assert all(json.loads(line) for line in lines)


def test_g11_g35_what_git_says_is_capped_and_stripped() -> None:
    said = b"\x1b[31mfatal\x1b[0m: \x1b]0;title\x07https://user:word@host/x\rgone\x00" + b"z" * 100_000

    text = message_text(said)

    assert text.startswith("fatal: https://host/x gone")
    assert "\x1b" not in text
    assert len(text) <= 65_536


@pytest.mark.parametrize("raw", [b"plain", "grün".encode(), b"caf\xe9", b"\xff\xfe\n", b"a\xc3(\xf0"])
def test_a_path_becomes_text_and_back(raw: bytes) -> None:
    assert path_bytes(path_text(raw)) == raw
    path_text(raw).encode()
