"""What stands around stored secrets, by store: the kind of its source, and the engines that the source has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from inventory.could_be_dynamic import KINDS, Way, way_of
from inventory.models import Asset

ENGINE = "engine"
"""The attribute of an asset that says of which engine it is."""


@dataclass(frozen=True)
class Surroundings:
    """What can be used where a store is. Engines are told by their type alone, whoever owns their mounts."""

    source_kind: str
    engines: frozenset[str]

    def way(self, kind: str) -> Way | None:
        """Return how a secret of that kind could be made on request here."""
        return way_of(kind, self.source_kind, self.engines)


def surroundings(stores: Collection[int] | None = None) -> dict[int, Surroundings]:
    """Return the surroundings of stores by their ids, or of all; one query."""
    # A repository holds no stored secret, and there are very many of them.
    wanted = ~Q(source__kind="repositories") if stores is None else Q(attributes__has_key=ENGINE) | Q(pk__in=stores)
    rows = Asset.objects.present().filter(wanted).order_by().values_list("pk", "source", "source__kind", "attributes")
    found = {pk: (source, kind, str(attributes.get(ENGINE, ""))) for pk, source, kind, attributes in rows}
    engines: dict[int, set[str]] = defaultdict(set)
    for source, _, engine in found.values():
        engines[source].add(engine)
    return {pk: Surroundings(kind, frozenset(engines[source])) for pk, (source, kind, _) in found.items()}


def way_conditions() -> dict[Way, Q]:
    """Return what could be made on request, by the way, as conditions on secrets; one query."""
    stores: dict[tuple[Way, str], list[int]] = defaultdict(list)
    for pk, here in surroundings().items():
        for kind in KINDS:
            if way := here.way(kind):
                stores[way, kind].append(pk)
    conditions = {way: Q(pk__in=[]) for way in Way}
    for (way, of_kind), pks in stores.items():
        conditions[way] |= Q(kind=of_kind, asset__in=pks)
    return conditions
