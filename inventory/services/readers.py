"""Counting who can read each secret, so that lists can be sorted by it without asking again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from inventory.access_rule import AccessRule, allowed, fits
from inventory.collector import ACCESS, collectors
from inventory.effective_access import identities_below, rules_by_principal
from inventory.models import Asset, Grant, Principal, Secret, Source
from inventory.scored import score_again
from inventory.services.opened import rate_again_what_lets_in
from inventory.store_records import READERS, Capability, Matching
from inventory.sync.links import link_across_assets
from posture.common.steps import step

BATCH = 2_000
AT_ONCE = 500
"""Ids in one statement: SQLite takes a limited number of variables."""


def count_readers() -> int:
    """Count the readers of every secret of the sources that changed; returns how many sources."""
    # What a worker of the version before marked; it goes with that field.
    Source.objects.filter(readers_due=True).update(readers_due=False, readers_due_at=timezone.now())
    due = list(Source.objects.owing_readers())
    for source in due:
        _count(source.pk)
        rate_again_what_lets_in(source.pk)
        # Last, so that a count that is killed is done again, and so is one during which something changed.
        Source.objects.pay_readers(source)
    return len(due)


def _count(source: int) -> None:
    grants = list(Grant.objects.present().filter(source=source, principal__gone_at=None))
    if not grants:
        # Nobody told who may read: that is not known, and not nobody.
        Secret.objects.filter(asset__source=source).exclude(readers=None).update(readers=None)
        _nothing_known(source)
        return
    link_across_assets(source)
    counter, doubt = _Counter(source, grants), _Doubt.of(source)
    rows = Secret.objects.present().filter(asset__source=source).order_by("pk")
    told = rows.values_list("pk", "asset", "address", "environment", "readers", f"evidence__{READERS}")
    batch = list(told[:BATCH])
    while batch:
        # Written together by what they come to: few numbers stand for very many secrets.
        alike: dict[int | None, list[int]] = defaultdict(list)
        for pk, asset, address, environment, before, why_not in batch:
            readers = counter.count(address, environment) if address else None
            if why_not or doubt.of_secrets(asset):
                # There may be more, and a number that may be too small is none.
                readers = None
            if readers != before:
                alike[readers].append(pk)
        with transaction.atomic():
            for readers, pks in alike.items():
                for start in range(0, len(pks), AT_ONCE):
                    Secret.objects.filter(pk__in=pks[start : start + AT_ONCE]).update(readers=readers)
        step("count")
        batch = list(told.filter(pk__gt=batch[-1][0])[:BATCH])
    doubted = doubt.principals()
    _tell_principals(source, {pk: each.doubted if pk in doubted else each for pk, each in counter.powers().items()})


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Where there may be more rights than those that are known."""

    source: int
    assets: frozenset[int]
    """Those that did not tell all rights, or were never read to an end, so that nobody knows."""
    all_principals: bool
    all_secrets: bool

    @classmethod
    def of(cls, source: int) -> _Doubt:
        """Work it out for one source, by what its collector says of the reach of rights."""
        untold = Asset.objects.present().filter(Q(**{f"cursor__{ACCESS}": False}) | Q(last_read_at=None), source=source)
        rows = list(untold.values_list("pk", "kind", "source__kind"))
        reaching = [
            collector.rights_reach[kind]
            for _, kind, of in rows
            if (collector := collectors().get(of)) and kind in collector.rights_reach
        ]
        return cls(source, frozenset(pk for pk, _, _ in rows), bool(reaching), any(reaching))

    def of_secrets(self, asset: int) -> bool:
        """Say whether somebody more may read the secrets of an asset."""
        return self.all_secrets or asset in self.assets

    def principals(self) -> frozenset[int]:
        """Return those that may have more rights."""
        rows = Principal.objects.filter(asset__source=self.source)
        some = rows if self.all_principals else rows.filter(asset__in=self.assets)
        return frozenset(some.values_list("pk", flat=True))


