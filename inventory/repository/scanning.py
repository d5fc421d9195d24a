"""Reads each new blob once and remembers in which of them something was found."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from inventory.collector import BlobRecord, FindingRecord, ProgressRecord, Record
from inventory.detection.engine import Finding
from inventory.repository.command import Git
from inventory.repository.job import Limits
from inventory.repository.mirror import Mirror
from inventory.repository.reader import BlobList, Content
from inventory.repository.skips import SCAN, Skips
from posture.common.fingerprint import FingerprintKey, is_weak

_LFS = b"version https://git-lfs.github.com/spec/"
_LFS_BYTES = 1024
MOST_RECALLED_BYTES = 64 << 20
"""How much of what was read before is read again for the values in it; the smallest files first."""


class ScanResult(Protocol):
    """What one scan found, and why it was cut short, if it was."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """In order of offset."""
        ...

    @property
    def truncated(self) -> str:
        """The reason, empty when everything was looked at."""
        ...


class Scanner(Protocol):
    """The engine as far as a repository needs it."""

    rule_set: str

    def scan_fully(self, content: bytes) -> ScanResult:
        """Return the findings together with what was cut short."""
        ...


class MirrorDamagedError(Exception):
    """Our own copy lacks an object that it had; it has to be made anew."""


@dataclass
class Scanned:
    """What was read."""

    commits: int = 0
    blobs: int = 0
    bytes: int = 0
    lfs: int = 0
    records: list[BlobRecord] = field(default_factory=list)


@dataclass(frozen=True)
class BlobScanner:
    """Scans the blobs of one mirror."""

    git: Git
    mirror: Mirror
    engine: Scanner
    key: FingerprintKey
    limits: Limits
    skips: Skips
    emit: Callable[[Record], None]

    def scan(self, listing: Iterable[tuple[bytes, bytes, int]]) -> Scanned:
        """Scan every blob of a listing of objects and emit those in which something was found."""
        scanned = Scanned()
        with BlobList(self.git.scratch, self.mirror.oid_size) as blobs:
            for oid, kind, size in listing:
                if kind == b"blob":
                    blobs.add(oid, size)
                elif kind == b"commit":
                    scanned.commits += 1
            told = time.monotonic()
            contents = blobs.contents(
                self.git, self.mirror.path, cap=self.limits.blob_bytes, edge=self.limits.edge_bytes
            )
            for content in contents:
                self._scan_one(content, scanned)
                if time.monotonic() - told > 0.5:
                    told = time.monotonic()
                    self.emit(ProgressRecord("Scanning files", scanned.blobs, len(blobs)))
            self.emit(ProgressRecord("Scanning files", scanned.blobs, len(blobs)))
        return scanned

    def recall(self, known: Iterable[BlobRecord]) -> None:
        """Scan again the fewest blobs that hold each value found before, so that the engine knows the values.

        Names are cleared of them (SECURITY W32) also in a read that meets none of those blobs.
        """
        told: set[str] = set()
        left = MOST_RECALLED_BYTES
        with BlobList(self.git.scratch, self.mirror.oid_size) as blobs:
            for record in sorted(known, key=lambda record: (record.size, record.blob)):
                values = {finding.fingerprint for finding in record.findings}
                cost = min(record.size, self.limits.blob_bytes)
                if values <= told or cost > left:
                    continue
                told |= values
                left -= cost
                blobs.add(record.blob.encode(), record.size)
            cap, edge = self.limits.blob_bytes, self.limits.edge_bytes
            for content in blobs.contents(self.git, self.mirror.path, cap=cap, edge=edge):
                for part, _lines in content.parts:
                    self.engine.scan_fully(part)

    def _scan_one(self, content: Content, scanned: Scanned) -> None:
        scanned.blobs += 1
        if not content.parts:
            if not self.mirror.fresh and not self.mirror.salvaged:
                raise MirrorDamagedError(content.oid.hex())
            self.skips.add(
                SCAN, "unreadable object", "files that are damaged in the repository or too costly to unpack"
            )
            return
        if not content.whole:
            self.skips.add(
                SCAN,
                "file too large",
                f"of files above {self.limits.blob_bytes >> 20} MiB only head and tail were scanned",
            )
        elif content.size < _LFS_BYTES and content.parts[0][0].startswith(_LFS):
            scanned.lfs += 1
            self.skips.add(
                SCAN, "content not read", "files kept in Git LFS, of which the repository holds pointers", partial=False
            )
        found: list[FindingRecord] = []
        for part, lines in content.parts:
            scanned.bytes += len(part)
            result = self.engine.scan_fully(part)
            if result.truncated:
                self.skips.add(SCAN, result.truncated, "files that were not searched to the end")
            found.extend(self._record(finding, lines) for finding in result.findings)
        if found:
            record = BlobRecord(content.oid.hex(), content.size, tuple(found))
            scanned.records.append(record)
            self.emit(record)

    def _record(self, finding: Finding, lines: int) -> FindingRecord:
        return FindingRecord(
            rule=finding.rule,
            fingerprint=self.key.fingerprint(finding.value),
            key_id=self.key.key_id,
            line=finding.line + lines,
            end_line=finding.end_line + lines,
            confidence=str(finding.confidence),
            weak=is_weak(finding.value),
            length=len(finding.value),
        )
