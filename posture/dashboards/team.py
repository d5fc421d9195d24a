"""What a team's page shows: its score taken apart, what to do next, and what that would change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from inventory.models import Asset, Credential
from inventory.models.secrets import Severity
from posture.accounts.models import Membership, Team, User
from posture.accounts.visibility import visible
from posture.dashboards import queries
from posture.dashboards.chart import Chart
from posture.dashboards.charts import introduced, kinds_by_age, score_trend
from posture.dashboards.heat import tone_of
from posture.dashboards.overview import COMPARED_DAYS, credential_url
from posture.dashboards.sentences import team_change
from posture.scoring.card import Card, Gain, costs, score
from posture.scoring.models import Snapshot
from posture.scoring.rule import rules
from posture.scoring.services import current_facts

ACTIONS = 5
MOST_ACTIONS = 200


@dataclass(frozen=True)
class Action:
    """Something the team could do, what it is worth, and the credential that it is about."""

    gain: Gain
    pillar: str
    credential: Credential | None
    url: str
    where: queries.Where | None
    ticked: bool

    @property
    def key(self) -> str:
        """How the what-if form names it."""
        return f"{self.gain.pillar}:{self.gain.item}"

    @property
    def name(self) -> str:
        """The thing in words; another thing than a credential has its id."""
        return self.credential.label if self.credential else self.gain.item


@dataclass(frozen=True)
class PillarLine:
    """One pillar with its biggest cost."""

    label: str
    weight: float
    value: float | None
    tone: str
    explanation: str
    change: float | None


@dataclass(frozen=True)
class WhatIf:
    """The score as it would be with the ticked actions done."""

    score: float | None
    grade: str
    gain: float
    number: int


@dataclass(frozen=True)
class TeamPage:
    """Everything on the page."""

    team: Team
    at: datetime
    card: Card
    change: float | None
    since: date | None
    sentence: str
    pillars: list[PillarLine]
    actions: list[Action]
    actions_count: int
    what_if: WhatIf | None
    severities: dict[str, int]
    charts: list[Chart]
    assets: QuerySet[Asset]
    assets_count: int
    unknowns: queries.Unknowns
    people: list[Membership]
    spread: list[float]
    below: int
    """How many teams have a lower score."""

    @property
    def dots(self) -> list[int]:
        """Where the teams stand on the picture's axis of 280 units."""
        return [_on_axis(each) for each in self.spread]

    @property
    def own_dot(self) -> int | None:
        """Where this team stands on it."""
        return None if self.card.score is None else _on_axis(self.card.score)


def team_page(user: User, team: Team, now: datetime, ticked: Collection[str] = (), most: int = ACTIONS) -> TeamPage:
    """Return the page of a team that the viewer sees; `ticked` names actions of the what-if form."""
    facts = current_facts(team)
    card = score(facts)
    found = costs(facts)
    fixable = [gain for gain in found if gain.fixable and gain.gain > 0]
    earlier = Snapshot.objects.filter(team=team, day__lte=now.date() - timedelta(days=COMPARED_DAYS)).first()
    newest = Snapshot.objects.filter(team=team).first()
    exposed = queries.exposed(user, team)
    unmanaged = queries.unmanaged(user, team)
    assets = visible(Asset.objects.present().filter(team=team), user)
    others = Snapshot.objects.newest_per_team().values_list("score", flat=True)
    shown = queries.spread([each for each in others if each is not None])
    counts = queries.by_severity(exposed)
    return TeamPage(
        team=team,
        at=now,
        card=card,
        change=_change(card.score, earlier.score if earlier else None),
        since=earlier.day if earlier else None,
        sentence=team_change(newest.card if newest else {}, earlier.card if earlier else None, _day(earlier)),
        pillars=_pillars(card, found, earlier),
        actions=_actions(user, team, fixable[: max(most, len(ticked))], ticked),
        actions_count=len(fixable),
        what_if=_what_if(facts, card, ticked),
        severities={severity: counts[severity] for severity in Severity.values if counts.get(severity)},
        charts=_charts(team, exposed, unmanaged, now),
        assets=assets,
        assets_count=assets.count(),
        unknowns=queries.unknowns(user, team),
        people=list(team.memberships.select_related("user").order_by("-role", "user__name")),
        spread=shown,
        below=sum(1 for each in shown if card.score is not None and each < card.score),
    )


def _charts(team: Team, exposed: Any, unmanaged: Any, now: datetime) -> list[Chart]:
    link = f"{reverse('inventory:credentials')}?team={team.slug}"
    today = now.date()
    weeks, before, unknown = queries.introduced_by_week(exposed, today)
    days = queries.trend(team, today)
    charts = [
        kinds_by_age.draw(queries.by_kind_and_age(unmanaged, now), today, team.name, f"{link}&managed=no"),
        introduced.draw(weeks, before, unknown, today, team.name, link),
    ]
    return [*charts, score_trend.draw(days, team.name)] if len(days) > 1 else charts


def _on_axis(value: float) -> int:
    return round(4 + 2.8 * value)


def _day(snapshot: Snapshot | None) -> date | None:
    return snapshot.day if snapshot else None


def _change(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else round(now - before, 1)


def _pillars(card: Card, found: list[Gain], earlier: Snapshot | None) -> list[PillarLine]:
    values = {each["slug"]: each["value"] for each in earlier.card["pillars"]} if earlier else {}
    lines = []
    for pillar in card.pillars:
        worst = next((gain for gain in found if gain.pillar == pillar.slug and gain.debt > 0), None)
        lines.append(
            PillarLine(
                pillar.label,
                pillar.weight,
                pillar.value,
                tone_of(pillar.value),
                pillar.reason or (worst.why if worst else "Nothing costs points here."),
                _change(pillar.value, values.get(pillar.slug)),
            )
        )
    return lines


def _actions(user: User, team: Team, gains: list[Gain], ticked: Collection[str]) -> list[Action]:
    ids = [int(gain.item) for gain in gains if gain.pillar == "exposure" and gain.item.isdigit()]
    credentials = visible(Credential.objects.filter(pk__in=ids), user).in_bulk()
    where = queries.places_of(user, credentials.values(), team)
    labels = {slug: rule.label for slug, rule in rules().items()}
    found = []
    for gain in gains:
        credential = credentials.get(int(gain.item)) if gain.pillar == "exposure" and gain.item.isdigit() else None
        found.append(
            Action(
                gain,
                labels[gain.pillar],
                credential,
                credential_url(user, credential) if credential else "",
                where.get(credential.pk) if credential else None,
                f"{gain.pillar}:{gain.item}" in ticked,
            )
        )
    return found


def _what_if(facts: Any, card: Card, ticked: Collection[str]) -> WhatIf | None:
    fixes = [(pillar, item) for pillar, _, item in (each.partition(":") for each in ticked) if item]
    if not fixes:
        return None
    then = score(facts, fixes)
    return WhatIf(then.score, then.grade, round((then.score or 0) - (card.score or 0), 2), len(fixes))
