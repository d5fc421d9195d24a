"""What was not read, counted by reason, for people to see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from inventory.collector import SkipRecord

# What was skipped is counted in full, but only so many single things are named per read.
NAMED_SKIPS = 200


class Skips:
    """What was not read, counted by reason, with the first so many named."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, bool], int] = {}
        self._unnamed: dict[tuple[str, bool], int] = {}
        self.partial = False

    def add(self, records: Iterable[SkipRecord]) -> None:
        """Count more."""
        for record in records:
            self.partial = self.partial or record.partial
            key = (record.reason, record.what, record.partial)
            if key in self._counts or len(self._counts) < NAMED_SKIPS:
                self._counts[key] = self._counts.get(key, 0) + record.count
            else:
                short = (record.reason, record.partial)
                self._unnamed[short] = self._unnamed.get(short, 0) + record.count

    def as_list(self) -> list[dict[str, Any]]:
        """Return the counts for storage."""
        named = [
            {"reason": reason, "what": what[:500], "count": count, "partial": partial}
            for (reason, what, partial), count in self._counts.items()
        ]
        more = [
            {"reason": reason, "what": "and more", "count": count, "partial": partial}
            for (reason, partial), count in self._unnamed.items()
        ]
        return named + more

    @property
    def total(self) -> int:
        """How many things were skipped in all."""
        return sum(self._counts.values()) + sum(self._unnamed.values())
