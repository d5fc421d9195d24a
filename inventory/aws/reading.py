"""What all parts of one read of one account share: the client, the helpers side by side, the values' fingerprints."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from inventory.aws.client import Client
from inventory.aws.failures import Refused
from inventory.aws.grants import Account
from inventory.collector import ReadContext, Record, SkipRecord
from inventory.held import ValueReader
from inventory.store_records import HeldRecord
from inventory.stores.crew import Crew
from posture.common.secret_value import SecretValue


@dataclass
class Values:
    """Reads values for their fingerprints; nothing is kept of them but that."""

    reader: ValueReader
    known: frozenset[int] = frozenset()
    """Hashes of path and number of versions that were read before with this key: a version never changes."""
    _one: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, context: ReadContext) -> Values:
        """Take the fingerprint key, and what was read before with it.

        Raises:
            FileNotFoundError, ValueError: the key is missing or no key.
        """
        reader = ValueReader.of(context)
        own = reader.key.key_id
        return cls(
            reader, frozenset(hash((path, number)) for path, number, key in context.known_versions() if key == own)
        )

    @property
    def key_id(self) -> str:
        """Return the id of the key under which values are read now."""
        return self.reader.key.key_id

    def knows(self, path: str, number: str) -> bool:
        """Say whether a version was read before."""
        return hash((path, number)) in self.known

    def held(self, pairs: Iterable[tuple[str, SecretValue]]) -> tuple[HeldRecord, ...]:
        """Return what is secret of named values; the detection looks at one at a time."""
        with self._one:
            return self.reader.held(pairs)


@dataclass
class Reading:
    """One read of one account."""

    client: Client
    account: Account
    alive: Callable[[], None]
    values: Values | None = None
    secrets: int = 0
    principals: int = 0
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def crew(self) -> Crew:
        """Return helpers that ask side by side, as many as are allowed."""
        return Crew(self.client.at_once, self.alive)

    def pages(self, service: str, operation: str, region: str = "", **given: Any) -> Iterator[dict[str, Any]]:
        """Yield the pages of a list; a helper fetches them, so that the read stays alive while AWS is slow.

        Raises:
            Refused: AWS does not hand them out.
        """
        source = self.client.pages(service, operation, region, **given)

        def more(number: int, page: Any) -> list[int]:
            return [] if page is None else [number + 1]

        for _, page in Crew(1, self.alive).each([0], lambda _: next(source, None), more):
            if page is not None:
                yield page

    def entries(
        self, ended: list[Refused], key: str, service: str, operation: str, region: str = "", **given: Any
    ) -> Iterator[dict[str, Any]]:
        """Yield what the pages of a list hold under a key; where AWS refuses the rest, `ended` says so.

        Raising it here would drop what is under way for the entries before.
        """
        try:
            for page in self.pages(service, operation, region, **given):
                yield from page.get(key) or ()
        except Refused as refused:
            ended.append(refused)


def unless_refused(records: Iterator[Record], what: str) -> Iterator[Record]:
    """Yield records; where AWS refuses the rest, say so in their place."""
    try:
        yield from records
    except Refused as refused:
        yield SkipRecord(refused.why, what, partial=refused.hides)


def later_than(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two times, of which either may not be known."""
    return max(one, other) if one and other else one or other


def as_time(value: Any) -> datetime | None:
    """Return a time that botocore made of an answer; None for anything else."""
    if not isinstance(value, datetime):
        return None
    found = value if value.tzinfo else value.replace(tzinfo=UTC)
    return found.astimezone(UTC) if found.year > 1970 else None


__all__ = ["Reading", "Values", "as_time", "later_than", "unless_refused"]
