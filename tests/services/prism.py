"""Speaks a vendor's published contract where no real server can be had: Prism, which judges requests and answers.

As a mock it answers with the contract's own examples. As a proxy it stands before a stand-in that keeps state, and
refuses both a request and an answer that the contract does not know.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.process import free_port, server

PEERS = Path(__file__).parents[1] / "peers"
PROGRAM = PEERS / "node_modules" / ".bin" / "prism"
CONTRACTS = PEERS / "node_modules" / "contracts"
PACKAGE = "npm, then run tests/peers/install.sh"


def contract(name: str) -> Path:
    """Return where a contract lies that `tests/peers/install.sh` keeps, such as azure.com/keyvault.json."""
    return CONTRACTS / name


@contextmanager
def prism(folder: Path, document: Path, upstream: str = "") -> Iterator[str]:
    """Run Prism on a contract until the block ends, before `upstream` where one is named; yields its address."""
    port = free_port()
    command = ["node", str(PROGRAM), "proxy" if upstream else "mock", str(document)]
    command += [upstream, "--errors"] if upstream else []
    # Reading a large contract takes it seconds, and more beside other tests.
    with server([*command, "-h", "127.0.0.1", "-p", str(port)], port, folder / f"prism-{port}.log", seconds=90):
        yield f"http://127.0.0.1:{port}"


def available() -> bool:
    """Say whether it is installed, and this machine's Node new enough for it."""
    if not (PROGRAM.exists() and CONTRACTS.exists() and shutil.which("node")):
        return False
    return subprocess.run(["node", str(PROGRAM), "--version"], capture_output=True, check=False).returncode == 0


__all__ = ["CONTRACTS", "PACKAGE", "available", "contract", "prism"]
