"""What each item costs a team's score and what its remedy would give: the score with one item exchanged; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from posture.scoring.rule import Cap, Fix, Item, Tally, Totals

Part = tuple[Tally, Item]
"""An item with the pillar that counts it."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What one item costs, and what doing its remedy would give."""

    pillar: str
    item: str
    action: str
    """The order with the item's id; `order` says it with a name."""
    order: str
    why: str
    remedy: str
    debt: float
    lost: float
    """Points that the item costs the team's score: what it would be with nothing wrong, less what it is."""
    gain: float
    """Points that the remedy gives, to two decimals: score with it, less score without."""
    fixable: bool
    held_by: str
    """The cap that keeps the score where it is although the item has debt; empty otherwise."""

    def as_json(self) -> dict[str, Any]:
        """Return it for storage and the API."""
        return {name: getattr(self, name) for name in self.__slots__}


class Costing:
    """The score of one team, with any of its items exchanged."""

    def __init__(self, tallies: Sequence[Tally]) -> None:
        self._tallies = tallies
        self._values = {tally.rule.slug: tally.value() for tally in tallies}
        self._now = score_of(tallies, self._values)
        self._followers: dict[Fix, list[Part]] = defaultdict(list)
        for tally in tallies:
            for item in tally.items:
                if item.follows is not None:
                    self._followers[item.follows].append((tally, item))
        self._alike: dict[tuple[str, Totals, Totals], float] = {}
        self._held: dict[str, str] = {}

    def costs(self) -> list[Gain]:
        """Return every item with what it costs, the best gain first; nothing where no pillar has evidence."""
        if self._now is None:
            return []
        found = [self._gain(tally, item) for tally in self._tallies for item in tally.items]
        place = {tally.rule.slug: at for at, tally in enumerate(self._tallies)}
        # Ties stay in the order of the facts: an id could tell of a value that others have held it longer.
        return sorted(found, key=lambda gain: (-gain.gain, -gain.lost, -gain.debt, place[gain.pillar]))

    def _gain(self, tally: Tally, item: Item) -> Gain:
        followers = self._followers.get((tally.rule.slug, item.id), ())
        # An action is told once: what follows another item's remedy is part of its gain, and none of its own.
        own = item.fixed is not None and item.follows is None
        gain = 0.0
        if own:
            together = [(each, other, other.fixed) for each, other in ((tally, item), *followers) if other.fixed]
            gain = self._difference(together)
        return Gain(
            pillar=tally.rule.slug,
            item=item.id,
            action=item.action.replace("{item}", item.id),
            order=item.action,
            why=item.why,
            remedy=item.remedy,
            debt=round(item.debt, 4),
            lost=self._difference([(tally, item, item.perfect)]),
            gain=gain,
            fixable=own,
            held_by=self._held_by(tally) if item.debt and own and not gain else "",
        )

    def _difference(self, exchanged: Sequence[tuple[Tally, Item, Totals]]) -> float:
        """Return the points that the score would move by if these items, one of a pillar at most, counted otherwise."""
        if len(exchanged) == 1 and not _brings_a_cap_alone(*exchanged[0][:2]):
            # Very many items of a large team count the same, and then differ in nothing that matters here.
            tally, item, counts = exchanged[0]
            alike = (tally.rule.slug, item.counts, counts)
            if alike not in self._alike:
                self._alike[alike] = self._moved(exchanged)
            return self._alike[alike]
        return self._moved(exchanged)

    def _moved(self, exchanged: Sequence[tuple[Tally, Item, Totals]]) -> float:
        changed = {tally.rule.slug: tally.value_with(item, counts) for tally, item, counts in exchanged}
        without = {tally.rule.slug: item for tally, item, _ in exchanged}
        then = score_of(self._tallies, {**self._values, **changed}, without=without)
        return 0.0 if then is None or self._now is None else points(then - self._now)

    def _held_by(self, tally: Tally) -> str:
        """Return the reason of the cap that the score, or else the pillar, stands at."""
        slug = tally.rule.slug
        if slug not in self._held:
            uncapped = mean((each.rule.weight, self._values[each.rule.slug]) for each in self._tallies)
            whole = (cap for each in self._tallies for cap in _binding(each.overall_caps, uncapped, self._now))
            pillar = _binding(tally.caps, tally.uncapped(), self._values[slug])
            self._held[slug] = next((cap.reason for caps in (whole, pillar) for cap in caps), "")
        return self._held[slug]


def _brings_a_cap_alone(tally: Tally, item: Item) -> bool:
    """Say whether a cap goes with this item: then it is unlike others that count the same."""
    brought = [tally.caps[cap] for cap in item.caps if cap in tally.caps]
    brought += [tally.overall_caps[cap] for cap in item.overall_caps if cap in tally.overall_caps]
    return any(items == (item.id,) for items in brought)


def _binding(caps: Iterable[Cap], uncapped: float | None, value: float | None) -> list[Cap]:
    """Return the caps that bring something down to the value it has."""
    return [cap for cap in caps if uncapped is not None and cap.limit == value and cap.limit < uncapped]


def score_of(
    tallies: Sequence[Tally], values: Mapping[str, float | None], *, without: Mapping[str, Item] | None = None
) -> float | None:
    """Return the score that pillars of these values make, `without` the caps that one item of a pillar brings alone."""
    whole = mean((tally.rule.weight, values[tally.rule.slug]) for tally in tallies)
    if whole is None:
        return None
    gone = without or {}
    return min([whole, *(tally.overall_limit(without=gone.get(tally.rule.slug)) for tally in tallies)])


def mean(weighted: Iterable[tuple[float, float | None]]) -> float | None:
    """Return the mean over what has a value; what has none drops out."""
    found = [(weight, value) for weight, value in weighted if value is not None and weight > 0]
    total = sum(weight for weight, _ in found)
    return sum(weight * value for weight, value in found) / total if found else None


def points(value: float) -> float:
    """Return a value to two decimals, as it is shown."""
    return round(value, 2) + 0.0  # Never -0.0.
