"""Filters and orders of the lists: a closed set of names and values, read from an address and written back to it.

Nothing from the address reaches a queryset by name (SECURITY W7): each filter is an object that says which
values it takes, and anything else is an error that names what is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import QueryDict

from inventory.keyset import Order, storable

LONGEST_TEXT = 200
PLACES = ("after", "before")
ORDER = "order"

Narrow = Callable[[QuerySet[Any], list[str]], QuerySet[Any]]
Choices = Sequence[tuple[str, str]]


class UnknownFilter(ValueError):
    """The address asks for a filter, a value or an order that does not exist; says what does."""

    def __init__(self, message: str, allowed: Sequence[str]) -> None:
        super().__init__(message)
        self.allowed = list(allowed)


@dataclass(frozen=True)
class Filter:
    """One filter of a list."""

    name: str
    label: str
    narrow: Narrow
    """Takes a queryset and the checked values, of which any may match."""
    choices: Choices = ()
    """The values it takes, with their words; empty: text."""
    widget: Literal["checks", "pick", "list", "text", "number", "hidden"] = "checks"
    """checks: any of a few. pick: one of a few. list: one of many, typed. text, number: free. hidden: set by links."""
    hint: str = ""

    def checked(self, given: Sequence[str]) -> list[str]:
        """Return the values, each once.

        Raises:
            UnknownFilter: one of them is not one of the filter's.
        """
        values = list(dict.fromkeys(value.strip() for value in given if value.strip()))
        if self.widget != "checks" and len(values) > 1:
            raise UnknownFilter(f"{self.label} takes one value.", [self.name])
        for value in values:
            self._check(value)
        return values

    def _check(self, value: str) -> None:
        if self.widget in ("text",):
            if len(value) > LONGEST_TEXT or not storable(value):
                raise UnknownFilter(f"{self.label} takes up to {LONGEST_TEXT} characters.", [self.name])
        elif self.widget == "number":
            if not (value.isascii() and value.isdigit() and len(value) <= 6):
                raise UnknownFilter(f"{self.label} takes a whole number.", [self.name])
        elif value not in dict(self.choices):
            raise UnknownFilter(f"{self.label} does not know that value.", [choice for choice, _ in self.choices][:50])

    def words(self, value: str) -> str:
        """Return a value as a chip shows it."""
        return dict(self.choices).get(value, value)


@dataclass(frozen=True)
class Chip:
    """One filter that is on, and the address without it."""

    label: str
    value: str
    remove: str


@dataclass(frozen=True)
class Column:
    """One column head that sorts: the address that sorts by it, and how it is sorted now."""

    query: str
    sorted: str = ""
    """ascending, descending, or empty."""


@dataclass(frozen=True)
class Field:
    """A filter with what is chosen, for the form."""

    filter: Filter
    values: tuple[str, ...]

    @property
    def value(self) -> str:
        """Return the one value."""
        return self.values[0] if self.values else ""

    @property
    def options(self) -> Iterator[tuple[str, str, bool]]:
        """Yield value, words and whether it is chosen."""
        for value, words in self.filter.choices:
            yield value, words, value in self.values


@dataclass(frozen=True)
class Selection:
    """What an address selects: read once, applied to the rows and written into the page."""

    filters: Mapping[str, Filter]
    orders: Mapping[str, Order]
    values: Mapping[str, list[str]]
    order_name: str
    default_order: str
    after: str = ""
    before: str = ""

    @property
    def order(self) -> Order:
        """Return the order that is asked for."""
        return self.orders[self.order_name]

    def narrow(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Apply the filters."""
        for name, values in self.values.items():
            queryset = self.filters[name].narrow(queryset, values)
        return queryset

    def query(self, *, without: tuple[str, str] | None = None, order: str = "", **places: str) -> str:
        """Return the address's query for the same selection, changed as said."""
        address = QueryDict(mutable=True)
        for name, values in self.values.items():
            kept = [value for value in values if (name, value) != without]
            if kept:
                address.setlist(name, kept)
        chosen = order or self.order_name
        if chosen != self.default_order:
            address[ORDER] = chosen
        for name, value in places.items():
            if value:
                address[name] = value
        return address.urlencode()

    def narrowed(self, name: str, *values: str) -> str:
        """Return the address's query with one filter set anew."""
        return replace(self, values={**self.values, name: list(values)}).query()

    @property
    def chips(self) -> list[Chip]:
        """Return the filters that are on."""
        return [
            Chip(self.filters[name].label, self.filters[name].words(value), self.query(without=(name, value)))
            for name, values in self.values.items()
            for value in values
        ]

    @property
    def columns(self) -> dict[str, Column]:
        """Return the column heads by name: a second click turns an order around where it has two directions."""
        heads = {}
        for name in self.orders:
            plain = name.removeprefix("-")
            if plain in heads and name != self.order_name:
                continue
            other = name[1:] if name.startswith("-") else f"-{name}"
            turned = other if name == self.order_name and other in self.orders else name
            now = ("descending" if name.startswith("-") else "ascending") if name == self.order_name else ""
            heads[plain] = Column(self.query(order=turned), now)
        return heads

    @property
    def fields(self) -> list[Field]:
        """Return the filters for the form, those that links set left out."""
        return [
            Field(each, tuple(self.values.get(name, ())))
            for name, each in self.filters.items()
            if each.widget != "hidden"
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Return what the form must carry along unseen."""
        hidden = [
            (name, value)
            for name, values in self.values.items()
            if self.filters[name].widget == "hidden"
            for value in values
        ]
        return hidden + ([(ORDER, self.order_name)] if self.order_name != self.default_order else [])


def select(address: QueryDict, filters: Sequence[Filter], orders: Mapping[str, Order]) -> Selection:
    """Read what an address asks for; the first order is the default.

    Raises:
        UnknownFilter: it asks for what does not exist.
    """
    by_name = {each.name: each for each in filters}
    allowed = [*by_name, ORDER, *PLACES]
    for name in address:
        if name not in allowed:
            raise UnknownFilter("There is no such filter.", allowed)
    default = next(iter(orders))
    order = address.get(ORDER) or default
    if order not in orders:
        raise UnknownFilter("There is no such order.", list(orders))
    values = {name: by_name[name].checked(address.getlist(name)) for name in by_name if name in address}
    return Selection(
        filters=by_name,
        orders=orders,
        values={name: given for name, given in values.items() if given},
        order_name=order,
        default_order=default,
        after=address.get("after", ""),
        before=address.get("before", ""),
    )
