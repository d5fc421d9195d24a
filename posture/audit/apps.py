"""The audit slice: what was done, by whom, so that nobody can change it unseen."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from posture.audit.guard import refuse_without_recursive_triggers


class AuditConfig(AppConfig):
    """Registers the slice, and has every new SQLite connection checked (SECURITY D3)."""

    name = "posture.audit"
    label = "audit"

    def ready(self) -> None:
        """Look at every connection before anything is done with it."""
        connection_created.connect(refuse_without_recursive_triggers)
