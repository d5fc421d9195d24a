"""Changing a source, and removing it with all that is known of its assets."""

from __future__ import annotations

from inspect import getdoc

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from inventory.collector import Collector, CollectorError, collectors
from inventory.forms import SourceChangeForm
from inventory.models import Source
from inventory.queries import removal_figures
from inventory.services import change_source, probe_source, remove_source
from inventory.templatetags.inventory_display import shown
from inventory.views.access import for_those_who_configure, viewer
from posture.accounts.visibility import visible


def about(collector: object) -> list[str]:
    """Return what a collector says of itself, by paragraph."""
    return [" ".join(part.split()) for part in (getdoc(collector) or "").split("\n\n")]


def rights(collector: type[Collector] | None) -> dict[str, object]:
    """Return what a kind of source needs and what it cannot know; templates would call the class itself."""
    return {"least": collector.least_rights, "cannot_know": collector.cannot_know} if collector else {}


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_configure
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a source's name, place, interval and credential, or switch it on or off."""
    row = _source(request, pk)
    collector = collectors().get(row.kind)
    if collector is None:
        # Its collector is no longer installed: there is nothing that could check its settings.
        raise Http404
    form = SourceChangeForm(row, collector, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_source(source=row, **form.change())
        except CollectorError as error:
            form.refuse(error)
        else:
            _say_changed(request, changed, dropped=form.drops_credential)
            return redirect("inventory:source", pk=changed.pk)
    context = {"form": form, "source": row, "about": about(collector)}
    return render(request, "inventory/source_edit.html", context, status=400 if form.errors else 200)


def _say_changed(request: HttpRequest, source: Source, *, dropped: bool) -> None:
    if dropped:
        messages.warning(
            request,
            f"{shown(source.name)} is changed. Its place is another one, so its credential was taken away: "
            "name it anew if the new place needs one.",
        )
    else:
        messages.success(request, f"{shown(source.name)} is changed{'' if source.enabled else ', and switched off'}.")


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_configure
def remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say what goes with a source, and remove it once that is confirmed."""
    row = _source(request, pk)
    if request.method == "POST":
        name = shown(row.name)
        remove_source(source=row)
        messages.success(request, f"{name} is removed, with all that was known of its assets.")
        return redirect("inventory:sources")
    context = {"source": row, "figures": removal_figures(viewer(request), row)}
    return render(request, "inventory/source_remove.html", context)


@require_POST
@for_those_who_configure
def test(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Try the connection, and say what the given rights allow and what is missing for full knowledge."""
    row = _source(request, pk)
    found, refused = [], ""
    try:
        found = probe_source(source=row)
    except CollectorError as error:
        refused = str(error)
    context = {"source": row, "abilities": found, "refused": refused, "rights": rights(collectors().get(row.kind))}
    return render(request, "inventory/source_test.html", context, status=400 if refused else 200)


def _source(request: HttpRequest, pk: int) -> Source:
    return get_object_or_404(visible(Source.objects.all(), viewer(request)), pk=pk)
