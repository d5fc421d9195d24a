"""Stored secrets: the list, on a page and as a file, and one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory import secret_listing
from inventory.keyset import paginate
from inventory.models import Secret
from inventory.secret_figures import secret_figures
from inventory.secret_page import SecretPage
from inventory.views.access import csv_file, explains_unknown_filters, pager, viewer
from posture.accounts.visibility import can_act_for, visible

COLUMNS = (
    "Store",
    "Path",
    "Kind",
    "Environment",
    "Tier",
    "Team",
    "Created",
    "Rotated",
    "Expires",
    "Last used",
    "Rotated automatically",
    "Rotation failed",
    "Ephemeral",
    "Limit, days",
    "Limit from",
    "Due",
    "Exempt until",
    "Readers",
    "As of",
)
_WORDS = {True: "yes", False: "no", None: "not known"}


@require_safe
@explains_unknown_filters
def secrets(request: HttpRequest) -> HttpResponseBase:
    """Show what the stores hold: how old, by when it is due, and how many can read it."""
    user = viewer(request)
    selection = secret_listing.secrets(user, request.GET)
    rows = secret_listing.secret_rows(user, selection)
    page = paginate(rows, selection.order, after=selection.after, before=selection.before)
    context = {
        "selection": selection,
        "rows": page.rows,
        "pager": pager(selection, page),
        "figures": secret_figures(rows),
        "stats": {name: selection.narrowed("state", name) for name, _ in secret_listing.STATES},
        "now": timezone.now(),
    }
    return render(request, "inventory/secrets.html", context)


@require_safe
@explains_unknown_filters
def export(request: HttpRequest) -> HttpResponseBase:
    """Send exactly what the list's filters select, as CSV, while it is read."""
    user = viewer(request)
    selection = secret_listing.secrets(user, request.GET)
    rows = secret_listing.secret_rows(user, selection).order_by(*selection.order.by())
    return csv_file("secrets", COLUMNS, _cells(rows.iterator(chunk_size=500)))


def _cells(rows: Iterator[Secret]) -> Iterator[list[Any]]:
    for row in rows:
        moments = [row.created_at, row.rotated_at, row.expires_at, row.last_used_at]
        yield [
            row.asset.name,
            row.path,
            row.kind_label,
            row.environment,
            row.tier,
            row.team.name if row.team else "",
            *(at.isoformat() if at else "" for at in moments),
            *(_WORDS[fact] for fact in (row.auto_rotated, row.rotation_failed, row.ephemeral)),
            row.limit_days,
            row.limit_reason,
            row.due_at.isoformat() if row.due_at else "",
            row.exempt_until.isoformat() if row.exempt_until else "",
            row.readers if row.readers is not None else "not known",
            row.last_seen_at.isoformat(),
        ]


@require_safe
def secret(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show one stored secret: its age against its limit, its versions, who can read it and by which rule."""
    user = viewer(request)
    row = get_object_or_404(visible(Secret.objects.select_related("asset__source", "team"), user), pk=pk)
    page = SecretPage(user, row)
    return render(
        request, "inventory/secret.html", {"secret": row, "page": page, "can_ask": can_act_for(user, row.team_id)}
    )
