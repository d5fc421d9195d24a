"""One long-running child process: its own group, its log, and no life beyond its parent's."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None, use_errno=True).prctl
LOG_BYTES = 5_000_000
# A child that lived this long has recovered: the next restart waits little again.
STEADY_SECONDS = 60.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
LONGEST_LINE = 100_000


@dataclass(frozen=True)
class Program:
    """What to run: the name that people see, the command, and how it is told to end without finishing its work."""

    name: str
    command: Sequence[str]
    hurry: int = signal.SIGKILL
    essential: bool = True
    """Whether all ends where it does not start; what is not is left alone then."""
    is_ready: Callable[[], bool] | None = None
    """Says that it serves; asked until it does."""
    when_ready: Callable[[], None] | None = None
    """What is to be done once, when it first serves."""


class Log:
    """A file that takes a child's output and keeps one older file when it grows too large."""

    def __init__(self, path: Path, limit: int = LOG_BYTES) -> None:
        self.path = path
        self._limit = limit
        self._descriptor: int | None = None

    def write(self, data: bytes) -> None:
        """Append; what a full disk refuses is dropped, because a log must not stop the product."""
        with suppress(OSError):
            if self._descriptor is None:
                self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.write(self._descriptor, data)
            if os.fstat(self._descriptor).st_size > self._limit:
                os.close(self._descriptor)
                self._descriptor = None
                self.path.replace(self.path.with_suffix(".log.1"))


class Child:
    """A program that runs, ends and is started again."""

    def __init__(self, program: Program, environment: Mapping[str, str], folder: Path, log_folder: Path) -> None:
        self.program = program
        self.log = Log(log_folder / f"{program.name}.log")
        self.starts = 0
        self.restart_at = 0.0
        self._environment = environment
        self._folder = folder
        self._started = 0.0
        self._pause = SHORTEST_PAUSE
        self._rest = b""
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether it was alive a moment ago."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it in a session of its own, so that the terminal's Ctrl-C reaches only the parent."""
        parent, hurry = os.getpid(), self.program.hurry

        def follow_parent() -> None:
            # A parent killed with SIGKILL can't stop anyone; the kernel does it then.
            _prctl(_PR_SET_PDEATHSIG, hurry)
            if os.getppid() != parent:
                os._exit(1)

        self.process = subprocess.Popen(
            self.program.command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=follow_parent,
        )
        os.set_blocking(self.output, False)
        self.starts += 1
        self._started = time.monotonic()

    @property
    def output(self) -> int:
        """The reading end of what it writes."""
        if self.process is None or self.process.stdout is None:
            raise ProcessLookupError(f"{self.program.name} does not run")
        return self.process.stdout.fileno()

    def read(self) -> list[str] | None:
        """Move its output into the log and return the errors in it, for people; nothing once it closed its output."""
        try:
            data = os.read(self.output, 65536)
        except BlockingIOError:
            return []
        if not data:
            return None
        self.log.write(data)
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[-LONGEST_LINE:]
        return [message for line in lines if (message := error_in(line))]

    def bury(self) -> str:
        """Remove what it left when it ended, its group and its pipe, and say how it ended."""
        if self.process is None or self.process.stdout is None:
            raise ProcessLookupError(f"{self.program.name} does not run")
        self.signal_group(signal.SIGKILL)
        code = self.process.wait()
        with suppress(BlockingIOError):
            while data := os.read(self.output, 65536):
                self.log.write(data)
        self.process.stdout.close()
        self.process = None
        lived = time.monotonic() - self._started
        self._pause = SHORTEST_PAUSE if lived > STEADY_SECONDS else min(self._pause * 2, LONGEST_PAUSE)
        self.restart_at = time.monotonic() + self._pause
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def signal(self, number: int) -> None:
        """Send a signal to the process itself; its pool is its own to stop."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def signal_group(self, number: int) -> None:
        """Send a signal to it and to everything that it started and that is still there."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


def error_in(line: bytes) -> str:
    """Return the message of a JSON log line of level error or worse, fit for a terminal; else nothing."""
    try:
        record = json.loads(line)
    except ValueError:
        return ""
    if not isinstance(record, dict) or record.get("level") not in {"error", "critical"}:
        return ""
    # What a repository or a person wrote may be in there: no control characters reach the terminal.
    return "".join(sign if sign.isprintable() else " " for sign in str(record.get("message", "")))[:300]
