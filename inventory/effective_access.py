"""Who can do what with a secret, and by which rule, without ever making the product of principals and secrets.

The grants that can fit an address are found by their literal prefix; from them the walk goes down the
links to the identities, and only for these the rules are put together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inventory.access_rule import AccessRule, Allowed, allowed, fits, prefixes
from inventory.models import Grant, Principal, PrincipalLink, Secret
from inventory.store_records import Capability, Matching

_AT_ONCE = 900
"""Ids in one query: SQLite takes a limited number of variables."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One identity with what it may do, and by which rules."""

    principal: int
    allowed: Allowed


def fitting_grants(secret: Secret) -> list[Grant]:
    """Return the grants of the secret's source whose pattern fits its address."""
    if not secret.address:
        return []
    near = Grant.objects.present().filter(
        source=secret.asset.source_id, prefix__in=prefixes(secret.address), principal__gone_at=None
    )
    return [grant for grant in near if fits(grant.pattern, Matching(grant.matching), secret.address)]


def readers_of(secret: Secret, capability: Capability = Capability.READ) -> list[Reader]:
    """Return every identity that can, or under a condition may, do this with the secret."""
    grants = fitting_grants(secret)
    rules = rules_by_principal(grants)
    holders = {pk: {pk} for pk in rules}
    members = identities_below(holders)
    # Very many identities have their rights from the same few holders.
    known: dict[frozenset[int], Allowed] = {}
    found = []
    for pk in sorted(_identities(members)):
        having = frozenset(members[pk])
        if (together := known.get(having)) is None:
            together = allowed((rule for holder in sorted(having) for rule in rules[holder]), secret.address)
            known[having] = together
        if together.can(capability) is not False:
            found.append(Reader(pk, together))
    return found


def _identities(members: Iterable[int]) -> set[int]:
    """Return those that act and may act now."""
    found: set[int] = set()
    acting = Principal.objects.identities().exclude(enabled=False)
    for chunk in _chunks(sorted(members)):
        found.update(acting.filter(pk__in=chunk).values_list("pk", flat=True))
    return found


def rules_by_principal(grants: Iterable[Grant]) -> dict[int, list[AccessRule]]:
    """Return the grants as rules, by the principal that has them directly."""
    rules: dict[int, list[AccessRule]] = defaultdict(list)
    for grant in grants:
        capabilities = frozenset(Capability(each) for each in grant.capabilities)
        rules[grant.principal_id].append(
            AccessRule(grant.pattern, Matching(grant.matching), capabilities, grant.rule, grant.deny, grant.condition)
        )
    return rules


def identities_below(holders: dict[int, set[int]]) -> dict[int, set[int]]:
    """Return, for everybody below the holders, which holders they reach; a cycle of groups does no harm."""
    reached = {pk: set(of) for pk, of in holders.items()}
    waiting = sorted(reached)
    while waiting:
        further: set[int] = set()
        for chunk in _chunks(waiting):
            links = PrincipalLink.objects.filter(group__in=chunk, member__gone_at=None)
            for member, group in links.values_list("member", "group"):
                have = reached.setdefault(member, set())
                if not reached[group] <= have:
                    have |= reached[group]
                    further.add(member)
        waiting = sorted(further)
    return reached


def groups_above(principal: int) -> dict[int, str]:
    """Return every role, group and policy that a principal has, directly or through others, with its name."""
    found: dict[int, str] = {}
    waiting = [principal]
    while waiting:
        further: list[int] = []
        for chunk in _chunks(waiting):
            links = PrincipalLink.objects.filter(member__in=chunk, group__gone_at=None)
            for group, name in links.values_list("group", "group__name"):
                if group not in found and group != principal:
                    found[group] = name
                    further.append(group)
        waiting = sorted(further)
    return found


def _chunks(values: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
