"""What changed, as sentences; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from posture.dashboards.chart import day_words


@dataclass(frozen=True)
class Moved:
    """A team's score now and at the date compared with; None: not assessed, or not there then."""

    name: str
    now: float | None
    before: float | None

    @property
    def change(self) -> float | None:
        """Points since then, or None where one end is missing."""
        return None if self.now is None or self.before is None else round(self.now - self.before, 1)


def organisation_change(now: float | None, before: float | None, since: date | None, teams: Sequence[Moved]) -> str:
    """Say how the organisation moved, and which teams moved it most."""
    if now is None:
        return "Not assessed yet: no source has been collected to its end."
    if before is None or since is None:
        return "The first score. What moves it is told here from tomorrow on."
    moved = sorted((team for team in teams if team.change), key=lambda team: -abs(team.change or 0))
    change = round(now - before, 1)
    head = f"{_direction(change)} since {day_words(since)}"
    if not moved:
        return f"{head}."
    told = [f"{team.name} {'gained' if (team.change or 0) > 0 else 'lost'} {abs(team.change or 0):g}" for team in moved]
    more = f", and {len(moved) - 2} more teams moved" if len(moved) > 2 else ""
    return f"{head}: {' and '.join(told[:2])}{more}."


def team_change(card: Mapping[str, Any], before: Mapping[str, Any] | None, since: date | None) -> str:
    """Say how a team's score moved and which items came and went, by the cards of both days."""
    if card.get("score") is None:
        return "Not assessed yet: none of its assets has been read."
    if before is None or since is None or before.get("score") is None:
        return "The first score. What moves it is told here from tomorrow on."
    change = round(card["score"] - before["score"], 1)
    then, now = _items(before), _items(card)
    parts = []
    if new := now - then:
        parts.append(f"{len(new)} new {'item costs' if len(new) == 1 else 'items cost'} points")
    if gone := then - now:
        parts.append(f"{len(gone)} no longer {'does' if len(gone) == 1 else 'do'}")
    tail = f": {' and '.join(parts)}" if parts else ""
    return f"{_direction(change)} since {day_words(since)}{tail}."


def _items(card: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(cost["pillar"], cost["item"]) for cost in card.get("costs", [])}


def _direction(change: float) -> str:
    if abs(change) < 0.05:
        return "Unchanged"
    return f"{'Up' if change > 0 else 'Down'} {abs(change):g}"
