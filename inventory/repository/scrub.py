"""Takes secret values out of what names a thing: paths, people, references and CODEOWNERS are written by strangers too.

What the scanner would find in a file it finds in a name as well; there the value is replaced before the record
leaves the child, the same way each time, so that one place keeps one name (SECURITY W32).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from inventory.collector import (
    AssetFactsRecord,
    DoneRecord,
    Evidence,
    ExposureRecord,
    Record,
    SkipRecord,
    StandingRecord,
)
from inventory.detection.hyperscan_engine import HyperscanEngine

REDACTED = "[redacted]"


class Scrubber:
    """Cleans the texts of records with the engine that scans the content."""

    def __init__(self, engine: HyperscanEngine) -> None:
        self.engine = engine
        self._cached = lru_cache(maxsize=50_000)(self._clean)

    def text(self, text: str) -> str:
        """Return a text without the values that the scanner knows; unchanged in nearly every case."""
        return self._cached(text)

    def _clean(self, text: str) -> str:
        content = text.encode()
        for finding in sorted(self.engine.scan(content), key=lambda finding: -finding.start):
            content = content[: finding.start] + REDACTED.encode() + content[finding.end :]
        return content.decode("utf-8", "replace")

    def record(self, record: Record) -> Record:
        """Return the record with every text in it cleaned."""
        match record:
            case ExposureRecord():
                return replace(
                    record,
                    path=self.text(record.path),
                    first=self._evidence(record.first),
                    latest=self._evidence(record.latest),
                    removed=self._evidence(record.removed) if record.removed else None,
                )
            case StandingRecord():
                return StandingRecord(self._places(record.tip), self._places(record.refs))
            case AssetFactsRecord():
                return replace(
                    record, default_ref=self.text(record.default_ref), codeowners=self.text(record.codeowners)
                )
            case SkipRecord():
                return replace(record, what=self.text(record.what))
            case DoneRecord():
                skips = [
                    [section, reason, self.text(what), count, partial]
                    for section, reason, what, count, partial in record.cursor.get("skips", [])
                ]
                return replace(record, cursor={**record.cursor, "skips": skips})
        return record

    def _evidence(self, evidence: Evidence) -> Evidence:
        return replace(evidence, author=self.text(evidence.author), email=self.text(evidence.email))

    def _places(self, places: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        return frozenset((self.text(path), fingerprint) for path, fingerprint in places)
