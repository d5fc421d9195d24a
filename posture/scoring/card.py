"""A team's score from its facts, pure: the same facts give the same card, anywhere and at any time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from posture.scoring.facts import Facts, Known, digest
from posture.scoring.gain import Costing, Gain, mean, points
from posture.scoring.ladder import Ladder, climb
from posture.scoring.policy import BEST_GRADE_FROM, GRADED_FROM, GRADES, NOT_GRADED, POLICY_VERSION
from posture.scoring.rule import Cap, Fix, Tally, rules

# A stored card names this many items of a cap; the count is whole.
NAMED_ITEMS = 10


@dataclass(frozen=True, slots=True)
class AppliedCap:
    """A cap that stands, with the items that bring it."""

    limit: float
    reason: str
    items: tuple[str, ...]
    binding: bool
    """Whether it lowers anything now."""

    def as_json(self) -> dict[str, Any]:
        """Return it for storage and the API."""
        return {
            "limit": self.limit,
            "reason": self.reason,
            "binding": self.binding,
            "items": list(self.items[:NAMED_ITEMS]),
            "count": len(self.items),
        }


@dataclass(frozen=True, slots=True)
class Pillar:
    """One pillar of a card; a value of None is "not assessed", and `reason` says what is missing."""

    slug: str
    label: str
    weight: float
    value: float | None
    uncapped: float | None
    reason: str
    caps: tuple[AppliedCap, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it for storage and the API, rounded as people see it."""
        return {
            "slug": self.slug,
            "label": self.label,
            "weight": self.weight,
            "value": rounded(self.value),
            "uncapped": rounded(self.uncapped),
            "reason": self.reason,
            "caps": [cap.as_json() for cap in self.caps],
        }


@dataclass(frozen=True, slots=True)
class Card:
    """The score of one team, with all that explains it."""

    team: str
    pillars: tuple[Pillar, ...]
    score: float | None
    """0 to 100; None where no pillar has evidence."""
    uncapped: float | None
    caps: tuple[AppliedCap, ...]
    grade: str
    confidence: float
    known: Known
    size: int
    ladder: Ladder
    input_digest: str
    policy_version: int = POLICY_VERSION

    def as_json(self) -> dict[str, Any]:
        """Return it for storage and the API, rounded as people see it."""
        return {
            "policy_version": self.policy_version,
            "team": self.team,
            "score": rounded(self.score),
            "uncapped": rounded(self.uncapped),
            "grade": self.grade,
            "confidence": round(self.confidence, 4),
            "known": asdict(self.known),
            "size": self.size,
            "pillars": [pillar.as_json() for pillar in self.pillars],
            "caps": [cap.as_json() for cap in self.caps],
            "ladder": self.ladder.as_json(),
            "input_digest": self.input_digest,
        }


def score(facts: Facts, fixed: Collection[Fix] = ()) -> Card:
    """Return the card of a team; with `fixed`, as it would be once those items' remedies are done."""
    return _card(facts, _tallies(facts, fixed))


def _card(facts: Facts, tallies: Sequence[Tally]) -> Card:
    pillars = tuple(_pillar(tally) for tally in tallies)
    uncapped = mean((pillar.weight, pillar.value) for pillar in pillars)
    overall = [cap for tally in tallies for cap in _applied(tally.overall_caps, uncapped)]
    value = None if uncapped is None else min([uncapped, *(cap.limit for cap in overall)])
    confidence = confidence_of(facts.confidence)
    return Card(
        team=facts.team,
        pillars=pillars,
        score=value,
        uncapped=uncapped,
        caps=tuple(sorted(overall, key=lambda cap: cap.limit)),
        grade=grade_of(value, confidence),
        confidence=confidence,
        known=facts.confidence,
        size=facts.size,
        ladder=climb(facts),
        input_digest=digest(facts),
    )


def gains(facts: Facts) -> list[Gain]:
    """Return what can still be done, the most worthwhile first; what is not due yet gains 0."""
    return [gain for gain in costs(facts) if gain.fixable]


def costs(facts: Facts) -> list[Gain]:
    """Return every item with what it costs, also where nothing can be done any more, the best gain first."""
    return Costing(_tallies(facts)).costs()


def explain(facts: Facts, *, most: int | None = None, pillar: str = "") -> dict[str, Any]:
    """Return the card as JSON with `gains` (what can be done) and `costs` (what took points), the first `most`.

    `pillar` narrows both lists. The worst of each pillar is among the costs however many others are worse, so that
    every pillar is explained.
    """
    tallies = _tallies(facts)
    found = Costing(tallies).costs()
    fixable = [gain for gain in found if gain.fixable]
    # Among very many, one alone takes no point that can be seen, and is to be dealt with all the same.
    costly = sorted((gain for gain in found if gain.lost > 0 or gain.debt > 0), key=lambda gain: -gain.lost)
    named = [gain for gain in costly if pillar in ("", gain.pillar)][:most]
    told = {gain.pillar for gain in named}
    further = {gain.pillar: gain for gain in reversed(costly) if gain.pillar not in told}
    return {
        **_card(facts, tallies).as_json(),
        "gains": [gain.as_json() for gain in fixable if pillar in ("", gain.pillar)][:most],
        "gains_count": len(fixable),
        "owed_count": sum(gain.gain > 0 or gain.debt > 0 for gain in fixable),
        "costs": [gain.as_json() for gain in (*named, *further.values())],
        "costs_count": len(costly),
    }


def _tallies(facts: Facts, fixed: Collection[Fix] = ()) -> list[Tally]:
    return [Tally(rule, facts, fixed) for rule in rules().values()]


def _pillar(tally: Tally) -> Pillar:
    value, uncapped = tally.value(), tally.uncapped()
    caps = _applied(tally.caps, uncapped)
    reason = tally.rule.not_assessed if value is None else next((cap.reason for cap in caps if cap.binding), "")
    return Pillar(tally.rule.slug, tally.rule.label, tally.rule.weight, value, uncapped, reason, caps)


def _applied(caps: Mapping[Cap, tuple[str, ...]], value: float | None) -> tuple[AppliedCap, ...]:
    return tuple(
        AppliedCap(cap.limit, cap.reason, items, binding=value is not None and cap.limit < value)
        for cap, items in caps.items()
    )


def confidence_of(known: Known, *further: tuple[int, int]) -> float:
    """Return how much is known, 0 to 1: the mean of the shares in which anything is asked; 0 where nothing is."""
    pairs = [(known.assets_fresh, known.assets), (known.facts_known, known.facts), *further]
    shares = [have / asked for have, asked in pairs if asked]
    return sum(shares) / len(shares) if shares else 0.0


def grade_of(value: float | None, confidence: float) -> str:
    """Return the letter for what people see of the score, or that too little is known to give one."""
    # Rounded, since 0.8 may come as 0.7999999999 and nobody could say why the grade is withheld.
    sure = round(confidence, 6)
    if value is None or sure < GRADED_FROM:
        return NOT_GRADED
    shown = round(value, 2)
    grade = next(letter for letter, least in GRADES if shown >= least)
    return "B" if grade == "A" and sure < BEST_GRADE_FROM else grade


def rounded(value: float | None) -> float | None:
    """Return the value to two decimals, as it is shown."""
    return None if value is None else points(value)
