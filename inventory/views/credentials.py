"""Credentials: the list, on a page and as a file, and one of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory import listings
from inventory.blast_page import blast_radius
from inventory.dossier import dossier
from inventory.keyset import paginate
from inventory.models import Credential, Exposure
from inventory.models.secrets import Severity
from inventory.queries import Standing, credential_figures, managed_among, standings
from inventory.seen import tell
from inventory.views.access import csv_file, explains_unknown_filters, pager, viewer
from posture.accounts.models import User
from posture.accounts.opaque import opaque_id, row_number
from posture.accounts.visibility import visible, visible_teams

KIND = "credential"
BATCH = 500
COLUMNS = (
    "Severity",
    "Credential",
    "Provider",
    "Kind",
    "Guessable",
    "Places",
    "At a default branch's tip",
    "Valid",
    "Valid as of",
    "Managed",
    "Teams",
    "In places without a team",
    "Oldest",
    "Credential id",
)


@require_safe
@explains_unknown_filters
def credentials(request: HttpRequest) -> HttpResponseBase:
    """Show one row per secret value, however many places it stands in."""
    user = viewer(request)
    selection = listings.credentials(user, request.GET)
    rows = listings.credential_rows(user, selection)
    page = paginate(rows, selection.order, after=selection.after, before=selection.before)
    numbers = [row.pk for row in page.rows]
    tell(user, page.rows, listings.places_told(selection))
    managed, standing = managed_among(user, numbers), standings(user, numbers)
    for row in page.rows:
        row.opaque = opaque_id(user, "credential", row.pk)  # type: ignore[attr-defined]
        row.is_managed = row.pk in managed  # type: ignore[attr-defined]
        row.standing = standing[row.pk]  # type: ignore[attr-defined]
    context = {
        "selection": selection,
        "rows": page.rows,
        "pager": pager(selection, page),
        "figures": credential_figures(user, rows),
        "stats": {
            "worst": selection.narrowed("severity", Severity.CRITICAL, Severity.HIGH),
            "valid": selection.narrowed("validity", "valid"),
            "unknown": selection.narrowed("validity", "unknown", "cannot_check", "check_failed"),
            "unmanaged": selection.narrowed("managed", "no"),
            "tip": selection.narrowed("place", "tip"),
        },
        "now": timezone.now(),
    }
    return render(request, "inventory/credentials.html", context)


@require_safe
@explains_unknown_filters
def export(request: HttpRequest) -> HttpResponseBase:
    """Send exactly what the list's filters select, as CSV, while it is read."""
    user = viewer(request)
    selection = listings.credentials(user, request.GET)
    rows = listings.credential_rows(user, selection).order_by(*selection.order.by())
    places = listings.places_told(selection)
    return csv_file("credentials", COLUMNS, _cells(user, rows.iterator(chunk_size=BATCH), places))


def _cells(user: User, rows: Iterator[Credential], places: QuerySet[Exposure] | None) -> Iterator[list[Any]]:
    while batch := list(islice(rows, BATCH)):
        numbers = [row.pk for row in batch]
        tell(user, batch, places)
        managed, standing = managed_among(user, numbers), standings(user, numbers)
        for row in batch:
            yield _cells_of(row, standing[row.pk], managed=row.pk in managed, opaque=opaque_id(user, KIND, row.pk))


def _cells_of(row: Credential, standing: Standing, *, managed: bool, opaque: str) -> list[Any]:
    return [
        row.severity,
        row.label,
        row.issuer.label if row.issuer else row.provider,
        row.kind_label,
        "yes" if row.weak else "no",
        standing.places,
        standing.tip,
        row.get_validity_display(),
        row.validity_at.isoformat() if row.validity_at else "",
        "yes" if managed else "no",
        "; ".join(standing.teams),
        "yes" if standing.unowned else "no",
        standing.oldest_at.isoformat() if standing.oldest_at else "",
        opaque,
    ]


@require_safe
def credential(request: HttpRequest, opaque: str) -> HttpResponseBase:
    """Show one credential: four facts, where it lives, who put it there, its history, what to do now."""
    user = viewer(request)
    number = row_number(user, "credential", opaque)
    if number is None:
        raise Http404
    row = get_object_or_404(visible(Credential.objects.all(), user), pk=number)
    own = opaque_id(user, "credential", row.pk)
    if opaque != own:
        # A link from somebody who sees everything: it opens, under the viewer's own id.
        return redirect("inventory:credential", opaque=own)
    teams = visible_teams(user)
    weak = row.weak
    found = dossier(user, row)
    for exposure in found.exposures:
        exposure.asset_is_visible = teams is None or exposure.asset.team_id in teams  # type: ignore[attr-defined]
    context = {"credential": row, "dossier": found, "opaque": own, "blast": blast_radius(user, row, weak=weak)}
    return render(request, "inventory/credential.html", context)
