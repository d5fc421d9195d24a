"""The inventory's verbs."""

from inventory.services.collection import (
    dead_given_up,
    finish_runs,
    open_due_runs,
    perform_read,
    request_run,
    retry_read,
    start_run,
)
from inventory.services.ownership import assign_owner, work_out_owners
from inventory.services.probing import probe_source
from inventory.services.readers import count_readers
from inventory.services.rotation import work_out_due
from inventory.services.severities import work_out_severities
from inventory.services.sources import (
    add_source,
    change_source,
    remove_orphaned_mirrors,
    remove_source,
    source_for_folder,
)
from inventory.services.validity import judge_validity, learn_validity

__all__ = [
    "add_source",
    "assign_owner",
    "change_source",
    "count_readers",
    "dead_given_up",
    "finish_runs",
    "judge_validity",
    "learn_validity",
    "open_due_runs",
    "perform_read",
    "probe_source",
    "remove_orphaned_mirrors",
    "remove_source",
    "request_run",
    "retry_read",
    "source_for_folder",
    "start_run",
    "work_out_due",
    "work_out_owners",
    "work_out_severities",
]
