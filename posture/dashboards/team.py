"""What a team's page shows: its score taken apart, what to do next, and what that would change.

The page shows the stored score, so that it costs the same for a team of any size; only the whole list of actions
and the what-if work from the facts as they are now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from inventory.models import Asset
from inventory.narrowing import ALONE
from posture.accounts.models import Membership, Team, User
from posture.accounts.visibility import visible, visible_teams
from posture.dashboards import queries
from posture.dashboards.actions import Action, actions, gain_of
from posture.dashboards.chart import Chart
from posture.dashboards.charts import introduced, kinds_by_age, score_trend
from posture.dashboards.figures import Figures, figures
from posture.dashboards.heat import tone_of
from posture.dashboards.overview import COMPARED_DAYS
from posture.dashboards.sentences import team_change
from posture.dashboards.stored import Stored, stored_counts
from posture.scoring.card import explain, rounded, score
from posture.scoring.items import item_named
from posture.scoring.models import Snapshot
from posture.scoring.organisation import SPREAD_FROM
from posture.scoring.services import current_facts

ACTIONS = 5
MOST_ACTIONS = 200
ASSETS = 10


@dataclass(frozen=True)
class PillarLine:
    """One pillar with its biggest cost."""

    slug: str
    label: str
    weight: float
    value: float | None
    tone: str
    explanation: str
    change: float | None
    has_costs: bool
    """Whether there is a list of what costs points in it."""


@dataclass(frozen=True)
class WhatIf:
    """The score as it would be with the ticked actions done."""

    before: float | None
    score: float | None
    grade: str
    gain: float
    number: int


@dataclass(frozen=True)
class Spread:
    """The quartiles of all teams' scores, on the picture's axis of 280 units, with the team's own score."""

    teams: int
    quartiles: Sequence[int]
    own: float | None

    @property
    def needed(self) -> int:
        """How many teams it takes until quartiles name nobody."""
        return SPREAD_FROM

    @property
    def marks(self) -> list[int]:
        """Where the quartiles stand."""
        return [_on_axis(each) for each in self.quartiles]

    @property
    def width(self) -> int:
        """How wide the middle half is."""
        return max(2, self.marks[2] - self.marks[0])

    @property
    def own_mark(self) -> int | None:
        """Where the team stands."""
        return None if self.own is None else _on_axis(self.own)

    @property
    def words(self) -> str:
        """Say it without the picture."""
        low, middle, high = self.quartiles
        return f"Half of {self.teams} teams score between {low} and {high}, the middle is {middle}."


@dataclass(frozen=True)
class TeamPage:
    """Everything on the page."""

    team: Team
    parent: Team | None
    """None also where the viewer does not see it."""
    at: datetime
    card: Mapping[str, Any]
    change: float | None
    since: date | None
    sentence: str
    pillars: list[PillarLine]
    actions: list[Action]
    actions_count: int
    narrowed: PillarLine | None
    """The pillar whose costs are listed in place of actions."""
    what_if: WhatIf | None
    figures: Figures
    stored: Stored
    charts: list[Chart]
    assets: list[Asset]
    """The first ones."""
    assets_count: int
    unknowns: queries.Unknowns
    people: list[Membership]
    spread: Spread


