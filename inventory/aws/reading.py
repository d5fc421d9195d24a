"""What all parts of one read of one account share: the client, the helpers side by side, the values' fingerprints."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from inventory.aws.client import Client
from inventory.aws.failures import Refused
from inventory.aws.grants import Account
from inventory.collector import Record, SkipRecord
from inventory.stores.crew import Crew
from inventory.stores.values import Values


@dataclass
class Reading:
    """One read of one account."""

    client: Client
    account: Account
    alive: Callable[[], None]
    values: Values | None = None
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


def unless_refused(records: Iterator[Record], what: str) -> Generator[Record, None, bool]:
    """Yield records; where AWS refuses the rest, say so in their place; returns whether all was told.

    There may be something all the same: a gateway says of what it does not pass on that it is not offered.
    """
    try:
        yield from records
    except Refused as refused:
        yield SkipRecord(refused.why, what)
        return False
    return True


def later_than(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two times, of which either may not be known."""
    return max(one, other) if one and other else one or other


def as_time(value: Any) -> datetime | None:
    """Return a time that botocore made of an answer; None for anything else."""
    if not isinstance(value, datetime):
        return None
    found = value if value.tzinfo else value.replace(tzinfo=UTC)
    return found.astimezone(UTC) if found.year > 1970 else None


__all__ = ["Reading", "as_time", "later_than", "unless_refused"]
