"""The API under /api/v1/: its one error shape and its one page shape. The endpoints are the slices'."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from typing import Any, NoReturn

from django.db.models import QuerySet
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound, PermissionDenied
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from posture.audit.errors import AuditUnavailable
from posture.audit.middleware import denied

logger = logging.getLogger(__name__)

# Own words where the framework's would repeat something of the request.
WORDS = {
    "parse_error": "The body is not valid JSON.",
    "not_authenticated": "Sign in, or send a token as `Authorization: Bearer spt_…`; Settings, API tokens makes one.",
    "not_found": "There is nothing at this address that you may see. Addresses end with a slash; "
    "all of them are in /api/v1/schema/.",
    "method_not_allowed": "This address does not take that method.",
    "not_acceptable": "The API answers in JSON only.",
    "throttled": "So many requests a minute are not allowed. Go on after as many seconds as Retry-After says.",
    "unsupported_media_type": "Send JSON, with Content-Type: application/json.",
}


class BadParameter(APIException):
    """The request asks for what does not exist; says what does."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "bad_parameter"

    def __init__(self, message: str, allowed: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.allowed = list(allowed)


class NotWritten(APIException):
    """The audit trail cannot be written, so that nothing was done (SECURITY P1)."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "audit_unavailable"
    default_detail = (
        "Nothing was changed: it could not be written to the audit trail. Try again in a minute; the reason is in the "
        "log."
    )


def explain(exception: Exception, context: dict[str, Any]) -> Response:
    """Give every error the shape {"error": {"code", "message", …}}; it never repeats a value of the request."""
    if isinstance(exception, AuditUnavailable):
        logger.error("An act was not done since the audit trail cannot be written: %s", exception)
        exception = NotWritten()
    request = context.get("request")
    # Where authentication itself failed, as by a missing CSRF token, nobody asked.
    if isinstance(exception, PermissionDenied) and request is not None and request.successful_authenticator is not None:
        denied(request._request)
    response = exception_handler(exception, context)
    if response is None:
        set_rollback()
        reference = secrets.token_hex(6)
        logger.error("API request failed, %s", reference, exc_info=exception)
        message = f"Something went wrong here. It is in the log under {reference}."
        return Response({"error": {"code": "server_error", "message": message}}, status=500)
    detail = response.data if isinstance(response.data, dict) else {}
    said = detail.get("detail")
    code = str(getattr(said, "code", "") or "invalid")
    error: dict[str, Any] = {"code": code, "message": WORDS.get(code) or str(said or "Some fields are not right.")}
    if said is None:
        error["fields"] = response.data
    if isinstance(exception, BadParameter) and exception.allowed:
        error["allowed"] = exception.allowed
    response.data = {"error": error}
    return response


class Pages(CursorPagination):
    """Pages by id: stable under writes, and as fast at the end as at the start."""

    page_size = 100
    max_page_size = 1000
    page_size_query_param = "page_size"
    cursor_query_description = "A place in the list, from `next` or `previous`. Its content may change at any time."
    page_size_query_description = "Rows per page, 100 unless told; more than 1000 count as 1000."

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        """Order by id, since it never changes and no two rows share it."""
        return ("-pk",) if getattr(view, "newest_first", False) else ("pk",)

    def get_page_size(self, request: Request) -> int:
        """Return the rows per page; what is no number is an error instead of a silent default."""
        given = request.query_params.get("page_size")
        if given is None:
            return self.page_size
        if not (given.isascii() and given.isdigit() and len(given) < 7 and int(given) > 0):
            raise BadParameter("page_size takes a whole number from 1.")
        return min(int(given), self.max_page_size)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Read the place; one that can't be read is the caller's error, never ours."""
        if not request.query_params.get("cursor"):
            return None
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            unreadable()
        # Ids are unique, so that our own cursors always have a position and never an offset.
        position: Any = cursor.position if cursor is not None and not cursor.offset else None
        if position is None or not (position.isascii() and position.isdigit() and int(position) < 2**63):
            unreadable()
        return cursor

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page."""
        link = {"type": "string", "nullable": True, "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "description": "The page after this one; null: this is the last."},
                "previous": {**link, "description": "The page before this one; null: this is the first."},
                "results": schema,
            },
        }


def unreadable() -> NoReturn:
    """Refuse a cursor."""
    raise BadParameter("The cursor can't be read. Start from the first page.", [])
