"""What a read left out, counted by reason, and carried from read to read as long as it stays left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from inventory.collector import SkipRecord

SCAN = "scan"
"""Left out while scanning blobs: stays true for blobs that are not read again."""
WALK = "walk"
"""Left out while working out who and when: stays true until all commits are walked again."""
STATE = "state"
"""True of the repository as it is now; learned anew by each read."""


class Skips:
    """Counts of what was skipped."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, str, bool]] = Counter()

    def add(self, section: str, reason: str, what: str, count: int = 1, *, partial: bool = True) -> None:
        """Count something that was left out."""
        if count:
            self._counts[section, reason, what, partial] += count

    def carry(self, cursor: list[list[Any]], sections: set[str]) -> None:
        """Take over what former reads left out and this one does not look at again."""
        for section, reason, what, count, partial in cursor:
            if section in sections:
                self._counts[section, reason, what, partial] += count

    def to_cursor(self) -> list[list[Any]]:
        """Return all counts for the next read."""
        return [
            [section, reason, what, count, partial] for (section, reason, what, partial), count in self._counts.items()
        ]

    def records(self) -> Iterator[SkipRecord]:
        """Yield one record for each reason."""
        for (_, reason, what, partial), count in self._counts.items():
            yield SkipRecord(reason, what, count, partial)
