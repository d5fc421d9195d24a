"""What all parts of one read of one project share: the client, the helpers side by side, the values' fingerprints."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from inventory.collector import ReadContext, Record, SkipRecord
from inventory.gcp.client import Client
from inventory.gcp.failures import Refused
from inventory.held import ValueReader
from inventory.store_records import HeldRecord
from inventory.stores.crew import Crew
from posture.common.secret_value import SecretValue

Page = TypeVar("Page")


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
    """One read of one project."""

    client: Client
    project: str
    alive: Callable[[], None]
    values: Values | None = None
    bindings: bool = True
    """Whether each secret is asked who may use it."""
    secrets: int = 0
    principals: int = 0
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def crew(self) -> Crew:
        """Return helpers that ask side by side, as many as are allowed."""
        return Crew(self.client.at_once, self.alive)

    def listed(self, pages: Iterator[Page]) -> Iterator[Page]:
        """Yield pages; a helper fetches them, so that the read stays alive while Google is slow.

        Raises:
            Refused: Google does not hand them out.
        """

        def more(number: int, page: Any) -> list[int]:
            return [] if page is None else [number + 1]

        for _, page in Crew(1, self.alive).each([0], lambda _: next(pages, None), more):
            if page is not None:
                yield page


def unless_refused(records: Iterator[Record], what: str) -> Iterator[Record]:
    """Yield records; where Google refuses the rest, say so in their place."""
    try:
        yield from records
    except Refused as refused:
        yield SkipRecord(refused.why, what)


__all__ = ["Reading", "Values", "unless_refused"]
