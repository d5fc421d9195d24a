"""One's own settings."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from posture.accounts import services
from posture.accounts.forms import PasswordForm, ProfileForm
from posture.accounts.models import User
from posture.accounts.views.answer import page as answer
from posture.accounts.views.person import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Show name, role, teams and password; change the name."""
    user = signed_in(request)
    form = ProfileForm(request.POST if request.method == "POST" else None, initial={"name": user.name})
    if form.is_bound and form.submit(services.rename_person, user=user):
        messages.success(request, "Your name is saved.")
        return redirect("accounts:settings")
    return _profile(request, user, form, PasswordForm(user=user))


@sensitive_post_parameters("current", "new")
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Set or change the password; this session goes on, all others end."""
    user = signed_in(request)
    form = PasswordForm(request.POST, user=user)
    if form.submit(services.set_password, user=user):
        update_session_auth_hash(request, user)
        messages.success(request, "Your password is saved, and you are signed out everywhere else.")
        return redirect("accounts:settings")
    return _profile(request, user, ProfileForm(initial={"name": user.name}), form)


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all sessions, this one too."""
    services.sign_out_everywhere(user=signed_in(request))
    logout(request)
    messages.success(request, "You are signed out everywhere.")
    return redirect("accounts:sign-in")


def _profile(request: HttpRequest, user: User, form: ProfileForm, password_form: PasswordForm) -> HttpResponse:
    memberships = user.memberships.select_related("team")
    return answer(
        request,
        "accounts/settings.html",
        form,
        password_form,
        form=form,
        password_form=password_form,
        memberships=memberships,
    )
