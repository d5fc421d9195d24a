"""What was found outside of stores, and where it stands: no record has room for a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Place(StrEnum):
    """Where in a repository an exposure stands now, the worst first."""

    TIP = "tip"
    REF = "ref"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """A finding without its value."""

    rule: str
    fingerprint: str
    key_id: str
    line: int
    end_line: int
    confidence: str
    weak: bool
    length: int
    """Length of the value in bytes."""


@dataclass(frozen=True, slots=True)
class BlobRecord:
    """A blob in which something was found, to be remembered so that it need not be read again."""

    blob: str
    size: int
    findings: tuple[FindingRecord, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The commit that put a value at a path, and where it stood."""

    commit: str
    author: str
    email: str
    at: datetime
    """Committer's time, UTC."""
    blob: str
    line: int


@dataclass(frozen=True, slots=True)
class ExposureRecord:
    """A value at a path of this asset: evidence of its first and latest introduction that this read saw."""

    path: str
    fingerprint: str
    rule: str
    first: Evidence
    latest: Evidence
    removed: Evidence | None = None
    """The latest commit that took it away from the path, if any."""
    whole: bool = False
    """Whether this is all that history says of the place (a full read), so that it replaces what was known."""
    live: bool = False
    """Whether the place is in use now, outside any history."""


@dataclass(frozen=True, slots=True)
class StandingRecord:
    """The whole truth of where values stand now, sent once per read after all exposures."""

    tip: frozenset[tuple[str, str]]
    """(path, fingerprint) at the tip of the default branch."""
    refs: frozenset[tuple[str, str]]
    """(path, fingerprint) at the tip of any other ref."""


@dataclass(frozen=True, slots=True)
class LiveExposureRecord:
    """A value that stands in use outside a store: a variable of a function, a ConfigMap, a log."""

    path: str
    """Where in the asset: `function/checkout#DB_PASSWORD`."""
    finding: FindingRecord
    since: datetime | None = None
    """When the place last changed, where the store says so."""

    def as_exposure(self, now: datetime) -> ExposureRecord:
        """Return the exposure; no commit brought it, so its evidence is the place and the date alone."""
        evidence = Evidence(commit="", author="", email="", at=self.since or now, blob="", line=0)
        return ExposureRecord(
            self.path, self.finding.fingerprint, self.finding.rule, evidence, evidence, whole=True, live=True
        )
