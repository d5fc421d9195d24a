"""Values that stand in several stored secrets, as one viewer may know them, and what their list can be narrowed by."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.db.models import Count, QuerySet
from django.http import QueryDict

from inventory.environment_matrix import NONE, NOT_KNOWN, PRODUCTION, Pairs, in_order, pairs_of, words
from inventory.filters import Choices, Filter, Selection, select
from inventory.keyset import SIZE, Key, Order, Page, storable
from inventory.models import Exposure, Principal, Spread
from inventory.models.spread import SEVERAL
from inventory.narrowing import YES_NO, team_filter
from posture.accounts.models import User
from posture.accounts.opaque import opaque_id, row_number
from posture.accounts.visibility import visible

_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Reused:
    """One value that stands in several secrets."""

    credential: int
    secrets: int
    """How many of the viewer's hold it."""
    environments: dict[str, int]
    """One or several of these, by environment, of which the empty one is not known."""
    first: int
    elsewhere: int = 0
    """How many secrets of others hold it too; never told of a weak value (SECURITY W27)."""
    known: int = field(init=False)
    """In how many environments it stands for certain."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", len(self.environments.keys() - {NOT_KNOWN}))

    @property
    def crosses(self) -> bool:
        """Whether it stands in several environments for certain."""
        return self.known > 1

    @property
    def worst(self) -> int:
        """How bad it is: by environments, and that production is among them counts as one more."""
        return self.known + (self.crosses and PRODUCTION in self.environments)


def reused(user: User) -> list[Reused]:
    """Return the values that stand in several secrets, from the viewer's own secrets alone; one query, or two.

    Of a value in one secret of the viewer's is told that others' secrets hold it too, unless it is guessable.
    """
    columns = ("credential", "secrets", "shape", "first")
    shapes: dict[str, dict[str, int]] = {}

    def environments(shape: str) -> dict[str, int]:
        # Few shapes stand for very many values.
        if shape not in shapes:
            shapes[shape] = Spread(shape=shape).environments
        return shapes[shape]

    if user.sees_everything:
        rows = Spread.objects.filter(team=None).values_list(*columns)
        return [Reused(pk, number, environments(shape), first) for pk, number, shape, first in rows]
    own = visible(Spread.objects.all(), user)
    strong = Spread.objects.filter(team=None, credential__weak=False, credential__in=own.values("credential"))
    everywhere = dict(strong.values_list("credential", "secrets"))
    parts: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for pk, number, shape, first in own.values_list(*columns):
        parts[pk].append((number, shape, first))
    found = []
    for pk, told in parts.items():
        number = sum(part[0] for part in told)
        elsewhere = everywhere.get(pk, number) - number
        if number + elsewhere > 1:
            together: Counter[str] = Counter()
            for _, shape, _ in told:
                together.update(environments(shape))
            found.append(Reused(pk, number, dict(together), min(part[2] for part in told), elsewhere))
    return found


def value_pairs(rows: Iterable[Reused]) -> Pairs:
    """Return how many values stand in both of two environments, and in several secrets of one."""
    alike: Counter[tuple[tuple[str, int], ...]] = Counter(tuple(row.environments.items()) for row in rows)
    return pairs_of(((dict(shape), number) for shape, number in alike.items()), least_within=SEVERAL)


def identity_groups(user: User) -> list[tuple[list[str], int]]:
    """Return in which environments identities that the viewer sees can read, and how many can in the same ones."""
    rows = visible(Principal.objects.identities().filter(reads_in__isnull=False), user).order_by()
    return list(rows.values_list("reads_in").annotate(number=Count("pk")))


def identity_pairs(groups: Iterable[tuple[Sequence[str], int]]) -> Pairs:
    """Return how many identities can read in both of two environments, and in one at all."""
    return pairs_of(((dict.fromkeys(names, 1), number) for names, number in groups), least_within=1)


def named(environments: Iterable[str]) -> list[str]:
    """Return environments as an address names them."""
    return [name or NONE for name in environments]


def environment_choices(names: Iterable[str], asked: Iterable[str] = ()) -> Choices:
    """Return environments as a filter takes them; one that was asked for and is no more selects nothing."""
    further = [name for name in asked if storable(name) and len(name) <= _LONGEST_NAME and name != NONE]
    ordered = in_order([*names, *further])
    return [(name or NONE, words(name).capitalize()) for name in ordered]


def selection(user: User, address: QueryDict, rows: Iterable[Reused]) -> Selection:
    """Read what the list is asked for.

    Raises:
        UnknownFilter: it asks for what does not exist.
    """
    names = {NOT_KNOWN}.union(*(row.environments for row in rows))
    exposed = visible(Exposure.objects.present(), user).values("credential")
    filters = [
        Filter(
            "environment",
            "Stands in all of",
            _by_row,
            environment_choices(names, address.getlist("environment")),
        ),
        Filter("crosses", "Across environments", _by_row, YES_NO, "pick"),
        Filter(
            "exposed",
            "Exposed",
            lambda queryset, values: (queryset.filter if values == ["yes"] else queryset.exclude)(
                credential__in=exposed
            ),
            YES_NO,
            "pick",
        ),
        team_filter(
            user,
            lambda queryset, teams: queryset.filter(
                credential__in=visible(Spread.objects.filter(team__in=teams), user).values("credential")
            ),
        ),
    ]
    secrets, worst = Key("secrets", int, descending=True), Key("worst", int, descending=True)
    orders = {"-worst": _order(user, worst, secrets), "-secrets": _order(user, secrets, worst)}
    return select(address, filters, orders)


def _by_row(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    """Leave the rows: a team's rows have to be put together first, see `narrowed`."""
    return queryset


