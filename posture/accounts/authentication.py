"""API tokens: who calls, and what the token may do. The token acts as its person and never exceeds them."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Now
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from posture.accounts.models import APIToken, User, digest


class TokenAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer spt_…`."""

    def authenticate(self, request: Request) -> tuple[User, APIToken] | None:
        """Return the person and the token, or None where no token was sent.

        Raises:
            AuthenticationFailed: the token is unknown, revoked, expired, or its person is disabled.
        """
        parts = get_authorization_header(request).decode("latin-1").split()
        if len(parts) != 2 or parts[0].lower() != "bearer":
            return None
        token = APIToken.objects.usable().select_related("user").filter(digest=digest(parts[1])).first()
        if token is None:
            raise AuthenticationFailed("This token is not valid. Make a new one under Settings, API tokens.")
        if token.last_used_at is None or (timezone.now() - token.last_used_at).total_seconds() > 60:
            APIToken.objects.filter(pk=token.pk).update(last_used_at=Now())
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that a missing token is answered with 401."""
        return "Bearer"


class HasScope(BasePermission):
    """Signed-in people may do what their role allows; a token also needs the scope the view names."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Check the person, then the token's scope; a superior role never skips the scope."""
        if not isinstance(request.user, User) or not request.user.is_active:
            return False
        if not isinstance(request.auth, APIToken):
            return True
        needed = APIToken.Scope.READ if request.method in SAFE_METHODS else getattr(view, "write_scope", None)
        return needed is not None and needed in request.auth.scopes
