"""Runs the demo's OpenBao: on this machine only, opened by a key that lies beside its data."""

from __future__ import annotations

import base64
import json
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from posture.common import address
from posture.common.child import Child, Program
from posture.demo.description import DemoError
from posture.demo.vault.place import HOST, VaultPlace

START_SECONDS = 60.0
STOP_SECONDS = 8.0
KEY_BYTES = 32
"""Of an AES-256 key, as the server's static seal wants it."""


def make_seal_key(place: VaultPlace) -> None:
    """Draw the key that opens the store; only this user may read it."""
    descriptor = os.open(place.seal_key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)))


def configure(place: VaultPlace, port: int, *, filling: bool = False) -> None:
    """Write what the server is started with; only while it is filled may its records be written as they lie."""
    settings = {
        # One node elects itself; the multiplier shortens how long it waits for others.
        "storage": {"raft": {"path": str(place.store), "node_id": "demo", "performance_multiplier": "1"}},
        "listener": [{"tcp": {"address": f"{HOST}:{port}", "cluster_address": f"{HOST}:0", "tls_disable": True}}],
        "seal": {"static": {"current_key_id": "demo", "current_key": f"file://{place.seal_key}"}},
        "api_addr": url(port),
        # Demanded by the store, and never reached: there is no second node.
        "cluster_addr": f"http://{HOST}:1",
        "ui": False,
        "log_level": "warn",
        "max_lease_ttl": "87600h",
        "raw_storage_endpoint": filling,
    }
    place.configuration.write_text(json.dumps(settings))


def command(program: Path, place: VaultPlace) -> list[str]:
    """Return how the server is started; nothing secret stands in it."""
    return [str(program), "server", f"-config={place.configuration}"]


def environment(place: VaultPlace) -> dict[str, str]:
    """Return the little that the server is given: none of the product's own settings."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(place.folder), "LC_ALL": "C"}


def url(port: int) -> str:
    """Return the server's address."""
    return f"http://{HOST}:{port}"


def answers(port: int) -> bool:
    """Say whether the server is open and serves."""
    return address.answers(HOST, port, "/v1/sys/health?standbycode=503")


@contextmanager
def filling(program: Path, place: VaultPlace, port: int, log_folder: Path) -> Iterator[None]:
    """Run the server while it is filled; it is closed, not yet set up, when the block begins.

    Raises:
        DemoError: it does not start, or does not stop.
    """
    configure(place, port, filling=True)
    child = Child(Program("openbao-filling", command(program, place)), environment(place), place.folder, log_folder)
    child.start()
    try:
        # 501 is how it says that it is not set up.
        _wait(child, lambda: address.answers(HOST, port, "/v1/sys/health?uninitcode=200&sealedcode=200"), START_SECONDS)
        yield
        child.signal(signal.SIGTERM)
        _wait(child, lambda: not child.running, STOP_SECONDS, ended=True)
    finally:
        if child.process is not None:
            child.bury()


def wait_until_open(port: int) -> None:
    """Wait until a server that was set up serves.

    Raises:
        DemoError: it takes too long.
    """
    until = time.monotonic() + START_SECONDS
    while not answers(port):
        if time.monotonic() > until:
            raise DemoError("OpenBao does not open its store")
        time.sleep(0.05)


def _wait(child: Child, done: Callable[[], bool], seconds: float, *, ended: bool = False) -> None:
    until = time.monotonic() + seconds
    while not done():
        with suppress(ProcessLookupError):
            child.read()
        if (not ended and not child.running) or time.monotonic() > until:
            raise DemoError(f"OpenBao does not {'stop' if ended else 'start'}; the reason is in {child.log.path}")
        time.sleep(0.05)


__all__ = [
    "START_SECONDS",
    "answers",
    "command",
    "configure",
    "environment",
    "filling",
    "make_seal_key",
    "url",
    "wait_until_open",
]
