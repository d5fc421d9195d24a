"""The outbox: one's own messages; leaders and engineers look at all, and engineers send failed ones again."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from posture.accounts.models import User
from posture.accounts.views.answer import page as answer
from posture.accounts.views.person import signed_in
from posture.notify.kinds import kinds
from posture.notify.mail_server import mail_server
from posture.notify.models import Delivery
from posture.notify.outbox import outbox_of, page_of, send_again, withhold


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """List messages, failed ones first, narrowed by state, kind and channel."""
    user = signed_in(request)
    options = {
        "state": Delivery.State.choices,
        "channel": Delivery.Channel.choices if user.sees_everything else [],
        "kind": [(kind.slug, kind.label) for kind in kinds()],
    }
    chosen = {
        name: request.GET[name]
        for name, choices in options.items()
        if request.GET.get(name) in {value for value, _ in choices}
    }
    rows = outbox_of(user.pk, everything=user.sees_everything).filter(**chosen)
    found = page_of(rows, request.GET.get("after", ""))
    withhold(found.rows, everything=user.sees_everything)
    failed = outbox_of(user.pk, everything=user.sees_everything).filter(state=Delivery.State.FAILED)
    return answer(
        request,
        "accounts/messages.html",
        rows=found.rows,
        next=urlencode(chosen | {"after": found.after}) if found.after else "",
        fields=[(name, choices, chosen.get(name, "")) for name, choices in options.items() if choices],
        narrowed=bool(chosen),
        later=bool(request.GET.get("after")),
        has_failed=user.configures and failed.exists(),
        mail_is_set=mail_server() is not None,
    )


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one failed message again."""
    return _again(request, pk)


@require_POST
def all_again(request: HttpRequest) -> HttpResponse:
    """Send all failed messages again."""
    return _again(request, None)


def _again(request: HttpRequest, pk: int | None) -> HttpResponse:
    user = _engineer(request)
    rows = outbox_of(user.pk, everything=True)
    if pk is not None:
        rows = rows.filter(pk=pk)
        if not rows.exists():
            raise Http404
    if count := send_again(rows, actor=user):
        messages.success(request, f"{count} message{'s' if count > 1 else ''} will be sent again.")
    else:
        messages.error(request, "Nothing failed here any more.")
    return redirect("accounts:messages")


def _engineer(request: HttpRequest) -> User:
    user = signed_in(request)
    if user.configures:
        return user
    if user.sees_everything:
        raise PermissionDenied("Only security engineers send messages again.")
    raise Http404
