"""What the lists of exposures, credentials and assets can be narrowed and ordered by, for one viewer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial, reduce
from operator import or_
from typing import Any

from django.db.models import DateTimeField, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Substr
from django.http import QueryDict

from inventory.collector import asset_kind_labels
from inventory.detection.provider import CredentialKind, providers
from inventory.filters import Choices, Filter, Narrow, Selection, select
from inventory.given_away import given_away
from inventory.keyset import Key, Order
from inventory.models import Asset, Credential, Exposure, Holding, Source
from inventory.models.assets import Tier, Visibility, coverage_conditions
from inventory.models.secrets import Severity, Validity
from inventory.narrowing import (
    GONE,
    LONG_AGO,
    YES_NO,
    asset_filter,
    chosen_teams,
    contains,
    days_ago,
    gone,
    is_in,
    newer,
    older,
    team_filters,
    yes_no,
)
from inventory.queries import managed_condition
from inventory.seen import of_kind, of_provider, seen, tell
from posture.accounts.models import User
from posture.accounts.opaque import opaque_id, row_number
from posture.accounts.visibility import visible

COVERAGE: Choices = (
    ("fresh", "Read in time"),
    ("stale", "Not read in time"),
    ("never", "Never read"),
    ("partial", "Last read partial"),
    ("failed", "Last read failed"),
)


def _gone_credential(held: QuerySet[Exposure]) -> Narrow:
    """Gone for this viewer: what stands in other teams' places is not theirs to learn here."""
    gone = ~Q(pk__in=held.values("credential"))
    return lambda queryset, values: queryset if values == ["all"] else queryset.filter(gone)


def _provider_choices() -> Choices:
    return [(provider.slug, provider.label) for provider in providers().values()]


def _kind_choices() -> Choices:
    return [(kind.value, kind.label) for kind in CredentialKind]


def _asset_kinds() -> Choices:
    return sorted(asset_kind_labels().items())


