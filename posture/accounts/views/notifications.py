"""What one is told, and when: one's own choice only."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from posture.accounts.notification_form import NotificationForm, chosen
from posture.accounts.views.answer import page as answer
from posture.accounts.views.person import signed_in
from posture.notify.mail_server import mail_server
from posture.notify.wishes import save_preferences


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Show and save one's own preferences."""
    user = signed_in(request)
    form = NotificationForm(request.POST if request.method == "POST" else None, initial=chosen(user.pk))
    if form.is_bound and form.is_valid():
        save_preferences(person=user.pk, **form.preferences())
        messages.success(request, "What you are told, and when, is saved.")
        return redirect("accounts:notifications")
    return answer(request, "accounts/notifications.html", form, form=form, mail_is_set=mail_server() is not None)
