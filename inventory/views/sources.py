"""Sources and their runs: health, collect now, live progress, and adding one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory.collector import CollectorError, collectors
from inventory.forms import SourceForm
from inventory.models import Read, Run, Source
from inventory.queries import missing, reads_to_show, run_progress, sources_health
from inventory.services import add_source, request_run, retry_read
from inventory.views.access import for_those_who_configure, for_those_who_see_everything, viewer
from inventory.views.source_settings import about, rights
from posture.accounts.visibility import visible

RUNS = 20
USUAL = "repositories"
"""The kind that most people begin with."""


@require_safe
@for_those_who_see_everything
def sources(request: HttpRequest) -> HttpResponseBase:
    """Show every place that is collected from, the silent ones first."""
    return render(request, "inventory/sources.html", {"sources": sources_health(viewer(request))})


@require_safe
@for_those_who_see_everything
def source(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show one source: its health, its settings and its runs."""
    found = sources_health(viewer(request), pk=pk)
    if not found:
        raise Http404
    health = found[0]
    collector = collectors().get(health.source.kind)
    labels = {field.name: field.label for field in collector.fields} if collector else {}
    runs = list(health.source.runs.all()[:RUNS])
    ended = next((each for each in runs if not each.is_active), None)
    context = {
        "health": health,
        "source": health.source,
        "rights": rights(collector),
        "config": [(labels.get(name, name), value) for name, value in health.source.config.items()],
        "runs": runs,
        "ended": ended,
        "missing": missing(ended) if ended else None,
    }
    return render(request, "inventory/source.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_configure
def add(request: HttpRequest) -> HttpResponseBase:
    """Add a source; the form has the fields that its collector names."""
    known = collectors()
    kind = request.GET.get("kind", "") or USUAL
    if kind not in known:
        raise Http404
    form = SourceForm(known[kind], request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_source(**form.source())
        except CollectorError as error:
            form.refuse(error)
        else:
            messages.success(request, f"{made.name} is added, and its first collection is about to start.")
            return redirect("inventory:source", pk=made.pk)
    collector = known[kind]
    context = {
        "form": form,
        "label": collector.label,
        "kinds": [(each.slug, each.label) for each in known.values()],
        "kind": kind,
        "about": about(collector),
        "rights": rights(collector),
    }
    return render(request, "inventory/source_add.html", context, status=400 if form.errors else 200)


@require_POST
@for_those_who_see_everything
def collect(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask for a collection now; where one is under way, lead there."""
    row = get_object_or_404(visible(Source.objects.all(), viewer(request)), pk=pk)
    run = request_run(source=row, trigger=Run.Trigger.PERSON)
    return redirect("inventory:run", pk=run.pk)


@require_safe
@for_those_who_see_everything
def run(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show one collection: live while it runs, with what was read, skipped and what went wrong."""
    return render(request, "inventory/run.html", _progress(_run(request, pk)))


@require_safe
@for_those_who_see_everything
def run_progress_part(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the live part of a run's page; 286 tells htmx that there is nothing more to ask."""
    row = _run(request, pk)
    context = _progress(row) | {"is_part": True}
    return render(request, "inventory/_run.html", context, status=200 if row.is_active else 286)


def _run(request: HttpRequest, pk: int) -> Run:
    return get_object_or_404(visible(Run.objects.select_related("source"), viewer(request)), pk=pk)


def _progress(row: Run) -> dict[str, object]:
    shown = reads_to_show(row)
    progress = run_progress(row)
    return {"run": row, "progress": progress, "reads": shown, "more": progress.total - len(shown)}


@require_POST
@for_those_who_see_everything
def retry(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Read one repository again that failed or was given up."""
    row = get_object_or_404(visible(Read.objects.select_related("asset", "run"), viewer(request)), pk=pk)
    if retry_read(read=row):
        messages.success(request, "It is queued again.")
    else:
        messages.error(request, "A newer collection of this source is under way, and reads it again anyway.")
    return redirect("inventory:run", pk=row.run_id)
