"""Working out over which stored secrets and environments a value is spread, for everybody and for each team."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, Min

from inventory.models import Holding, Spread
from inventory.models.spread import shape_of

_ALL = None
_FACTS = ("secrets", "shape", "first")


@dataclass
class _Found:
    """What the secrets of one team, or of all, hold of one value."""

    first: int
    environments: Counter[str] = field(default_factory=Counter)

    def row(self, credential: int, team: int | None) -> Spread:
        return Spread(
            credential_id=credential,
            team_id=team,
            secrets=self.environments.total(),
            shape=shape_of(self.environments),
            first=self.first,
        )


def work_out_spread(credentials: Collection[int]) -> None:
    """Set what is kept of the spread of these values; the caller holds the transaction in which they were due."""
    wanted = {(row.credential_id, row.team_id): row for row in _spread(credentials)}
    gone, changed = [], []
    for row in Spread.objects.filter(credential__in=credentials):
        found = wanted.pop((row.credential_id, row.team_id), None)
        if found is None:
            gone.append(row.pk)
        elif any(getattr(row, name) != getattr(found, name) for name in _FACTS):
            found.pk = row.pk
            changed.append(found)
    Spread.objects.filter(pk__in=gone).delete()
    Spread.objects.bulk_update(changed, _FACTS)
    Spread.objects.bulk_create(wanted.values())


def _spread(credentials: Collection[int]) -> list[Spread]:
    found: dict[int, dict[int | None, _Found]] = defaultdict(dict)
    held = Holding.objects.standing().filter(credential__in=credentials).order_by()
    groups = held.values_list("credential", "version__secret__team", "version__secret__environment").annotate(
        # A secret may hold the same value under two of its keys.
        number=Count("version__secret", distinct=True),
        first=Min("pk"),
    )
    for credential, team, environment, number, first in groups:
        # No row for what nobody owns: whoever sees that sees everything.
        for part in {_ALL, team}:
            known = found[credential].setdefault(part, _Found(first))
            known.first = min(known.first, first)
            known.environments[environment] += number
    return [
        part.row(credential, team)
        for credential, parts in found.items()
        if parts[_ALL].environments.total() > 1
        for team, part in parts.items()
    ]
