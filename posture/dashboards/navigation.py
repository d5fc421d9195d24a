"""What the frame around every page needs: where one is, where one can go, and what waits there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import IntegerField, Max, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from inventory.models import Exposure, Run, Source
from inventory.queries import is_silent
from posture.accounts.models import User
from posture.accounts.visibility import visible
from posture.incidents.models import Part

MOST = 1000
"""Rows a count in the navigation looks at; more is shown as `1,000+`, so that a page never waits for it."""


@dataclass(frozen=True)
class Item:
    """One entry of the navigation."""

    label: str
    url_name: str
    icon: str = ""
    covers: tuple[str, ...] = ()
    """Other addresses that belong to this entry."""
    everything: bool = False
    """Whether only those who see everything have it."""
    help: bool = False
    url: str = ""
    current: bool = False
    count: str = ""
    tone: str = ""
    children: tuple[Item, ...] = ()


MAIN = (
    Item("Overview", "dashboards:overview", "grid"),
    Item("Teams", "dashboards:teams", "team", covers=("dashboards:team",)),
    Item("Incidents", "incidents:inbox", "alert", covers=("incidents:part",)),
    Item(
        "Inventory",
        "inventory:exposures",
        "box",
        children=(
            Item("Credentials", "inventory:credentials", covers=("inventory:credential",)),
            Item("Exposures", "inventory:exposures"),
            Item("Stored secrets", "inventory:secrets", covers=("inventory:secret",)),
            Item("Rotation", "dashboards:rotation"),
            Item("Reuse", "inventory:reuse"),
            Item("Access", "inventory:principals", covers=("inventory:principal",)),
            Item("Policies", "inventory:policies", covers=("inventory:policy-edit", "inventory:exemptions")),
            Item("Assets", "inventory:assets", covers=("inventory:asset",)),
            Item(
                "Sources",
                "inventory:sources",
                covers=("inventory:source", "inventory:source-add", "inventory:run"),
                everything=True,
            ),
            Item("Unowned", "inventory:unowned", everything=True),
        ),
    ),
)
FOOT = (
    Item("Help", "inventory:help", "help", help=True),
    Item(
        "Settings",
        "accounts:settings",
        "cog",
        covers=(
            "accounts:tokens",
            "accounts:people",
            "accounts:person",
            "accounts:invite",
            "accounts:teams",
            "accounts:team",
        ),
    ),
)


def address(url_name: str) -> str:
    """Return the address of a page, or nothing where this installation has no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


class Navigation:
    """The navigation of one answer; counts are read only when a page shows them, not for a fragment."""

    def __init__(self, user: User, current: str) -> None:
        self.user = user
        self.current = current

    @property
    def home(self) -> str:
        """Where the product's name leads."""
        return address("dashboards:overview") or "/"

    @property
    def sign_out(self) -> str:
        """Where the sign-out form is sent."""
        return address("accounts:sign-out")

    @cached_property
    def main(self) -> list[Item]:
        """Return the entries the person has, with counts."""
        return self._entries(MAIN)

    @cached_property
    def foot(self) -> list[Item]:
        """Return the entries at the foot."""
        return self._entries(FOOT)

    def _entries(self, items: tuple[Item, ...]) -> list[Item]:
        entries = []
        for item in items:
            url = address(item.url_name)
            if not url or (item.everything and not self.user.sees_everything):
                continue
            count, tone = self._counts.get(item.url_name, ("", "")) if not item.children else ("", "")
            here = self.current == item.url_name or self.current in item.covers
            children = tuple(self._entries(item.children))
            entries.append(
                replace(item, url=url, current=here and not children, count=count, tone=tone, children=children)
            )
        return entries

    @cached_property
    def _counts(self) -> dict[str, tuple[str, str]]:
        places, late = visible(Exposure.objects.present(), self.user), visible(Part.objects.overdue(), self.user)
        # One question for both: each page asks it.
        both = User.objects.filter(pk=self.user.pk).values_list(_number_of(places), _number_of(late))
        exposures, overdue = both.get()
        counts = {
            "inventory:exposures": (_told(exposures), ""),
            "incidents:inbox": (f"{_told(overdue)} late" if overdue else "", "bad"),
        }
        if self.user.sees_everything:
            read = Q(runs__status__in=[Run.Status.COMPLETE, Run.Status.PARTIAL])
            sources = Source.objects.filter(enabled=True).annotate(last_read_at=Max("runs__finished_at", filter=read))
            now = timezone.now()
            silent = sum(is_silent(source, source.last_read_at, now) for source in sources)
            counts["inventory:sources"] = (f"{silent:,} silent", "bad") if silent else ("", "")
        return counts


class _CountOf(Subquery):
    """The number of rows of a subquery, for the database to count."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    # Who is in no team sees nothing, and the database is not even asked.
    empty_result_set_value = 0


def _number_of(rows: QuerySet[Any]) -> Subquery:
    return _CountOf(rows.order_by().values("pk")[: MOST + 1], output_field=IntegerField())


def _told(number: int) -> str:
    return f"{MOST:,}+" if number > MOST else f"{number:,}" if number else ""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Hand the frame its navigation; nothing for those who are not signed in."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_authenticated:
        # request.user is lazy, so isinstance sees through it.
        return {}
    match = request.resolver_match
    return {"nav": Navigation(user, match.view_name if match else "")}
