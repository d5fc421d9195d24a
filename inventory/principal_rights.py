"""All rules that one principal has, put together once and applied to very many addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q

from inventory.access_rule import AccessRule, allowed, fits, literal_prefix
from inventory.effective_access import rules_by_principal
from inventory.models import Grant, PrincipalLink
from inventory.store_records import Capability

AT_ONCE = 900
"""Ids in one statement: SQLite takes a limited number of variables."""
_MOST_PREFIXES = 200
_LAST = chr(0x10FFFF)
"""Sorts behind every other character."""


class Rights:
    """All rules that one principal has, applied to one address after another."""

    def __init__(self, rules: Iterable[AccessRule]) -> None:
        self._by_prefix: dict[str, list[tuple[int, AccessRule]]] = defaultdict(list)
        self._verdicts: dict[tuple[int, ...], bool | None] = {}
        self.opening: list[AccessRule] = []
        """Those that can let a value be read."""
        for place, rule in enumerate(rules):
            self._by_prefix[_prefix(rule)].append((place, rule))
            if not rule.deny and {Capability.READ, Capability.ADMIN} & rule.capabilities:
                self.opening.append(rule)
        self._lengths = sorted({len(prefix) for prefix in self._by_prefix})

    def may_read(self, address: str) -> bool | None:
        """Say whether the value there can be read; None where a condition decides."""
        near = [
            (place, rule)
            for length in self._lengths
            if length <= len(address)
            for place, rule in self._by_prefix.get(address[:length], ())
        ]
        fitting = {place: rule for place, rule in near if fits(rule.pattern, rule.matching, address)}
        key = tuple(sorted(fitting))
        if key not in self._verdicts:
            # Which rules fit decides alone, not what they fit.
            self._verdicts[key] = allowed(fitting.values(), address).can(Capability.READ) if key else False
        return self._verdicts[key]

    def addresses(self, path: str) -> Q:
        """Return the condition that one of the rules may mean an address, as an index can be asked."""
        prefixes = sorted({_prefix(rule) for rule in self.opening})
        least = [each for place, each in enumerate(prefixes) if not _covered(each, prefixes[:place])]
        if not least:
            return Q(pk__in=[])
        if "" in least or len(least) > _MOST_PREFIXES:
            return Q()
        return reduce(or_, (_begins(path, each) for each in least))


def rights_of(principals: Collection[int]) -> tuple[dict[int, Rights], dict[int, frozenset[int]]]:
    """Return the rights of principals, and who holds these: itself and every role, group and policy that it has."""
    holders = holders_above(principals)
    rules: dict[int, list[AccessRule]] = {}
    for chunk in _chunks(sorted(set().union(*holders.values()))):
        grants = Grant.objects.present().filter(principal__in=chunk, principal__gone_at=None).order_by("pk")
        rules |= rules_by_principal(grants)
    alike: dict[frozenset[int], Rights] = {}
    rights: dict[int, Rights] = {}
    for pk, having in holders.items():
        with_rules = frozenset(having & rules.keys())
        if with_rules not in alike:
            alike[with_rules] = Rights(rule for holder in sorted(with_rules) for rule in rules[holder])
        rights[pk] = alike[with_rules]
    return rights, {pk: frozenset(having & rules.keys()) for pk, having in holders.items()}


def holders_above(principals: Collection[int]) -> dict[int, set[int]]:
    """Return for each principal itself and every role, group and policy that it has; a cycle does no harm."""
    above: dict[int, set[int]] = defaultdict(set)
    waiting = sorted(set(principals))
    seen = set(waiting)
    while waiting:
        further: set[int] = set()
        for chunk in _chunks(waiting):
            links = PrincipalLink.objects.filter(member__in=chunk, group__gone_at=None)
            for member, group in links.values_list("member", "group"):
                above[member].add(group)
                further.add(group)
        waiting = sorted(further - seen)
        seen |= further
    holders: dict[int, set[int]] = {}
    for principal in principals:
        having, todo = {principal}, [principal]
        while todo:
            for group in above.get(todo.pop(), ()):
                if group not in having:
                    having.add(group)
                    todo.append(group)
        holders[principal] = having
    return holders


def _begins(path: str, prefix: str) -> Q:
    """Return the condition that something begins with a prefix, told as fast as the database can."""
    if connection.vendor == "sqlite":
        # Its LIKE knows no capital letters and takes longer; texts are compared by their bytes.
        return Q(**{f"{path}__gte": prefix, f"{path}__lt": f"{prefix}{_LAST}"})
    return Q(**{f"{path}__startswith": prefix})


def _prefix(rule: AccessRule) -> str:
    return literal_prefix(rule.pattern, rule.matching)


def _covered(prefix: str, before: list[str]) -> bool:
    return any(prefix.startswith(each) for each in before)


def _chunks(values: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


__all__ = ["Rights", "holders_above", "rights_of"]
