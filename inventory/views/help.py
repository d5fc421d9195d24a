"""What the words mean, and how to."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inventory.collector import collectors
from inventory.detection.provider import formats, providers


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Explain the product to whoever is signed in."""
    context = {
        "kinds": [collector.label for collector in collectors().values()],
        "provider_count": len(providers()),
        "format_count": len(formats()),
        "freshness_hours": settings.FRESHNESS_HOURS,
    }
    return render(request, "help/help.html", context)
