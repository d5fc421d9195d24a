"""How people get in, and how they are put out."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from posture.accounts.models import SignInCounter, SignInLink, User, digest
from posture.accounts.services import throttle
from posture.accounts.services.refusals import NotAllowed, Refused

# SECURITY W22: a link is short-lived; an invitation waits for its reader over a weekend and a holiday.
LIFETIMES = {
    SignInLink.Purpose.SIGN_IN: timedelta(minutes=15),
    SignInLink.Purpose.INVITATION: timedelta(days=7),
}


class TooManyAttempts(Refused):
    """The account or the address has to wait, whether the account exists or not."""

    status = 429


@sensitive_variables("password")
def sign_in_with_password(*, email: str, password: str, address: str) -> User:
    """Return the person whose e-mail and password these are.

    Raises:
        TooManyAttempts: ten failures in fifteen minutes for this account or from this address.
        Refused: no such account, no password set, wrong password or disabled: the same answer for all.
    """
    counters = throttle.keys(email=email, address=address)
    if not throttle.take(counters):
        raise TooManyAttempts("Too many attempts. Wait 15 minutes, or ask a security engineer for a sign-in link.")
    user = authenticate(username=email, password=password)
    if not isinstance(user, User):
        raise Refused("E-mail and password do not match an account that may sign in. Check both, or ask for a link.")
    throttle.give_back(counters)
    return user


def make_sign_in_link(*, user: User, purpose: str = SignInLink.Purpose.SIGN_IN, by: User | None = None) -> str:
    """Return a new single-use link for the person; their earlier unused links stop working.

    `by` is the engineer who asks, or None for the machine's operator.

    Raises:
        NotAllowed: somebody other than an engineer asks.
        Refused: the person is disabled.
    """
    if by is not None and not by.configures:
        raise NotAllowed("Only security engineers make sign-in links for others.")
    if not user.is_active:
        raise Refused(f"{user.email} is disabled. Enable the person first, under Settings, People.")
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        drop_links(user)
        SignInLink.objects.create(
            user=user,
            purpose=purpose,
            digest=digest(token),
            expires_at=timezone.now() + LIFETIMES[SignInLink.Purpose(purpose)],
        )
    # From the configured origin, never from the request's Host header (SECURITY W17).
    return settings.ORIGIN + reverse("accounts:sign-in-link", args=[token])


def open_sign_in_link(token: str) -> SignInLink | None:
    """Return the link while it can be used, for the page that asks before it is; looking consumes nothing."""
    return (
        SignInLink.objects.select_related("user")
        .filter(digest=digest(token), used_at=None, expires_at__gt=timezone.now(), user__is_active=True)
        .first()
    )


def consume_sign_in_link(*, token: str) -> User:
    """Use the link up and return its person; of parallel uses exactly one succeeds.

    Raises:
        Refused: unknown, used, expired, replaced by a newer one, or of a disabled person.
    """
    link = open_sign_in_link(token)
    now = timezone.now()
    if link is None or not SignInLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now).update(used_at=now):
        raise Refused("This link does not work, or no longer. Ask a security engineer for a new one.")
    return link.user


def drop_links(user: User) -> None:
    """Make the person's unused links useless; used ones stay as evidence."""
    user.sign_in_links.filter(used_at=None).delete()


def forget_expired() -> int:
    """Delete links that can no longer be used and counters that no longer count; returns how many."""
    now = timezone.now()
    links, _ = SignInLink.objects.filter(expires_at__lt=now - max(LIFETIMES.values())).delete()
    counters, _ = SignInCounter.objects.filter(started_at__lt=now - timedelta(days=1)).delete()
    return links + counters


def sign_out_everywhere(*, user: User) -> None:
    """End every session of the person, this one too, and drop their unused links."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
        drop_links(user)
    user.refresh_from_db(fields=["session_generation"])


@sensitive_variables("current", "new")
def set_password(*, user: User, current: str, new: str) -> None:
    """Set or change one's own password; other sessions end, since they are bound to the old one.

    Raises:
        Refused: the current password is wrong, or the new one is weak.
    """
    if user.has_usable_password() and not user.check_password(current):
        raise Refused("This is not your current password.", field="current")
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="new") from error
    with transaction.atomic():
        user.set_password(new)
        user.save(update_fields=["password"])
        drop_links(user)
