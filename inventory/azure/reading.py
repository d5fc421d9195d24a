"""What all parts of one read of one vault share: the client, the helpers side by side, the values' fingerprints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from inventory.azure.client import VaultClient
from inventory.azure.entry import Entry
from inventory.azure.failures import Refused
from inventory.collector import ProgressRecord, Record, SkipRecord
from inventory.stores.crew import Crew
from inventory.stores.values import Values

MOST_VERSIONS = 2_000
"""Of one thing: one a day for five years. Those of many things wait at once."""


@dataclass
class Reading:
    """One read of one vault."""

    client: VaultClient
    name: str
    """Of the vault."""
    alive: Callable[[], None]
    values: Values | None = None
    secrets: int = 0
    principals: int = 0
    access_told: bool = True
    """Whether it is known who has access, from now or from before."""
    certificates: set[str] = field(default_factory=set)
    """Names of certificates that are told as such, so that their secrets and keys are not counted again."""
    vanished: int = 0
    """How many things of the list that is read were not there any more."""
    refused: dict[tuple[str, str], int] = field(default_factory=dict)
    """(what, why) of single facts that were not handed out → how often."""

    def pattern(self, path: str) -> str:
        """Return how grants name a thing, or all of a kind; Key Vault knows no difference of capitals."""
        return f"vaults/{self.name}/{path}".lower()

    def address(self, path: str) -> str:
        """Return how grants name a thing; empty where they were never told, so that its readers are not known."""
        return self.pattern(path) if self.access_told else ""

    def entries(self, what: str, listing: Callable[[VaultClient], Any]) -> Iterator[Entry]:
        """Yield what a list holds; a helper fetches the pages, so that the read stays alive while the vault is slow.

        Raises:
            Refused: the vault does not hand it out.
        """
        source = self.client.entries(what, listing)

        def more(number: int, page: list[Entry] | None) -> list[int]:
            return [] if page is None else [number + 1]

        for _, page in Crew(1, self.alive).each([0], lambda _: next(source, None), more):
            yield from page or ()

    def each(
        self, what: str, listing: Callable[[VaultClient], Any], job: Callable[[Entry], Any]
    ) -> Iterator[tuple[Entry, Any] | Record]:
        """Yield every entry of a list with what `job` learns of it, side by side, and what had to be left out.

        Raises:
            Refused: the vault does not hand the list out; what it handed out before was yielded.
        """
        ended: list[Refused] = []
        odd = 0

        def listed() -> Iterator[Entry]:
            nonlocal odd
            # Raising it here would drop what is under way for the entries before.
            try:
                for entry in self.entries(what, listing):
                    if entry.odd:
                        odd += 1
                    else:
                        yield entry
            except Refused as refused:
                ended.append(refused)

        for entry, found in Crew(self.client.at_once, self.alive).each(listed(), job):
            yield entry, found
            if self.secrets and self.secrets % 200 == 0:
                yield ProgressRecord("secrets", self.secrets, self.secrets)
        if odd:
            yield SkipRecord("no vault of Azure gives such a name", what, odd)
        if self.vanished:
            # Most likely they were deleted just now; the next read that finds them listed no more says so.
            yield SkipRecord("they were listed, but not there any more", what, self.vanished)
            self.vanished = 0
        for each in ended:
            raise each

    def versions(self, what: str, listing: Callable[[VaultClient], Any]) -> list[Entry]:
        """Return all versions of one thing, without their tags; called by helpers.

        Raises:
            Refused: the vault does not hand them out, or they are more than are read: no age is known by a part.
        """
        found: list[Entry] = []
        for page in self.client.entries(what, listing):
            found += [replace(each, tags={}, content_type="") for each in page if each.version and not each.odd]
            if len(found) > MOST_VERSIONS:
                raise Refused(f"it has more than {MOST_VERSIONS:,} versions, of which none is read")
        return found

    def note(self, what: str, refused: Refused) -> None:
        """Keep that a single fact was refused."""
        self.refused[what, refused.why] = self.refused.get((what, refused.why), 0) + 1

    def left_out(self) -> Iterator[SkipRecord]:
        """Yield which facts were refused, each reason once."""
        for (what, why), count in self.refused.items():
            yield SkipRecord(why, what, count, partial=False)
        self.refused.clear()


def unless_refused(records: Iterator[Record], what: str) -> Iterator[Record]:
    """Yield records; where Azure refuses the rest, say so in their place.

    There may be something all the same: a gateway says of what it does not pass on that it is not there.
    """
    try:
        yield from records
    except Refused as refused:
        yield SkipRecord(refused.why, what)


__all__ = ["Reading", "unless_refused"]