def _severity_ranked(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    return queryset.filter(told_rank__in=[Severity.values.index(value) for value in values])


def _of_credential(
    user: User, credential: str, *, severity: Narrow, kind: Narrow, provider: Narrow, validity: str
) -> list[Filter]:
    """Return the filters that both exposures and credentials have; `credential` leads to its id."""
    return [
        Filter("severity", "Severity", severity, Severity.choices),
        Filter("kind", "Kind", kind, _kind_choices()),
        Filter("validity", "Valid", is_in(validity), Validity.choices),
        Filter("managed", "Managed", yes_no(managed_condition(user, credential)), YES_NO, "pick"),
        Filter("provider", "Provider", provider, _provider_choices(), "list"),
    ]


def _credential_filter(address: QueryDict, user: User) -> Filter:
    """Return the filter by one credential, that links set; it knows it only under the viewer's own id."""
    opaque = address.get("credential", "")
    number = row_number(user, "credential", opaque)
    rows = list(visible(Credential.objects.filter(pk=-1 if number is None else number), user))
    tell(user, rows)

    def narrow(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return queryset.filter(credential=number)

    found = [(opaque, row.label) for row in rows] if opaque else []
    return Filter("credential", "Credential", narrow, found, "hidden")


def _introduced_filter(address: QueryDict, held: QuerySet[Exposure]) -> Filter:
    """Return the filter by the days between which a credential came, that charts set: 2026-11-16..2026-11-22."""
    value = address.get("introduced", "")
    first, dots, last = value.partition("..")
    days = [_day(first), _day(last)]
    # What stands in a store only is not judged, and came from nowhere.
    condition, words = Q(told_unjudged=True, pk__in=held.values("credential")), "not known yet"
    if dots:
        start, end = days
        condition, words = Q(told_unjudged=False, told_introduced_at__isnull=False), "at any time"
        if start:
            condition &= Q(told_introduced_at__gte=start)
            words = f"since {start:%d %b %Y}"
        if end:
            condition &= Q(told_introduced_at__lt=end + timedelta(days=1))
            words = f"{start:%d %b %Y} to {end:%d %b %Y}" if start else f"until {end:%d %b %Y}"
    known = value == "unknown" or (dots and all(day or not text for day, text in zip(days, (first, last), strict=True)))
    choices = [(value, words)] if known else []
    return Filter("introduced", "Introduced", lambda rows, values: rows.filter(condition), choices, "hidden")


def _day(text: str) -> datetime | None:
    """Return the start of a day written 2026-11-16; None where it is none, or one that no commit can have."""
    if re.fullmatch(r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}", text, re.ASCII) is None:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None


def exposures(user: User, address: QueryDict) -> Selection:
    """Read what a list of exposures is asked for.

    Raises:
        UnknownFilter: it asks for what does not exist.
    """
    filters = [
        Filter("q", "Text", contains("path", "asset__name"), (), "text", "Repository or path"),
        *_of_credential(
            user,
            "credential",
            severity=is_in("severity"),
            kind=lambda queryset, values: queryset.filter(of_kind(values)),
            provider=lambda queryset, values: queryset.filter(of_provider(values)),
            validity="credential__validity",
        ),
        Filter("place", "Stands at", is_in("place"), Exposure.Place.choices),
        Filter("owned", "Owned", yes_no(Q(team__isnull=False)), YES_NO, "pick"),
        Filter("given", "Given away by CODEOWNERS", lambda q, v: yes_no(given_away())(q, v), YES_NO, "pick"),
        Filter("test", "In a test path", yes_no(Q(in_test_path=True)), YES_NO, "pick"),
        Filter("gone", "Gone", gone, GONE, "pick"),
        *team_filters(user, lambda queryset, teams: queryset.filter(team__in=teams)),
        Filter("older", "Older than, days", older("first_at"), (), "number"),
        Filter("newer", "Newer than, days", newer("first_at"), (), "number"),
        asset_filter(address, user, is_in("asset")),
        _credential_filter(address, user),
    ]
    rank, first, latest = Key("severity_rank", int), Key("first_at", datetime), Key("latest_at", datetime)
    orders = {
        # The worst first: a high severity has a low rank.
        "-severity": Order((rank, Key("first_at", datetime, descending=True)), descending_ids=True),
        "severity": Order((Key("severity_rank", int, descending=True), first)),
        "-first": Order((Key("first_at", datetime, descending=True),), descending_ids=True),
        "first": Order((first,)),
        "-latest": Order((Key("latest_at", datetime, descending=True),), descending_ids=True),
        "latest": Order((latest,)),
        "path": Order((Key("path_start"),)),
        "-path": Order((Key("path_start", descending=True),), descending_ids=True),
    }
    return select(address, filters, orders)


def exposure_rows(user: User, selection: Selection) -> QuerySet[Exposure]:
    """Return the exposures the viewer sees and the selection keeps, ready for its orders."""
    rows = visible(Exposure.objects.all(), user)
    if "gone" not in selection.values:
        rows = rows.present()  # type: ignore[attr-defined]
    rows = rows.select_related("asset", "credential", "team").defer("asset__codeowners", "asset__cursor")
    return selection.narrow(
        # A path may be longer than an address: its beginning sorts, the id makes it total.
        rows.annotate(path_start=Substr("path", 1, 200))
    )


def credentials(user: User, address: QueryDict) -> Selection:
    """Read what a list of credentials is asked for.

    Raises:
        UnknownFilter: it asks for what does not exist.
    """
    held = visible(Exposure.objects.present(), user)

    def of(condition: Callable[[list[str]], Q]) -> Narrow:
        return lambda queryset, values: queryset.filter(pk__in=held.filter(condition(values)).values("credential"))

    filters = [
        Filter(
            "q",
            "Text",
            of(lambda v: Q(path__icontains=v[0]) | Q(asset__name__icontains=v[0])),
            (),
            "text",
            "Repository or path",
        ),
        *_of_credential(
            user,
            "pk",
            severity=_severity_ranked,
            kind=is_in("told_kind"),
            provider=is_in("told_provider"),
            validity="validity",
        ),
        Filter("place", "Stands at", of(lambda values: Q(place__in=values)), Exposure.Place.choices),
        Filter("exposed", "Exposed", yes_no(Q(pk__in=held.values("credential"))), YES_NO, "pick"),
        Filter("gone", "Gone", _gone_credential(held), GONE, "pick"),
        *team_filters(
            user, lambda queryset, teams: queryset.filter(pk__in=held.filter(team__in=teams).values("credential"))
        ),
        Filter(
            "older",
            "Older than, days",
            of(lambda v: Q(first_at__lte=days_ago(v))),
            (),
            "number",
        ),
        Filter(
            "newer",
            "Newer than, days",
            of(lambda v: Q(first_at__gt=days_ago(v))),
            (),
            "number",
        ),
        asset_filter(address, user, of(lambda values: Q(asset__in=values))),
        _introduced_filter(address, held),
    ]
    # Ties are broken by the viewer's own first place: the credential's number tells whether it was known before.
    make = partial(
        Order,
        identity="told_place",
        write_id=lambda pk: opaque_id(user, "place", pk),
        read_id=lambda given: row_number(user, "place", given) if isinstance(given, str) else None,
    )
    rank = Key("told_rank", int)
    orders = {
        "-severity": make((rank,)),
        "severity": make((Key("told_rank", int, descending=True),)),
        "kind": make((Key("told_kind"), rank)),
        "-kind": make((Key("told_kind", descending=True), rank)),
        "provider": make((Key("told_provider"), rank)),
        "-provider": make((Key("told_provider", descending=True), rank)),
    }
    return select(address, filters, orders)


def places_told(selection: Selection) -> QuerySet[Exposure] | None:
    """Return the places that a list of credentials tells of: those of the teams it is narrowed to; None: all."""
    teams = chosen_teams(selection)
    return None if teams is None else Exposure.objects.filter(team__in=teams)


def credential_rows(user: User, selection: Selection) -> QuerySet[Credential]:
    """Return the credentials the viewer sees and the selection keeps, ready for its orders.

    Of a team they tell what its own places say, as the team's page counts them.
    """
    rows = visible(seen(user, places_told(selection)), user)
    if "gone" not in selection.values:
        here = visible(Exposure.objects.present(), user).values("credential")
        rows = rows.filter(Q(pk__in=here) | Q(pk__in=visible(Holding.objects.kept(), user).values("credential")))
    return selection.narrow(rows)


def assets(user: User, address: QueryDict) -> Selection:
    """Read what a list of assets is asked for.

    Raises:
        UnknownFilter: it asks for what does not exist.
    """
    filters = [
        Filter("q", "Text", contains("name"), (), "text", "Name"),
        Filter("coverage", "Read", _covered, COVERAGE, "checks"),
        Filter("owned", "Owned", yes_no(Q(team__isnull=False)), YES_NO, "pick"),
        Filter("kind", "Kind", is_in("kind"), _asset_kinds()),
        Filter("tier", "Tier", is_in("tier"), Tier.choices),
        Filter("visibility", "Visibility", is_in("visibility"), Visibility.choices),
        Filter("gone", "Gone", gone, GONE, "pick"),
        *team_filters(user, lambda queryset, teams: queryset.filter(team__in=teams)),
    ]
    if user.sees_everything:
        sources = Source.objects.values_list("pk", "name")
        filters.append(Filter("source", "Source", is_in("source"), [(str(pk), name) for pk, name in sources], "hidden"))
    orders = {
        "name": Order((Key("name"),)),
        "-name": Order((Key("name", descending=True),), descending_ids=True),
        "read": Order((Key("complete_at", datetime),)),
        "-read": Order((Key("complete_at", datetime, descending=True),), descending_ids=True),
    }
    return select(address, filters, orders)


def asset_rows(user: User, selection: Selection) -> QuerySet[Asset]:
    """Return the assets the viewer sees and the selection keeps, ready for its orders."""
    rows = visible(Asset.objects.all(), user)
    if "gone" not in selection.values:
        rows = rows.filter(gone_at=None)
    rows = rows.select_related("team", "source").defer("codeowners", "cursor")
    never = Value(LONG_AGO, output_field=DateTimeField())
    return selection.narrow(rows.annotate(complete_at=Coalesce("last_complete_at", never)))


def _covered(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    conditions = coverage_conditions()
    return queryset.filter(reduce(or_, (conditions[value] for value in values)))
