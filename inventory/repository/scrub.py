"""Takes secret values out of what names a thing: paths, people, references and CODEOWNERS are written by strangers too.

What the scanner would find in a file it finds in a name as well, and whatever it has found in any file of the
repository is searched for in every name; there the value is replaced before the record leaves the child, the same
way each time, so that one place keeps one name (SECURITY W32).

A value that is found later than its name was stored changes that name: the text as it would be told now goes out
as a `RetoldRecord`, and the rows that hold it are renamed, not made anew. A value that the rules no longer call
a secret, or of which no copy is left in any file, is no longer known, so that it is not searched for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache

from inventory.collector import (
    AssetFactsRecord,
    DoneRecord,
    Evidence,
    ExposureRecord,
    Record,
    SkipRecord,
    StandingRecord,
)
from inventory.detection.hyperscan_engine import HyperscanEngine, ScanResult
from inventory.detection.provider import formats
from inventory.name_records import RetoldRecord, text_digest
from inventory.repository.known_values import KnownValues, Span

REDACTED = "[redacted]"
MOST_JOINED = 4
"""Slashes that may split one provider's token that stands in no file."""
MOST_PREFIXES = 16
"""Beginnings of tokens that are looked at in one text."""
_LONGEST_SPLIT = 512


@cache
def _prefixes() -> re.Pattern[bytes]:
    """Match the public beginning of a provider's token."""
    public = {form.public_prefix for _provider, form in formats().values() if len(form.public_prefix) > 2}
    return re.compile(rb"(?<![A-Za-z0-9])(?:" + b"|".join(re.escape(each.encode()) for each in sorted(public)) + rb")")


class Scrubber:
    """Scans for a read, learns the values that it finds, and cleans the texts of records of them."""

    def __init__(self, engine: HyperscanEngine) -> None:
        self.engine = engine
        self.rule_set = engine.rule_set
        self.values = KnownValues()
        self._cached = lru_cache(maxsize=50_000)(self._clean)

    def scan_fully(self, content: bytes) -> ScanResult:
        """Scan a file's content, and remember what is found in it."""
        result = self.engine.scan_fully(content)
        learnt = [
            self.values.add(value)
            for finding in result.findings
            for value in {finding.value.reveal(), content[finding.start : finding.end]}
        ]
        if any(learnt):
            self._cached.cache_clear()
        return result

    def text(self, text: str) -> str:
        """Return a text without the values that are known; unchanged in nearly every case."""
        return self._cached(text)

    def _clean(self, text: str) -> str:
        content = text.encode("utf-8", "surrogatepass")
        spans = [(finding.start, finding.end) for finding in self.engine.scan(content)]
        spans += self._split_tokens(content)
        spans += self.values.spans(content)
        return _without(content, spans).decode("utf-8", "replace") if spans else text

    def _split_tokens(self, content: bytes) -> Iterable[Span]:
        """Yield where a provider's token stands whose later part is split off by slashes."""
        for _, prefix in zip(range(MOST_PREFIXES), _prefixes().finditer(content), strict=False):
            parts = content[prefix.start() : prefix.start() + _LONGEST_SPLIT].split(b"/", MOST_JOINED + 1)
            for count in range(2, min(len(parts), MOST_JOINED + 1) + 1):
                joined = b"".join(parts[:count])
                for finding in self.engine.scan(joined):
                    if finding.start == 0 and formats()[finding.rule][1].public_prefix:
                        yield prefix.start(), prefix.start() + _unjoined(parts, finding.end)

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
            case RetoldRecord():
                now = {digest: self.text(text) for digest, text in record.texts.items()}
                return RetoldRecord({digest: text for digest, text in now.items() if text_digest(text) != digest})
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


def _without(content: bytes, spans: Iterable[Span]) -> bytes:
    """Replace each stretch, those that overlap or touch as one."""
    parts: list[bytes] = []
    behind = 0
    for start, end in sorted(spans):
        if not parts or start > behind:
            parts += [content[behind:start], REDACTED.encode()]
        behind = max(behind, end)
    return b"".join([*parts, content[behind:]])


def _unjoined(parts: list[bytes], end: int) -> int:
    """Return where an offset in the joined parts lies when one byte stands between each two."""
    at = 0
    for part in parts:
        if end <= len(part):
            break
        end -= len(part)
        at += len(part) + 1
    return at + end
