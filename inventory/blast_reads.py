"""What the inventory knows of whom a value lets in and of what these can do: the answers that `blast_radius` asks for.

Grants are never made out for each secret (`effective_access`): the rules of one principal are put together, and only
secrets whose address can fit one of them are tried.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone

from inventory.blast_radius import Group, Lead, Login, Reach
from inventory.login_pairs import complete, complete_in_stores, identifiers, named_beside, secrets_beside
from inventory.models import Credential, Holding, Principal, Secret
from inventory.principal_rights import Rights, rights_of

AT_ONCE = 450
"""Ids in one statement: SQLite takes a limited number of variables."""
TRIED = 5_000
"""Secrets that are tried against rules for one value; beyond, what is counted is told as "at least"."""
_HELD = "its issuer keeps this value"
_BESIDE = "an identifier beside it says whose it is"

Teams = frozenset[int] | None
Value = TypeVar("Value")


@dataclass
class InventoryFacts:
    """The answers for one walk, or for many of them; what was read is kept."""

    within: Teams = None
    """Only these teams' things are looked at: of a weak value nothing else may be told to them (SECURITY W27)."""
    guesses_of: Teams = None
    """Of guessable values on the way only these teams' places are looked at; None: everybody's."""
    tried: int = 0
    readable: dict[int, dict[int, Group]] = field(default_factory=dict)
    """Principal → the secrets that it can read, once its reach was asked."""
    _rights: dict[int, Rights] = field(default_factory=dict)
    _holders: dict[int, frozenset[int]] = field(default_factory=dict)
    _sources: dict[int, int] = field(default_factory=dict)
    _leading: dict[int, list[tuple[int, str, int]]] = field(default_factory=dict)
    _outcomes: dict[tuple[int, frozenset[int]], tuple[dict[int, Group], int, bool]] = field(default_factory=dict)
    _alike: dict[tuple[int, frozenset[int]], list[tuple[int, int]]] = field(default_factory=dict)

    def logins(self, credentials: Collection[int]) -> list[Login]:
        """Return whom these values let in, as far as stores tell."""
        direct = list(self._identities(credentials))
        names = {value for value, _, rule in direct if rule in identifiers()}
        whole = complete(names, self.within) if names else set()
        found = [(value, secret, _HELD) for value, secret, _ in direct if value not in names or value in whole]
        by_name: dict[int, list[int]] = defaultdict(list)
        for value, name in named_beside(credentials, self.within):
            by_name[name].append(value)
        for name, secret, _ in self._identities(by_name):
            found += [(value, secret, _BESIDE) for value in by_name[name]]
        return self._let_in(found)

    def _identities(self, credentials: Collection[int]) -> Iterator[tuple[int, int, str]]:
        """Yield values with what an issuer keeps of them, where that is in force, and what found them."""
        rows, judged = self._own(_letting_in()).order_by(), self._judged().order_by()
        columns = ("credential", "version__secret", "credential__rule")
        for chunk in chunks(credentials):
            held = rows.filter(credential__in=chunk).values_list(*columns)
            yield from held.union(judged.filter(pk__in=chunk).values_list("pk", "validity_secret", "rule"))

    def _judged(self) -> QuerySet[Credential]:
        """Return the values that were joined to their issuer's record when their validity was judged."""
        rows = Credential.objects.exclude(validity_secret=None).filter(_in_force("validity_secret"))
        if self.within is not None:
            return rows.filter(validity_secret__team__in=self.within)
        if self.guesses_of is not None:
            return rows.filter(Q(weak=False) | Q(validity_secret__team__in=self.guesses_of))
        return rows

    def _own(self, rows: QuerySet[Holding]) -> QuerySet[Holding]:
        if self.within is not None:
            return rows.filter(version__secret__team__in=self.within)
        if self.guesses_of is not None:
            return rows.filter(Q(credential__weak=False) | Q(version__secret__team__in=self.guesses_of))
        return rows

    def _let_in(self, found: list[tuple[int, int, str]]) -> list[Login]:
        """Return the principals that the issuer's records name, where they may act now."""
        names: dict[int, tuple[int, str]] = {}
        for chunk in chunks({secret for _, secret, _ in found}):
            rows = Secret.objects.filter(pk__in=chunk).values_list("pk", "asset__source", "logs_in_as")
            names |= {pk: (source, name) for pk, source, name in rows}
        by_source: dict[int, set[str]] = defaultdict(set)
        for source, name in names.values():
            by_source[source].add(name)
        acting = Principal.objects.present().exclude(enabled=False)
        if self.within is not None:
            acting = acting.filter(team__in=self.within)
        principals: dict[tuple[int, str], int] = {}
        for source, wanted in by_source.items():
            for some in chunks(wanted):
                those = acting.filter(asset__source=source, external_id__in=some)
                principals |= {(source, name): pk for pk, name in those.values_list("pk", "external_id")}
        self._sources |= {pk: source for (source, _), pk in principals.items()}
        return [
            Login(value, principals[names[secret]], secret, by)
            for value, secret, by in found
            if names[secret] in principals
        ]

    def leads(self, principals: Collection[int]) -> list[Lead]:
        """Return what of all that these can read lets somebody in."""
        self._learn_sources(principals)
        # Where nothing stands that lets somebody in, nobody's rules need to be read.
        reading = [pk for pk in principals if self._leading_in(self._sources[pk])]
        self._learn_rights(reading)
        return [Lead(principal, secret, value) for principal in reading for secret, value in self._leads_of(principal)]

    def _leads_of(self, principal: int) -> list[tuple[int, int]]:
        source = self._sources[principal]
        # Very many principals have their rights from the same few holders.
        key = (source, self._holders[principal])
        if key not in self._alike:
            rights = self._rights[principal]
            self._alike[key] = [
                (secret, value) for secret, address, value in self._leading_in(source) if rights.may_read(address)
            ]
        return self._alike[key]

    def _leading_in(self, source: int) -> list[tuple[int, str, int]]:
        """Return the secrets of a source that hold a value which lets somebody in, here or in any other source."""
        if source not in self._leading:
            rows = Holding.objects.standing().filter(version__secret__asset__source=source)
            here = self._own(rows.exclude(version__secret__address="")).order_by()
            columns = ("version__secret", "version__secret__address", "credential", "version", "credential__rule")
            found: list[tuple[int, str, int, int, str]] = []
            for chunk in chunks(self._values_that_let_in):
                found += here.filter(credential__in=chunk).values_list(*columns).distinct()
            whole = complete_in_stores({version for *_, version, rule in found if rule in identifiers()})
            self._leading[source] = [
                (secret, address, value)
                for secret, address, value, version, rule in found
                if rule not in identifiers() or version in whole
            ]
        return self._leading[source]

    @cached_property
    def _values_that_let_in(self) -> list[int]:
        """The values that let somebody in, in any source, with those that an identifier beside them names."""
        rows = self._own(_letting_in()).order_by()
        own = dict([*rows.values_list("credential", "credential__rule"), *self._judged().values_list("pk", "rule")])
        names = [value for value, rule in own.items() if rule in identifiers()]
        return sorted(own.keys() | {value for value, _ in secrets_beside(names, self.within)})

    def reaches(self, principals: Collection[int]) -> list[Reach]:
        """Return what each of these can do."""
        self._learn_rights(principals)
        rows = Principal.objects.filter(pk__in=list(principals)).select_related("asset")
        rows = rows.defer("asset__codeowners", "asset__cursor", "asset__attributes", "attributes", "evidence")
        return [self._reach(row) for row in rows.order_by("pk")]

    def _reach(self, row: Principal) -> Reach:
        rights = self._rights[row.pk]
        readable, perhaps, whole = self._try(row.pk, rights)
        self.readable[row.pk] = readable
        return Reach(
            row.pk,
            Counter(readable.values()),
            perhaps,
            row.admin,
            row.wildcard,
            at_least=not whole or row.reads is None,
            reads=row.reads if self.within is None else None,
            reads_in=frozenset(row.reads_in or ()) if self.within is None else frozenset(),
            environment=row.environment or row.asset.environment,
            why_unknown=_why_unknown(row, bool(rights.opening)),
        )

    def _try(self, principal: int, rights: Rights) -> tuple[dict[int, Group], int, bool]:
        """Return what can be read, how much more perhaps can, and whether everything was tried."""
        if not rights.opening:
            return {}, 0, True
        key = (self._sources[principal], self._holders[principal])
        if key not in self._outcomes:
            self._outcomes[key] = self._try_each(key[0], rights)
        return self._outcomes[key]

    def _try_each(self, source: int, rights: Rights) -> tuple[dict[int, Group], int, bool]:
        left = max(0, TRIED - self.tried)
        rows = Secret.objects.present().filter(asset__source=source).exclude(address="")
        rows = rows.filter(rights.addresses("address"))
        if self.within is not None:
            rows = rows.filter(team__in=self.within)
        near = list(rows.order_by("pk").values_list("pk", "address", "environment", "team")[: left + 1])
        found, perhaps = dict[int, Group](), 0
        for pk, address, environment, team in near[:left]:
            match rights.may_read(address):
                case True:
                    found[pk] = Group(environment, team)
                case None:
                    perhaps += 1
        self.tried += min(len(near), left)
        return found, perhaps, len(near) <= left

    def values_in(self, secrets: Collection[int]) -> set[int]:
        """Return the values that these secrets hold now."""
        found: set[int] = set()
        rows = self._own(Holding.objects.standing()).order_by()
        for chunk in chunks(secrets):
            found.update(rows.filter(version__secret__in=chunk).values_list("credential", flat=True))
        return found

    def _learn_rights(self, principals: Collection[int]) -> None:
        """Read the rules of principals that are asked about for the first time, all together."""
        new = [pk for pk in principals if pk not in self._rights]
        if new:
            self._learn_sources(new)
            rights, holders = rights_of(new)
            self._rights |= rights
            self._holders |= holders

    def _learn_sources(self, principals: Collection[int]) -> None:
        for chunk in chunks([pk for pk in principals if pk not in self._sources]):
            self._sources |= dict(Principal.objects.filter(pk__in=chunk).values_list("pk", "asset__source"))


def _letting_in() -> QuerySet[Holding]:
    """Return the current values of which an issuer keeps whom they let in, where its record is in force."""
    return Holding.objects.standing().filter(_in_force("version__secret"))


def _in_force(secret: str) -> Q:
    """Return the condition that a record says whom it lets in and that its issuer still heeds it."""
    open_end = Q(**{f"{secret}__expires_at": None}) | Q(**{f"{secret}__expires_at__gt": timezone.now()})
    switched_on = Q(**{f"{secret}__enabled": None}) | Q(**{f"{secret}__enabled": True})
    return ~Q(**{f"{secret}__logs_in_as": ""}) & Q(**{f"{secret}__gone_at": None}) & switched_on & open_end


def _why_unknown(row: Principal, has_rules: bool) -> str:
    if row.admin is None and not has_rules:
        return "no rule that reaches it was told"
    return "not all of its rights were told" if row.reads is None else ""


def chunks(values: Collection[Value]) -> Iterator[list[Value]]:
    """Yield values in parts of which each fits into one statement."""
    ordered = list(values)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


__all__ = ["TRIED", "InventoryFacts", "chunks"]
