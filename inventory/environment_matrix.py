"""Environment by environment: how many things reach into both; pure, for values in stores and for who can read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

NOT_KNOWN = ""
NONE = "none"
"""What an address says for the environment that is not known."""
PRODUCTION = "production"
_FIRST = (PRODUCTION, "staging", "test", "development")
MOST = 8
"""Environments that are shown, beside the one that is not known: labels may name any number of them."""
_SHORT = {PRODUCTION: "prod", "staging": "stag", "development": "dev", NOT_KNOWN: "?"}
_LETTERS = 4

Pairs = Counter[tuple[str, str]]
"""How many things reach into both environments; the names in order, twice the same for what is within one."""


def pairs_of(groups: Iterable[tuple[Mapping[str, int], int]], *, least_within: int) -> Pairs:
    """Add up groups that are alike: in which environments so many things stand, and in each how often.

    A thing counts within an environment that it stands in `least_within` times.
    """
    pairs: Pairs = Counter()
    for environments, number in groups:
        for one, other in combinations(sorted(environments), 2):
            pairs[one, other] += number
        for name, times in environments.items():
            if times >= least_within:
                pairs[name, name] += number
    return pairs


def in_order(names: Iterable[str]) -> list[str]:
    """Return environments as people name them, from production down, what is not known last."""
    known = {name: rank for rank, name in enumerate(_FIRST)}
    return sorted(set(names), key=lambda name: (name == NOT_KNOWN, known.get(name, len(known)), name))


def words(name: str) -> str:
    """Return an environment as pages write it."""
    return name or "not known"


@dataclass(frozen=True)
class Environment:
    """A row or a column."""

    name: str

    @property
    def label(self) -> str:
        """Its name in words."""
        return words(self.name).capitalize()

    @property
    def spoken(self) -> str:
        """Its name within a sentence."""
        return self.name or "an environment that is not known"

    @property
    def short(self) -> str:
        """Its name where there is little room."""
        return _SHORT.get(self.name, self.name[:_LETTERS])


@dataclass(frozen=True)
class Cell:
    """What two environments have in common."""

    row: Environment
    column: Environment
    count: int
    tone: str
    """A colour of the heat map; unk where it is not known whether a border was crossed."""
    url: str
    """Where these things are listed; empty where there are none."""

    @property
    def is_within(self) -> bool:
        """Whether it is one environment with itself."""
        return self.row == self.column


@dataclass(frozen=True)
class Matrix:
    """The whole table, which is its own picture and its own table."""

    environments: tuple[Environment, ...]
    rows: tuple[tuple[Environment, tuple[Cell, ...]], ...]
    left_out: int
    """Environments for which there was no room."""
    worst: Cell | None
    """The two known environments that share most; None where none share anything."""


def matrix(pairs: Pairs, names: Iterable[str], link: Callable[[list[str]], str]) -> Matrix:
    """Lay pairs out as a table; those environments that have most in common stay where there is too little room."""
    known = [name for name in in_order(names) if name != NOT_KNOWN]
    weight: Counter[str] = Counter()
    for pair, number in pairs.items():
        for name in set(pair):
            weight[name] += number
    chosen = set(sorted(known, key=lambda name: (name not in _FIRST, -weight[name]))[:MOST])
    shown = [Environment(name) for name in known if name in chosen]
    if NOT_KNOWN in set(names):
        shown.append(Environment(NOT_KNOWN))
    most = max((number for (one, other), number in pairs.items() if _crosses(one, other)), default=0)
    rows = tuple((row, tuple(_cell(row, column, pairs, most, link) for column in shown)) for row in shown)
    crossing = [cell for _, cells in rows for cell in cells if cell.count and _crosses(cell.row.name, cell.column.name)]
    worst = max(crossing, key=lambda cell: cell.count, default=None)
    return Matrix(tuple(shown), rows, len(known) - len(chosen), worst)


def _cell(row: Environment, column: Environment, pairs: Pairs, most: int, link: Callable[[list[str]], str]) -> Cell:
    one, other = sorted((row.name, column.name))
    count = pairs[one, other]
    names = [row.name] if row == column else [row.name, column.name]
    return Cell(row, column, count, _tone(one, other, count, most), link(names) if count else "")


def _tone(one: str, other: str, count: int, most: int) -> str:
    if NOT_KNOWN in (one, other):
        return "unk"
    if not count:
        return "c"
    # What is reused within an environment is no crossing, however much it is.
    return "f" if one != other and count * 2 >= most else "d"


def _crosses(one: str, other: str) -> bool:
    return one != other and NOT_KNOWN not in (one, other)
