"""What a pillar of the score is: a rule that turns a team's facts into items, and their totals into a value.

One file per rule in `rules/`, each holding one `RULE`. Every item says what it counts now, what it would
count with nothing wrong, and what it would count once its remedy is done; so the exact gain of a fix is the
same value made from the totals with one item exchanged, and costs no second pass over the others.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import ClassVar

from posture.common.registry import attribute, discover
from posture.scoring.facts import Facts
from posture.scoring.policy import DEBT_SCALE, debt_value

Totals = tuple[float, ...]
Fix = tuple[str, str]
"""A pillar's slug and an item's id."""


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that a pillar, or the whole score, can be while an item stands."""

    limit: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that a pillar counts, with its debt and what to do about it."""

    id: str
    debt: float
    """What it takes away, in the unit of its pillar: weight for most, share for parts."""
    counts: Totals
    perfect: Totals
    """What it would count had nothing been wrong."""
    fixed: Totals | None
    """What it would count once the remedy is done; None where nothing can be done any more."""
    action: str
    """The remedy as an order, with `{item}` for the name."""
    why: str
    """What is wrong, one sentence."""
    remedy: str
    """What to do, one sentence or two."""
    caps: tuple[Cap, ...] = ()
    overall_caps: tuple[Cap, ...] = ()
    follows: Fix | None = None
    """The item of another pillar whose remedy deals with this one too, which is then no action of its own."""


@dataclass(frozen=True, slots=True)
class Example:
    """A small case that a person can follow, kept true by a test."""

    says: str
    facts: Facts
    value: float | None
    """What the rule gives, to two decimals."""


class Rule(ABC):
    """A pillar. The docstring of each rule is shown to users."""

    slug: ClassVar[str]
    label: ClassVar[str]
    order: ClassVar[int]
    """Where it stands among the pillars."""
    weight: ClassVar[float]
    totals: ClassVar[tuple[str, ...]]
    """What its items count, in words, in the order of `Item.counts`."""
    not_assessed: ClassVar[str]
    """Why it has no value where nothing was collected, and what to connect."""
    examples: ClassVar[tuple[Example, ...]]

    @abstractmethod
    def items(self, facts: Facts) -> tuple[Item, ...] | None:
        """Return what is counted, or None where nothing that could tell was ever looked at."""

    @abstractmethod
    def value(self, totals: Totals, facts: Facts) -> float | None:
        """Return the pillar's value before caps, 0 to 100, or None where nothing in it is due."""


class DebtRule(Rule):
    """A pillar that starts at 100 and loses by debt; what is good adds nothing, so junk cannot raise it."""

    totals = ("debt",)
    scale: ClassVar[float] = DEBT_SCALE

    @abstractmethod
    def size(self, facts: Facts) -> int:
        """Return how much the team owns of what is counted here."""

    def value(self, totals: Totals, facts: Facts) -> float:
        """Return what the debt leaves of 100."""
        return debt_value(totals[0], size=self.size(facts), scale=self.scale)

    @staticmethod
    def item(
        *,
        id: str,
        debt: float,
        action: str,
        why: str,
        remedy: str,
        fixable: bool = True,
        caps: tuple[Cap, ...] = (),
        overall_caps: tuple[Cap, ...] = (),
        follows: Fix | None = None,
    ) -> Item:
        """Make an item whose remedy takes its whole debt and all its caps away."""
        return Item(
            id=id,
            debt=debt,
            counts=(debt,),
            perfect=(0.0,),
            fixed=(0.0,) if fixable else None,
            action=action,
            why=why,
            remedy=remedy,
            caps=caps,
            overall_caps=overall_caps,
            follows=follows,
        )


class Tally:
    """One pillar of one team, added up: the production function, with any of its items exchanged."""

    def __init__(self, rule: Rule, facts: Facts, fixed: Collection[Fix] = ()) -> None:
        self.rule = rule
        self.facts = facts
        found = rule.items(facts)
        self.assessed = found is not None
        self.items: tuple[Item, ...] = found or ()
        self.fixed = frozenset(
            item.id
            for item in self.items
            if fixed and item.fixed is not None and ((rule.slug, item.id) in fixed or item.follows in fixed)
        )
        rows = [item.fixed if item.fixed is not None and item.id in self.fixed else item.counts for item in self.items]
        self.totals: Totals = tuple(math.fsum(column) for column in zip(*rows, strict=True)) or (0.0,) * len(
            rule.totals
        )
        self.caps = self._gather(lambda item: item.caps)
        self.overall_caps = self._gather(lambda item: item.overall_caps)

    def _gather(self, pick: Callable[[Item], tuple[Cap, ...]]) -> Mapping[Cap, tuple[str, ...]]:
        """Return the caps in force, the lowest first, each with the items that bring it."""
        found: dict[Cap, list[str]] = {}
        for item in self.items:
            if item.id not in self.fixed:
                for cap in pick(item):
                    found.setdefault(cap, []).append(item.id)
        return {cap: tuple(found[cap]) for cap in sorted(found, key=lambda cap: (cap.limit, cap.reason))}

    def uncapped(self) -> float | None:
        """Return the value before caps, or None where the pillar is not assessed."""
        return self._value(self.totals)

    def _value(self, totals: Totals) -> float | None:
        value = self.rule.value(totals, self.facts) if self.assessed else None
        return None if value is None else min(100.0, max(0.0, value))

    def value(self) -> float | None:
        """Return the value, or None where the pillar is not assessed."""
        return capped(self.uncapped(), self.caps)

    def value_with(self, item: Item, counts: Totals) -> float | None:
        """Return the value if one item counted something else and brought no cap any more."""
        totals = tuple(
            max(0.0, total - now + then) for total, now, then in zip(self.totals, item.counts, counts, strict=True)
        )
        return capped(self._value(totals), self.caps, without=item)

    def overall_limit(self, *, without: Item | None = None) -> float:
        """Return the most that the whole score can be as far as this pillar says."""
        return capped(100.0, self.overall_caps, without=without) or 0.0


def capped(value: float | None, caps: Mapping[Cap, tuple[str, ...]], *, without: Item | None = None) -> float | None:
    """Return the value under the lowest cap that stands, leaving out those that one item alone brings."""
    if value is None:
        return None
    for cap, items in caps.items():
        if without is None or items != (without.id,):
            return min(value, cap.limit)
    return value


@cache
def rules() -> MappingProxyType[str, Rule]:
    """Return every rule by slug, in the order of the pillars."""
    found: Mapping[str, Rule] = discover("posture.scoring.rules", attribute("RULE"), lambda rule: rule.slug)
    return MappingProxyType(
        {rule.slug: rule for rule in sorted(found.values(), key=lambda rule: (rule.order, rule.slug))}
    )
