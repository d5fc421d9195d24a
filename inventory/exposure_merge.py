"""How the evidence of one exposure grows over reads: pure, and the same whatever the order of reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from inventory.collector import Evidence, ExposureRecord


class Row(Protocol):
    """The fields of an exposure that hold its evidence."""

    first_at: datetime
    first_commit: str
    latest_at: datetime
    latest_commit: str
    removed_at: datetime | None
    removed_commit: str


def exposure_fields(record: ExposureRecord) -> dict[str, Any]:
    """Return the evidence of a record as the columns of an exposure."""
    removed = record.removed
    return {
        "path": record.path,
        "rule": record.rule,
        **_evidence("first", record.first),
        **_evidence("latest", record.latest),
        "removed_commit": removed.commit if removed else "",
        "removed_author": removed.author[:500] if removed else "",
        "removed_at": removed.at if removed else None,
    }


def _evidence(prefix: str, evidence: Evidence) -> dict[str, Any]:
    return {
        f"{prefix}_commit": evidence.commit,
        f"{prefix}_author": evidence.author[:500],
        f"{prefix}_email": evidence.email[:500],
        f"{prefix}_at": evidence.at,
        f"{prefix}_blob": evidence.blob,
        f"{prefix}_line": evidence.line,
    }


def merge(row: Row, record: ExposureRecord, *, replace: bool = False) -> None:
    """Widen a row's evidence by a record: the earliest first, the latest last.

    With `replace` the record is the whole truth (a full read), also where history was rewritten.
    """
    fields = exposure_fields(record)
    if not replace:
        if (row.first_at, row.first_commit) <= (record.first.at, record.first.commit):
            _drop(fields, "first_")
        if (row.latest_at, row.latest_commit) >= (record.latest.at, record.latest.commit):
            _drop(fields, "latest_")
        removed = record.removed
        kept = (row.removed_at, row.removed_commit)
        if removed is None or (kept[0] is not None and kept >= (removed.at, removed.commit)):
            _drop(fields, "removed_")
    for name, value in fields.items():
        setattr(row, name, value)


def _drop(fields: dict[str, Any], prefix: str) -> None:
    for name in [name for name in fields if name.startswith(prefix)]:
        del fields[name]
