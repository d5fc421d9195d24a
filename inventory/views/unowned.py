"""The queue of what nobody owns, and giving it to a team."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from inventory.forms import AssignForm
from inventory.listings import severity_rank
from inventory.models import Asset, Exposure
from inventory.services import assign_owner
from inventory.views.access import for_those_who_see_everything, viewer
from inventory.views.exposures import show_exposures
from posture.accounts.models import Team
from posture.accounts.visibility import visible

SHOWN = 50


@require_safe
@for_those_who_see_everything
def unowned(request: HttpRequest) -> HttpResponseBase:
    """Show what no team owns: assets first, since giving one away gives its exposures too."""
    user = viewer(request)
    assets = visible(Asset.objects.unowned(), user).select_related("source").defer("codeowners", "cursor")
    counted = assets.annotate(exposure_count=Count("exposures", filter=Q(exposures__gone_at=None)))
    # An exposure of an asset in this queue is solved with it; here stand those of assets that have a team.
    single = visible(Exposure.objects.unowned().filter(asset__team__isnull=False), user)
    exposures = list(
        single.annotate(rank=severity_rank("credential__severity"))
        .select_related("credential", "asset", "team")
        .defer("asset__codeowners", "asset__cursor")
        .order_by("rank", "first_at", "pk")[: SHOWN + 1]
    )
    show_exposures(user, exposures)
    rows = list(counted.order_by("-exposure_count", "name", "pk")[: SHOWN + 1])
    context = {
        "assets": rows[:SHOWN],
        "more_assets": len(rows) > SHOWN,
        "exposures": exposures[:SHOWN],
        "more_exposures": len(exposures) > SHOWN,
        "teams": visible(Team.objects.all(), user),
    }
    return render(request, "inventory/unowned.html", context)


@require_POST
@for_those_who_see_everything
def assign(request: HttpRequest) -> HttpResponseBase:
    """Give the selected rows to a team, all of them or none."""
    user = viewer(request)
    form = AssignForm(user, request.POST)
    if not form.is_valid():
        reasons = " ".join(str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, f"Nothing was assigned. {reasons}")
        return redirect("inventory:unowned")
    team = form.cleaned_data["team"]
    number = assign_owner(
        assets=list(form.cleaned_data["asset"]), exposures=list(form.cleaned_data["exposure"]), team=team, by=user
    )
    messages.success(request, f"{number} {'row is' if number == 1 else 'rows are'} now owned by {team.name}.")
    return redirect("inventory:unowned")
