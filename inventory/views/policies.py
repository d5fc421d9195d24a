"""The policy with its versions and its preview, and what is exempt from it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inventory.limit_rows import LimitRow
from inventory.models import Exemption, PolicyVersion, Principal, Secret
from inventory.models.assets import Tier
from inventory.policy import CEILING, DEFAULTS
from inventory.policy_forms import ExemptionForm, PolicyForm, kind_choices, limits
from inventory.policy_preview import preview
from inventory.principal_listing import unused_days
from inventory.services.policies import (
    PolicyRefused,
    approve_exemption,
    ask_exemption,
    change_policy,
    current_policy,
    end_exemption,
)
from inventory.views.access import for_those_who_configure, viewer
from posture.accounts.visibility import can_act_for, visible

VERSIONS = 20
EXEMPTIONS = 200


@require_safe
def policies(request: HttpRequest) -> HttpResponseBase:
    """Show what is allowed: the organisation's own limits, the standards behind them, and every version."""
    policy = current_policy()
    human, machine = unused_days()
    words = dict(kind_choices())
    context = {
        "policy": policy,
        "rows": [(words.get(row.kind, row.kind), row) for row in _rows(policy)],
        "defaults": [(words.get(rule.kind or "", rule.kind), rule.limit) for rule in DEFAULTS if rule.kind],
        "ceiling": CEILING,
        "versions": PolicyVersion.objects.select_related("made_by")[:VERSIONS],
        "readers": [(label, policy.most_readers.get(tier) if policy else None) for tier, label in Tier.choices],
        "human": human,
        "machine": machine,
        "waiting": visible(Exemption.objects.waiting(), viewer(request)).count(),
        "in_force": visible(Exemption.objects.in_force(), viewer(request)).count(),
    }
    return render(request, "inventory/policies.html", context)


def _rows(policy: PolicyVersion | None) -> list[LimitRow]:
    return [LimitRow.from_json(row) for row in policy.rows] if policy else []


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_configure
def edit(request: HttpRequest) -> HttpResponseBase:
    """Change the policy: first see what the change would make stale, then save it as a new version."""
    user = viewer(request)
    policy = current_policy()
    form, rows = PolicyForm(policy, request.POST or None), limits(policy, request.POST or None)
    found = None
    if request.method == "POST":
        previews = request.POST.get("action") == "preview"
        if rows.is_valid() and (previews or form.is_valid()):
            found = preview(visible(Secret.objects.all(), user), rows.rows())
            if not previews:
                try:
                    made = change_policy(rows=rows.rows(), by=user, **form.change())
                except PolicyRefused as refused:
                    form.add_error(None, str(refused))
                else:
                    messages.success(request, f"Version {made.number} of the policy is in force.")
                    return redirect("inventory:policies")
    context = {"form": form, "rows": rows, "preview": found, "policy": policy}
    failed = request.method == "POST" and ((bool(form.errors) and found is None) or rows.total_error_count() > 0)
    return render(request, "inventory/policy_edit.html", context, status=400 if failed else 200)


@require_safe
def exemptions(request: HttpRequest) -> HttpResponseBase:
    """Show what is exempt, until when and why, and what waits for a decision."""
    user = viewer(request)
    rows = visible(Exemption.objects.filter(ended_at=None, ends_on__gte=timezone.localdate()), user)
    rows = rows.select_related("secret__asset", "secret__team", "principal__team", "asked_by", "approved_by")
    found = list(rows.order_by("approved_at", "ends_on", "pk")[:EXEMPTIONS])
    for row in found:
        row.can_approve = user.sees_everything and row.approved_at is None and row.asked_by_id != user.pk  # type: ignore[attr-defined]
        row.can_end = user.sees_everything or row.asked_by_id == user.pk  # type: ignore[attr-defined]
    return render(request, "inventory/exemptions.html", {"rows": found, "now": timezone.now()})


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_secret(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask that a secret is left out of a policy for a time."""
    row = get_object_or_404(visible(Secret.objects.select_related("asset", "team"), viewer(request)), pk=pk)
    return _ask(request, row, [Exemption.Of.ROTATION, Exemption.Of.READERS], "inventory:secret")


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_principal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask that a principal is left out of what is said about rights and use for a time."""
    row = get_object_or_404(visible(Principal.objects.select_related("asset", "team"), viewer(request)), pk=pk)
    return _ask(request, row, [Exemption.Of.RIGHTS], "inventory:principal")


def _ask(request: HttpRequest, thing: Secret | Principal, of: list[str], page: str) -> HttpResponseBase:
    user = viewer(request)
    if not can_act_for(user, thing.team_id):
        raise Http404
    form = ExemptionForm(of, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_exemption(thing=thing, by=user, **form.cleaned_data)
        except PolicyRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The exemption is asked for. A security leader or engineer decides.")
            return redirect(page, pk=thing.pk)
    context = {"form": form, "thing": thing, "page": page}
    return render(request, "inventory/exemption_ask.html", context, status=400 if form.errors else 200)


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Approve an exemption that somebody else asked for."""
    return _decide(request, pk, approve=True)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Refuse an exemption, or end it before its last day."""
    return _decide(request, pk, approve=False)


def _decide(request: HttpRequest, pk: int, *, approve: bool) -> HttpResponseBase:
    user = viewer(request)
    row = get_object_or_404(visible(Exemption.objects.all(), user), pk=pk)
    try:
        if approve:
            approve_exemption(exemption=row, by=user)
            messages.success(request, "The exemption is in force until its last day.")
        else:
            end_exemption(exemption=row, by=user)
            messages.success(request, "The exemption has ended.")
    except PolicyRefused as refused:
        messages.error(request, str(refused))
    return redirect("inventory:exemptions")
