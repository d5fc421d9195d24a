"""Lists with the filters and orders of the pages: what a page's address selects, the API selects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from inventory.filters import ORDER, PLACES, Filter, Selection, UnknownFilter
from inventory.keyset import BadCursor, Order, Page, paginate
from posture.accounts.models import User
from posture.accounts.opaque import opaque_id, row_number
from posture.api import BadParameter, Pages, unreadable
from posture.api.endpoint import Endpoint
from posture.api.parameters import PAGE, refuse_unknown

AFTER, BEFORE = "after.", "before."


class KeyPages(Pages):
    """Pages by the sort values of their first and last rows, for any order that the view names."""

    keyset: Page[Any]

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return one page's rows."""
        self.base_url = request.build_absolute_uri()
        place = request.query_params.get("cursor", "")
        if place and not place.startswith((AFTER, BEFORE)):
            unreadable()
        direction, _, cursor = place.partition(".")
        try:
            self.keyset = paginate(
                queryset, view.order, size=self.get_page_size(request), **({direction: cursor} if place else {})
            )
        except BadCursor:
            unreadable()
        return self.keyset.rows

    def get_next_link(self) -> str | None:
        """Return the address of what comes after."""
        return self._link(AFTER, self.keyset.after)

    def get_previous_link(self) -> str | None:
        """Return the address of what comes before."""
        return self._link(BEFORE, self.keyset.before)

    def _link(self, direction: str, place: str) -> str | None:
        return replace_query_param(str(self.base_url), "cursor", f"{direction}{place}") if place else None


class SelectedEndpoint(Endpoint):
    """An endpoint over one of the pages' listings, with exactly its filters and orders."""

    pagination_class = KeyPages
    select: Any
    """Reads an address for a viewer: a function of `inventory.listings`."""
    rows: Any
    """Returns the rows of what it read."""
    opaque = ""
    """What its ids are made opaque as; empty: they are the rows' own."""
    more_parameters: ClassVar[tuple[OpenApiParameter, ...]] = ()
    """Filters that only some viewers have."""
    words: ClassVar[dict[str, str]] = {}
    """What filters mean in this list, where that is not what they mean elsewhere."""
    open_filters: ClassVar[tuple[str, ...]] = ()
    """Filters whose values depend on what the viewer sees."""
    selection: Selection

    def check_parameters(self) -> None:
        """Read the address; what it asks for and is not there is told with what is."""
        if self.action not in self.narrowed_actions:
            super().check_parameters()
            return
        places = PAGE if self.action == "list" else ()
        address = self.request.query_params.copy()
        for name in (*places, *PLACES):
            address.pop(name, None)
        try:
            self.selection = self.select(self.viewer, address)
        except UnknownFilter as error:
            known = [name for name in error.allowed if name not in PLACES]
            # A list of names has its places at the end, which here are `cursor` and `page_size`.
            raise BadParameter(str(error), known + (list(places) if len(known) < len(error.allowed) else [])) from None
        if set(PLACES) & set(self.request.query_params):
            refuse_unknown(self.request, [*self.selection.filters, ORDER, *places])
        if any(len(self.request.query_params.getlist(name)) > 1 for name in (ORDER, *places)):
            raise BadParameter("A parameter is there twice.")

    @property
    def order(self) -> Order:
        """Return the order asked for, with ids that tell nothing."""
        return ordered(self.selection.order, self.viewer, self.opaque)

    def narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the listing's rows, which are the visible ones that the selection keeps."""
        selected: QuerySet[Any] = self.rows(self.viewer, self.selection)
        return selected

    def documented_parameters(self) -> list[OpenApiParameter]:
        """Describe the filters of somebody who sees nothing, which takes no database."""
        selection: Selection = self.select(User(is_active=False), QueryDict())
        orders = OpenApiParameter(
            ORDER,
            str,
            enum=list(selection.orders),
            description=f"By what it is ordered, `{selection.order_name}` unless told; `-` turns an order around.",
        )
        return [*(self._documented(each) for each in selection.filters.values()), *self.more_parameters, orders]

    def _documented(self, each: Filter) -> OpenApiParameter:
        kind: Any = int if each.widget == "number" or each.name == "asset" else str
        is_closed = each.widget in ("checks", "pick") and each.name not in self.open_filters
        choices = [value for value, _ in each.choices] if is_closed else None
        words = self.words.get(each.name) or HELP.get(each.name) or each.hint or f"{each.label}."
        return OpenApiParameter(
            each.name, kind, description=words, enum=choices, many=each.widget == "checks" and kind is str
        )


def ordered(order: Order, viewer: User, kind: str) -> Order:
    """Return the order with ids made opaque as `kind`, since sequential ones tell how many there are."""
    if not kind:
        return order
    return replace(
        order,
        write_id=lambda number: opaque_id(viewer, kind, number),
        read_id=lambda given: row_number(viewer, kind, given) if isinstance(given, str) else None,
    )


HELP = {
    "q": "Part of a name or path.",
    "severity": "How much the credential opens.",
    "kind": "What sort of credential.",
    "validity": "Whether its issuer still accepts it.",
    "managed": "Whether a version of a secret holds it; `no` includes what you may not know.",
    "provider": "Who issued it, by slug.",
    "exposed": "Whether it stands outside a store, as far as you see.",
    "place": "Where it stands.",
    "owned": "Whether a team owns it.",
    "given": "Whether a CODEOWNERS line gives it to a team that is not the repository's, nor above or below that.",
    "test": "Whether its path looks like a test's.",
    "gone": "`yes`: only what is gone. `all`: also what is gone. Without it: what is there.",
    "team": "A team by slug, with the teams below it.",
    "team_only": "A team by slug, without the teams below it, as its score counts.",
    "older": "Introduced at least so many days ago.",
    "newer": "Introduced less than so many days ago.",
    "asset": "An asset by id.",
    "credential": "A credential by your id of it.",
    "introduced": "Between which days it came: `2026-11-16..2026-11-22`, either end may lack; or `unknown`.",
    "unread": "Whether nobody read its current value, so that it is compared with none.",
    "coverage": "How well it was read.",
    "tier": "How much harm its loss would do.",
    "visibility": "Who can read it.",
}
