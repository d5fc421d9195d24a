"""What one value opens, as one viewer may know it: numbers, a picture and the rows of its table.

The walk goes over everything, and what the viewer may not see is counted apart. Of a guessable value only the viewer's
own places and identities are looked at, and of guessable values on the way only their own, so that no number tells
whether somebody else holds a guess (SECURITY W27).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from inventory.blast_graph import Branch, blast_graph, some
from inventory.blast_radius import Group, Step, Walk, walk
from inventory.blast_reads import InventoryFacts
from inventory.environment_matrix import PRODUCTION, in_order, words
from inventory.models import Credential, Principal, Secret
from inventory.place_graph import Place, PlaceGraph
from inventory.store_records import PrincipalKind
from inventory.templatetags.inventory_display import counted
from posture.accounts.models import Team, User
from posture.accounts.visibility import visible_teams

HIDDEN = "An identity that you cannot see"
MOST_VALUES = 2_000
"""Secrets that are looked into for further values; beyond, their number is told as "at least"."""
_MOST_STEPS = 6
_MOST_GROUPS = 4


@dataclass(frozen=True)
class InEnvironment:
    """What can be read in one environment."""

    environment: str
    """Empty: not known."""
    secrets: int
    teams: int
    """Teams that own some of them."""

    @property
    def words(self) -> str:
        """The environment as pages write it."""
        return words(self.environment)

    @property
    def where(self) -> str:
        """The environment in a sentence."""
        return f"in {self.environment}" if self.environment else "where nobody tells the environment"


@dataclass(frozen=True)
class ShownStep:
    """One identity that the value leads to."""

    step: Step
    principal: Principal | None
    """None: not the viewer's to see."""
    through: Secret | None
    """Where the value that lets it in is read; None at the first step, or not the viewer's to see."""
    environments: tuple[InEnvironment, ...]
    """Of the secrets that the viewer sees."""
    hidden: int
    """Secrets that it can read and the viewer cannot see."""

    @property
    def name(self) -> str:
        """What it is called."""
        return self.principal.name if self.principal else HIDDEN

    @property
    def secrets(self) -> int:
        """How many secrets it can read, of those that the viewer sees."""
        return sum(each.secrets for each in self.environments)

    @property
    def rights(self) -> str:
        """How powerful it is, in a word or two."""
        reach = self.step.reach
        if reach.admin:
            return "admin rights"
        if reach.wildcard:
            return "everything of a store"
        return "not known" if None in (reach.admin, reach.wildcard) else "limited"

    @property
    def answer(self) -> str:
        """The glyph beside its rights."""
        return "yes" if self.step.reach.is_powerful else "unknown" if self.rights == "not known" else "no"

    @property
    def kind(self) -> str:
        """What it is, in the reader's words."""
        return PrincipalKind(self.principal.kind).label if self.principal else ""


