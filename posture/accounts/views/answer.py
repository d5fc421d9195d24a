"""How an action's outcome is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from posture.accounts.forms import ServiceForm
from posture.accounts.models import User
from posture.accounts.services import Refused
from posture.accounts.views.person import leads_somebody


def act(request: HttpRequest, done: str, service: Callable[..., Any], **given: Any) -> bool:
    """Call a service for a button without fields, and say on the next page what came of it."""
    try:
        service(**given)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return False
    messages.success(request, done)
    return True


def page(request: HttpRequest, template: str, *forms: ServiceForm, **context: Any) -> HttpResponse:
    """Render a page; a form that was filled in wrongly makes it an answer of 4xx."""
    wrong = [form.status for form in forms if form.is_bound and form.errors]
    if isinstance(request.user, User):
        context["sets_up_others"] = leads_somebody(request.user)
    return render(request, template, context, status=max(wrong, default=200))
