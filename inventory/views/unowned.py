"""The queue of what nobody owns, and giving it to a team."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from inventory.assign_form import AssignForm, assignable_teams, team_words
from inventory.filters import Filter, Selection, select
from inventory.given_away import given_away
from inventory.keyset import Key, Order
from inventory.models import Asset, Exposure, Secret, Source
from inventory.services import assign_owner
from inventory.templatetags.inventory_display import counted
from inventory.views.access import explains_unknown_filters, for_those_who_see_everything, viewer
from inventory.views.exposures import show_exposures
from posture.accounts.models import User
from posture.accounts.visibility import visible

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_see_everything
@explains_unknown_filters
def unowned(request: HttpRequest) -> HttpResponseBase:
    """Show what no team owns, and give what is ticked to a team: all of it or none."""
    if request.method != "POST":
        return _queue(request)
    form = AssignForm(viewer(request), request.POST)
    return _assign(request, form) if form.is_valid() else _queue(request, form)


def _assign(request: HttpRequest, form: AssignForm) -> HttpResponseBase:
    team, assets, exposures = (form.cleaned_data[name] for name in ("team", "asset", "exposure"))
    assign_owner(assets=list(assets), exposures=list(exposures), team=team, by=viewer(request))
    given = [(len(assets), "asset"), (len(exposures), "exposure")]
    words = " and ".join(counted(number, noun) for number, noun in given if number)
    verb = "is" if len(assets) + len(exposures) == 1 else "are"
    messages.success(request, f"{words} {verb} now owned by {team.name}.")
    query = _selection(request).query()
    return redirect(reverse("inventory:unowned") + (f"?{query}" if query else ""))


def _queue(request: HttpRequest, form: AssignForm | None = None) -> HttpResponseBase:
    """Show assets first, since giving one away gives its exposures too; a form that is not clear keeps its ticks."""
    user, selection = viewer(request), _selection(request)
    assets, exposures = _assets(user, selection), _exposures(user, selection)
    chosen = form.chosen if form else {"asset": set(), "exposure": set()}
    for name, rows in (("asset", assets), ("exposure", exposures)):
        for row in rows:
            row.is_chosen = str(row.pk) in chosen[name]
    context = {
        "selection": selection,
        "form": form,
        "given_away": visible(Exposure.objects.present(), user).filter(given_away()).count(),
        "assets": assets[:SHOWN],
        "more_assets": len(assets) > SHOWN,
        "exposures": exposures[:SHOWN],
        "anything": bool(assets or exposures) or Asset.objects.present().exists(),
        "more_exposures": len(exposures) > SHOWN,
        "teams": [team_words(team) for team in assignable_teams(user).only("name", "slug")],
    }
    return render(request, "inventory/unowned.html", context, status=400 if form else 200)


def _selection(request: HttpRequest) -> Selection:
    sources = Source.objects.order_by("name").values_list("pk", "name")
    filters = [
        Filter("q", "Text", _named, (), "text", "Repository or path"),
        Filter("source", "Source", _of_source, [(str(pk), name) for pk, name in sources], "pick"),
    ]
    return select(request.GET, filters, {"": Order((Key("name"),))})


def _named(rows: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    if rows.model is Asset:
        return rows.filter(name__icontains=values[0])
    return rows.filter(Q(path__icontains=values[0]) | Q(asset__name__icontains=values[0]))


def _of_source(rows: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    return rows.filter(**{"source__in" if rows.model is Asset else "asset__source__in": values})


def _assets(user: User, selection: Selection) -> list[Any]:
    rows = selection.narrow(visible(Asset.objects.unowned(), user))
    counted_rows = rows.annotate(
        exposure_count=Count("exposures", filter=Q(exposures__gone_at=None)), secret_count=_secrets_in_asset()
    )
    rows = counted_rows.select_related("source").defer("codeowners", "cursor")
    return list(rows.order_by("-exposure_count", "name", "pk")[: SHOWN + 1])


def _secrets_in_asset() -> Subquery:
    # Counted apart: joined with exposures each would be counted as often as there are of these.
    held = Secret.objects.unowned().filter(asset=OuterRef("pk")).order_by().values("asset")
    return Subquery(held.annotate(number=Count("pk")).values("number"))


def _exposures(user: User, selection: Selection) -> list[Any]:
    # An exposure of an asset in this queue is solved with it; here stand those of assets that have a team.
    single = selection.narrow(visible(Exposure.objects.unowned().filter(asset__team__isnull=False), user))
    rows = list(
        single.select_related("credential", "asset", "team")
        .defer("asset__codeowners", "asset__cursor")
        .order_by("severity_rank", "first_at", "pk")[: SHOWN + 1]
    )
    show_exposures(user, rows)
    return rows
