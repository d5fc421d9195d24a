"""Which of several findings on the same bytes stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from inventory.detection.provider import Confidence
from inventory.detection.rule import Rule

_ORDER = {Confidence.HIGH: 0, Confidence.MEDIUM: 1, Confidence.LOW: 2}


class Located(NamedTuple):
    """A place in the content and the rule that says it is a secret."""

    start: int
    end: int
    rule: Rule
    value: bytes


def without_overlaps(located: Iterable[Located]) -> list[Located]:
    """Keep one finding for each stretch of bytes, in order of offset.

    The lower rank wins (a provider's own format before a connection string before an assignment), then
    the surer one, then the longer one, then the slug, so that the outcome is always the same.
    """
    ordered = sorted(
        set(located),
        key=lambda each: (
            each.rule.rank,
            _ORDER[each.rule.format.confidence],
            each.start - each.end,
            each.start,
            each.rule.slug,
        ),
    )
    kept: list[Located] = []
    taken = _Taken()
    for each in ordered:
        if taken.add(each.start, each.end):
            kept.append(each)
    kept.sort(key=lambda each: each.start)
    return kept


class _Taken:
    """Stretches that are taken, found by bisection."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, start: int, end: int) -> bool:
        """Take the stretch unless a part of it is taken."""
        at = bisect_right(self._starts, start)
        if at and self._ends[at - 1] > start:
            return False
        if at < len(self._starts) and self._starts[at] < end:
            return False
        self._starts.insert(at, start)
        self._ends.insert(at, end)
        return True
