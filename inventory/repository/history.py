"""Scans the whole history of one repository for the `scan` command, without a database."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inventory.collector import BlobRecord, CollectorError, ExposureRecord, FindingRecord, ReadContext, SkipRecord
from inventory.detection.paths import NOT_LISTED
from inventory.repository.foreign import Refused, locate, refuse_borrowed_objects
from inventory.repository.mirror import Target
from inventory.repository.supervising import read_in_child
from posture.common.fingerprint import load_key


def scan_history(path: Path, engine_cache: Path | None = None) -> Iterator[dict[str, Any]]:
    """Yield every value that any commit of a repository put at a path: where, by which rule, in which commit first.

    Each is a dict with `path`, `line`, `end_line`, `rule`, `confidence` and `commit`, sorted by path and line. What
    could not be read or is only counted comes as a dict with the keys `skipped` and `count`. The mirror and the key
    live only as long as the scan. `engine_cache` is where the compiled formats are kept; without it compiling costs
    some seconds each time.

    Raises:
        CollectorError: it is no repository, or cannot be read.
    """
    root = path.resolve()
    try:
        foreign = locate(root, root) if root.is_dir() else None
        if foreign is None:
            raise CollectorError(f"{path} is no git repository. Give the folder that holds .git.", permanent=True)
        refuse_borrowed_objects(foreign.git_dir)
    except Refused as refused:
        raise CollectorError(str(refused), permanent=True) from refused
    with tempfile.TemporaryDirectory(prefix="scan-history-") as folder:
        place = Path(folder)
        load_key(place / "key", create=True)
        context = ReadContext(
            workspace=place / "workspace",
            key_file=place / "key",
            cursor={},
            known_blobs=lambda: iter(()),
            alive=lambda: None,
        )
        yield from _found(Target(str(root), "", foreign), context, engine_cache)


def _found(target: Target, context: ReadContext, engine_cache: Path | None) -> Iterator[dict[str, Any]]:
    findings: dict[tuple[str, str], FindingRecord] = {}
    exposures: list[ExposureRecord] = []
    for record in read_in_child(target, context, engine_cache):
        match record:
            case BlobRecord():
                for finding in record.findings:
                    findings.setdefault((record.blob, finding.fingerprint), finding)
            case ExposureRecord():
                exposures.append(record)
            case SkipRecord() if record.partial or record.reason.endswith(NOT_LISTED):
                reason = f"{record.reason}: {record.what}" if record.what else record.reason
                yield {"skipped": reason, "count": record.count}
    for exposure in sorted(exposures, key=lambda each: (each.path, each.first.line, each.rule)):
        finding = findings[exposure.first.blob, exposure.fingerprint]
        yield {
            "path": exposure.path,
            "line": finding.line,
            "end_line": finding.end_line,
            "rule": finding.rule,
            "confidence": finding.confidence,
            "commit": exposure.first.commit,
        }
