"""SECURITY W11-W15: one client speaks HTTP, and it judges every host; nothing else opens a connection of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLIENT = {ROOT / "posture" / "common" / name for name in ("http.py", "http_adapter.py", "http_connection.py")}
ASKS_ITSELF = {ROOT / "posture" / "common" / "address.py"}
"""Looks whether this very server already answers at its own address."""
SPEAKS_SMTP = ROOT / "posture" / "notify" / "channels" / "smtp.py"
"""Hands mail to the one server that the settings name; nobody in a browser can turn it elsewhere."""
BANNED = {
    "urllib.request",
    "http.client",
    "aiohttp",
    "httpx",
    "httplib2",
    "ftplib",
    "smtplib",
    "telnetlib",
    "xmlrpc.client",
    "urllib3.connection",
    "urllib3.connectionpool",
    "socket.create_connection",
    "socket.socket",
    "ssl.wrap_socket",
    "ssl.create_default_context",
    "ssl._create_unverified_context",
    "requests.get",
    "requests.post",
    "requests.put",
    "requests.head",
    "requests.request",
    "requests.delete",
    "requests.patch",
    "requests.options",
    "requests.Session",
    "requests.session",
    "requests.sessions.Session",
    "requests.adapters.HTTPAdapter",
    "urllib3.request",
}
OWN_CLIENT = {"urllib3.PoolManager", "urllib3.poolmanager.PoolManager"}
"""Vendors' clients that bring urllib3 get judged connections by `pool_classes`."""


def product_modules() -> list[Path]:
    return [
        path
        for top in ("posture", "inventory", "training")
        for path in sorted((ROOT / top).rglob("*.py"))
        if "__pycache__" not in path.parts
    ]


def named(tree: ast.AST) -> Iterator[str]:
    """Yield the full names of what a module imports, and of attributes of modules that it imports."""
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                modules[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
                yield alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            for alias in node.names:
                modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                yield f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            first, _, rest = ast.unparse(node).partition(".")
            if first in modules:
                yield f"{modules[first]}.{rest}"


def offences(tree: ast.AST) -> set[str]:
    text = ast.unparse(tree)
    found = set(named(tree)) & BANNED
    own = set(named(tree)) & OWN_CLIENT
    return found | (set() if "pool_classes_by_scheme" in text else own)


@pytest.mark.parametrize("path", product_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_w11_only_the_one_client_opens_connections(path: Path) -> None:
    if path in CLIENT | ASKS_ITSELF:
        return

    allowed = {"smtplib"} if path == SPEAKS_SMTP else set()
    assert not offences(ast.parse(path.read_text(encoding="utf-8"))) - allowed


@pytest.mark.parametrize(
    "source",
    [
        "import urllib.request",
        "from urllib import request\nrequest.urlopen(x)",
        "from urllib.request import urlopen as ask",
        "import http.client as plain",
        "import requests\nrequests.get(url)",
        "import requests as r\nr.Session()",
        "from requests import Session",
        "import socket\nsocket.create_connection(x)",
        "from socket import create_connection",
        "import urllib3\nurllib3.PoolManager()",
        "import httpx",
    ],
)
def test_w11_the_check_finds_what_it_looks_for(source: str) -> None:
    assert offences(ast.parse(source))


def test_w11_the_check_lets_pass_what_goes_through_the_client() -> None:
    source = "import requests\ndef read(session: requests.Response) -> None: session.get(url)"

    assert not offences(ast.parse(source))


def test_w11_the_one_client_trusts_no_environment() -> None:
    source = (ROOT / "posture" / "common" / "http.py").read_text()

    assert "self.trust_env = False" in source
