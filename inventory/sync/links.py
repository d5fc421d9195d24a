"""Joins principals to the roles, groups and policies that they have, as far as the inventory knows these."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from inventory.models import Principal, PrincipalLink

BATCH = 500


def link_members(members: QuerySet[Principal], source: int) -> None:
    """Join members to what they are members of, anywhere in the source; links to what they left are removed."""
    for batch in _batches(members.values_list("pk", "member_of").iterator(chunk_size=BATCH)):
        names = {name for _, member_of in batch for name in member_of}
        groups: dict[str, int] = {}
        for chunk in _batches(iter(sorted(names))):
            found = Principal.objects.present().filter(asset__source=source, external_id__in=chunk)
            groups |= dict(found.values_list("external_id", "pk"))
        wanted = {(pk, groups[name]) for pk, member_of in batch for name in member_of if name in groups}
        links = PrincipalLink.objects.filter(member__in=[pk for pk, _ in batch])
        have = {(member, group): pk for pk, member, group in links.values_list("pk", "member", "group")}
        PrincipalLink.objects.filter(pk__in=[pk for key, pk in have.items() if key not in wanted]).delete()
        new = [PrincipalLink(member_id=member, group_id=group) for member, group in sorted(wanted - have.keys())]
        PrincipalLink.objects.bulk_create(new, ignore_conflicts=True)


def link_across_assets(source: int) -> None:
    """Join members to groups of other assets that were read after them: assets are read in any order."""
    principals = Principal.objects.present().filter(asset__source=source)
    if principals.order_by().values("asset").distinct()[:2].count() > 1:
        link_members(principals.exclude(member_of=[]), source)


def _batches(items: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(items, BATCH)):
        yield batch


__all__ = ["link_across_assets", "link_members"]