@dataclass
class BlastRadius:
    """What one value opens, for one viewer."""

    user: User
    credential: Credential
    walk: Walk
    facts: InventoryFacts
    is_guessable: bool

    @cached_property
    def _teams(self) -> frozenset[int] | None:
        return visible_teams(self.user)

    def _sees(self, team: int | None) -> bool:
        return self._teams is None or team in self._teams

    @cached_property
    def _readable(self) -> dict[int, Group]:
        """Every secret that somebody on the way can read, once."""
        found: dict[int, Group] = {}
        for step in self.walk.steps:
            found |= self.facts.readable.get(step.login.principal, {})
        return found

    @cached_property
    def _principals(self) -> dict[int, Principal]:
        rows = Principal.objects.filter(pk__in=[step.login.principal for step in self.walk.steps])
        rows = rows.select_related("asset", "team").defer("asset__codeowners", "asset__cursor", "attributes")
        return {row.pk: row for row in rows if self._sees(row.team_id)}

    @cached_property
    def _through(self) -> dict[int, Secret]:
        wanted = {step.through.secret for step in self.walk.steps if step.through}
        if not wanted:
            return {}
        rows = Secret.objects.filter(pk__in=wanted).select_related("asset").defer("asset__codeowners", "asset__cursor")
        return {row.pk: row for row in rows if self._sees(row.team_id)}

    @cached_property
    def steps(self) -> list[ShownStep]:
        """Whom the value lets in, in the order in which they are reached."""
        return [self._shown(step) for step in self.walk.steps]

    def _shown(self, step: Step) -> ShownStep:
        groups = Counter(self.facts.readable.get(step.login.principal, {}).values())
        seen = Counter({group: number for group, number in groups.items() if self._sees(group.team)})
        return ShownStep(
            step,
            self._principals.get(step.login.principal),
            self._through.get(step.through.secret) if step.through else None,
            _by_environment(seen),
            0 if self.is_guessable else groups.total() - seen.total(),
        )

    @property
    def is_known(self) -> bool:
        """Whether any store tells whom the value lets in; where not, what it opens is not known."""
        return bool(self.walk.steps)

    @property
    def principals(self) -> int:
        """Identities that the viewer sees."""
        return len(self._principals)

    @property
    def hidden_principals(self) -> int:
        """Identities beyond these."""
        return 0 if self.is_guessable else len(self.walk.steps) - self.principals

    @cached_property
    def environments(self) -> tuple[InEnvironment, ...]:
        """Where the secrets are that can be read, of those that the viewer sees; production first."""
        return _by_environment(Counter(group for group in self._readable.values() if self._sees(group.team)))

    @property
    def known_environments(self) -> int:
        """In how many environments these are for certain."""
        return sum(bool(each.environment) for each in self.environments)

    @property
    def secrets(self) -> int:
        """Secrets that can be read, of those that the viewer sees; each once."""
        tried = sum(each.secrets for each in self.environments)
        return max([tried, *self._counted]) if self._teams is None else tried

    @property
    def _counted(self) -> list[int]:
        """How much single identities can read, where that was more than could be tried one by one."""
        return [step.reach.reads for step in self.walk.steps if step.reach.reads is not None and not self.is_guessable]

    @property
    def hidden_secrets(self) -> int:
        """Secrets beyond these."""
        return 0 if self.is_guessable else max([len(self._readable), *self._counted]) - self.secrets

    @property
    def perhaps(self) -> int:
        """Secrets that can be read only under a condition of a rule; those of several identities may be the same."""
        if self._teams is not None:
            return 0
        return sum(step.reach.perhaps for step in self.walk.steps)

    @property
    def is_at_least(self) -> bool:
        """Whether there is more than was counted."""
        return self.walk.is_cut or any(step.reach.at_least for step in self.walk.steps)

    @cached_property
    def teams(self) -> list[str]:
        """Teams whose secrets can be read, of those that the viewer sees."""
        owners = {group.team for group in self._readable.values() if group.team is not None and self._sees(group.team)}
        return sorted(Team.objects.filter(pk__in=owners).values_list("name", flat=True)) if owners else []

    @cached_property
    def credentials(self) -> int:
        """Further values in these secrets.

        For whoever does not see everything they are counted in what they see: whether a number grows by a value that
        stands in both would tell that it does.
        """
        return len(self.facts.values_in(self._seen[:MOST_VALUES]) - {self.credential.pk})

    @property
    def is_credentials_at_least(self) -> bool:
        """Whether only the first secrets were looked into for further values."""
        return self.is_at_least or len(self._seen) > MOST_VALUES

    @cached_property
    def _seen(self) -> list[int]:
        return sorted(pk for pk, group in self._readable.items() if self._sees(group.team))

    @property
    def worst_environment(self) -> str:
        """The worst that somebody is let into; empty: not known."""
        found = in_order(self.walk.environments - {""})
        return found[0] if found else ""

    @property
    def is_powerful(self) -> bool:
        """Whether somebody on the way has admin or wildcard rights."""
        return self.walk.is_powerful

    @property
    def unknown(self) -> list[str]:
        """What is not known of it, each as a sentence."""
        if not self.is_known:
            return ["No store that was collected tells whom this value lets in, which is not to say that it is nobody."]
        found = [
            f"{shown.name}: {shown.step.reach.why_unknown}." for shown in self.steps if shown.step.reach.why_unknown
        ]
        if self.walk.is_cut:
            found.append("It leads further than it was followed.")
        return [
            *dict.fromkeys(found),
            "What these secrets open outside of stores, a database or a service, is not told.",
        ]

    @property
    def summary(self) -> str:
        """All of it in one sentence."""
        if not self.is_known:
            return "Not known: no store tells whom it lets in."
        who = counted(len(self.steps) if not self.is_guessable else self.principals, "identity|identities")
        least = "at least " if self.is_at_least else ""
        what = counted(self.secrets + self.hidden_secrets, "secret")
        where = f" {_listed([each.where for each in self.environments])}" if self.environments else ""
        return f"Whoever has it is let in as {who} and can read {least}{what}{where}."

    @cached_property
    def graph(self) -> PlaceGraph | None:
        """The picture; None where nobody is let in."""
        return blast_graph(self.tree, self.summary)

    @cached_property
    def tree(self) -> Branch:
        """The value, whom it lets in, and what these can read, by environment."""
        root = Branch(Place(self.credential.label, "this value", "me"))
        by_value: dict[int | None, list[ShownStep]] = {}
        for shown in self.steps:
            before = shown.step.through.principal if shown.step.through else None
            by_value.setdefault(before, []).append(shown)
        branches: dict[int | None, Branch] = {None: root}
        for shown in self.steps:
            branches[shown.step.login.principal] = Branch(_place(shown), _groups(shown))
        for before, those in by_value.items():
            led_to = [branches[shown.step.login.principal] for shown in those]
            branches[before].branches += some(led_to, _MOST_STEPS, "identities, in the table")
        return root


