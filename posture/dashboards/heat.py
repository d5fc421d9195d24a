"""Teams by pillars, worst first: the rows of the heat map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from posture.accounts.models import Team
from posture.dashboards.queries import Where
from posture.scoring.items import credential_of
from posture.scoring.models import Snapshot
from posture.scoring.policy import GRADES
from posture.scoring.rule import rules


@dataclass(frozen=True)
class Cell:
    """One pillar of one team; a value of None is not assessed, and `reason` says why."""

    label: str
    value: float | None
    tone: str
    """The grade's letter in small, or unk."""
    reason: str


@dataclass(frozen=True)
class HeatRow:
    """One team, or the organisation when `team` is None."""

    team: Team | None
    score: float | None
    grade: str
    change: float | None
    confidence: float
    cells: tuple[Cell, ...]
    cost: str
    """The biggest cost in words."""
    cost_points: float
    more_costs: int


def heat_rows(
    now: Iterable[Snapshot], before: Mapping[int | None, Snapshot], names: Mapping[str, str]
) -> list[HeatRow]:
    """Return one row per team, the worst score first and what is not assessed last.

    `names` says what the items that cost most are, by their ids, as far as the viewer may know.
    """
    rows = [heat_row(snapshot, before.get(snapshot.team_id), names) for snapshot in now]
    return sorted(rows, key=lambda row: (row.score is None, row.score or 0, row.team.name if row.team else ""))


def worst_items(snapshots: Iterable[Snapshot]) -> list[int]:
    """Return the credential that costs each team most."""
    found = [credential_of(cost) for snapshot in snapshots for cost in snapshot.brief["costs"]]
    return [credential for credential in found if credential is not None]


def names_of(places: Mapping[int, Where]) -> dict[str, str]:
    """Return what the credentials behind items of a score are and where they stand, by the item's id."""
    return {str(pk): f"{place.credential.label}, {place.asset}" for pk, place in places.items()}


def heat_row(snapshot: Snapshot, before: Snapshot | None, names: Mapping[str, str]) -> HeatRow:
    """Return the row of one team's snapshot, read in brief."""
    brief = snapshot.brief
    worst = brief["costs"][0] if brief["costs"] else None
    earlier = before.score if before else None
    return HeatRow(
        team=snapshot.team,
        score=snapshot.score,
        grade=snapshot.grade,
        change=None if snapshot.score is None or earlier is None else round(snapshot.score - earlier, 1),
        confidence=snapshot.confidence,
        cells=cells(brief),
        cost=names.get(worst["item"], worst["why"]) if worst else "",
        cost_points=worst["lost"] if worst else 0.0,
        more_costs=max(0, brief["costs_count"] - 1),
    )


def cells(card: Mapping[str, Any]) -> tuple[Cell, ...]:
    """Return the pillars of a team's or the organisation's card, in their order."""
    held = card.get("pillars", {})
    if isinstance(held, list):
        values = {pillar["slug"]: (pillar["value"], pillar["reason"]) for pillar in held}
    else:
        values = {slug: (value, "") for slug, value in held.items()}
    found = []
    for rule in sorted(rules().values(), key=lambda rule: rule.order):
        value, reason = values.get(rule.slug, (None, rule.not_assessed))
        found.append(Cell(rule.label, value, tone_of(value), reason))
    return tuple(found)


def tone_of(value: float | None) -> str:
    """Return the colour class of a value: the letter it would be as a grade, or unk."""
    if value is None:
        return "unk"
    return next(letter for letter, least in GRADES if round(value, 2) >= least).lower()
