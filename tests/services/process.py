"""Starting of real servers for tests: free port, own process group, readiness, and nothing left at the end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

IN_CI = os.environ.get("CI") == "true"


def missing(what: str, package: str) -> None:
    """Skip the test on a laptop, fail it in CI, and say which package to install."""
    reason = f"{what} is missing. Install it: sudo apt-get install {package}"
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def free_port() -> int:
    """Return a port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(true: Callable[[], Any], seconds: float, what: str) -> Any:
    """Return the first truthy result, or fail after `seconds` with `what` was waited for."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := true():
            return result
        time.sleep(0.05)
    raise TimeoutError(f"waited {seconds} s in vain: {what}")


def answers(port: int) -> bool:
    """Say whether something listens there."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def stop_group(process: subprocess.Popen[Any], first: int = signal.SIGTERM, seconds: float = 10) -> None:
    """Stop a process and all it started; by force once it has had its time."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, first)
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def server(
    command: list[str], port: int, log: Path, *, stop: int = signal.SIGTERM, seconds: float = 20, **options: Any
) -> Iterator[None]:
    """Run a server until the block ends; it must listen on `port` within `seconds`."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **options,
        )
    try:

        def ready() -> bool:
            if process.poll() is not None:
                raise RuntimeError(f"{command[0]} ended with {process.returncode}: {log.read_text()[-2000:]}")
            return answers(port)

        wait_until(ready, seconds, f"{command[0]} on port {port}")
        yield
    finally:
        stop_group(process, stop)
