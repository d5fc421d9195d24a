"""One's own API tokens."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from posture.accounts import services
from posture.accounts.forms import TokenForm
from posture.accounts.views.answer import act
from posture.accounts.views.answer import page as answer
from posture.accounts.views.person import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """List the tokens and make one; the new one stands in this answer and nowhere else."""
    user = signed_in(request)
    form, made = TokenForm(request.POST if request.method == "POST" else None), ""
    if form.is_bound and form.submit(services.create_api_token, user=user):
        form, made = TokenForm(), form.result
    tokens = user.api_tokens.filter(revoked_at=None)
    return answer(request, "accounts/tokens.html", form, form=form, made=made, tokens=tokens)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens."""
    user = signed_in(request)
    token = get_object_or_404(user.api_tokens, pk=pk)
    act(request, f"{token.name} is revoked.", services.revoke_api_token, token=token, by=user)
    return redirect("accounts:tokens")
