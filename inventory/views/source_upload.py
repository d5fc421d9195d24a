"""Taking in the file of a source that is uploaded."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from inventory.collector import CollectorError
from inventory.generic.upload import store_upload
from inventory.models import Run, Source
from inventory.services import request_run
from inventory.services.sources import workspace_of
from inventory.views.access import for_those_who_configure, viewer
from posture.accounts.visibility import visible


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(label="File", error_messages={"required": "Choose a CSV or JSON file first."})


@require_POST
@for_those_who_configure
def upload(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Check a file from its first row to its last, keep it for its source, and collect it."""
    row = get_object_or_404(visible(Source.objects.all(), viewer(request)), pk=pk)
    if row.kind != "generic" or not row.config.get("upload"):
        raise Http404
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "Choose a CSV or JSON file first.")
        return redirect("inventory:source", pk=row.pk)
    try:
        told = store_upload(form.cleaned_data["file"].chunks(), workspace_of(row.pk))
    except CollectorError as error:
        messages.error(request, f"The file of before is kept. {error}")
        return redirect("inventory:source", pk=row.pk)
    messages.success(request, f"The file tells of {told.secrets:,} secrets in {told.stores:,} stores.")
    run = request_run(source=row, trigger=Run.Trigger.PERSON)
    return redirect("inventory:run", pk=run.pk)
