"""Repositories and other assets: the list, and one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory import listings
from inventory.collector import collectors
from inventory.keyset import paginate
from inventory.models import Asset, Exposure, Principal, Read, Secret
from inventory.queries import asset_figures, exposures_by_asset
from inventory.views.access import explains_unknown_filters, pager, viewer
from inventory.views.exposures import show_exposures
from posture.accounts.models import User
from posture.accounts.visibility import visible

SHOWN = 25
READS = 10


@require_safe
@explains_unknown_filters
def assets(request: HttpRequest) -> HttpResponseBase:
    """Show what the sources hold, and how well it was read."""
    user = viewer(request)
    selection = listings.assets(user, request.GET)
    rows = listings.asset_rows(user, selection)
    page = paginate(rows, selection.order, after=selection.after, before=selection.before)
    counts = exposures_by_asset(user, page.rows)
    for row in page.rows:
        row.exposure_count = counts.get(row.pk, 0)  # type: ignore[attr-defined]
    context = {
        "selection": selection,
        "rows": page.rows,
        "pager": pager(selection, page),
        "figures": asset_figures(rows),
        "stats": {
            "fresh": selection.narrowed("coverage", "fresh"),
            "stale": selection.narrowed("coverage", "stale", "never"),
            "partial": selection.narrowed("coverage", "partial"),
            "unowned": selection.narrowed("owned", "no"),
        },
        "now": timezone.now(),
    }
    return render(request, "inventory/assets.html", context)


@require_safe
def asset(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show one asset: whose it is and why, what stands in it, how it was read and what was not."""
    user = viewer(request)
    row = get_object_or_404(visible(Asset.objects.select_related("team", "source"), user), pk=pk)
    exposures = visible(Exposure.objects.present().filter(asset=row), user)
    worst = list(
        exposures.select_related("credential", "team", "asset").order_by("severity_rank", "first_at", "pk")[: SHOWN + 1]
    )
    show_exposures(user, worst)
    reads = list(visible(Read.objects.filter(asset=row), user).order_by("-pk")[:READS])
    is_repository = row.kind == "repository"
    context = {
        "asset": row,
        "rows": worst[:SHOWN],
        "more": len(worst) > SHOWN,
        "reads": reads,
        "newest": reads[0] if reads else None,
        "attributes": _attributes(row),
        "is_repository": is_repository,
        "held": None if is_repository else _held(row, user),
    }
    return render(request, "inventory/asset.html", context)


def _held(row: Asset, user: User) -> dict[str, int]:
    """Count what a store holds, as the lists behind the links count it."""
    secrets = visible(Secret.objects.filter(asset=row, gone_at=None), user)
    principals = visible(Principal.objects.filter(asset=row, gone_at=None), user)
    return {"secrets": secrets.count(), "principals": principals.count()}


def _attributes(row: Asset) -> list[tuple[str, Any]]:
    """Return what a read learned of the asset, in the words and the order of its collector."""
    collector = collectors().get(row.source.kind)
    words = collector.attributes if collector else {}
    learned = row.attributes if isinstance(row.attributes, dict) else {}
    named = [(label, learned[name]) for name, label in words.items() if name in learned]
    # What an older or newer version of the collector wrote: its key, as a person would write it.
    other = [(name.replace("_", " ").capitalize(), learned[name]) for name in sorted(learned.keys() - words.keys())]
    return named + other
