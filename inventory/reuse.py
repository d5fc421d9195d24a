"""Values that stand in several stored secrets, as one viewer may know them, and what their list can be narrowed by."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter, mul
from typing import Any, cast

from django.db.models import Count, Q, QuerySet, Sum
from django.http import QueryDict

from inventory.environment_matrix import NONE, NOT_KNOWN, PRODUCTION, Pairs, in_order, pairs_of, words
from inventory.filters import Choices, Filter, Selection, select
from inventory.keyset import SIZE, Key, Order, Page, storable
from inventory.models import Credential, Exposure, Principal, Spread
from inventory.models.spread import SEVERAL, environments_of
from inventory.narrowing import ALONE, YES_NO, team_filters
from posture.accounts.models import Team, User
from posture.accounts.opaque import opaque_id, row_number
from posture.accounts.visibility import visible

_LONGEST_NAME = 40


@dataclass(frozen=True, eq=False)
class Where:
    """Environments with one secret or several of them, made once for all values that are spread alike."""

    environments: dict[str, int]
    """The empty one is not known."""

    @cached_property
    def known(self) -> int:
        """In how many environments that is for certain."""
        return len(self.environments.keys() - {NOT_KNOWN})

    @cached_property
    def crosses(self) -> bool:
        """Whether these are several for certain."""
        return self.known > 1

    @cached_property
    def perhaps(self) -> bool:
        """Whether it is not known if these are several."""
        return self.known == 1 and NOT_KNOWN in self.environments

    @cached_property
    def worst(self) -> int:
        """How bad it is: by environments, and that production is among them counts as one more."""
        return self.known + (self.crosses and PRODUCTION in self.environments)


@dataclass(slots=True)
class Reused:
    """One value that stands in several secrets; not frozen, which would take twice as long for very many."""

    credential: int
    secrets: int
    """How many of the viewer's hold it."""
    where: Where
    """In which environments these are."""
    first: int
    elsewhere: int = 0
    """How many secrets of others hold it too; never told of a weak value (SECURITY W27)."""

    @property
    def worst(self) -> int:
        """What the list begins with."""
        return self.where.worst

    @property
    def crosses(self) -> bool | None:
        """Whether it stands in several environments; None where one is not known, or not the viewer's to know."""
        if self.where.crosses:
            return True
        return None if self.where.perhaps or self.elsewhere else False


def reused(user: User) -> list[Reused]:
    """Return the values that stand in several secrets, from the viewer's own secrets alone; one query, or two.

    Of a value in one secret of the viewer's is told that others' secrets hold it too, unless it is guessable.
    """
    columns = ("credential", "secrets", "shape", "first")
    if user.sees_everything:
        told: dict[str, Where] = {}
        found = []
        for pk, number, shape, first in Spread.objects.filter(team=None).values_list(*columns):
            if (where := told.get(shape)) is None:
                where = told[shape] = Where(environments_of(shape))
            found.append(Reused(pk, number, where, first))
        return found
    own = visible(Spread.objects.all(), user)
    strong = Spread.objects.filter(team=None, credential__weak=False, credential__in=own.values("credential"))
    everywhere = dict(strong.values_list("credential", "secrets"))
    parts: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for pk, number, shape, first in own.values_list(*columns):
        parts[pk].append((number, shape, first))
    return _put_together(parts, everywhere)


def reused_values(user: User, team: Team | None = None) -> QuerySet[Credential]:
    """Return the values of `reused`, in some secret of one team where one is given, to be counted by the database."""
    everywhere = Spread.objects.filter(team=None).values("credential")
    found = Credential.objects.filter(pk__in=everywhere)
    if not user.sees_everything:
        own = visible(Spread.objects.order_by(), user).values("credential").annotate(number=Sum("secrets"))
        several = own.filter(number__gt=1).values("credential")
        strong = Q(weak=False, pk__in=everywhere) & Q(pk__in=own.values("credential"))
        found = Credential.objects.filter(strong | Q(pk__in=several))
    return found.filter(pk__in=Spread.objects.filter(team=team).values("credential")) if team else found


def _put_together(parts: dict[int, list[tuple[int, str, int]]], everywhere: dict[int, int]) -> list[Reused]:
    """Return the values of several teams' rows, leaving out what stands in one secret that may be told of."""
    together: dict[tuple[str, ...], Where] = {}
    found = []
    for pk, rows in parts.items():
        number = sum(row[0] for row in rows)
        elsewhere = everywhere.get(pk, number) - number
        if number + elsewhere > 1:
            shapes = tuple(sorted(row[1] for row in rows))
            if shapes not in together:
                added: Counter[str] = Counter()
                for shape in shapes:
                    added.update(environments_of(shape))
                together[shapes] = Where(dict(added))
            found.append(Reused(pk, number, together[shapes], min(row[2] for row in rows), elsewhere))
    return found


def value_pairs(alike: Counter[Where]) -> Pairs:
    """Return how many values stand in both of two environments, and in several secrets of one."""
    return pairs_of(((where.environments, number) for where, number in alike.items()), least_within=SEVERAL)


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


def selection(user: User, address: QueryDict, alike: Iterable[Where]) -> Selection:
    """Read what the list is asked for.

    Raises:
        UnknownFilter: it asks for what does not exist.
    """
    names = {NOT_KNOWN}.union(*(where.environments for where in alike))
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
        *team_filters(
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


def narrowed(user: User, chosen: Selection, rows: list[Reused]) -> list[Reused]:
    """Apply the filters; those that need the database cost one query together."""
    if {"exposed", "team", ALONE} & chosen.values.keys():
        kept = set(chosen.narrow(visible(Spread.objects.all(), user)).values_list("credential", flat=True))
        rows = [row for row in rows if row.credential in kept]
    # Few ways of being spread stand for very many values.
    alike = {row.where for row in rows}
    if crosses := chosen.values.get("crosses"):
        alike = {where for where in alike if where.crosses == (crosses == ["yes"])}
    if asked := chosen.values.get("environment"):
        names = ["" if value == NONE else value for value in asked]
        alike = {where for where in alike if _stands_in_all(where, names)}
    return [row for row in rows if row.where in alike] if crosses or asked else rows


def _stands_in_all(where: Where, names: list[str]) -> bool:
    """Say whether it is in all these environments; in one alone: several times."""
    least = SEVERAL if len(names) == 1 else 1
    return all(where.environments.get(name, 0) >= least for name in names)


def page_of(chosen: Selection, rows: list[Reused], size: int = SIZE) -> Page[Any]:
    """Return one page of the rows by the selection's order and place.

    Raises:
        BadCursor: the place can't be read.
    """
    order = chosen.order
    signs = [-1 if key.descending else 1 for key in order.all_keys]
    values_of = attrgetter(*(key.name for key in order.all_keys))

    def rank(values: Iterable[int]) -> tuple[int, ...]:
        return tuple(map(mul, values, signs))

    ordered = sorted(rows, key=lambda row: rank(values_of(row)))
    start = 0
    if chosen.before:
        start = max(0, bisect_left(ordered, rank(order.place(chosen.before)), key=lambda r: rank(values_of(r))) - size)
    elif chosen.after:
        start = bisect_right(ordered, rank(order.place(chosen.after)), key=lambda r: rank(values_of(r)))
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
