"""The ways in which a list can be narrowed, for the lists to be made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from inventory.filters import Choices, Filter, Narrow
from inventory.models import Asset
from posture.accounts.models import Team, User
from posture.accounts.visibility import visible, with_descendants

YES_NO: Choices = (("yes", "Yes"), ("no", "No"))
GONE: Choices = (("yes", "Yes"), ("all", "Both"))
_MOST_DAYS = 36_500
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def is_in(path: str) -> Narrow:
    """Keep rows with one of the chosen values."""
    return lambda queryset, values: queryset.filter(**{f"{path}__in": values})


def yes_no(yes: Q) -> Narrow:
    """Keep rows that meet a condition, or those that do not."""
    return lambda queryset, values: queryset.filter(yes if values == ["yes"] else ~yes)


def contains(*paths: str) -> Narrow:
    """Keep rows with the text in one of some fields."""

    def narrow(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        condition = Q()
        for path in paths:
            condition |= Q(**{f"{path}__icontains": values[0]})
        return queryset.filter(condition)

    return narrow


def days_ago(values: list[str]) -> datetime:
    """Return the moment so many days back; none before the calendar begins."""
    return timezone.now() - timedelta(days=min(int(values[0]), _MOST_DAYS))


def older(path: str) -> Narrow:
    """Keep rows whose moment lies at least so many days back."""
    return lambda queryset, values: queryset.filter(**{f"{path}__lte": days_ago(values)})


def newer(path: str) -> Narrow:
    """Keep rows whose moment lies within so many days."""
    return lambda queryset, values: queryset.filter(**{f"{path}__gt": days_ago(values)})


def gone(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    """Keep what is gone, or add it."""
    return queryset if values == ["all"] else queryset.filter(gone_at__isnull=False)


def team_filter(user: User, narrow: Callable[[QuerySet[Any], list[int]], QuerySet[Any]]) -> Filter:
    """Return the filter by team, with the teams below it; it knows only the teams the viewer sees."""
    teams = list(visible(Team.objects.all(), user).values_list("pk", "parent_id", "slug", "name"))
    numbers = {slug: pk for pk, _, slug, _ in teams}
    parents = [(pk, parent) for pk, parent, _, _ in teams]

    def by_slug(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        return narrow(queryset, sorted(with_descendants([numbers[values[0]]], parents)))

    return Filter("team", "Team", by_slug, [(slug, name) for _, _, slug, name in teams], "list")


def asset_filter(address: QueryDict, user: User, narrow: Narrow) -> Filter:
    """Return the filter by one asset, that links set; it knows the asset only where the viewer sees it."""
    number = address.get("asset", "")
    found: list[tuple[str, str]] = []
    if number.isascii() and number.isdigit() and len(number) < 19:
        rows = visible(Asset.objects.filter(pk=int(number)), user).values_list("name", flat=True)
        found = [(number, name) for name in rows]
    return Filter("asset", "Repository", narrow, found, "hidden")