def _order(user: User, *keys: Key) -> Order:
    # Ties are broken by a holding of the viewer's own, under an id of their own.
    return Order(
        keys,
        identity="first",
        write_id=lambda pk: opaque_id(user, "holding", pk),
        read_id=lambda given: row_number(user, "holding", given) if isinstance(given, str) else None,
    )


def narrowed(user: User, chosen: Selection, rows: Iterable[Reused]) -> list[Reused]:
    """Apply the filters; those that need the database cost one query together."""
    if {"exposed", "team"} & chosen.values.keys():
        kept = set(chosen.narrow(visible(Spread.objects.all(), user)).values_list("credential", flat=True))
        rows = [row for row in rows if row.credential in kept]
    if crosses := chosen.values.get("crosses"):
        rows = [row for row in rows if row.crosses == (crosses == ["yes"])]
    if asked := chosen.values.get("environment"):
        names = ["" if value == NONE else value for value in asked]
        rows = [row for row in rows if _stands_in_all(row, names)]
    return list(rows)


def _stands_in_all(row: Reused, names: list[str]) -> bool:
    """Say whether it stands in all these environments; in one alone: several times."""
    least = SEVERAL if len(names) == 1 else 1
    return all(row.environments.get(name, 0) >= least for name in names)


def page_of(chosen: Selection, rows: list[Reused], size: int = SIZE) -> Page[Any]:
    """Return one page of the rows by the selection's order and place.

    Raises:
        BadCursor: the place can't be read.
    """
    order = chosen.order

    def rank(values: Iterable[int]) -> tuple[int, ...]:
        return tuple(-value if key.descending else value for key, value in zip(order.all_keys, values, strict=True))

    def rank_of(row: Reused) -> tuple[int, ...]:
        return rank(getattr(row, key.name) for key in order.all_keys)

    ordered = sorted(rows, key=rank_of)
    start = 0
    if chosen.before:
        place = rank(order.place(chosen.before))
        start = max(0, sum(rank_of(row) < place for row in ordered) - size)
    elif chosen.after:
        place = rank(order.place(chosen.after))
        start = sum(rank_of(row) <= place for row in ordered)
    shown = ordered[start : start + size]

    def cursor(row: Reused) -> str:
        # An order reads the attributes that its keys name, of whatever has them.
        return order.cursor(cast(Any, row))

    more = start + size < len(ordered)
    return Page(
        cast(list[Any], shown),
        after=cursor(shown[-1]) if more and shown else "",
        before=cursor(shown[0]) if start and shown else "",
        size=size,
    )
