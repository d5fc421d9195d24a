"""What the inventory's views share: who is looking, how a senseless address is answered, a file sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from inventory.export import csv_lines
from inventory.filters import Selection, UnknownFilter
from inventory.keyset import BadCursor, Page
from posture.accounts.models import User

View = Callable[..., HttpResponseBase]


def viewer(request: HttpRequest) -> User:
    """Return who is looking; the middleware lets nobody else in."""
    return cast(User, request.user)


def explains_unknown_filters(view: View) -> View:
    """Answer an address with an unknown filter, value, order or place by what is allowed."""

    @wraps(view)
    def explained(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except UnknownFilter as error:
            return _bad_address(request, str(error), error.allowed)
        except BadCursor:
            return _bad_address(request, "This page link is no longer valid. Start again from the first page.", [])

    return explained


def _bad_address(request: HttpRequest, message: str, allowed: list[str]) -> HttpResponse:
    return render(request, "inventory/bad_address.html", {"message": message, "allowed": allowed}, status=400)


def for_those_who_see_everything(view: View) -> View:
    """Hide a page from everybody else: 404, since 403 would tell that it is there."""

    @wraps(view)
    def hidden(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not viewer(request).sees_everything:
            raise Http404
        return view(request, *args, **kwargs)

    return hidden


def for_those_who_configure(view: View) -> View:
    """Let only engineers through; leaders, who know that the page exists, are told why not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not viewer(request).sees_everything:
            raise Http404
        if not viewer(request).configures:
            raise PermissionDenied("Security engineers set up sources. Ask one of them.")
        return view(request, *args, **kwargs)

    return guarded


def pager(selection: Selection, page: Page[Any]) -> dict[str, Any]:
    """Return what the pager component shows."""
    return {
        "next": selection.query(after=page.after) if page.after else "",
        "previous": selection.query(before=page.before) if page.before else "",
        "size": page.size,
    }


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """Send rows as a CSV file of today while they are read, so that a file of any length needs no memory."""
    response = StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.now():%Y-%m-%d}.csv"'
    return response
