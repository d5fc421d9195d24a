"""How tests get around the triggers that keep the audit trail append-only; the product has no way to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations


@contextmanager
def unguarded(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Switch the triggers off, as somebody who owns the database could, and on again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'")
            triggers = cursor.fetchall()
            before = [f"DROP TRIGGER {name}" for name, _ in triggers]
            after = [sql for _, sql in triggers]
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass('audit_event') AND NOT tgisinternal"
            )
            names = [name for (name,) in cursor.fetchall()]
            before = [f"ALTER TABLE audit_event DISABLE TRIGGER {name}" for name in names]
            after = [f"ALTER TABLE audit_event ENABLE ALWAYS TRIGGER {name}" for name in names]
        for statement in before:
            cursor.execute(statement, None)
        yield
        for statement in after:
            cursor.execute(statement, None)


def let_tests_flush() -> None:
    """Have the flush after a test with real transactions empty the trail too."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with unguarded(self.connection):
            flush(self, sql_list)

    BaseDatabaseOperations.execute_sql_flush = execute_sql_flush