def team_page(
    user: User, team: Team, now: datetime, ticked: Collection[str] = (), most: int = ACTIONS, pillar: str = ""
) -> TeamPage:
    """Return the page of a team that the viewer sees; `ticked` names actions of the what-if form.

    With a `pillar` it lists all that costs points there, also what nobody can undo any more.
    """
    past = queries.history(team, now.date(), now.date() - timedelta(days=COMPARED_DAYS))
    newest, earlier = past.newest, past.earlier
    live = bool(ticked or pillar) or most > ACTIONS or newest is None
    stored = None if live or newest is None else newest.card
    card = stored or explain(current_facts(team), most=MOST_ACTIONS, pillar=pillar)
    # What is not due yet is no action; what is owed is one, also where one alone does not move the score.
    listed = [gain for gain in map(gain_of, card["gains"]) if gain.gain > 0 or gain.debt > 0]
    if pillar:
        most, listed = MOST_ACTIONS, [gain for gain in map(gain_of, card["costs"]) if gain.pillar == pillar]
    lines = _pillars(card, earlier)
    counts = sum(queries.asset_counts(user, team).values(), queries.AssetCounts())
    found, held = figures(user, now, team), stored_counts(user, team)
    assets = visible(Asset.objects.present().filter(team=team), user).defer("codeowners", "cursor")
    return TeamPage(
        team=team,
        parent=_visible_parent(user, team),
        at=now if live or newest is None else newest.computed_at,
        card=card,
        change=_change(card["score"], earlier.score if earlier else None),
        since=earlier.day if earlier else None,
        sentence=team_change(card, earlier.card if earlier else None, earlier.day if earlier else None),
        pillars=lines,
        actions=actions(user, team, listed[: max(most, len(ticked))], ticked),
        actions_count=len(listed) if pillar else card.get("owed_count", len(listed)),
        narrowed=next((line for line in lines if line.slug == pillar), None),
        what_if=what_if(user, team, ticked),
        figures=found,
        stored=held,
        charts=_charts(team, found, past.days, now),
        assets=list(assets[:ASSETS]),
        assets_count=counts.assets,
        unknowns=queries.unknowns(counts, found, held),
        people=list(team.memberships.select_related("user").order_by("-role", "user__name")),
        spread=_spread(past.whole, card["score"]),
    )


def _visible_parent(user: User, team: Team) -> Team | None:
    seen = visible_teams(user)
    return team.parent if seen is None or team.parent_id in seen else None


def _spread(whole: Snapshot | None, own: float | None) -> Spread:
    card = whole.card if whole else {}
    teams = card.get("teams", 0) - len(card.get("not_assessed", ()))
    return Spread(teams, card.get("quartiles", ()), own)


def _charts(team: Team, found: Figures, days: Sequence[Snapshot], now: datetime) -> list[Chart]:
    items = f"{reverse('inventory:credentials')}?exposed=yes&{ALONE}={team.slug}"
    today = now.date()
    charts = [
        kinds_by_age.draw(found.kinds, today, team.name, f"{items}&managed=no"),
        introduced.draw(found.weeks, today, team.name, items),
    ]
    return [*charts, score_trend.draw(queries.trend(days), team.name, items)] if len(days) > 1 else charts


def _on_axis(value: float) -> int:
    return round(4 + 2.8 * value)


def _change(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else round(now - before, 1)


def _pillars(card: Mapping[str, Any], earlier: Snapshot | None) -> list[PillarLine]:
    values = {each["slug"]: each["value"] for each in earlier.card["pillars"]} if earlier else {}
    lines = []
    for pillar in card["pillars"]:
        worst = next((cost for cost in card["costs"] if cost["pillar"] == pillar["slug"]), None)
        lines.append(
            PillarLine(
                pillar["slug"],
                pillar["label"],
                pillar["weight"],
                pillar["value"],
                tone_of(pillar["value"]),
                pillar["reason"] or (f"Biggest cost: {worst['why']}" if worst else "Nothing costs points here."),
                _change(pillar["value"], values.get(pillar["slug"])),
                worst is not None,
            )
        )
    return lines


def what_if(user: User, team: Team, ticked: Collection[str]) -> WhatIf | None:
    """Return what the ticked actions would give, by the function that makes the score; changes nothing."""
    fixes = [fix for fix in (item_named(user, key) for key in ticked) if fix is not None]
    if not fixes:
        return None
    facts = current_facts(team)
    before, then = score(facts), score(facts, fixes)
    gain = round((then.score or 0) - (before.score or 0), 2)
    return WhatIf(rounded(before.score), rounded(then.score), then.grade, gain, len(fixes))
