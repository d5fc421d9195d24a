"""The list of exposures, on a page and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory import listings
from inventory.keyset import paginate
from inventory.models import Exposure
from inventory.queries import exposure_figures, holdings_that_count, managed_among
from inventory.seen import tell_of_place
from inventory.views.access import csv_file, explains_unknown_filters, pager, viewer
from posture.accounts.models import User
from posture.accounts.opaque import opaque_id
from posture.accounts.visibility import visible_teams

COLUMNS = (
    "Severity",
    "Credential",
    "Provider",
    "Kind",
    "Repository",
    "Path",
    "Line",
    "Stands at",
    "In test path",
    "Valid",
    "Valid as of",
    "Managed",
    "Team",
    "Why that team",
    "First introduced",
    "First author",
    "First commit",
    "Latest introduced",
    "Latest author",
    "Latest commit",
    "Removed",
    "Credential id",
)


@require_safe
@explains_unknown_filters
def exposures(request: HttpRequest) -> HttpResponseBase:
    """Show where credentials stand outside a store: filtered, ordered, 25 at a time."""
    user = viewer(request)
    selection = listings.exposures(user, request.GET)
    rows = listings.exposure_rows(user, selection)
    page = paginate(rows, selection.order, after=selection.after, before=selection.before)
    show_exposures(user, page.rows)
    context = {
        "selection": selection,
        "rows": page.rows,
        "pager": pager(selection, page),
        "figures": exposure_figures(rows),
        "stats": {
            "valid": selection.narrowed("validity", "valid"),
            "unknown": selection.narrowed("validity", "unknown", "cannot_check", "check_failed"),
            "tip": selection.narrowed("place", "tip"),
            "history": selection.narrowed("place", "history"),
            "unowned": selection.narrowed("owned", "no"),
        },
        "now": timezone.now(),
    }
    return render(request, "inventory/exposures.html", context)


def show_exposures(user: User, rows: Sequence[Exposure]) -> None:
    """Put on each row what its table cells need beyond the row itself; one query."""
    managed = managed_among(user, {row.credential_id for row in rows})
    teams = visible_teams(user)
    for row in rows:
        tell_of_place(row)
        row.opaque = opaque_id(user, "credential", row.credential_id)  # type: ignore[attr-defined]
        row.is_managed = row.credential_id in managed  # type: ignore[attr-defined]
        # A path may be a team's while the repository is another's: then its page is not theirs.
        row.asset_is_visible = teams is None or row.asset.team_id in teams  # type: ignore[attr-defined]


@require_safe
@explains_unknown_filters
def export(request: HttpRequest) -> HttpResponseBase:
    """Send exactly what the list's filters select, as CSV, while it is read."""
    user = viewer(request)
    selection = listings.exposures(user, request.GET)
    held = holdings_that_count(user).filter(credential=OuterRef("credential"))
    rows = listings.exposure_rows(user, selection).annotate(is_managed=Exists(held)).order_by(*selection.order.by())
    return csv_file("exposures", COLUMNS, _cells(user, rows.iterator(chunk_size=500)))


def _cells(user: User, rows: Iterator[Any]) -> Iterator[list[Any]]:
    for row in rows:
        tell_of_place(row)
        credential = row.credential
        yield [
            credential.severity,
            credential.label,
            credential.provider,
            credential.kind_label,
            row.asset.name,
            row.path,
            row.latest_line,
            row.get_place_display() if row.gone_at is None else "Gone",
            "yes" if row.in_test_path else "no",
            credential.get_validity_display(),
            credential.validity_at.isoformat() if credential.validity_at else "",
            "yes" if row.is_managed else "no",
            row.team.name if row.team else "",
            row.owner_reason,
            row.first_at.isoformat(),
            row.first_author,
            row.first_commit,
            row.latest_at.isoformat(),
            row.latest_author,
            row.latest_commit,
            row.removed_at.isoformat() if row.removed_at else "",
            opaque_id(user, "credential", row.credential_id),
        ]
