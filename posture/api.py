"""The API under /api/v1/: one router, one page shape, one error shape."""

from __future__ import annotations

from typing import Any

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework.views import exception_handler


class Pages(CursorPagination):
    """Cursor pages: stable under writes, and as fast at the end as at the start."""

    page_size = 100
    max_page_size = 1000
    page_size_query_param = "page_size"
    ordering = "-pk"


def explain(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Give every error the shape {"error": {"code", "message", "fields"?}}; never a value from the request."""
    response = exception_handler(exception, context)
    if response is None:
        return None
    detail = response.data
    code = getattr(getattr(exception, "default_code", None), "__str__", lambda: "error")()
    if isinstance(detail, dict) and set(detail) == {"detail"}:
        response.data = {"error": {"code": code, "message": str(detail["detail"])}}
    else:
        response.data = {"error": {"code": code, "message": "Some fields are not right.", "fields": detail}}
    return response


router = DefaultRouter()