def _tell_principals(source: int, powers: dict[int, Power]) -> None:
    """Write what each principal can do; whom no rule reaches is not known to have no rights."""
    alike: dict[Power, list[int]] = defaultdict(list)
    for pk, power in powers.items():
        alike[power].append(pk)
    with transaction.atomic():
        _nothing_known(source)
        for power, pks in alike.items():
            for start in range(0, len(pks), AT_ONCE):
                Principal.objects.filter(pk__in=pks[start : start + AT_ONCE]).update(**power._asdict())


def _nothing_known(source: int) -> None:
    score_again(Principal.objects.filter(asset__source=source))
    Principal.objects.filter(asset__source=source).update(admin=None, wildcard=None, reads=None, reads_in=None)


class Power(NamedTuple):
    """What the rules that reach a principal come to."""

    admin: bool | None
    wildcard: bool | None
    reads: int | None
    """Secrets that it can read for certain; None for roles and groups, which only carry rights."""
    reads_in: tuple[str, ...] | None
    """In which environments these are, the empty one for not known."""

    @property
    def doubted(self) -> Power:
        """What is left of it where there may be more rights: those that were told stand, and no count does."""
        return Power(self.admin or None, self.wildcard or None, None, None)


class _Counter:
    """Counts by the set of fitting grants: few sets stand for very many secrets."""

    def __init__(self, source: int, grants: list[Grant]) -> None:
        self._by_prefix: dict[str, list[Grant]] = defaultdict(list)
        for grant in grants:
            self._by_prefix[grant.prefix].append(grant)
        self._lengths = sorted({len(prefix) for prefix in self._by_prefix})
        identities = Principal.objects.identities().filter(asset__source=source).exclude(enabled=False)
        acting = set(identities.values_list("pk", flat=True))
        self._acting = acting
        self._admin = {grant.principal_id for grant in grants if grant.admin and not grant.condition}
        self._wildcard = {grant.principal_id for grant in grants if grant.wildcard and not grant.condition}
        self._members = members = identities_below({pk: {pk} for pk in {grant.principal_id for grant in grants}})
        # Whoever has the same policies may do the same, so that identities are counted by what they have.
        self._having = Counter(frozenset(members[pk]) for pk in members.keys() & acting)
        self._by_holder: dict[int, list[frozenset[int]]] = defaultdict(list)
        for holders in self._having:
            for pk in holders:
                self._by_holder[pk].append(holders)
        self._counted: dict[tuple[int, ...], int] = {}
        self._fitting: dict[tuple[int, ...], tuple[list[Grant], str]] = {}
        self._secrets: dict[tuple[int, ...], Counter[str]] = defaultdict(Counter)

    def count(self, address: str, environment: str) -> int:
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
            self._fitting[key] = (fitting, address)
            self._counted[key] = sum(self._having[holders] for holders in self._readers(fitting, address))
        self._secrets[key][environment] += 1
        return self._counted[key]

    def powers(self) -> dict[int, Power]:
        """Return what every principal that a rule reaches can do, once all addresses were counted."""
        reads: dict[frozenset[int], Counter[str]] = defaultdict(Counter)
        for key, (grants, address) in self._fitting.items():
            for holders in self._readers(grants, address):
                reads[holders].update(self._secrets[key])
        # Told once for all that have the same, as in counting.
        told = {holders: (found.total(), tuple(sorted(found))) for holders, found in reads.items()}
        return {
            pk: Power(
                not self._admin.isdisjoint(holders),
                not self._wildcard.isdisjoint(holders),
                *(told.get(frozenset(holders), (0, ())) if pk in self._acting else (None, None)),
            )
            for pk, holders in self._members.items()
        }

    def _readers(self, grants: list[Grant], address: str) -> Iterator[frozenset[int]]:
        """Yield which sets of holders make whoever has them a reader for certain."""
        rules: dict[int, list[AccessRule]] = rules_by_principal(grants)
        verdicts: dict[frozenset[int], bool] = {}
        for holders in {each for pk in rules for each in self._by_holder[pk]}:
            having = holders.intersection(rules)
            if having not in verdicts:
                together = allowed((rule for pk in having for rule in rules[pk]), address)
                verdicts[having] = together.can(Capability.READ) is True
            if verdicts[having]:
                yield holders
