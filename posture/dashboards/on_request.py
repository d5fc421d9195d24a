"""How secrets are kept, and which of those that are changed by hand need not be kept at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q

from inventory.could_be_dynamic import KINDS, Way
from inventory.models import Secret
from inventory.secret_listing import by_hand
from inventory.store_records import SecretKind
from inventory.surroundings import surroundings


@dataclass
class KindShare:
    """How the secrets of one kind are kept."""

    kind: str
    ephemeral: int = 0
    ends_unknown: int = 0
    """Ephemeral ones of which nobody tells whether all that was issued could be ended."""
    by_itself: int = 0
    by_hand: int = 0
    stores: Counter[int] = field(default_factory=Counter)
    """By their store, those that are changed by hand."""

    @property
    def label(self) -> str:
        """The kind in words."""
        known = self.kind in SecretKind._value2member_map_
        return SecretKind(self.kind).label if known else self.kind or "Kind not told"

    @property
    def total(self) -> int:
        """All of the kind."""
        return self.ephemeral + self.by_itself + self.by_hand


def shares(rows: Any) -> list[KindShare]:
    """Count secrets by kind and by how they are kept, most by hand first; one query."""
    found: dict[str, KindShare] = {}
    lasting = Q(ephemeral=None) | Q(ephemeral=False)
    counts = (
        rows.order_by()
        .values_list("kind", "asset")
        .annotate(
            ephemeral_count=Count("pk", filter=Q(ephemeral=True)),
            untold=Count("pk", filter=Q(ephemeral=True, rotation_failed=None)),
            itself=Count("pk", filter=lasting & Q(auto_rotated=True)),
            hand=Count("pk", filter=by_hand()),
        )
    )
    for kind, store, ephemeral, untold, itself, hand in counts:
        share = found.setdefault(kind, KindShare(kind))
        share.ephemeral += ephemeral
        share.ends_unknown += untold
        share.by_itself += itself
        share.by_hand += hand
        if hand:
            share.stores[store] += hand
    return sorted(found.values(), key=lambda share: (-share.by_hand, share.kind))


@dataclass(frozen=True)
class WayShare:
    """How many secrets could be made on request in one way, why, and where they are listed."""

    label: str
    reason: str
    count: int
    url: str


@dataclass(frozen=True)
class OnRequest:
    """What could be made on request, by the way, and the first of it."""

    count: int = 0
    ways: Sequence[WayShare] = ()
    rows: Sequence[Secret] = ()
    url: str = ""


def on_request(rows: Any, kept: Sequence[KindShare], address: Callable[[Sequence[Way]], str], most: int) -> OnRequest:
    """Put together what could be made on request among secrets changed by hand; two queries, or none.

    Of the first rows, those whose engine is there already come first, then the oldest.
    """
    stores = {store for share in kept if share.kind in KINDS for store in share.stores}
    if not stores:
        return OnRequest()
    around = surroundings(stores)
    counts: Counter[Way] = Counter()
    where: dict[tuple[Way, str], list[int]] = defaultdict(list)
    for share in kept:
        for store, number in share.stores.items():
            way = around[store].way(share.kind) if store in around else None
            if way is not None:
                counts[way] += number
                where[way, share.kind].append(store)
    if not counts:
        return OnRequest()
    ways = [way for way in Way if counts[way]]
    readiest = [Q(kind=kind, asset__in=found) for (way, kind), found in where.items() if way is ways[0]]
    first = rows.filter(by_hand()).filter(reduce(or_, readiest)).select_related("asset", "team")
    return OnRequest(
        counts.total(),
        [WayShare(way.label, way.reason, counts[way], address([way])) for way in ways],
        list(first.order_by("created_at", "pk")[:most]),
        address(ways),
    )
