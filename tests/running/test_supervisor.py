"""The supervisor with programs that misbehave; each test runs it in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from posture.common.child import Log, error_in
from tests.services.process import wait_until

pytestmark = pytest.mark.slow

STUBBORN = """
import signal, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
    signal.signal(number, signal.SIG_IGN)
print("up", flush=True)
time.sleep(99)
"""


class Supervised:
    """A supervisor over one program, given as Python source."""

    def __init__(
        self, folder: Path, program: str, grace: float = 0.5, facts: str = "", ready: str = 'Path("one.log").exists()'
    ) -> None:
        self.folder = folder
        source = textwrap.dedent(f"""
            import sys
            from pathlib import Path
            from posture.common import supervisor
            from posture.common.child import Program
            supervisor.GRACE_SECONDS, supervisor.LIMIT_SECONDS = {grace}, {grace} + 0.5
            one = supervisor.Supervisor(
                [Program("one", [sys.executable, "-c", {program!r}], {facts})],
                environment={{}}, folder=Path({str(folder)!r}), log_folder=Path({str(folder)!r}),
                say=lambda text: print(text, flush=True),
            )
            sys.exit(one.run(lambda: {ready}, lambda: print("READY", flush=True)))
        """)
        self.out = folder / "out"
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", source], cwd=folder, stdout=out, stderr=subprocess.STDOUT
            )

    def wait_for(self, text: str, name: str = "out") -> None:
        path = self.folder / name
        wait_until(lambda: path.exists() and text in path.read_text(), 20, text)

    def stop(self) -> float:
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        return time.monotonic() - started


def test_j14_a_program_that_ignores_every_signal_is_killed_in_time(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, STUBBORN)
    supervised.wait_for("up", "one.log")

    seconds = supervised.stop()

    assert seconds < 20  # Meant: 2 s.
    assert supervised.process.returncode == 0


def test_j14_a_second_signal_stops_at_once(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, STUBBORN, grace=60)
    supervised.wait_for("up", "one.log")

    supervised.process.send_signal(signal.SIGTERM)
    time.sleep(1.2)  # What comes sooner is the same stop, sent twice by `make`.
    seconds = supervised.stop()

    assert seconds < 20  # Meant: at once, and 60 s without.
    assert supervised.process.returncode == 0


def test_what_a_dead_program_left_behind_is_ended_too(tmp_path: Path) -> None:
    # The grandchild has a session of its own, so no signal to the program's group reaches it.
    leaves = (
        "import subprocess, sys, time\n"
        "left = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(99)'], start_new_session=True)\n"
        "print('left', left.pid, '.', flush=True)\ntime.sleep(99)"
    )
    supervised = Supervised(tmp_path, leaves)
    supervised.wait_for(" .", "one.log")
    left = int((tmp_path / "one.log").read_text().split()[1])

    supervised.stop()

    assert not Path(f"/proc/{left}").exists()


def test_a_program_that_never_starts_stops_the_rest_with_the_reason(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, "import time; time.sleep(0.2); raise SystemExit(3)")

    assert supervised.process.wait(30) == 1
    said = supervised.out.read_text()
    assert "one does not start (exit code 3, 4 times)" in said
    assert str(tmp_path / "one.log") in said


def test_errors_reach_the_console_once_and_other_lines_only_the_log(tmp_path: Path) -> None:
    lines = [{"level": "info", "message": "quiet"}] + [{"level": "error", "message": "disk gone\x1b[2J"}] * 3
    program = f"import json, time\nfor line in {lines!r}: print(json.dumps(line), flush=True)\ntime.sleep(99)"
    supervised = Supervised(tmp_path, program)
    supervised.wait_for("disk gone")
    supervised.stop()

    said = supervised.out.read_text()

    assert said.count("disk gone") == 1
    assert "\x1b" not in said
    assert "quiet" not in said
    assert "quiet" in (tmp_path / "one.log").read_text()


def test_a_log_that_grows_too_large_keeps_one_older_file(tmp_path: Path) -> None:
    log = Log(tmp_path / "one.log", limit=1000)

    for number in range(100):
        log.write(f"line {number}\n".encode().ljust(50, b"."))

    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["one.log", "one.log.1"]
    assert all(path.stat().st_size <= 1050 for path in tmp_path.iterdir())


@pytest.mark.parametrize("line", [b"", b"plain", b"[]", b"\xff\xfe", json.dumps({"level": "info"}).encode()])
def test_a_line_that_is_no_error_shows_nothing(line: bytes) -> None:
    assert error_in(line) == ""


def test_what_is_not_essential_is_left_alone_after_four_starts(tmp_path: Path) -> None:
    supervised = Supervised(
        tmp_path, "import sys; sys.exit(3)", facts="essential=False, is_ready=lambda: False", ready="True"
    )

    supervised.wait_for("The rest runs on without it.")

    assert supervised.process.poll() is None
    supervised.stop()
    assert supervised.process.returncode == 0
    assert supervised.out.read_text().count("is started again") == 3


def test_what_waits_for_a_program_to_serve_is_done_once(tmp_path: Path) -> None:
    facts = "is_ready=lambda: Path('served').exists(), when_ready=lambda: print('SERVED', flush=True)"
    supervised = Supervised(tmp_path, "import time; print('up', flush=True); time.sleep(99)", facts=facts)
    supervised.wait_for("READY")
    assert "SERVED" not in supervised.out.read_text()

    (tmp_path / "served").touch()
    supervised.wait_for("SERVED")
    time.sleep(1)

    supervised.stop()
    assert supervised.out.read_text().count("SERVED") == 1


def test_what_is_not_essential_starts_after_the_first_page(tmp_path: Path) -> None:
    program = "import time; print('up', flush=True); time.sleep(99)"
    supervised = Supervised(tmp_path, program, facts="essential=False", ready="Path('page').exists()")
    time.sleep(1.5)
    assert not (tmp_path / "one.log").exists()

    (tmp_path / "page").touch()
    supervised.wait_for("up", "one.log")

    supervised.stop()
    assert "READY" in supervised.out.read_text()
