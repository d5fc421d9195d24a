"""What a lost value opens: from the value to whoever logs in with it, to what that may read, and on from there. Pure.

The walk asks for facts and never for rows, so that what it does can be tested without a database. It follows only what
is known for certain: a right under a condition is counted apart, and where a store does not tell, that is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Protocol

DEEPEST = 3
"""How often the walk goes on from what was read to whom that lets in."""
MOST_PRINCIPALS = 30
"""More are named as not followed, so that one page never waits for a whole organisation."""


@dataclass(frozen=True, slots=True)
class Login:
    """A value that lets somebody in, and what says so."""

    credential: int
    principal: int
    secret: int
    """What the issuer keeps of the value, such as a service account's token or an AppRole's secret id."""
    by: str
    """How the value is known to be that one, in words that name no place."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A value that a principal can read and that lets somebody in."""

    principal: int
    secret: int
    """Where it reads it."""
    credential: int


@dataclass(frozen=True, slots=True)
class Group:
    """Readable secrets that are alike for whoever has to act: those of one environment and one team."""

    environment: str
    """Empty: not known."""
    team: int | None


@dataclass(frozen=True, slots=True)
class Reach:
    """What one principal can do with secrets, by all the rules that it has."""

    principal: int
    readable: Counter[Group] = field(default_factory=Counter)
    """Secrets that it can read for certain."""
    perhaps: int = 0
    """Secrets that it can read only where a condition holds that cannot be judged from here."""
    admin: bool | None = None
    wildcard: bool | None = None
    at_least: bool = False
    """Whether there are more secrets than were tried, or rights that nobody told."""
    reads: int | None = None
    """How many secrets it can read, as its store was counted; None: not known."""
    reads_in: frozenset[str] = frozenset()
    """In which environments these are, where `readable` is only the first of them."""
    environment: str = ""
    """Its own, or its account's; empty: not known."""
    why_unknown: str = ""
    """Why nothing, or not all, is known of what it can do."""

    @property
    def is_powerful(self) -> bool:
        """Whether a rule gives it everything of a store, or the right to change who may do what."""
        return bool(self.admin or self.wildcard)

    @property
    def environments(self) -> set[str]:
        """Where it is let in: its own, and those of what it reads; the empty one is not known."""
        found = {group.environment for group in self.readable} | self.reads_in | ({self.environment} - {""})
        return found or {""}


class Facts(Protocol):
    """What the walk asks; the inventory's answers are in `blast_reads`."""

    def logins(self, credentials: Collection[int]) -> list[Login]:
        """Return whom these values let in, as far as stores tell."""

    def reaches(self, principals: Collection[int]) -> list[Reach]:
        """Return what each of these can do."""

    def leads(self, principals: Collection[int]) -> list[Lead]:
        """Return what of all that these can read lets somebody in."""


@dataclass(frozen=True, slots=True)
class Step:
    """One principal that the value leads to."""

    login: Login
    depth: int
    """1: the value itself lets it in."""
    reach: Reach
    through: Lead | None = None
    """What was read, and by whom, to become this one; None at depth 1."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Everything that one value leads to, in the order in which it is reached."""

    steps: tuple[Step, ...] = ()
    values: frozenset[int] = frozenset()
    """Further values on the way, each of which lets somebody in; never the one it began with."""
    is_cut: bool = False
    """Whether it leads further than it was followed."""

    @property
    def is_powerful(self) -> bool:
        """Whether any principal on the way has admin or wildcard rights."""
        return any(step.reach.is_powerful for step in self.steps)

    def is_powerful_in(self, environment: str) -> bool | None:
        """Say whether somebody on the way has such rights and is let in there; None where either is not known."""
        powerful = [step.reach for step in self.steps if step.reach.is_powerful]
        if any(environment in reach.environments for reach in powerful):
            return True
        unsure = self.is_cut or any("" in reach.environments for reach in powerful)
        return None if unsure or any(_is_unsure(step.reach) for step in self.steps) else False

    @property
    def environments(self) -> set[str]:
        """Where somebody on the way is let in; the empty one is not known."""
        return set().union(*(step.reach.environments for step in self.steps))


def _is_unsure(reach: Reach) -> bool:
    return not reach.is_powerful and None in (reach.admin, reach.wildcard)


def walk(start: Iterable[int], facts: Facts) -> Walk:
    """Follow a value (or several that are known by now) until nothing new is reached, or the bounds are."""
    begun = frozenset(start)
    known, met = set(begun), set[int]()
    steps: list[Step] = []
    waiting: dict[int, Lead | None] = dict.fromkeys(sorted(begun))
    cut = False
    for depth in range(1, DEEPEST + 1):
        new: dict[int, Login] = {}
        for login in sorted(facts.logins(waiting), key=lambda each: (each.credential, each.principal, each.secret)):
            if login.principal not in met:
                new.setdefault(login.principal, login)
        followed = dict(list(new.items())[: MOST_PRINCIPALS - len(met)])
        cut = cut or len(followed) < len(new)
        if not followed:
            return Walk(tuple(steps), frozenset(known - begun), cut)
        met |= followed.keys()
        reaches = {reach.principal: reach for reach in facts.reaches(sorted(followed))}
        for principal, login in followed.items():
            reach = reaches.get(principal, Reach(principal, why_unknown="its store tells nothing of its rights"))
            steps.append(Step(login, depth, reach, waiting[login.credential]))
        leads = sorted(facts.leads(sorted(followed)), key=lambda each: (each.credential, each.principal, each.secret))
        waiting = {}
        for lead in leads:
            if lead.credential not in known:
                waiting.setdefault(lead.credential, lead)
        known |= waiting.keys()
        if not waiting:
            return Walk(tuple(steps), frozenset(known - begun), cut)
    # What is still waiting lets somebody in whom nobody followed, unless they all were met already.
    cut = cut or any(login.principal not in met for login in facts.logins(waiting))
    return Walk(tuple(steps), frozenset(known - begun), cut)


__all__ = ["DEEPEST", "MOST_PRINCIPALS", "Facts", "Group", "Lead", "Login", "Reach", "Step", "Walk", "walk"]
