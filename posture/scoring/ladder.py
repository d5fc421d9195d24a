"""The ladder beside the score: bronze, silver, gold, each a short list that is done, not done or not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from posture.scoring.facts import Facts
from posture.scoring.policy import GOLD_SHARE

LEVELS = ("bronze", "silver", "gold")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a level asks for; None is not known, which is not enough."""

    level: str
    words: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The level reached (empty: none yet) and every step of all levels."""

    level: str
    steps: tuple[Step, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it for storage and the API."""
        steps = [{"level": step.level, "words": step.words, "met": step.met} for step in self.steps]
        return {"level": self.level, "steps": steps}


def climb(facts: Facts) -> Ladder:
    """Return how far a team has come. What a team's facts hold is owned by it, so bronze asks for collection only."""
    steps = (
        Step("bronze", "Everything it owns is collected", _all_collected(facts)),
        Step("silver", "No exposed credential still works", _none_valid(facts)),
        Step("silver", "Nothing is past twice its limit", _none_past_twice(facts)),
        Step("gold", "No identity is shared or reaches several environments", _none_shared(facts)),
        Step("gold", f"{GOLD_SHARE:.0%} of credentials end or rotate by themselves", _self_rotating(facts)),
        Step("gold", "It has an active champion", facts.training.champion if facts.training else None),
    )
    reached = ""
    for level in LEVELS:
        if not all(step.met for step in steps if step.level == level):
            break
        reached = level
    return Ladder(reached, steps)


def _none_of(answers: Iterable[bool | None]) -> bool | None:
    """Say whether none is so: no as soon as one is, not known as long as one is not."""
    found = set(answers)
    return False if True in found else None if None in found else True


def _all_collected(facts: Facts) -> bool | None:
    known = facts.confidence
    return None if known.assets == 0 else known.assets_fresh == known.assets


def _none_valid(facts: Facts) -> bool | None:
    # A value whose validity nobody knows is no valid one: the score counts it, the ladder asks for the known ones.
    return None if facts.exposures is None else not any(each.validity == "valid" for each in facts.exposures)


def _none_past_twice(facts: Facts) -> bool | None:
    return None if facts.credentials is None else _none_of(each.past_twice for each in facts.credentials)


def _none_shared(facts: Facts) -> bool | None:
    if facts.identities is None:
        return None
    return _none_of(answer for each in facts.identities for answer in (each.shared, each.cross_environment))


def _self_rotating(facts: Facts) -> bool | None:
    if facts.credentials is None:
        return None
    if not facts.credentials:
        return True
    answers = [True if each.ephemeral else each.auto_rotated for each in facts.credentials]
    needed = GOLD_SHARE * len(answers)
    if answers.count(True) >= needed:
        return True
    return None if answers.count(True) + answers.count(None) >= needed else False
