"""How a service says no."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied


class Refused(Exception):
    """The request makes no sense or would do harm; the message says what to do, `field` where to show it."""

    status = 400

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(PermissionDenied):
    """The person has no right to this; answered with 403 where they may at least see the thing."""
