"""Whether the database itself still refuses to change what was recorded."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "audit_event"
WANTED = {
    "sqlite": {"audit_event_no_update", "audit_event_no_delete", "audit_event_no_replace"},
    "postgresql": {"audit_event_no_change", "audit_event_no_truncate"},
}
_INSTALLED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgenabled <> 'D'",
}


def refuse_without_recursive_triggers(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Look at a new SQLite connection: without the setting `INSERT OR REPLACE` deletes and no trigger sees it (D3).

    Raises:
        ImproperlyConfigured: the setting is off.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers")
        if cursor.fetchone() != (1,):
            raise ImproperlyConfigured(
                "The SQLite connection has recursive_triggers off, so the audit trail could be changed. Put "
                "`PRAGMA recursive_triggers=ON;` back into init_command of DATABASES in the settings."
            )


def missing_guards(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the triggers that should keep the trail append-only and are not there or are switched off."""
    wanted = WANTED.get(connection.vendor)
    if wanted is None:
        return [f"none is known for {connection.vendor}"]
    with connection.cursor() as cursor:
        cursor.execute(_INSTALLED[connection.vendor], [TABLE])
        return sorted(wanted - {row[0] for row in cursor.fetchall()})
