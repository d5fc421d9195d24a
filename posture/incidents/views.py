"""Pages of the slice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def inbox(request: HttpRequest) -> HttpResponse:
    """Show the inbox."""
    return HttpResponse("")


def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one part."""
    return HttpResponse("")
