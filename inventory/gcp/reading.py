"""What all parts of one read of one project share: the client, the helpers side by side, the values' fingerprints."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from inventory.collector import Record, SkipRecord
from inventory.gcp.client import Client
from inventory.gcp.failures import Refused
from inventory.stores.crew import Crew
from inventory.stores.values import Values

Page = TypeVar("Page")


@dataclass
class Reading:
    """One read of one project."""

    client: Client
    project: str
    alive: Callable[[], None]
    values: Values | None = None
    bindings: bool = True
    """Whether each secret is asked who may use it."""
    access_told: bool = True
    """Whether it is known who has rights in all of it, from now or from before."""
    secrets: int = 0
    principals: int = 0
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def address(self, name: str) -> str:
        """Return how grants name a thing; empty where they were never told, so that its readers are not known."""
        return name if self.access_told else ""

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


def unless_refused(records: Iterator[Record], what: str) -> Generator[Record, None, bool]:
    """Yield records; where Google refuses the rest, say so in their place; returns whether all was told."""
    try:
        yield from records
    except Refused as refused:
        yield SkipRecord(refused.why, what)
        return False
    return True


__all__ = ["Reading", "unless_refused"]
