"""What a team could do, with what each is worth and what it is about, as far as one viewer sees."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inventory.models import Credential
from posture.accounts.models import Team, User
from posture.dashboards.named import Named, named
from posture.scoring.card import Gain
from posture.scoring.items import item_key, thing_of
from posture.scoring.rule import rules


@dataclass(frozen=True)
class Action:
    """Something the team could do, or that costs it points, and what it is about."""

    gain: Gain
    key: str
    """How the what-if form names it: an id of the viewer's own."""
    pillar: str
    where: Named | None
    ticked: bool

    @property
    def name(self) -> str:
        """The thing in words."""
        return self.where.label if self.where else self.gain.why

    @property
    def url(self) -> str:
        """Where the thing is shown; empty for what is no thing."""
        return self.where.url if self.where else ""

    @property
    def credential(self) -> Credential | None:
        """The exposed credential, where it is about one."""
        return self.where.credential if self.where else None


def actions(user: User, team: Team, gains: Sequence[Gain], ticked: Collection[str]) -> list[Action]:
    """Return the actions about things of the team that the viewer sees; another one is not theirs to learn of."""
    things = [thing_of({"pillar": gain.pillar, "item": gain.item}) for gain in gains]
    names = named(user, [thing for thing in things if thing is not None], team)
    labels = {slug: rule.label for slug, rule in rules().items()}
    found = []
    for gain, thing in zip(gains, things, strict=True):
        where = None if thing is None else names.get(thing)
        if thing is not None and where is None:
            continue
        key = item_key(user, gain.pillar, gain.item)
        found.append(Action(gain, key, labels[gain.pillar], where, key in ticked))
    return found


def gain_of(stored: Mapping[str, Any]) -> Gain:
    """Return a gain as a stored card has it."""
    return Gain(**{name: stored[name] for name in Gain.__slots__})
