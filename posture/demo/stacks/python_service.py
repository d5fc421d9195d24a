"""A small Python web service or batch job."""

from __future__ import annotations

from collections.abc import Mapping

from posture.demo.stacks.stack import Fix, Stack, Step, digest

SETTINGS = '''"""Settings, read from the environment once at start-up."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    database_url: str = os.environ.get("DATABASE_URL", "postgresql://localhost/app_name")
    api_token: str = os.environ.get("API_TOKEN", "")
    page_size: int = int(os.environ.get("PAGE_SIZE", "50"))
    timeout: float = float(os.environ.get("HTTP_TIMEOUT", "5"))


settings = Settings()
'''

MAIN = '''"""The app-name service."""

import logging

from flask import Flask, jsonify

logger = logging.getLogger(__name__)


def create_app() -> Flask:
    app = Flask("app_name")

    @app.get("/healthz")
    def health():
        return jsonify(status="ok")

    return app
'''

DATABASE = '''"""One connection pool for the whole process."""

from contextlib import contextmanager

from psycopg_pool import ConnectionPool

from app_name.settings import settings

pool = ConnectionPool(settings.database_url, min_size=1, max_size=8, open=False)


@contextmanager
def cursor():
    with pool.connection() as connection, connection.cursor() as current:
        yield current
'''

MODEL = '''"""Things as app-name sees them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class Thing:
    id: int
    reference: str
    amount: Decimal
    state: str
    created: datetime

    @property
    def is_open(self) -> bool:
        return self.state == "open"
'''

STORE = '''"""Reads and writes things."""

from app_name.db import cursor
from app_name.things.model import Thing

COLUMNS = "id, reference, amount, state, created"


def find_thing(reference: str) -> Thing | None:
    with cursor() as current:
        current.execute(f"SELECT {COLUMNS} FROM things WHERE reference = %s", [reference])
        row = current.fetchone()
    return Thing(*row) if row else None


def open_things(limit: int = 50) -> list[Thing]:
    with cursor() as current:
        current.execute(f"SELECT {COLUMNS} FROM things WHERE state = 'open' LIMIT %s", [limit])
        return [Thing(*row) for row in current.fetchall()]
'''

CLOSE = '''

def close_thing(reference: str, reason: str) -> bool:
    """Close a thing once; closing it again changes no row."""
    with cursor() as current:
        current.execute(
            "UPDATE things SET state = 'closed', reason = %s WHERE reference = %s AND state = 'open'",
            [reason, reference],
        )
        return current.rowcount == 1
'''

ROUTES = '''"""HTTP end points for things."""

from flask import Blueprint, abort, jsonify, request

from app_name.things import store

things = Blueprint("things", __name__, url_prefix="/things")


@things.get("/<reference>")
def show(reference: str):
    thing = store.find_thing(reference)
    if thing is None:
        abort(404)
    return jsonify(reference=thing.reference, amount=str(thing.amount), state=thing.state)


@things.post("/<reference>/close")
def close(reference: str):
    if not store.close_thing(reference, request.json["reason"]):
        abort(409)
    return "", 204
'''

TESTS = """from datetime import datetime, timezone
from decimal import Decimal

from app_name.things.model import Thing


def make_thing(**changes):
    values = dict(id=1, reference="T-1001", amount=Decimal("12.50"), state="open")
    return Thing(created=datetime(2026, 1, 1, tzinfo=timezone.utc), **(values | changes))


def test_a_new_thing_is_open():
    assert make_thing().is_open


def test_a_closed_thing_is_not_open():
    assert not make_thing(state="closed").is_open
"""

MIGRATION = """CREATE TABLE things (
    id bigserial PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    amount numeric(12, 2) NOT NULL CHECK (amount >= 0),
    state text NOT NULL DEFAULT 'open',
    reason text,
    created timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX things_open ON things (created) WHERE state = 'open';
"""


def _manifest(name: str, version: str, dependencies: Mapping[str, str]) -> dict[str, str]:
    wanted = "".join(f'  "{package}>={number}",\n' for package, number in dependencies.items())
    project = (
        f'[project]\nname = "{name}"\nversion = "{version}"\nrequires-python = ">=3.11"\n'
        f"dependencies = [\n{wanted}]\n\n[tool.ruff]\nline-length = 110\n"
    )
    lock = "# Made by pip-compile --generate-hashes; do not edit.\n" + "".join(
        f"{package}=={number} \\\n"
        + " \\\n".join(f"    --hash=sha256:{digest(package, number, kind).hex()}" for kind in ("sdist", "wheel"))
        + "\n"
        for package, number in sorted(dependencies.items())
    )
    return {"pyproject.toml": project, "requirements.txt": lock}


STACK = Stack(
    start={
        "app_name/__init__.py": "",
        "app_name/settings.py": SETTINGS,
        "app_name/main.py": MAIN,
        "app_name/db.py": DATABASE,
        "tests/__init__.py": "",
        ".gitignore": "__pycache__/\n*.egg-info/\n.venv/\n.pytest_cache/\n",
    },
    feature=(
        Step("Describe a thing", {"app_name/things/__init__.py": "", "app_name/things/model.py": MODEL}),
        Step("Store things", {"app_name/things/store.py": STORE, "migrations/things.sql": MIGRATION}),
        Step("Close things", {}, {"app_name/things/store.py": CLOSE}),
        Step("Serve things over HTTP", {"app_name/things/routes.py": ROUTES}),
        Step("Test the states of a thing", {"tests/test_things.py": TESTS}),
    ),
    fixes=(
        Fix(
            "List the oldest things first",
            "app_name/things/store.py",
            "'open' LIMIT %s",
            "'open' ORDER BY created LIMIT %s",
        ),
        Fix(
            "Answer 422 when a thing is closed without a reason",
            "app_name/things/routes.py",
            "    if not store.close_thing(reference, request.json",
            '    if not request.json.get("reason"):\n        abort(422)\n'
            "    if not store.close_thing(reference, request.json",
        ),
        Fix("Read more things at once", "app_name/things/store.py", "limit: int = 50", "limit: int = 200"),
        Fix(
            "Treat a disputed thing as open",
            "app_name/things/model.py",
            'self.state == "open"',
            'self.state in {"open", "disputed"}',
        ),
    ),
    dependencies={
        "flask": "3.0.0",
        "psycopg": "3.1.8",
        "psycopg-pool": "3.2.0",
        "gunicorn": "21.2.0",
        "httpx": "0.26.1",
    },
    manifest=_manifest,
    test_command="python -m pip install --require-hashes -r requirements.txt && python -m pytest",
    image="python:3.11-slim",
)
