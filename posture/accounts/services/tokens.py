"""API tokens: made by their person, shown once, revoked at any time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from posture.accounts.models import APIToken, User, digest, known_scopes
from posture.accounts.services.refusals import NotAllowed, Refused

# A year at most, so that a forgotten token dies by itself.
MAX_DAYS = 365


def create_api_token(*, user: User, name: str, scopes: Iterable[str], days: int) -> str:
    """Make a token for oneself and return it; it is shown once, only its hash is kept.

    Raises:
        Refused: the person is disabled, a usable token has the name already, or scopes or days are not offered.
    """
    try:
        wanted = known_scopes(scopes)
    except ValueError as error:
        raise Refused(str(error), field="scopes") from error
    if not 1 <= days <= MAX_DAYS:
        raise Refused(f"A token lasts 1 to {MAX_DAYS} days.", field="days")
    token = APIToken.make_token()
    with transaction.atomic():
        owner = User.objects.select_for_update().get(pk=user.pk)
        if not owner.is_active:
            raise Refused("This account is disabled.")
        # Also what makes a form that is sent twice make one token.
        if APIToken.objects.usable().filter(user=owner, name=name).exists():
            raise Refused("You have a token with this name. Revoke it first, or choose another name.", field="name")
        APIToken.objects.create(
            user=owner,
            name=name,
            digest=digest(token),
            prefix=token[: len(APIToken.PREFIX) + 6],
            scopes=wanted,
            expires_at=timezone.now() + timedelta(days=days),
        )
    return token


def revoke_api_token(*, token: APIToken, by: User) -> None:
    """End a token at once; revoking it again changes nothing.

    Raises:
        NotAllowed: it is somebody else's, and the person is no engineer.
    """
    if token.user_id != by.pk and not by.configures:
        raise NotAllowed("Only its person and security engineers revoke a token.")
    APIToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
