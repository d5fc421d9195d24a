"""A second stand-in for AWS, which moto cannot replace: it enforces IAM, and tells when a secret was read last.

It stands in an environment of its own, made by `tools/test_parts.sh`, since it needs another botocore than the
product. Each account is apart from the others; an access key that is an account's number is its root user's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.services.moto import Moto, new_account
from tests.services.process import IN_CI, free_port, server

PROGRAM = Path(__file__).parents[2] / ".venv-ministack" / "bin" / "ministack"


def unless_missing() -> None:
    """Skip the test on a laptop and fail it in CI where it is not installed."""
    if PROGRAM.is_file():
        return
    reason = "ministack is missing. Install it: bash tools/test_parts.sh"
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def account(ministack: Moto) -> Moto:
    """Return the server seen by the root user of an account that nobody uses yet."""
    return replace(ministack, key_id=new_account())


def with_key_of(aws: Moto, user: str) -> Moto:
    """Return the server seen with a new access key of a user, who may do what the user's policies say."""
    made = aws.client("iam").create_access_key(UserName=user)["AccessKey"]
    return replace(aws, key_id=made["AccessKeyId"], secret=made["SecretAccessKey"])


@contextmanager
def ministack(folder: Path) -> Iterator[Moto]:
    """Run a server that enforces IAM until the block ends."""
    port = free_port()
    told: dict[str, Any] = {"AUTH": "true", "SFTP_ENABLED": "0", "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port)}
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "TMPDIR": str(folder)}
    with server([str(PROGRAM)], port, folder / "ministack.log", env=environment | told, cwd=folder):
        yield Moto(f"http://127.0.0.1:{port}")


__all__ = ["account", "ministack", "unless_missing", "with_key_of"]
