"""The ways in which a list can be narrowed, for the lists to be made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from inventory.filters import Choices, Filter, Narrow, Selection
from inventory.models import Asset
from posture.accounts.models import Team, User
from posture.accounts.visibility import visible, with_descendants

YES_NO: Choices = (("yes", "Yes"), ("no", "No"))
GONE: Choices = (("yes", "Yes"), ("all", "Both"))
_MOST_DAYS = 36_500
ALONE = "team_only"
"""The filter by a team without the teams below it."""
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


@dataclass(frozen=True)
class TeamFilter(Filter):
    """A filter by team that can say which teams a slug stands for."""

    numbers_of: Callable[[str], list[int]] = lambda slug: []


def team_filters(user: User, narrow: Callable[[QuerySet[Any], list[int]], QuerySet[Any]]) -> list[Filter]:
    """Return the filters by team with the teams below it, and by a team alone, that links set, since a team's page
    and its score count what it owns itself; they know only the teams the viewer sees.
    """
    teams = list(visible(Team.objects.all(), user).values_list("pk", "parent_id", "slug", "name"))
    numbers = {slug: pk for pk, _, slug, _ in teams}
    parents = [(pk, parent) for pk, parent, _, _ in teams]

    def with_those_below(slug: str) -> list[int]:
        return sorted(with_descendants([numbers[slug]], parents))

    def alone(slug: str) -> list[int]:
        return [numbers[slug]]

    choices = [(slug, name) for _, _, slug, name in teams]
    return [
        TeamFilter(
            *("team", "Team", lambda rows, values: narrow(rows, with_those_below(values[0])), choices, "list"),
            numbers_of=with_those_below,
        ),
        TeamFilter(
            *(ALONE, "Team alone", lambda rows, values: narrow(rows, alone(values[0])), choices, "hidden"),
            numbers_of=alone,
        ),
    ]


def chosen_teams(selection: Selection) -> list[int] | None:
    """Return the teams that a selection is narrowed to; None where to none."""
    chosen = [
        set(each.numbers_of(value))
        for name, values in selection.values.items()
        if isinstance(each := selection.filters[name], TeamFilter)
        for value in values
    ]
    return sorted(set.intersection(*chosen)) if chosen else None


def asset_filter(address: QueryDict, user: User, narrow: Narrow) -> Filter:
    """Return the filter by one asset, that links set; it knows the asset only where the viewer sees it."""
    number = address.get("asset", "")
    found: list[tuple[str, str]] = []
    if number.isascii() and number.isdigit() and len(number) < 19:
        rows = visible(Asset.objects.filter(pk=int(number)), user).values_list("name", flat=True)
        found = [(number, name) for name in rows]
    return Filter("asset", "Repository", narrow, found, "hidden")
