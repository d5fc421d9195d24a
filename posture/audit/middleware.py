"""What a browser is told when nothing could be written down, and the writing down of what was refused."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from posture.audit.denied import record_denied
from posture.audit.errors import AuditUnavailable

logger = logging.getLogger(__name__)

RETRY_SECONDS = 60


def denied(request: HttpRequest) -> None:
    """Mark a request that its own person was denied; one that was forged in their name (no token) writes nothing."""
    request.denied_to_person = True  # type: ignore[attr-defined]


class AuditMiddleware:
    """Answers 503 where the trail cannot be written, and records answers of 403 to people who are signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then look whether it was a refusal."""
        response = self.get_response(request)
        if response.status_code == 403 and getattr(request, "denied_to_person", False):
            self._refused(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Say that nothing was changed; why it could not be written is for the log alone."""
        if isinstance(exception, PermissionDenied):
            denied(request)
        if not isinstance(exception, AuditUnavailable):
            return None
        logger.error("An act was not done since the audit trail cannot be written: %s", exception)
        response = render(request, "503.html", status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response

    def _refused(self, request: HttpRequest) -> None:
        user = getattr(request, "user", None)
        match = request.resolver_match
        if user is None or not user.is_authenticated or match is None:
            return
        try:
            record_denied(route=match.view_name or match.route, method=request.method or "", actor=user)
        except AuditUnavailable as error:
            # The refusal stands, and nothing was done that would need an event.
            logger.error("A refusal could not be written to the audit trail: %s", error)
