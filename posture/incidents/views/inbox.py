"""The inbox: what waits, the worst first, and doing one thing to what is ticked."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from inventory.free_text import HoldsValue
from inventory.keyset import paginate
from inventory.models import Asset
from inventory.templatetags.inventory_display import counted
from inventory.views.access import explains_unknown_filters, pager, viewer
from posture.accounts.models import User
from posture.accounts.visibility import visible
from posture.incidents import listing
from posture.incidents.forms import BulkForm
from posture.incidents.services import act
from posture.incidents.state import VERBS, NotAllowed


@dataclass(frozen=True)
class Tab:
    """One way into the inbox."""

    label: str
    query: str
    current: bool


@require_http_methods(["GET", "HEAD", "POST"])
@explains_unknown_filters
def inbox(request: HttpRequest) -> HttpResponseBase:
    """Show what waits; with a form, do one thing to what is ticked, as far as each may be."""
    if request.method == "POST":
        return _do(request)
    return _show(request)


def _show(request: HttpRequest, form: BulkForm | None = None) -> HttpResponseBase:
    user = viewer(request)
    selection = listing.inbox(user, request.GET)
    page = paginate(listing.rows(user, selection), selection.order, after=selection.after, before=selection.before)
    titles = listing.name(page.rows)
    chosen = set(request.POST.getlist("part"))
    rows = [(part, titles[part.pk], str(part.pk) in chosen) for part in page.rows]
    context = {
        "selection": selection,
        "rows": rows,
        "tabs": _tabs(user, selection.values.get("whose", [""])[0]),
        "pager": pager(selection, page),
        "form": form or BulkForm(),
        "looked": bool(rows) or visible(Asset.objects.filter(last_read_at__isnull=False), user).exists(),
        "now": timezone.now(),
    }
    return render(request, "incidents/inbox.html", context, status=400 if form else 200)


def _tabs(user: User, whose: str) -> list[Tab]:
    words = dict(listing.WHOSE)
    names = ["", "mine", "teams"] + (["nobody"] if user.sees_everything else [])
    return [Tab(words.get(name, "All"), f"whose={name}" if name else "", name == whose) for name in names]


def _do(request: HttpRequest) -> HttpResponseBase:
    form = BulkForm(request.POST)
    if not form.is_valid():
        return _show(request, form)
    asked = form.asked()
    try:
        done = act(form.cleaned_data["part"], asked, actor=viewer(request))
    except (NotAllowed, HoldsValue, PermissionDenied) as error:
        form.add_error(None, str(error))
        return _show(request, form)
    if done.parts:
        messages.success(request, f"{counted(len(done.parts), 'incident')}: {VERBS[asked.verb].label.lower()}, done.")
    if done.proposed:
        messages.info(request, f"{counted(len(done.proposed), 'incident')} wait for a second person now.")
    for reason in sorted(set(done.refused.values())):
        number = list(done.refused.values()).count(reason)
        messages.warning(request, f"{counted(number, 'incident')} left as before. {reason}")
    query = request.GET.urlencode()
    return redirect(reverse("incidents:inbox") + (f"?{query}" if query else ""))
