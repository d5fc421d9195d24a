"""Training: people know what to do, and knew it recently."""

from __future__ import annotations

from posture.scoring.facts import Facts, Known, TrainingFacts
from posture.scoring.policy import (
    CHAMPION_PART,
    FADED_MONTHS,
    FULL_MONTHS,
    INCIDENT_LESSONS_PART,
    LESSONS_PART,
    TRAINING_WEIGHT,
)
from posture.scoring.rule import Example, Item, Rule, Totals

CHAMPION = "champion"


def _example(
    says: str,
    value: float | None,
    champion: bool | None,
    modules: tuple[float | None, ...] = (),
    lessons: tuple[bool, ...] = (),
) -> Example:
    found = TrainingFacts(champion=champion, modules_months_ago=modules, lessons_in_time=lessons)
    return Example(says, Facts(team="example", owned_credentials=0, confidence=Known(), training=found), value)


class Training(Rule):
    """Whether the team has learned what it needs.

    Three tenths: an active champion. Half: required lessons, which count in full for 12 months and fade
    until 24. Two tenths: lessons that an incident gave, finished within 14 days. A part with nothing due
    drops out, and so does a champion that is not known.
    """

    slug = "training"
    label = "Training"
    order = 5
    weight = TRAINING_WEIGHT
    totals = ("champion", "champion asked", "lessons", "lessons asked", "incident lessons", "incident lessons asked")
    not_assessed = "No lesson has been given to this team and nobody has said who its champion is."
    examples = (
        _example("A champion, and every lesson within a year", 100.0, True, (1, 12)),
        _example("No champion, half of the lessons", 31.25, False, (1, None)),
        _example("A lesson of 18 months ago counts half", 50.0, None, (18,)),
        _example("Nothing is due and the champion is not known", None, None),
    )

    def items(self, facts: Facts) -> tuple[Item, ...] | None:
        """Return the champion, then one item per person and lesson (`lesson-1`), then per incident lesson."""
        if facts.training is None:
            return None
        found = [] if facts.training.champion is None else [_champion(facts.training.champion)]
        found += [
            _lesson(f"lesson-{place}", age) for place, age in enumerate(facts.training.modules_months_ago, start=1)
        ]
        found += [
            _incident_lesson(f"incident-lesson-{place}", in_time)
            for place, in_time in enumerate(facts.training.lessons_in_time, start=1)
        ]
        return tuple(found)

    def value(self, totals: Totals, facts: Facts) -> float | None:
        """Return the parts in which something is due, together."""
        shares = (CHAMPION_PART, LESSONS_PART, INCIDENT_LESSONS_PART)
        pairs = zip(shares, totals[::2], totals[1::2], strict=True)
        due = [(share, reached / asked) for share, reached, asked in pairs if asked > 0]
        return 100 * sum(share * part for share, part in due) / sum(share for share, _ in due) if due else None


def recency(months_ago: float | None) -> float:
    """Return what a lesson still counts; None: it was never finished."""
    if months_ago is None:
        return 0.0
    return min(1.0, max(0.0, (FADED_MONTHS - months_ago) / (FADED_MONTHS - FULL_MONTHS)))


def _champion(active: bool) -> Item:
    return _part(
        CHAMPION,
        0,
        float(active),
        action="name a champion",
        why="The team has an active champion." if active else "The team has no active champion.",
        remedy="Let somebody of the team take it on.",
        fixable=not active,
    )


def _lesson(name: str, months_ago: float | None) -> Item:
    reached = recency(months_ago)
    return _part(
        name,
        2,
        reached,
        action="finish {item}",
        why="It was never finished." if months_ago is None else f"It was finished {months_ago:.0f} months ago.",
        remedy="Take the lesson; it counts in full for 12 months.",
        fixable=reached < 1,
    )


def _incident_lesson(name: str, in_time: bool) -> Item:
    why = "It was finished within 14 days." if in_time else "It was not finished within 14 days."
    return _part(name, 4, float(in_time), action="", why=why, remedy="It leaves the window by itself.", fixable=False)


def _part(name: str, place: int, reached: float, *, action: str, why: str, remedy: str, fixable: bool) -> Item:
    def counts(value: float) -> Totals:
        return tuple(value if at == place else 1.0 if at == place + 1 else 0.0 for at in range(6))

    return Item(
        id=name,
        debt=1 - reached,
        counts=counts(reached),
        perfect=counts(1.0),
        fixed=counts(1.0) if fixable else None,
        action=action,
        why=why,
        remedy=remedy,
    )


RULE = Training()
