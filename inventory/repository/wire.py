"""Records as JSON lines between the child that reads and the process that stores; no value has a place in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from inventory.collector import (
    AssetFactsRecord,
    BlobRecord,
    DoneRecord,
    Evidence,
    ExposureRecord,
    FindingRecord,
    ProgressRecord,
    Record,
    SkipRecord,
    StandingRecord,
)
from inventory.name_records import RetoldRecord

Item = TypeVar("Item")
_PAIRS_A_LINE = 2_000
MOST_LINE_BYTES = 32 << 20


def encode(record: Record) -> Iterator[bytes]:
    """Yield the lines for a record: one, but for a standing that is long."""
    if isinstance(record, StandingRecord):
        pairs = [["tip", *pair] for pair in sorted(record.tip)] + [["ref", *pair] for pair in sorted(record.refs)]
        for start in range(0, len(pairs), _PAIRS_A_LINE):
            yield _line("standing-part", pairs[start : start + _PAIRS_A_LINE])
        yield _line("standing", [])
    elif isinstance(record, RetoldRecord):
        for texts in _batches(record.texts.items()):
            yield _line("retold", [dict(texts)])
    else:
        yield _line(*_payload(record))


def texts_lines(texts: Iterable[str]) -> Iterator[bytes]:
    """Yield the lines by which a parent answers with the names it has stored, an empty one at the end."""
    for batch in _batches(texts):
        yield json.dumps(batch, separators=(",", ":")).encode() + b"\n"
    yield b"\n"


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, _PAIRS_A_LINE)):
        yield batch


def _payload(record: Record) -> tuple[str, list[Any]]:
    match record:
        case BlobRecord():
            findings = [
                [f.rule, f.fingerprint, f.key_id, f.line, f.end_line, f.confidence, f.weak, f.length]
                for f in record.findings
            ]
            return "blob", [record.blob, record.size, findings]
        case ExposureRecord():
            moments = [_evidence(each) for each in (record.first, record.latest, record.removed)]
            return "exposure", [record.path, record.fingerprint, record.rule, *moments, record.whole]
        case AssetFactsRecord():
            return "facts", [record.default_ref, record.tip, record.codeowners, dict(record.attributes)]
        case SkipRecord():
            return "skip", [record.reason, record.what, record.count, record.partial]
        case ProgressRecord():
            return "progress", [record.step, record.done, record.total]
        case DoneRecord():
            return "done", [dict(record.cursor), record.full, dict(record.counts)]
    raise TypeError(f"{type(record).__name__} is no record of a repository")


def _evidence(evidence: Evidence | None) -> list[Any] | None:
    if evidence is None:
        return None
    moment = evidence.at.isoformat()
    return [evidence.commit, evidence.author, evidence.email, moment, evidence.blob, evidence.line]


def _line(kind: str, payload: list[Any]) -> bytes:
    return json.dumps([kind, payload], ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def error_line(message: str, *, permanent: bool) -> bytes:
    """Return the line by which a child says why it stopped."""
    return _line("error", [message, permanent])


def ask_known_line() -> bytes:
    """Return the line by which a child asks for the blobs that are known."""
    return _line("known?", [])


def ask_texts_line() -> bytes:
    """Return the line by which a child asks for the names that earlier reads told."""
    return _line("texts?", [])


class Decoder:
    """Turns lines back into records, gathering the parts of a standing."""

    def __init__(self) -> None:
        self._tip: set[tuple[str, str]] = set()
        self._refs: set[tuple[str, str]] = set()

    def decode(self, line: bytes) -> tuple[str, Record | list[Any] | None]:
        """Return the kind of a line and its record, or its payload if it is none."""
        kind, payload = json.loads(line)
        match kind:
            case "standing-part":
                for place, path, fingerprint in payload:
                    (self._tip if place == "tip" else self._refs).add((path, fingerprint))
                return kind, None
            case "standing":
                record = StandingRecord(frozenset(self._tip), frozenset(self._refs))
                self._tip, self._refs = set(), set()
                return kind, record
            case "blob":
                return kind, blob_from(payload)
            case "exposure":
                path, fingerprint, rule, first, latest, removed, whole = payload
                return kind, ExposureRecord(
                    path,
                    fingerprint,
                    rule,
                    Evidence(*_timed(first)),
                    Evidence(*_timed(latest)),
                    Evidence(*_timed(removed)) if removed else None,
                    whole,
                )
            case "facts":
                return kind, AssetFactsRecord(*payload)
            case "retold":
                return kind, RetoldRecord(*payload)
            case "skip":
                return kind, SkipRecord(*payload)
            case "progress":
                return kind, ProgressRecord(*payload)
            case "done":
                return kind, DoneRecord(*payload)
        return kind, payload


def blob_from(payload: list[Any]) -> BlobRecord:
    """Rebuild a blob record."""
    blob, size, findings = payload
    return BlobRecord(blob, size, tuple(FindingRecord(*finding) for finding in findings))


def _timed(payload: list[Any]) -> list[Any]:
    return [*payload[:3], datetime.fromisoformat(payload[3]), *payload[4:]]
