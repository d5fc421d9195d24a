"""A real Celery worker process on the test's own database, for tests that kill it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from tests.services.process import stop_group, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent


def database_environment(folder: Path) -> dict[str, str]:
    """Return the environment with which another process sees this test's database and keys.

    `folder` becomes its data folder. On SQLite the product's usual file name there is a link to the test's
    database, so that the process runs with the product's own SQLite settings.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = {
        "POSTURE_DATA_DIR": str(folder),
        "POSTURE_SECRET_KEY": settings.SECRET_KEY,
        "POSTURE_FINGERPRINT_KEY_PATH": str(settings.FINGERPRINT_KEY_FILE),
        "POSTURE_AUDIT_KEY_PATH": str(settings.AUDIT_KEY_FILE),
        "POSTURE_LOG_LEVEL": "INFO",
    }
    if connection.vendor == "sqlite":
        link = folder / "posture.sqlite3"
        if not link.is_symlink():
            link.symlink_to(connection.settings_dict["NAME"])
    else:
        parts = connection.settings_dict
        environment["DATABASE_URL"] = f"postgresql://{parts['USER']}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
    return environment


@dataclass
class Worker:
    """A running worker: its main process, its log, and ways to end it."""

    process: subprocess.Popen[bytes]
    log: Path
    environment: dict[str, str] = field(repr=False)

    @property
    def pid(self) -> int:
        """The main process, which is also the id of its process group."""
        return self.process.pid

    def children(self) -> list[int]:
        """Return the pool's processes."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.pid)], capture_output=True, text=True, check=False
        )
        return [int(pid) for pid in listed.stdout.split()]

    def kill(self) -> None:
        """Kill the main process, its pool and all they started, as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()

    def kill_children(self) -> None:
        """Kill the pool's processes and leave the main process to replace them."""
        for pid in self.children():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self, seconds: float = 10) -> int:
        """Ask it to stop, wait, and return its exit code."""
        stop_group(self.process, signal.SIGTERM, seconds)
        return self.process.returncode


def start_worker(
    *,
    broker_url: str,
    folder: Path,
    concurrency: int = 2,
    beat: bool = False,
    environment: dict[str, str] | None = None,
) -> Worker:
    """Start a worker and return once it takes messages.

    `beat` starts the schedule inside it; without it, publish from the test. `environment` is added last, for
    instance a short POSTURE_LEASE_SECONDS.
    """
    ours = {"CELERY_BROKER_URL": broker_url, "POSTURE_LOG_LEVEL": "INFO"}
    full = os.environ | database_environment(folder) | ours | (environment or {})
    queue = folder / "queue"
    for place in (queue, queue / "control"):
        place.mkdir(mode=0o700, exist_ok=True)
    log = folder / f"worker-{len(list(folder.glob('worker-*.log')))}.log"
    command = [sys.executable, "-m", "celery", "-A", "posture", "worker", "-c", str(concurrency), "-O", "fair"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "INFO"]
    command += ["-B"] if beat else []
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=full,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    worker = Worker(process, log, full)

    def ready() -> Any:
        if process.poll() is not None:
            raise RuntimeError(f"the worker ended with {process.returncode}: {log.read_text()[-3000:]}")
        return " ready" in log.read_text(errors="replace")

    try:
        wait_until(ready, 30, f"a worker that is ready; see {log}")
    except BaseException:
        worker.kill()
        raise
    return worker
