"""Principals: the list, on a page and as a file, and one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory import principal_listing
from inventory.keyset import paginate
from inventory.models import Principal
from inventory.principal_page import PrincipalPage
from inventory.views.access import csv_file, explains_unknown_filters, pager, viewer
from posture.accounts.visibility import can_act_for, visible

COLUMNS = (
    "Name",
    "Kind",
    "Store",
    "Team",
    "Environment",
    "Admin",
    "Wildcard",
    "Secrets it can read",
    "Last used",
    "Rights granted",
    "Rights used",
    "Enabled",
    "Created",
    "Expires",
    "Exempt until",
    "As of",
)
_WORDS = {True: "yes", False: "no", None: "not known"}


@require_safe
@explains_unknown_filters
def principals(request: HttpRequest) -> HttpResponseBase:
    """Show who and what can use secrets: how powerful, how used, whose."""
    user = viewer(request)
    selection = principal_listing.principals(user, request.GET)
    rows = principal_listing.principal_rows(user, selection)
    page = paginate(rows, selection.order, after=selection.after, before=selection.before)
    context = {
        "selection": selection,
        "rows": page.rows,
        "pager": pager(selection, page),
        "figures": principal_listing.principal_figures(rows),
        "stats": {name: selection.narrowed("state", name) for name, _ in principal_listing.STATES},
        "now": timezone.now(),
    }
    return render(request, "inventory/principals.html", context)


@require_safe
@explains_unknown_filters
def export(request: HttpRequest) -> HttpResponseBase:
    """Send exactly what the list's filters select, as CSV, while it is read."""
    user = viewer(request)
    selection = principal_listing.principals(user, request.GET)
    rows = principal_listing.principal_rows(user, selection).order_by(*selection.order.by())
    return csv_file("principals", COLUMNS, _cells(rows.iterator(chunk_size=500)))


def _cells(rows: Iterator[Principal]) -> Iterator[list[Any]]:
    def known(value: Any) -> Any:
        return "not known" if value is None else value

    for row in rows:
        yield [
            row.name,
            row.get_kind_display(),
            row.asset.name,
            row.team.name if row.team else "",
            row.environment,
            _WORDS[row.admin],
            _WORDS[row.wildcard],
            known(row.reads),
            row.last_used_at.isoformat() if row.last_used_at else "not known",
            known(row.granted),
            known(row.used),
            _WORDS[row.enabled],
            *(at.isoformat() if at else "" for at in (row.created_at, row.expires_at, row.exempt_until)),
            row.last_seen_at.isoformat(),
        ]


@require_safe
def principal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show one principal: what it may do and by which rule, what it used, which secrets it can read."""
    user = viewer(request)
    row = get_object_or_404(visible(Principal.objects.select_related("asset__source", "team"), user), pk=pk)
    page = PrincipalPage(user, row)
    context = {"principal": row, "page": page, "can_ask": can_act_for(user, row.team_id)}
    return render(request, "inventory/principal.html", context)
