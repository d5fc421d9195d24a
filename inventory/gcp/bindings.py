"""What a policy of Google's IAM says: who has which role, under which condition. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from inventory.detection.plausibility import plausible_secret
from inventory.gcp.answer import entries, texts

MOST_MEMBERS = 10_000
"""Google allows 1,500 in one policy; a longer list is none of its own."""
ANYONE = frozenset({"allUsers", "allAuthenticatedUsers"})
_LITERAL = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
# Words, short numbers and signs.
_CODE = re.compile(r"(?:[A-Za-z_]{1,24}(?![A-Za-z0-9_])|\d{1,12}(?![A-Za-z0-9_])|[\s.()\[\]{}&|!=<>,+*/?:%-])*")
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
    if isinstance(policy, Mapping):
        for each in entries(policy, "bindings"):
            condition = each.get("condition")
            expression = condition.get("expression") if isinstance(condition, Mapping) else ""
            yield _binding(str(each.get("role")), texts(each, "members"), condition is not None, str(expression or ""))
        return
    for each in policy.bindings:
        yield _binding(each.role, each.members, each.HasField("condition"), each.condition.expression)


def _binding(role: str, members: Iterable[str], conditional: bool, expression: str) -> Binding:
    unique = tuple(islice(dict.fromkeys(members), MOST_MEMBERS))
    return Binding(role, unique, condition_words(expression) if conditional else "")


def condition_words(expression: str) -> str:
    """Return a condition for the reader; texts in it that are no names or times stay out: some are shared secrets.

    Its title is anybody's own words, and stays out too.
    """
    if not expression.strip():
        return "a condition that is not told"
    parts = _LITERAL.split(expression)
    if not _CODE.fullmatch(" ".join(parts[::2])):
        return "a condition that is not understood"
    return "".join(_literal(part) if number % 2 else part for number, part in enumerate(parts))[:500]


def _literal(quoted: str) -> str:
    text = quoted[1:-1]
    return f'"{text}"' if _NAMES.fullmatch(text) and not any(map(_suspicious, text.split("/"))) else '"…"'


def _suspicious(text: str) -> bool:
    return plausible_secret(text.encode())


__all__ = ["ANYONE", "Binding", "bindings_of", "condition_words"]
