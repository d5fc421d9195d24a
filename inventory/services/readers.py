"""Counting who can read each secret, so that lists can be sorted by it without asking again."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import islice

from django.db import transaction

from inventory.access_rule import AccessRule, allowed, fits
from inventory.effective_access import identities_below, rules_by_principal
from inventory.models import Grant, Principal, Secret, Source
from inventory.store_records import Capability, Matching

BATCH = 500


def count_readers() -> int:
    """Count the readers of every secret of the sources that changed; returns how many sources."""
    due = list(Source.objects.filter(readers_due=True).values_list("pk", flat=True))
    for pk in due:
        # Cleared first: what changes while it is counted is counted again.
        Source.objects.filter(pk=pk).update(readers_due=False)
        _count(pk)
    return len(due)


def _count(source: int) -> None:
    grants = list(Grant.objects.present().filter(source=source, principal__gone_at=None))
    if not grants:
        # Nobody told who may read: that is not known, and not nobody.
        Secret.objects.filter(asset__source=source).exclude(readers=None).update(readers=None)
        return
    counter = _Counter(source, grants)
    rows = Secret.objects.present().filter(asset__source=source).only("address", "readers")
    iterator = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(iterator, BATCH)):
        changed = []
        for row in batch:
            readers = counter.count(row.address) if row.address else None
            if readers != row.readers:
                row.readers = readers
                changed.append(row)
        with transaction.atomic():
            Secret.objects.bulk_update(changed, ["readers"])


class _Counter:
    """Counts by the set of fitting grants: few sets stand for very many secrets."""

    def __init__(self, source: int, grants: list[Grant]) -> None:
        self._by_prefix: dict[str, list[Grant]] = defaultdict(list)
        for grant in grants:
            self._by_prefix[grant.prefix].append(grant)
        self._lengths = sorted({len(prefix) for prefix in self._by_prefix})
        identities = Principal.objects.identities().filter(asset__source=source).exclude(enabled=False)
        acting = set(identities.values_list("pk", flat=True))
        members = identities_below({pk: {pk} for pk in {grant.principal_id for grant in grants}})
        # Whoever has the same policies may do the same, so that identities are counted by what they have.
        self._having = Counter(frozenset(members[pk]) for pk in members.keys() & acting)
        self._by_holder: dict[int, list[frozenset[int]]] = defaultdict(list)
        for holders in self._having:
            for pk in holders:
                self._by_holder[pk].append(holders)
        self._counted: dict[tuple[int, ...], int] = {}

    def count(self, address: str) -> int:
        """Return how many identities can read the address for certain."""
        near = [
            grant
            for length in self._lengths
            if length <= len(address)
            for grant in self._by_prefix.get(address[:length], ())
        ]
        fitting = [grant for grant in near if fits(grant.pattern, Matching(grant.matching), address)]
        key = tuple(sorted(grant.pk for grant in fitting))
        if key not in self._counted:
            self._counted[key] = self._readers(fitting, address)
        return self._counted[key]

    def _readers(self, grants: list[Grant], address: str) -> int:
        rules: dict[int, list[AccessRule]] = rules_by_principal(grants)
        having: Counter[frozenset[int]] = Counter()
        for holders in {each for pk in rules for each in self._by_holder[pk]}:
            having[holders.intersection(rules)] += self._having[holders]
        return sum(
            count
            for holders, count in having.items()
            if allowed((rule for pk in holders for rule in rules[pk]), address).can(Capability.READ) is True
        )
