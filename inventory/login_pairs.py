"""Secrets whose issuer knows them by an identifier: a key's id beside the key, a role id beside a secret id.

Only the issuer's identifier is in its records, so that a found secret joins them by what stands beside it. A pair is
made where it is sound: in the same file, and one identifier alone is nearest. An identifier without its secret lets
nobody in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from django.db.models import QuerySet

from inventory.detection.provider import formats
from inventory.models import Exposure, Holding

AT_ONCE = 400
Teams = frozenset[int] | None
"""Only what stands in these teams' places is looked at; None: everything."""
_HALF = "secret"
"""What stores call the other half: `secret_access_key`, `secret_id`."""


@cache
def named_by() -> dict[str, str]:
    """Return the format of a secret → that of the identifier by which its issuer knows it."""
    return {slug: form.named_by for slug, (_, form) in formats().items() if form.named_by}


@cache
def identifiers() -> frozenset[str]:
    """Return the formats that are an identifier alone."""
    return frozenset(named_by().values())


def named_beside(secrets: Collection[int], within: Teams = None) -> list[tuple[int, int]]:
    """Return secrets with the identifier that stands beside them, where that is one alone; as values' numbers."""
    found: set[tuple[int, int]] = set()
    for own, beside in _with_neighbours(secrets, set(named_by()), identifiers(), within):
        near = [(abs(own.line - other.line), other.value) for other in beside if other.rule == named_by()[own.rule]]
        least = min((distance for distance, _ in near), default=0)
        nearest = {identifier for distance, identifier in near if distance == least}
        if len(nearest) == 1:
            found.add((own.value, nearest.pop()))
    return sorted(found)


def secrets_beside(names: Collection[int], within: Teams = None) -> list[tuple[int, int]]:
    """Return the same pairs, found from their identifiers."""
    halves = _with_neighbours(names, identifiers(), set(named_by()), within)
    near = {other.value for own, beside in halves for other in beside if named_by()[other.rule] == own.rule}
    wanted = set(names)
    return [pair for pair in named_beside(near, within) if pair[1] in wanted]


def complete(names: Collection[int], within: Teams = None) -> set[int]:
    """Return the identifiers that stand beside their secret anywhere: in a file, or in a version of a stored secret."""
    found = {identifier for _, identifier in secrets_beside(names, within)}
    rows = Holding.objects.standing().filter(version__secret__logs_in_as="")
    if within is not None:
        rows = rows.filter(version__secret__team__in=within)
    for chunk in _chunks(set(names) - found):
        held = list(rows.filter(credential__in=chunk).values_list("credential", "version"))
        versions = complete_in_stores({version for _, version in held})
        found |= {credential for credential, version in held if version in versions}
    return found


def complete_in_stores(versions: Collection[int]) -> set[int]:
    """Return the versions of stored secrets that hold something by the name of a secret beside an identifier."""
    found: set[int] = set()
    for chunk in _chunks(versions):
        rows = Holding.objects.filter(version__in=chunk).exclude(credential__rule__in=identifiers())
        found |= {version for version, key in rows.values_list("version", "key") if _HALF in key.lower()}
    return found


class _Standing(NamedTuple):
    value: int
    rule: str
    asset: int
    path: str
    line: int


_COLUMNS = ("credential", "rule", "asset", "path_digest", "latest_line")


def _with_neighbours(
    values: Collection[int], rules: Collection[str], beside: Collection[str], within: Teams
) -> Iterator[tuple[_Standing, list[_Standing]]]:
    """Yield each place of the values with what stands in the same file; two queries for very many values."""
    rows: QuerySet[Exposure] = Exposure.objects.present().order_by("pk")
    if within is not None:
        rows = rows.filter(team__in=within)
    for chunk in _chunks(values):
        places = [_Standing(*row) for row in rows.filter(credential__in=chunk, rule__in=rules).values_list(*_COLUMNS)]
        for some in _parts(places):
            assets, paths = {place.asset for place in some}, {place.path for place in some}
            near = rows.filter(asset__in=assets, path_digest__in=paths, rule__in=beside)
            in_file: dict[tuple[int, str], list[_Standing]] = defaultdict(list)
            for row in near.values_list(*_COLUMNS):
                other = _Standing(*row)
                in_file[other.asset, other.path].append(other)
            for place in some:
                yield place, in_file[place.asset, place.path]


def _chunks(values: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def _parts(places: list[_Standing]) -> Iterator[list[_Standing]]:
    for start in range(0, len(places), AT_ONCE):
        yield places[start : start + AT_ONCE]


__all__ = ["complete", "complete_in_stores", "identifiers", "named_beside", "named_by", "secrets_beside"]
