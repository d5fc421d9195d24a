"""What every answer to a signed-in person carries, and how long a session lasts."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from posture.accounts.models import User

IDLE_SECONDS = 2 * 3600
"""A session that nobody uses ends after this; the absolute limit is `SESSION_COOKIE_AGE` (ASVS 5.0 7.3.1, 7.3.2)."""
_STEP = 300
"""The last use is written at most this often, so that a page does not cost a write."""


class PrivatePagesMiddleware:
    """Keeps pages out of shared and browser caches: what is shown depends on who looks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and forbid storing unless the view said otherwise."""
        response = self.get_response(request)
        if "Cache-Control" not in response:
            patch_cache_control(response, private=True, no_store=True)
        return response


class SessionLimitsMiddleware:
    """Ends sessions that are idle or old, and gives a session a new key when its person's role changed (W23)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check the session before anything looks at who is asking."""
        if isinstance(request.user, User):
            self._check(request, request.user)
        return self.get_response(request)

    def _check(self, request: HttpRequest, user: User) -> None:
        session, now = request.session, int(time.time())
        started, used = session.setdefault("started", now), session.setdefault("used", now)
        if now - started > settings.SESSION_COOKIE_AGE or now - used > IDLE_SECONDS:
            logout(request)
            return
        if now - used > _STEP:
            session["used"] = now
        if session.setdefault("role", user.role) != user.role:
            session.cycle_key()
            session["role"] = user.role
