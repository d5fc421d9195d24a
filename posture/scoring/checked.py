"""Dataclasses that check their fields whenever they are made, from JSON or by code, and say what is wrong where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import Any, NoReturn, TypeVar

LARGEST = 1e9
LONGEST_TEXT = 200

Part = TypeVar("Part", bound="Checked")


class FactsError(ValueError):
    """The facts cannot be scored; the message says where and what is expected there, and repeats no text."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}" if where else problem)
        self.where = where
        self.problem = problem

    def under(self, place: str) -> FactsError:
        """Return the same error, seen from further out."""
        joint = "" if self.where.startswith("[") or not self.where else "."
        return FactsError(f"{place}{joint}{self.where}", self.problem)


Reader = Callable[[Any], Any]


def read_text(value: Any) -> str:
    """Read a text of sensible length."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT:
        refuse(f"must be a text of 1 to {LONGEST_TEXT} characters")
    return value


def one_of(*choices: str) -> Reader:
    """Read one of a few words."""

    def read(value: Any) -> str:
        # isinstance, since a list is never "in" a tuple but may compare in ways of its own.
        if not isinstance(value, str) or value not in choices:
            refuse(f"must be one of {', '.join(choices)}")
        return str(value)

    return read


def read_flag(value: Any) -> bool:
    """Read yes or no."""
    if not isinstance(value, bool):
        refuse("must be true or false")
    return value


def read_number(value: Any) -> int | float:
    """Read a number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse("must be a number")
    # Compared, never converted: a whole number of JSON may be too large for a float.
    if not value >= 0:
        refuse("must be 0 or more")
    if value > LARGEST:
        refuse("must be at most a thousand million")
    # 90 and 90.0 are the same fact, and must give the same digest; so must 0 and -0.0.
    return int(value) if value == int(value) else value


def read_positive(value: Any) -> int | float:
    """Read a number above 0."""
    number = read_number(value)
    if number == 0:
        refuse("must be more than 0")
    return number


def read_whole(value: Any) -> int:
    """Read a whole number that is not negative."""
    number = read_number(value)
    if not isinstance(number, int):
        refuse("must be a whole number")
    return number


def or_unknown(read: Reader) -> Reader:
    """Read a fact that may be not known (None)."""
    return lambda value: None if value is None else read(value)


def each_of(read: Reader) -> Reader:
    """Read a list."""

    def read_all(values: Any) -> tuple[Any, ...]:
        if not isinstance(values, list | tuple):
            refuse("must be a list")
        found = []
        for place, value in enumerate(values):
            try:
                found.append(read(value))
            except FactsError as error:
                raise error.under(f"[{place}]") from None
        return tuple(found)

    return read_all


def parts_of(kind: type[Checked]) -> Reader:
    """Read a list of facts with an id each, which no two share."""

    def read(value: Any) -> tuple[Any, ...]:
        found = each_of(kind.read)(value)
        seen: set[str] = set()
        for place, part in enumerate(found):
            if part.id in seen:
                raise FactsError(f"[{place}].id", "is used twice in this list")
            seen.add(part.id)
        return found

    return read


def refuse(problem: str) -> NoReturn:
    """Raise the error; whoever knows the place adds it."""
    raise FactsError("", problem)


def fact(read: Reader, default: Any = MISSING) -> Any:
    """Declare a fact of a dataclass by how it is read and checked."""
    if default is MISSING:
        return field(metadata={"read": read})
    return field(default=default, metadata={"read": read})


@dataclass(frozen=True)
class Checked:
    """Facts that are checked whenever they are made, from JSON or by code."""

    def __post_init__(self) -> None:
        kind: Any = type(self)
        for name, read in _readers(kind):
            try:
                value = read(getattr(self, name))
            except FactsError as error:
                raise error.under(name) from None
            object.__setattr__(self, name, value)
        self.check()

    def check(self) -> None:
        """Refuse facts that contradict each other."""

    @classmethod
    def read(cls: type[Part], value: Any) -> Part:
        """Make it from what JSON holds, or take it as it is.

        Raises:
            FactsError: a key is unknown or missing, or a value is not what it must be.
        """
        if isinstance(value, cls):
            return value
        if not isinstance(value, Mapping):
            refuse("must be an object")
        known = {each.name: each for each in fields(cls)}
        for key in value:
            if key not in known:
                raise FactsError("", f"has an unknown key {str(key)[:40]!r}; known are {', '.join(known)}")
        missing = [name for name, each in known.items() if each.default is MISSING and name not in value]
        if missing:
            raise FactsError("", f"lacks {', '.join(missing)}")
        return cls(**value)


@cache
def _readers(kind: Any) -> tuple[tuple[str, Reader], ...]:
    """Return how each fact is read: a team may have very many of them."""
    return tuple((each.name, each.metadata["read"]) for each in fields(kind))
