"""One part: its page, and what people do and say there."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from inventory.free_text import HoldsValue
from inventory.views.access import viewer
from posture.accounts.visibility import visible
from posture.incidents.forms import ActForm
from posture.incidents.models import Part
from posture.incidents.part_page import PartPage
from posture.incidents.services import Conflict, act, undo
from posture.incidents.services.talking import Unsaid, comment, set_watch
from posture.incidents.state import VERBS, NotAllowed


@require_safe
def part(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show what it is, what to do first, and what happened."""
    return _show(request, _part(request, pk))


@require_POST
def act_on(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Do one thing, as the person saw the part; what was typed is not lost where it can't be done."""
    row = _part(request, pk)
    form = ActForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form, " ".join(str(each) for errors in form.errors.values() for each in errors), 400)
    try:
        done = act([pk], form.asked(), actor=viewer(request), expected=form.cleaned_data["expected"])
    except (NotAllowed, HoldsValue) as error:
        return _show(request, row, form, str(error), 400)
    except Conflict as error:
        return _show(request, _part(request, pk), form, str(error), 409)
    verb = VERBS[form.cleaned_data["verb"]]
    if done.proposed:
        messages.info(request, f"{verb.label}: proposed. A second person has to confirm it.")
    else:
        messages.success(request, f"{verb.label}: done.")
    return redirect("incidents:part", pk)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Undo the newest change, where the viewer made it."""
    row = _part(request, pk)
    try:
        undo(pk, actor=viewer(request))
    except (NotAllowed, Conflict) as error:
        return _show(request, row, None, str(error), 409)
    messages.success(request, "Undone. The history says so.")
    return redirect("incidents:part", pk)


@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Keep a comment."""
    row = _part(request, pk)
    text = request.POST.get("text", "")
    try:
        made = comment(row, author=viewer(request), text=text)
    except (Unsaid, HoldsValue) as error:
        return _show(request, row, None, str(error), 400, unsaid=text)
    response = redirect("incidents:part", pk)
    response["Location"] += f"#comment-{made.pk}"
    return response


@require_POST
def watch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Watch it, or no longer."""
    set_watch(_part(request, pk), user=viewer(request), on=request.POST.get("on") == "yes")
    return redirect("incidents:part", pk)


def _part(request: HttpRequest, pk: int) -> Part:
    if pk >= 2**63:
        raise Http404
    rows = Part.objects.select_related("incident__credential", "incident__team", "team", "assignee", "claimed_by")
    return get_object_or_404(visible(rows, viewer(request)), pk=pk)


def _show(
    request: HttpRequest,
    row: Part,
    form: ActForm | None = None,
    problem: str = "",
    status: int = 200,
    unsaid: str = "",
) -> HttpResponseBase:
    context = {
        "part": row,
        "page": PartPage(viewer(request), row),
        "form": form,
        "problem": problem,
        "unsaid": unsaid,
        "now": timezone.now(),
    }
    return render(request, "incidents/part.html", context, status=status)
