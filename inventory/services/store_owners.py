"""Working out whose the secrets and principals of an asset are, and where they are used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet

from inventory.models import Asset, Credential, OwnershipRule, Principal, Secret, Source
from inventory.models.assets import OwnershipKind
from inventory.ownership import Match, OwnershipRules
from inventory.rules_by_prefix import RulesByPrefix

BATCH = 2_000
_AT_ONCE = 500
"""Ids in one statement: SQLite takes a limited number of variables."""
Described = Sequence[tuple[Match, OwnershipRule]]
Row = dict[str, Any]
Told = tuple[tuple[str, Any], ...]
"""What a row should say, field by field; few such sets stand for very many rows."""


def own_stored(asset: Asset, rules: OwnershipRules, rows: Described, teams: dict[str, int]) -> set[int | None]:
    """Set the owner, tier and environment of an asset's secrets and principals; returns the teams it touched.

    By hand beats the first rule for the name (`secret:kv/payments/**`, `principal:payments-*`), which beats the asset's
    team. What the store itself says of an environment or a tier beats what a rule says. Rows that come to the same
    are written together.
    """
    ruling = _Ruling(asset, rules, rows, teams)
    store = asset.name.rstrip("/")
    touched: set[int | None] = set()

    def secret(row: Row) -> Told:
        return ruling.told("secret", f"{store}/{row['path']}", row, ("environment", "tier"))

    def principal(row: Row) -> Told:
        return ruling.told("principal", row["name"], row, ("environment",))

    secrets = Secret.objects.present().filter(asset=asset)
    for changed in _settle(secrets, ("path", "tier"), secret, touched, policy_due=True):
        held = Credential.objects.filter(holdings__version__secret__in=changed)
        Credential.objects.filter(pk__in=held.values("pk")).update(severity_due=True)
        # In which environments somebody can read is added up with how much.
        Source.objects.filter(pk=asset.source_id).owe_readers()
    for _ in _settle(Principal.objects.present().filter(asset=asset), ("external_id", "name"), principal, touched):
        pass
    return touched


class _Ruling:
    """What the rules and the asset say of names."""

    def __init__(self, asset: Asset, rules: OwnershipRules, rows: Described, teams: dict[str, int]) -> None:
        self._asset, self._teams = asset, teams
        self._rules = RulesByPrefix(rules.rules)
        self._saying = {
            word: RulesByPrefix((match, str(getattr(row, word))) for match, row in rows if getattr(row, word))
            for word in ("environment", "tier")
        }

    def told(self, kind: str, name: str, row: Row, words: Sequence[str]) -> Told:
        """Return what a row should say: its owner, and the words that its store does not say itself."""
        said = {word: self._said(kind, name, word) for word in words if word not in row["evidence"]}
        if row["owner_kind"] != OwnershipKind.HAND:
            said |= self._owner(kind, name)
        return tuple(said.items())

    def _owner(self, kind: str, name: str) -> dict[str, Any]:
        found = self._rules.first(kind, name)
        if found is not None and found[1] in self._teams:
            return _owned(self._teams[found[1]], OwnershipKind.RULE, f"Rule {found[0].text}")
        if self._asset.team_id is not None:
            reason = f"Team of {self._asset.name}: {self._asset.owner_reason}"
            return _owned(self._asset.team_id, OwnershipKind.ASSET, reason)
        return _owned(None, OwnershipKind.NOBODY, "No rule and no asset names a team")

    def _said(self, kind: str, name: str, word: str) -> str:
        """Return what the first rule that fits the name says of a word, else what the asset's is."""
        found = self._saying[word].first(kind, name)
        return found[1] if found is not None else str(getattr(self._asset, word))


def _owned(team: int | None, kind: OwnershipKind, reason: str) -> dict[str, Any]:
    return {"team": team, "owner_kind": kind.value, "owner_reason": reason[:500]}


def _settle(
    rows: QuerySet[Any], names: tuple[str, str], told: Callable[[Row], Told], touched: set[int | None], **more: Any
) -> Iterator[list[int]]:
    """Write to rows what they should say, and yield the ids of those that changed, batch by batch."""
    for batch in _batches(rows, names):
        alike: dict[Told, list[int]] = defaultdict(list)
        for row in batch:
            touched.add(row["team"])
            should = told(row)
            if any(row[name] != value for name, value in should):
                alike[should].append(row["pk"])
                touched.add(dict(should).get("team", row["team"]))
        for should, pks in alike.items():
            for start in range(0, len(pks), _AT_ONCE):
                rows.model._default_manager.filter(pk__in=pks[start : start + _AT_ONCE]).update(**dict(should), **more)
        changed = [pk for pks in alike.values() for pk in pks]
        for start in range(0, len(changed), _AT_ONCE):
            yield changed[start : start + _AT_ONCE]


def _batches(rows: QuerySet[Any], names: tuple[str, str]) -> Iterator[list[Row]]:
    """Yield the rows by their key within the asset, which an index has and no writing here changes."""
    key = names[0]
    fields = ("pk", *names, "team", "owner_kind", "owner_reason", "environment", "evidence")
    ordered = rows.order_by(key).values(*fields)
    batch = list(ordered[:BATCH])
    while batch:
        yield batch
        batch = list(ordered.filter(**{f"{key}__gt": batch[-1][key]})[:BATCH])
