"""A throwaway Redis."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.process import free_port, server

PACKAGE = "redis-server"


@contextmanager
def redis_server() -> Iterator[str]:
    """Start a server that keeps nothing on disk and yield its address."""
    binary = shutil.which("redis-server")
    if binary is None:
        raise FileNotFoundError("no Redis server is installed")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="posture-redis-") as folder:
        command = [
            binary,
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder,
        ]
        with server(command, port, Path(folder) / "redis.log"):
            yield f"redis://127.0.0.1:{port}/0"
