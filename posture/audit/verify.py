"""Reading the chain from one end to the other, in bounded memory, and naming the first row that is not right."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection

from posture.audit.anchors import Anchor
from posture.audit.chain import GENESIS, Keys, Link, moment, same
from posture.audit.models import Head

ROWS = 2000
# Read as text, so that a time which is none is a bad row and not a failed query.
_AT = {
    "sqlite": "CAST(at AS TEXT)",
    "postgresql": """to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')""",
}
_COLUMNS = (
    "sequence, {at}, actor_id, verb, subject, subject_id, team_id, before, after, reason, facts, previous, key_id, "
    "digest"
)


@dataclass(frozen=True)
class Place:
    """Up to where the chain is known to be right."""

    sequence: int = 0
    digest: str = GENESIS


@dataclass(frozen=True)
class Verdict:
    """What came of a check; `first_bad` is the first event that is not right or not there."""

    ok: bool
    events: int
    """Checked and right."""
    last: Place
    anchors: int = 0
    """Compared and right."""
    first_bad: int | None = None
    problem: str = ""
    advice: str = ""


@dataclass
class _Fault(Exception):
    first_bad: int
    problem: str
    advice: str = (
        "Keep the database and the anchors as they are, find out who could write to the database, and compare with a "
        "backup from before."
    )


RESTORED = (
    "If you restored an older copy of the database, what was recorded since is lost: put the anchor file aside, and "
    "say so in your records. If not, events were deleted: compare with a backup."
)


def verify(keys: Keys, anchors: Iterable[Anchor] = (), *, start: Place | None = None) -> Verdict:
    """Check every event after `start`, in order, against its digest, the one before it, the head and the anchors."""
    start = start or Place()
    head = Head.objects.filter(pk=Head.ONLY).first() or Head()
    waiting = deque(sorted((each for each in anchors if each.sequence > start.sequence), key=lambda a: a.sequence))
    walk = _Walk(keys, waiting, Place(head.sequence, head.digest), start)
    try:
        walk.look_at_start()
        for row in _rows(start.sequence):
            walk.step(row)
        walk.end()
    except _Fault as fault:
        return Verdict(False, walk.count, walk.last, walk.matched, fault.first_bad, fault.problem, fault.advice)
    return Verdict(True, walk.count, walk.last, walk.matched)


class _Walk:
    """Where a check stands."""

    def __init__(self, keys: Keys, anchors: deque[Anchor], head: Place, start: Place) -> None:
        self._keys, self._anchors, self._head, self._start = keys, anchors, head, start
        self.last = start
        self.count = self.matched = 0
        self._sure = start.sequence
        """The last event that an anchor confirmed."""

    def look_at_start(self) -> None:
        """See that the event where the last check ended is still the same."""
        if not self._start.sequence:
            return
        row = next(iter(_read(self._start.sequence - 1, 1)), None)
        if row is None or row[0] != self._start.sequence or not same(str(row[-1]), self._start.digest):
            raise _Fault(self._start.sequence, f"event {self._start.sequence} is not what the last check saw")

    def step(self, row: Sequence[Any]) -> None:
        """Check one row."""
        expected = self.last.sequence + 1
        sequence, digest = row[0], str(row[-1])
        if sequence != expected:
            raise _gap(expected, sequence)
        link = _link(row)
        if link is None:
            raise _Fault(expected, f"event {expected} holds what was never recorded")
        if link.key_id not in self._keys:
            raise _Fault(
                expected,
                f"the key that event {expected} names is not in the key file",
                "Put the key back into the file, each on its own line and the writing one last. If no such key was "
                "ever there, the event was forged.",
            )
        if not same(link.previous, self.last.digest):
            raise _Fault(expected, f"event {expected} does not follow the one before it")
        if not same(self._keys.digest(link), digest):
            raise _Fault(expected, f"event {expected} was changed")
        self.last = Place(expected, digest)
        self._compare()
        self.count += 1

    def _compare(self) -> None:
        at, digest = self.last.sequence, self.last.digest
        if self._head.sequence == at and not same(self._head.digest, digest):
            raise _Fault(at, f"the head names another event {at}")
        while self._anchors and self._anchors[0].sequence == at:
            if not same(self._anchors.popleft().digest, digest):
                raise _Fault(
                    self._sure + 1,
                    f"the chain fits together, but event {at} is not the one that was anchored: events "
                    f"{self._sure + 1:,} to {at:,} were rewritten by somebody who has the key",
                    "Replace the key, and compare with a backup from before.",
                )
            self._sure = at
            self.matched += 1

    def end(self) -> None:
        """Check that nothing is missing after the last row."""
        at = self.last.sequence
        if self._anchors:
            furthest = self._anchors[-1]
            told = f", anchored {furthest.at}" if furthest.at else ""
            raise _Fault(
                at + 1, f"the chain ends at event {at:,}, and there was an event {furthest.sequence:,}{told}", RESTORED
            )
        if self._head.sequence > at:
            raise _Fault(
                at + 1, f"the chain ends at event {at:,}, and its head is event {self._head.sequence:,}", RESTORED
            )
        now = Head.objects.filter(pk=Head.ONLY).values_list("sequence", flat=True).first() or 0
        if now < at:
            raise _Fault(now + 1, f"the head was set back to event {now:,}, and there are events after it")


def _gap(expected: int, found: Any) -> _Fault:
    if isinstance(found, int) and found > expected:
        missing = f"event {expected:,} is" if found == expected + 1 else f"events {expected:,} to {found - 1:,} are"
        return _Fault(expected, f"{missing} missing")
    return _Fault(expected, f"where event {expected:,} belongs stands a row of another number")


def _rows(after: int) -> Iterator[tuple[Any, ...]]:
    """Yield the rows in order, a few thousand at a time, so that a million need no memory."""
    while True:
        rows = _read(after, ROWS)
        yield from rows
        if not rows or not isinstance(rows[-1][0], int):
            return
        after = rows[-1][0]


def _read(after: int, count: int) -> list[tuple[Any, ...]]:
    columns = _COLUMNS.format(at=_AT[connection.vendor])
    statement = f"SELECT {columns} FROM audit_event WHERE sequence > %s ORDER BY sequence LIMIT {count}"  # noqa: S608
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, [after])
            return cursor.fetchall()
    except (DatabaseError, UnicodeDecodeError) as error:
        if connection.vendor != "sqlite" or "decode" not in str(error).lower():
            raise
        if count > 1:
            # One by one up to the row that holds no text, so that those before it are checked and it is named.
            return _read(after, count // 2)
        raise _Fault(after + 1, f"event {after + 1:,} holds what was never recorded") from error


def _link(row: Sequence[Any]) -> Link | None:
    """Return the row as the chain binds it; None where a column holds another kind of thing than its own."""
    sequence, at, actor, verb, subject, subject_id, team, before, after, reason, facts, previous, key_id, _ = row
    texts = (at, verb, subject, before, after, reason, facts, previous, key_id)
    numbers = (sequence, subject_id)
    if not all(isinstance(each, str) for each in texts) or not all(isinstance(each, int) for each in numbers):
        return None
    if not all(each is None or isinstance(each, int) for each in (actor, team)):
        return None
    try:
        told = datetime.fromisoformat(at if "+" in at else f"{at}+00:00")
    except ValueError:
        return None
    return Link(
        sequence, moment(told), actor, verb, subject, subject_id, team, before, after, reason, facts, previous, key_id
    )


__all__ = ["RESTORED", "Place", "Verdict", "verify"]
