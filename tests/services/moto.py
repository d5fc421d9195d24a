"""A stand-in for AWS that keeps state: moto's server, and the few calls that fill it.

Every test works in an account of its own: moto takes the account from the access key of a role that was taken, or
from a header, which the clients made here send.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import requests

from tests.services.process import free_port, server, wait_until

PACKAGE = "moto[server] (pip)"
REGION = "eu-central-1"
_PROGRAM = [sys.executable, "-W", "ignore", "-m", "moto.server"]


@dataclass(frozen=True)
class Moto:
    """A running server, seen with one access key."""

    url: str
    key_id: str = "test"
    secret: str = "test"
    token: str = ""

    @property
    def credential(self) -> str:
        """What the source's credential holds."""
        return json.dumps({"access_key_id": self.key_id, "secret_access_key": self.secret, "session_token": self.token})

    def client(self, service: str, region: str = REGION) -> Any:
        """Return botocore's own client, as people who work with AWS have it."""
        return _session().create_client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=self.key_id,
            aws_secret_access_key=self.secret,
            aws_session_token=self.token or None,
        )

    @property
    def account(self) -> str:
        """Return the number of the account that the key belongs to."""
        return str(self.client("sts").get_caller_identity()["Account"])

    def in_account(self, number: str) -> Moto:
        """Return the server seen by a role of an account."""
        arn = f"arn:aws:iam::{number}:role/setup"
        given = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="setup")["Credentials"]
        return replace(self, key_id=given["AccessKeyId"], secret=given["SecretAccessKey"], token=given["SessionToken"])

    def policy(self, name: str, *statements: dict[str, Any]) -> str:
        """Make a managed policy and return its ARN."""
        made = self.client("iam").create_policy(PolicyName=name, PolicyDocument=document(*statements))
        return str(made["Policy"]["Arn"])

    def user(self, name: str, *policies: str, **inline: dict[str, Any]) -> str:
        """Make a user with managed and inline policies, and return its ARN."""
        iam = self.client("iam")
        arn = iam.create_user(UserName=name)["User"]["Arn"]
        for policy in policies:
            iam.attach_user_policy(UserName=name, PolicyArn=policy)
        for title, statement in inline.items():
            iam.put_user_policy(UserName=name, PolicyName=title, PolicyDocument=document(statement))
        return str(arn)

    def role(self, name: str, *policies: str, trusts: Any = None) -> str:
        """Make a role with managed policies, and return its ARN."""
        iam = self.client("iam")
        trust = {"Effect": "Allow", "Principal": trusts or {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
        for policy in policies:
            iam.attach_role_policy(RoleName=name, PolicyArn=policy)
        return str(arn)

    def secret_of(self, name: str, value: str | None = None, **given: Any) -> str:
        """Store a secret and return its ARN."""
        text = secrets.token_urlsafe(24) if value is None else value
        return str(self.client("secretsmanager").create_secret(Name=name, SecretString=text, **given)["ARN"])


@cache
def _session() -> Any:
    """Return one session for all clients, since it reads each service's description only once."""
    from botocore.session import Session

    return Session()


def document(*statements: dict[str, Any]) -> str:
    """Return a policy of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    """Return a statement that allows something."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def new_account() -> str:
    """Return the number of an account that nobody uses yet."""
    return f"{secrets.randbelow(9 * 10**11) + 10**11}"


@contextmanager
def moto(folder: Path) -> Iterator[Moto]:
    """Run a server until the block ends."""
    port = free_port()
    command = [*_PROGRAM, "-H", "127.0.0.1", "-p", str(port)]
    with server(command, port, folder / "moto.log"):
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: requests.get(f"{url}/moto-api/data.json", timeout=5).ok, 20, "moto")
        yield Moto(url)


def available() -> bool:
    """Say whether it is installed beside this Python."""
    return find_spec("moto") is not None


__all__ = ["PACKAGE", "REGION", "Moto", "allow", "available", "document", "moto", "new_account"]
