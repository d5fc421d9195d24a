"""What the items of scores are called and where they stand, as far as one viewer sees; one query for any of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, CharField, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from inventory.models import Credential, Exposure, Holding, Principal, Secret
from inventory.seen import tell_of_place
from posture.accounts.models import Team, User
from posture.accounts.opaque import opaque_id
from posture.accounts.visibility import visible
from posture.incidents.models import Part
from posture.incidents.trigger import trigger_label
from posture.scoring.items import Kind, Thing

_FIELDS = (*("rule", "weak", "severity", "provider", "kind", "confidence"), *("asset", "path", "place", "team"))
_PLACE = {"asset": "asset__name", "path": "path", "team": "team__name"}
SHARED = "A value of several secrets"


@dataclass(frozen=True)
class Named:
    """One thing with the place to name it by."""

    label: str
    url: str
    asset: str
    path: str
    """Empty where the label says it."""
    place: str
    team: str
    credential: Credential | None = None
    """As its place tells of it; None for what is no exposed credential."""

    @property
    def words(self) -> str:
        """Say it in a line."""
        return f"{self.label}, {self.asset}"


def named(user: User, things: Iterable[Thing], team: Team | None = None) -> dict[Thing, Named]:
    """Return those of the things that the viewer sees, of one team's where one is given; others are left out."""
    numbers: dict[Kind, set[int]] = defaultdict(set)
    for thing in things:
        numbers[thing.kind].add(thing.number)
    first, *others = [_rows(kind, user, some, team) for kind, some in numbers.items()] or [Exposure.objects.none()]
    found = {}
    for kind, number, *values in first.union(*others, all=True) if others else first:
        thing = Thing(Kind(kind), number)
        found[thing] = _named(user, thing, dict(zip(_FIELDS, values, strict=True)))
    return found


def _rows(kind: Kind, user: User, numbers: set[int], team: Team | None) -> QuerySet[Any, Any]:
    """Return what names things of one kind, in the columns that all kinds have."""
    if kind == Kind.SECRET:
        secrets = visible(Secret.objects.present().filter(pk__in=numbers), user)
        return _columns(kind, secrets.filter(team=team) if team else secrets, "pk", _PLACE)
    if kind == Kind.PRINCIPAL:
        principals = visible(Principal.objects.present().filter(pk__in=numbers), user)
        return _columns(kind, principals.filter(team=team) if team else principals, "pk", _PLACE | {"path": "name"})
    if kind == Kind.PART:
        parts = visible(Part.objects.all(), user).filter(pk__in=numbers)
        parts = parts.filter(team=team) if team else parts
        shown = Exposure.objects.filter(credential=OuterRef("incident__credential"), team=OuterRef("team"))
        stands = Coalesce(
            Subquery(shown.order_by("gone_at", "severity_rank", "pk").values("asset__name")[:1]),
            "incident__secret__asset__name",
            "incident__principal__asset__name",
            Value(""),
        )
        told = {"asset": "stands", "path": "incident__trigger", "team": "team__name", "severity": "severity"}
        return _columns(kind, parts.annotate(stands=stands), "pk", told)
    if kind == Kind.VALUE:
        held = visible(Holding.objects.standing(), user)
        held = held.filter(version__secret__team=team) if team else held
        rows = Holding.objects.filter(pk__in=_first_of(numbers, held.order_by("pk")))
        place = {name: f"version__secret__{path}" for name, path in _PLACE.items()}
        return _columns(kind, rows, "credential_id", place)
    places = visible(Exposure.objects.present(), user)
    places = places.filter(team=team) if team else places
    ranks = [When(place=place, then=Value(rank)) for rank, place in enumerate(Exposure.Place.values)]
    rank = Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())
    exposures = Exposure.objects.filter(pk__in=_first_of(numbers, places.order_by(rank, "pk")))
    own = {name: name for name in ("rule", "weak", "severity", "place")}
    form = {name: f"credential__{name}" for name in ("provider", "kind", "confidence")}
    return _columns(kind, exposures, "credential_id", _PLACE | own | form)


def _first_of(credentials: set[int], places: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Return the first place of each of these credentials."""
    first = places.filter(credential=OuterRef("pk")).values("pk")[:1]
    return Credential.objects.filter(pk__in=credentials).order_by().values(first=Subquery(first))


def _columns(kind: Kind, rows: QuerySet[Any], number: str, fields: dict[str, str]) -> QuerySet[Any, Any]:
    """Return the kind, the number, and of `_FIELDS` what the rows have; the others are empty."""
    empty: dict[str, Any] = {name: Value("", output_field=CharField()) for name in _FIELDS}
    empty["weak"] = Value(False, output_field=BooleanField())
    columns = [fields.get(name, empty[name]) for name in _FIELDS]
    return rows.order_by().values_list(Value(kind.value, output_field=CharField()), number, *columns)


def _named(user: User, thing: Thing, row: dict[str, Any]) -> Named:
    place = {"asset": row["asset"], "place": row["place"], "team": row["team"] or ""}
    if thing.kind == Kind.SECRET:
        return Named(row["path"], reverse("inventory:secret", args=[thing.number]), path="", **place)
    if thing.kind == Kind.PRINCIPAL:
        return Named(row["path"], reverse("inventory:principal", args=[thing.number]), path="", **place)
    if thing.kind == Kind.PART:
        label = f"Incident: {trigger_label(row['path']).lower()}"
        return Named(label, reverse("incidents:part", args=[thing.number]), path="", **place)
    url = reverse("inventory:credential", args=[opaque_id(user, "credential", thing.number)])
    if thing.kind == Kind.VALUE:
        # Not what a rule says of it: that may come from where others keep it (SECURITY W27).
        return Named(SHARED, url, path=row["path"], **place)
    credential = Credential(pk=thing.number, **{name: row[name] for name in ("provider", "kind", "confidence")})
    told = {name: row[name] for name in ("rule", "weak", "severity")}
    tell_of_place(Exposure(credential=credential, **told))
    return Named(credential.label, url, path=row["path"], credential=credential, **place)
