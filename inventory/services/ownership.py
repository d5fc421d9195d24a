"""Working out whose things are, and assigning what nobody owns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import transaction
from django.utils import timezone

from inventory.codeowners import Codeowners, parse
from inventory.models import Asset, Credential, Exposure, OwnershipRule
from inventory.models.assets import OwnershipKind
from inventory.ownership import Match, OwnedAsset, Owner, OwnershipRules, owner_of, owner_of_asset
from inventory.services.store_owners import own_stored
from inventory.severity import is_test_path
from posture.accounts.models import Team, User

BATCH = 500


def assign_owner(*, assets: Sequence[Asset], exposures: Sequence[Exposure], team: Team, by: User) -> int:
    """Give assets and exposures to a team by hand; returns how many. What the rules say no longer counts for them."""
    reason = f"Assigned by {by.name} on {timezone.now():%d %b %Y}"
    given = {"team": team, "owner_kind": OwnershipKind.HAND, "owner_reason": reason[:500]}
    with transaction.atomic():
        parents = Asset.objects.filter(exposures__in=exposures).values("pk")
        before = set(Team.objects.filter(exposures__in=exposures).values_list("pk", flat=True))
        before |= set(Team.objects.filter(assets__in=assets).values_list("pk", flat=True))
        changed = Asset.objects.filter(pk__in=[asset.pk for asset in assets]).update(owner_due=True, **given)
        changed += Exposure.objects.filter(pk__in=[exposure.pk for exposure in exposures]).update(**given)
        Asset.objects.filter(pk__in=parents).update(owner_due=True)
        Team.objects.filter(pk__in=before | {team.pk}).update(score_due=True)
    return changed


def rules_changed() -> None:
    """Have every owner worked out again, after a change of rules, teams or handles."""
    Asset.objects.update(owner_due=True)


def ownership_rules() -> tuple[OwnershipRules, list[tuple[Match, OwnershipRule]]]:
    """Return the organisation's rules for the pure functions, and the rows that also describe assets."""
    rows = list(OwnershipRule.objects.select_related("team"))
    teams = list(Team.objects.select_related("parent"))
    rules = OwnershipRules.of(
        [(row.match, row.team.slug) for row in rows if row.team],
        {team.slug: _handles(team) for team in teams},
        names={team.slug: team.name for team in teams},
        parents={team.slug: team.parent.slug if team.parent else None for team in teams},
    )
    return rules, [(Match.parse(row.match), row) for row in rows]


def _handles(team: Team) -> list[str]:
    """Return what in a CODEOWNERS file means the team: its handles and its slug."""
    return [*team.handles, f"@{team.slug}"]


def work_out_owners() -> int:
    """Work out the owner of every asset that is due, and of its exposures; returns how many assets."""
    due = list(Asset.objects.filter(owner_due=True).values_list("pk", flat=True))
    if not due:
        return 0
    rules, rows = ownership_rules()
    teams = dict(Team.objects.values_list("slug", "pk"))
    for pk in due:
        with transaction.atomic():
            asset = (
                Asset.objects.select_for_update(of=("self",))
                .select_related("team")
                .filter(pk=pk, owner_due=True)
                .first()
            )
            if asset is not None:
                _own(asset, rules, rows, teams)
    return len(due)


def _own(asset: Asset, rules: OwnershipRules, rows: list[tuple[Match, OwnershipRule]], teams: dict[str, int]) -> None:
    touched: set[int | None] = {asset.team_id}
    codeowners = parse(asset.codeowners) if asset.codeowners else None
    _describe(asset, rows)
    hand = asset.team.slug if asset.owner_kind == OwnershipKind.HAND and asset.team else None
    if hand is None:
        owner = owner_of_asset(asset.kind, asset.name, codeowners, rules)
        asset.team_id = teams.get(owner.team or "")
        asset.owner_kind, asset.owner_reason = owner.kind.value, owner.reason[:500]
    asset.owner_due = False
    asset.save(update_fields=["team", "owner_kind", "owner_reason", "owner_due", "tier", "environment", "visibility"])
    touched.add(asset.team_id)
    slug = next((name for name, pk in teams.items() if pk == asset.team_id), None)
    owned = OwnedAsset(asset.kind, asset.name, slug, asset.owner_reason, by_hand=hand is not None)
    by_path: dict[str, Owner] = {}
    rows_of_asset = Exposure.objects.filter(asset=asset).only(
        "path", "team", "owner_kind", "owner_reason", "in_test_path", "credential"
    )
    iterator = rows_of_asset.iterator(chunk_size=BATCH)
    while batch := list(islice(iterator, BATCH)):
        touched |= _own_exposures(batch, codeowners, rules, owned, teams, by_path)
    touched |= own_stored(asset, rules, rows, teams)
    Credential.objects.filter(exposures__asset=asset).update(severity_due=True)
    Team.objects.filter(pk__in=[pk for pk in touched if pk is not None]).update(score_due=True)


def _own_exposures(
    batch: list[Exposure],
    codeowners: Codeowners | None,
    rules: OwnershipRules,
    owned: OwnedAsset,
    teams: dict[str, int],
    by_path: dict[str, Owner],
) -> set[int | None]:
    touched: set[int | None] = set()
    changed = []
    for row in batch:
        before = (row.team_id, row.owner_kind, row.owner_reason, row.in_test_path)
        row.in_test_path = is_test_path(row.path)
        if row.owner_kind != OwnershipKind.HAND:
            if row.path not in by_path:
                by_path[row.path] = owner_of(row.path, codeowners, rules, owned)
            owner = by_path[row.path]
            row.team_id = teams.get(owner.team or "")
            row.owner_kind, row.owner_reason = owner.kind.value, owner.reason[:500]
        if (row.team_id, row.owner_kind, row.owner_reason, row.in_test_path) != before:
            changed.append(row)
            touched |= {before[0]}
        touched.add(row.team_id)
    Exposure.objects.bulk_update(changed, ["team", "owner_kind", "owner_reason", "in_test_path"], batch_size=BATCH)
    return touched


def _describe(asset: Asset, rows: Iterable[tuple[Match, OwnershipRule]]) -> None:
    """Apply what the rules say of an asset beside its team: for each word the first rule that says one."""
    said: dict[str, str] = {}
    for match, row in rows:
        if match.fits_asset(asset.kind, asset.name):
            for word in ("tier", "environment", "visibility"):
                if getattr(row, word):
                    said.setdefault(word, getattr(row, word))
    for word, value in said.items():
        setattr(asset, word, value)
