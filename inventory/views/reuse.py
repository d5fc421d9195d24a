"""Reuse and segregation: the same value in several secrets, and who can read across environments."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory.reuse_page import ReusePage
from inventory.views.access import explains_unknown_filters, pager, viewer


@require_safe
@explains_unknown_filters
def reuse(request: HttpRequest) -> HttpResponseBase:
    """Show which values stand in several secrets and which borders between environments they cross, the worst first."""
    page = ReusePage(viewer(request), request.GET)
    context = {
        "page": page,
        "selection": page.selection,
        "pager": pager(page.selection, page.page),
        "now": timezone.now(),
    }
    return render(request, "inventory/reuse.html", context)
