"""The whole flow: each stage pulls what is due from the rows before it, and can be run again alone."""

from __future__ import annotations

from inventory.services import count_readers, judge_validity, work_out_due, work_out_owners, work_out_severities
from posture.incidents.services import open_incidents, open_triggered, sweep_deadlines, watch_claims
from posture.scoring.services import take_snapshots

STAGES = (
    work_out_owners,
    work_out_due,
    count_readers,
    judge_validity,
    work_out_severities,
    open_incidents,
    open_triggered,
    watch_claims,
    sweep_deadlines,
    take_snapshots,
)


def advance() -> dict[str, int]:
    """Run every stage in order; returns how much each did, by its name."""
    return {stage.__name__: stage() for stage in STAGES}
