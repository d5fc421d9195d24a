"""The organisation's score from its teams': weighted by size, the worst named, what nobody owns in its confidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Any

from posture.scoring.card import Card, confidence_of, grade_of, rounded
from posture.scoring.facts import Known
from posture.scoring.policy import POLICY_VERSION
from posture.scoring.rule import rules

WORST = 3
# Below this many teams even a quartile is nearly some team's own score. Our own.
SPREAD_FROM = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """What the organisation's score needs of one team's card."""

    team: str
    score: float | None
    grade: str
    size: int
    pillars: Mapping[str, float | None]
    known: Known

    @classmethod
    def of(cls, card: Card) -> Standing:
        """Take it from a card."""
        pillars = {pillar.slug: pillar.value for pillar in card.pillars}
        return cls(card.team, card.score, card.grade, card.size, pillars, card.known)

    @classmethod
    def from_json(cls, card: Mapping[str, Any]) -> Standing:
        """Take it from a card that was stored with `Card.as_json`."""
        return cls(
            team=card["team"],
            score=card["score"],
            grade=card["grade"],
            size=card["size"],
            pillars={pillar["slug"]: pillar["value"] for pillar in card["pillars"]},
            known=Known.read(card["known"]),
        )

    def as_json(self) -> dict[str, Any]:
        """Return how the team is named on the organisation's card."""
        return {"team": self.team, "score": rounded(self.score), "grade": self.grade, "size": self.size}


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """The score of the whole; a pillar or score of None is not assessed in any team."""

    score: float | None
    grade: str
    confidence: float
    known: Known
    items: int
    items_owned: int
    pillars: Mapping[str, float | None]
    worst: tuple[Standing, ...]
    teams: int
    not_assessed: tuple[str, ...]
    """Teams without a score, which no mean can speak for."""
    size: int
    quartiles: tuple[int, ...]
    """What a quarter, half and three quarters of the teams score less than; empty below `SPREAD_FROM` teams."""
    policy_version: int = POLICY_VERSION

    def as_json(self) -> dict[str, Any]:
        """Return it for storage and the API, rounded as people see it."""
        return {
            "policy_version": self.policy_version,
            "score": rounded(self.score),
            "grade": self.grade,
            "confidence": round(self.confidence, 4),
            "known": asdict(self.known),
            "items": self.items,
            "items_owned": self.items_owned,
            "size": self.size,
            "pillars": {slug: rounded(value) for slug, value in self.pillars.items()},
            "worst": [standing.as_json() for standing in self.worst],
            "teams": self.teams,
            "not_assessed": list(self.not_assessed),
            "quartiles": list(self.quartiles),
        }


def organisation(
    standings: Sequence[Standing], *, items: int, items_owned: int, unowned: Known | None = None
) -> OrganisationCard:
    """Return the organisation's card.

    `items` counts everything that should have an owner and `items_owned` what has one; `unowned` is how much is
    known of what belongs to no team, which is in no team's facts and must not go missing here.

    Raises:
        ValueError: more items are owned than there are.
    """
    if not 0 <= items_owned <= items:
        raise ValueError(f"items_owned must be between 0 and items ({items})")
    known = sum((standing.known for standing in standings), unowned or Known())
    confidence = confidence_of(known, (items_owned, items))
    ordered = sorted(standings, key=lambda standing: standing.team)
    scored = [standing for standing in ordered if standing.score is not None]
    score = _by_size((standing.size, standing.score) for standing in scored)
    return OrganisationCard(
        score=score,
        grade=grade_of(score, confidence),
        confidence=confidence,
        known=known,
        items=items,
        items_owned=items_owned,
        pillars={
            slug: _by_size((standing.size, standing.pillars.get(slug)) for standing in ordered) for slug in rules()
        },
        worst=tuple(
            sorted(scored, key=lambda standing: (standing.score or 0.0, -standing.size, standing.team))[:WORST]
        ),
        teams=len(ordered),
        not_assessed=tuple(standing.team for standing in ordered if standing.score is None),
        size=sum(standing.size for standing in scored),
        quartiles=quartiles([standing.score or 0.0 for standing in scored]),
    )


def quartiles(scores: Sequence[float]) -> tuple[int, ...]:
    """Return the quartiles of the teams' scores, whole, so that they name nobody; none where there are few teams."""
    if len(scores) < SPREAD_FROM:
        return ()
    return tuple(round(each) for each in quantiles(scores, n=4, method="inclusive"))


def _by_size(values: Iterable[tuple[int, float | None]]) -> float | None:
    found = [(size, value) for size, value in values if value is not None]
    total = sum(size for size, _ in found)
    return sum(size * value for size, value in found) / total if total else None
