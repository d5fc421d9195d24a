"""The product as a person starts it: `manage.py up` in a process of its own, on a data folder of its own."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.services.process import free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent


def descendants(pid: int) -> dict[int, str]:
    """Return the processes below `pid`, with their command lines."""
    below: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
            below.setdefault(parent, []).append(int(stat.parent.name))
    found: dict[int, str] = {}
    waiting = list(below.get(pid, []))
    while waiting:
        child = waiting.pop()
        waiting += below.get(child, [])
        with suppress(OSError):
            found[child] = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return found


def alive(pids: dict[int, str]) -> dict[int, str]:
    """Return which of these processes still run; a number that another program got since doesn't count."""
    still = {}
    for pid, command in pids.items():
        with suppress(OSError):
            now = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if now and now == command:
                still[pid] = now
    return still


# What each program logs once it works; the banner before that names it too, and a program killed then never came up.
READY = (("worker", " ready"), ("beat", "beat: Starting"))


@dataclass
class Product:
    """One installation: its folder, its port, and the command that runs it."""

    folder: Path
    port: int = field(default_factory=free_port)
    demo: bool = False
    process: subprocess.Popen[bytes] | None = None
    _earlier: dict[str, int] = field(default_factory=dict)

    @property
    def output(self) -> str:
        """What the person sees in the terminal."""
        return (self.folder.parent / f"{self.folder.name}.out").read_text(errors="replace")

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start it and return at once."""
        self._earlier = {name: len(self.log(name)) for name in ("worker", "beat")}
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("POSTURE_", "CELERY_", "DATABASE_"))
        }
        given = {"POSTURE_DATA_DIR": str(self.folder), "POSTURE_BIND": f"127.0.0.1:{self.port}"} | variables
        with (self.folder.parent / f"{self.folder.name}.out").open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", *([] if self.demo else ["--no-demo"]), *arguments],
                cwd=ROOT,
                env=kept | given,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.process

    def start_and_wait(self, *arguments: str, **variables: str) -> None:
        """Start it and wait until it says that it runs, all three programs."""
        process = self.start(*arguments, **variables)

        def ready() -> bool:
            if process.poll() is not None:
                raise RuntimeError(f"up ended with {process.returncode}: {self.output}")
            return "runs at" in self.output and all(
                word in self.log(name)[self._earlier[name] :] for name, word in READY
            )

        wait_until(ready, 90, "the product to run")

    def log(self, name: str) -> str:
        """Return a program's log."""
        path = self.folder / "logs" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def get(self, path: str) -> http.client.HTTPResponse:
        """Fetch a page; its body is read."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        response = connection.getresponse()
        response.body = response.read()  # type: ignore[attr-defined]
        connection.close()
        return response

    def signal(self, number: int) -> None:
        """Send a signal to the command itself."""
        assert self.process
        self.process.send_signal(number)

    def wait(self, seconds: float) -> float:
        """Wait for the end and return how long it took."""
        assert self.process
        started = time.monotonic()
        self.process.wait(seconds)
        return time.monotonic() - started

    def below(self) -> dict[int, str]:
        """Return all processes that it started and that run."""
        assert self.process
        return descendants(self.process.pid)

    def end(self) -> None:
        """Stop it whatever state it is in."""
        if self.process is None or self.process.poll() is not None:
            return
        pids = self.below()
        self.signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        for pid in [self.process.pid, *alive(pids)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
