"""Teams by pillars, worst first: the rows of the heat map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from posture.accounts.models import Team
from posture.dashboards.named import Named
from posture.scoring.items import Thing, thing_of
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
    now: Iterable[Snapshot], before: Mapping[int | None, Snapshot], names: Mapping[Thing, Named]
) -> list[HeatRow]:
    """Return one row per team, the worst score first and what is not assessed last.

    `names` says what the items that cost most are, as far as the viewer may know.
    """
    rows = [heat_row(snapshot, before.get(snapshot.team_id), names) for snapshot in now]
    return sorted(rows, key=lambda row: (row.score is None, row.score or 0, row.team.name if row.team else ""))


def worst_items(snapshots: Iterable[Snapshot]) -> list[Thing]:
    """Return what costs each team most."""
    found = [thing_of(cost) for snapshot in snapshots for cost in snapshot.brief["costs"]]
    return [thing for thing in found if thing is not None]


def heat_row(snapshot: Snapshot, before: Snapshot | None, names: Mapping[Thing, Named]) -> HeatRow:
    """Return the row of one team's snapshot, read in brief."""
    brief = snapshot.brief
    worst = brief["costs"][0] if brief["costs"] else None
    thing = thing_of(worst) if worst else None
    name = names.get(thing) if thing else None
    earlier = before.score if before else None
    return HeatRow(
        team=snapshot.team,
        score=snapshot.score,
        grade=snapshot.grade,
        change=None if snapshot.score is None or earlier is None else round(snapshot.score - earlier, 1),
        confidence=snapshot.confidence,
        cells=cells(brief),
        cost=name.words if name else worst["why"] if worst else "",
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
