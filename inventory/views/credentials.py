"""Credentials: the list, and one of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory import listings
from inventory.dossier import dossier
from inventory.keyset import paginate
from inventory.models import Credential
from inventory.queries import managed_among, standings
from inventory.views.access import explains_unknown_filters, pager, viewer
from posture.accounts.opaque import opaque_id, row_number
from posture.accounts.visibility import visible, visible_teams


@require_safe
@explains_unknown_filters
def credentials(request: HttpRequest) -> HttpResponseBase:
    """Show one row per secret value, however many places it stands in."""
    user = viewer(request)
    selection = listings.credentials(user, request.GET)
    rows = listings.credential_rows(user, selection)
    page = paginate(rows, selection.order, after=selection.after, before=selection.before)
    numbers = [row.pk for row in page.rows]
    managed, standing = managed_among(user, numbers), standings(user, numbers)
    for row in page.rows:
        row.opaque = opaque_id(user, "credential", row.pk)  # type: ignore[attr-defined]
        row.is_managed = row.pk in managed  # type: ignore[attr-defined]
        row.standing = standing[row.pk]  # type: ignore[attr-defined]
    context = {"selection": selection, "rows": page.rows, "pager": pager(selection, page), "now": timezone.now()}
    return render(request, "inventory/credentials.html", context)


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
    found = dossier(user, row)
    for exposure in found.exposures:
        exposure.asset_is_visible = teams is None or exposure.asset.team_id in teams  # type: ignore[attr-defined]
    context = {"credential": row, "dossier": found, "opaque": own}
    return render(request, "inventory/credential.html", context)
