"""What a policy of Google's IAM says: who has which role, under which condition. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from inventory.detection.plausibility import plausible_secret

MOST_MEMBERS = 10_000
"""Google allows 1,500 in one policy; a longer list is none of its own."""
ANYONE = frozenset({"allUsers", "allAuthenticatedUsers"})
_LITERAL = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_CODE = re.compile(r"[\w\s.()\[\]{}&|!=<>,+*/?:%-]*")
_WORD = re.compile(r"[\w+/=-]{8,}")
# What conditions name: resources, services with their kinds, times, spans of time, tags.
_NAMES = re.compile(
    r"(?://)?(?:[a-z]+\.googleapis\.com(?:/\w+)?/?)?(?:(?:projects|folders|organizations)/[\w.:/-]*)?"
    r"|\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-][\d:]+))?"
    r"|\d+[smh]|[A-Z][a-z]+/[A-Z][a-z]+"
)


@dataclass(frozen=True, slots=True)
class Binding:
    """A role that members have."""

    role: str
    members: tuple[str, ...]
    condition: str = ""


def bindings_of(policy: Any) -> Iterator[Binding]:
    """Yield what a policy binds: one in JSON, or the official client's."""
    for each in _part(policy, "bindings") or ():
        members = tuple(dict.fromkeys(map(str, _part(each, "members") or ())))[:MOST_MEMBERS]
        condition = _part(each, "condition")
        title, expression = str(_part(condition, "title") or ""), str(_part(condition, "expression") or "")
        yield Binding(str(_part(each, "role") or ""), members, condition_words(title, expression))


def condition_words(title: str, expression: str) -> str:
    """Return a condition for the reader; texts in it that are no names or times stay out: some are shared secrets."""
    if not expression.strip():
        return "a condition that Google does not show" if title else ""
    parts = _LITERAL.split(expression)
    between = "".join(parts[::2])
    if not _CODE.fullmatch(between) or any(map(_suspicious, _WORD.findall(between))):
        said = "a condition that is not understood"
    else:
        said = "".join(_literal(part) if number % 2 else part for number, part in enumerate(parts))
    named = title if title and not any(map(_suspicious, title.split())) else ""
    return (f"{named}: {said}" if named else said)[:500]


def _literal(quoted: str) -> str:
    text = quoted[1:-1]
    return f'"{text}"' if _NAMES.fullmatch(text) and not any(map(_suspicious, text.split("/"))) else '"…"'


def _suspicious(text: str) -> bool:
    return plausible_secret(text.encode())


def _part(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


__all__ = ["ANYONE", "Binding", "bindings_of", "condition_words"]
