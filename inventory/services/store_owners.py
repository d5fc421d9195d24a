"""Working out whose the secrets and principals of an asset are, and where they are used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from inventory.models import Asset, Credential, OwnershipRule, Principal, Secret
from inventory.models.assets import OwnershipKind
from inventory.ownership import Match, OwnershipRules

BATCH = 500
Described = Sequence[tuple[Match, OwnershipRule]]


def own_stored(asset: Asset, rules: OwnershipRules, rows: Described, teams: dict[str, int]) -> set[int | None]:
    """Set the owner, tier and environment of an asset's secrets and principals; returns the teams it touched.

    By hand beats the first rule for the name (`secret:kv/payments/**`, `principal:payments-*`), which beats the asset's
    team. What the store itself says of an environment or a tier beats what a rule says.
    """
    touched: set[int | None] = set()
    fields = ["team", "owner_kind", "owner_reason", "environment", "tier"]
    secrets = Secret.objects.present().filter(asset=asset)
    for secrets_batch in _batches(secrets.iterator(chunk_size=BATCH)):
        changed = []
        for row in secrets_batch:
            before = _state(row, fields)
            touched.add(row.team_id)
            name = f"{asset.name.rstrip('/')}/{row.path}"
            _own(row, asset, rules.for_asset("secret", name), teams)
            for word in ("environment", "tier"):
                if word not in row.evidence:
                    setattr(row, word, _said(rows, "secret", name, word) or getattr(asset, word))
            if _state(row, fields) != before:
                row.policy_due = True
                changed.append(row)
            touched.add(row.team_id)
        Secret.objects.bulk_update(changed, [*fields, "policy_due"])
        held = Credential.objects.filter(holdings__version__secret__in=changed)
        Credential.objects.filter(pk__in=held.values("pk")).update(severity_due=True)
    fields.remove("tier")
    principals = Principal.objects.present().filter(asset=asset)
    for principals_batch in _batches(principals.iterator(chunk_size=BATCH)):
        moved = []
        for principal in principals_batch:
            before = _state(principal, fields)
            touched.add(principal.team_id)
            _own(principal, asset, rules.for_asset("principal", principal.name), teams)
            if "environment" not in principal.evidence:
                said = _said(rows, "principal", principal.name, "environment")
                principal.environment = said or asset.environment
            if _state(principal, fields) != before:
                moved.append(principal)
            touched.add(principal.team_id)
        Principal.objects.bulk_update(moved, fields)
    return touched


def _own(row: Secret | Principal, asset: Asset, found: tuple[Match, str] | None, teams: dict[str, int]) -> None:
    if row.owner_kind == OwnershipKind.HAND:
        return
    if found is not None and found[1] in teams:
        row.team_id = teams[found[1]]
        row.owner_kind, row.owner_reason = OwnershipKind.RULE, f"Rule {found[0].text}"[:500]
    elif asset.team_id is not None:
        row.team_id = asset.team_id
        row.owner_kind, row.owner_reason = OwnershipKind.ASSET, f"Team of {asset.name}: {asset.owner_reason}"[:500]
    else:
        row.team_id = None
        row.owner_kind, row.owner_reason = OwnershipKind.NOBODY, "No rule and no asset names a team"


def _said(rows: Described, kind: str, name: str, word: str) -> str:
    """Return what the first rule that fits the name says of a word."""
    for match, row in rows:
        if getattr(row, word) and match.fits_asset(kind, name):
            return str(getattr(row, word))
    return ""


def _state(row: Any, fields: list[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, "team_id" if field == "team" else field) for field in fields)


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
