"""A trail of its own for every test: a key and anchors in the test's folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from posture.audit.chain import load_keys
from posture.audit.services import Entry, record_many
from posture.audit.verify import Verdict, verify
from tests.append_only import unguarded


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_KEY_FILE = tmp_path / "audit.key"
    settings.AUDIT_ANCHOR_DIR = tmp_path / "anchors"


@pytest.fixture
def recorded(db: None) -> Callable[[int], None]:
    def make(count: int) -> None:
        with transaction.atomic():
            record_many(
                [Entry("thing.done", "thing", number, data={"n": number}) for number in range(count)], actor=None
            )

    return make


@pytest.fixture
def tamper(db: None) -> Callable[..., None]:
    """Run SQL as somebody who owns the database; the triggers are off meanwhile."""

    def run(*statements: str) -> None:
        with unguarded(connection), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, None)

    return run


def checked(settings: Any, **options: Any) -> Verdict:
    return verify(load_keys(Path(settings.AUDIT_KEY_FILE)), **options)
