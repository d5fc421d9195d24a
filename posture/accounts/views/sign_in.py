"""Signing in and out."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from posture.accounts.forms import SignInForm
from posture.accounts.models import User
from posture.accounts.services import Refused, consume_sign_in_link, open_sign_in_link, sign_in_with_password
from posture.accounts.views.answer import page

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail and password, and say how to get in without one."""
    onward = _onward(request)
    if request.method != "POST" and request.user.is_authenticated:
        return redirect(onward)
    form = SignInForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.submit(sign_in_with_password, address=_address(request)):
        return _enter(request, form.result, onward)
    return page(request, "accounts/sign_in.html", form, form=form, onward=onward)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button, and sign in only when it is pressed: what fetches links ahead must not use them up."""
    if request.method == "POST":
        try:
            user = consume_sign_in_link(token=token)
        except Refused:
            return _told(request, "accounts/link_dead.html", status=410)
        return _enter(request, user, resolve_url(settings.LOGIN_REDIRECT_URL))
    opened = open_sign_in_link(token)
    if opened is None:
        return _told(request, "accounts/link_dead.html", status=410)
    return _told(request, "accounts/link.html", link=opened)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def _enter(request: HttpRequest, user: User, onward: str) -> HttpResponse:
    """Open a session under a new key, whatever the browser brought (SECURITY W23)."""
    request.session.flush()  # `login` alone keeps the key where the same person signs in again.
    login(request, user, backend=_BACKEND)
    request.session.update({"started": int(time.time()), "used": int(time.time()), "role": user.role})
    return redirect(onward)


def _told(request: HttpRequest, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    response = render(request, template, context, status=status)
    # The path holds the token: no other page, and no line in a log, learns it as the referrer. Not
    # `no-referrer`, which makes browsers send `Origin: null`, and the form would be refused.
    response["Referrer-Policy"] = "strict-origin"
    return response


def _onward(request: HttpRequest) -> str:
    """Return where to go after signing in: a path of ours, never another site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    # Only a path: a bare word would be taken for the name of a page, and there is none.
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def _address(request: HttpRequest) -> str:
    """Return who calls; a forwarded address counts only behind one's own proxy, and only what that proxy added."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
