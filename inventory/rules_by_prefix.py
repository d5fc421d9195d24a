"""Finds the first rule that fits a name without trying every rule: for very many names under very many rules; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import takewhile
from typing import Generic, TypeVar

from inventory.ownership import Match

Said = TypeVar("Said")


class RulesByPrefix(Generic[Said]):
    """Rules in order, each with what it says, kept by the literal segments that their patterns begin with.

    A rule such as `secret:kv/payments/**` can only fit names that begin with these two segments.
    """

    def __init__(self, rules: Iterable[tuple[Match, Said]]) -> None:
        self._rules: dict[tuple[str, ...], list[tuple[int, Match, Said]]] = defaultdict(list)
        for place, (match, said) in enumerate(rules):
            self._rules[match.kind, *_beginning(match)].append((place, match, said))
        self._lengths = sorted({len(prefix) for prefix in self._rules})

    def first(self, kind: str, name: str) -> tuple[Match, Said] | None:
        """Return the first rule that fits the name of a thing of that kind."""
        begins = (kind, *name.strip("/").split("/"))
        lengths = takewhile(lambda length: length <= len(begins), self._lengths)
        near = [rule for length in lengths for rule in self._rules.get(begins[:length], ())]
        for _, match, said in sorted(near, key=lambda rule: rule[0]):
            if match.fits_asset(kind, name):
                return match, said
        return None


def _beginning(match: Match) -> tuple[str, ...]:
    """Return the segments that every name that fits begins with."""
    begins: list[str] = []
    for glob in match.pattern.globs:
        if glob is None or (literal := glob.literal) is None:
            break
        begins.append(literal)
    return tuple(begins)