def blast_radius(user: User, credential: Credential, *, weak: bool) -> BlastRadius:
    """Follow what a credential opens that the viewer may see; a handful of queries for each step of at most three.

    `weak` is what the database says of it: a row that was told to the viewer may say only what their own places do.
    """
    teams = visible_teams(user)
    guessable = teams is not None and weak
    facts = InventoryFacts(within=teams if guessable else None, guesses_of=teams)
    return BlastRadius(user, credential, walk([credential.pk], facts), facts, guessable)


def _by_environment(groups: Counter[Group]) -> tuple[InEnvironment, ...]:
    names = in_order(group.environment for group in groups)
    return tuple(
        InEnvironment(
            name,
            sum(number for group, number in groups.items() if group.environment == name),
            len({group.team for group in groups if group.environment == name and group.team is not None}),
        )
        for name in names
    )


def _place(shown: ShownStep) -> Place:
    through = shown.step.through
    line = "is let in by it"
    if through:
        line = f"by {shown.through.path.rpartition('/')[2]}" if shown.through else "by a hidden secret"
    reach = shown.step.reach
    if reach.is_powerful:
        line = f"{'admin' if reach.admin else 'whole store'}, {line}"
    # What stands in brackets behind a name is where it logs in; the table has it.
    return Place(shown.name.partition(" (")[0], line, "hot" if reach.is_powerful else "")


def _groups(shown: ShownStep) -> list[Branch]:
    found = [
        Branch(
            Place(
                each.words.capitalize(),
                counted(each.secrets, "secret") + (f", {counted(each.teams, 'team')}" if each.teams else ""),
                "hot" if each.environment == PRODUCTION else "",
            )
        )
        for each in shown.environments
    ]
    if shown.hidden:
        found.append(Branch(Place(counted(shown.hidden, "secret"), "that you cannot see", "gone")))
    return some(found, _MOST_GROUPS, "environments, in the table")


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


__all__ = ["BlastRadius", "InEnvironment", "ShownStep", "blast_radius"]
