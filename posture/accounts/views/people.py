"""Who is here: engineers set people up, leaders look, leads see who is in their teams."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from posture.accounts import services
from posture.accounts.forms import InviteForm, RoleForm
from posture.accounts.models import Membership, SignInLink, User
from posture.accounts.views.answer import act
from posture.accounts.views.answer import page as answer
from posture.accounts.views.person import leads_somebody, signed_in
from posture.accounts.visibility import led_teams, visible

ROWS = 50


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """List the people one may see, with a search over name and e-mail."""
    user = signed_in(request)
    if not leads_somebody(user):
        raise Http404
    search = request.GET.get("q", "").replace("\x00", "").strip()
    people = _within_reach(user)
    if search:
        people = people.filter(Q(name__icontains=search) | Q(email__icontains=search))
    rows = Paginator(people.order_by("name", "email"), ROWS).get_page(request.GET.get("page"))
    return answer(request, "accounts/people.html", people=rows, search=search)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Make a person; their link is shown in this answer and nowhere else."""
    user = _engineer(request)
    form = InviteForm(request.POST if request.method == "POST" else None, by=user)
    if form.is_bound and form.submit(services.invite, by=user):
        person = User.objects.get(email=form.cleaned_data["email"].lower())
        return answer(request, "accounts/person_link.html", person=person, link=form.result, invited=True)
    return answer(request, "accounts/invite.html", form, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a person may do; change their role."""
    user = signed_in(request)
    found = _person_or_404(user, pk)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": found.role})
    if form.is_bound and form.submit(services.set_role, user=found, by=user):
        messages.success(request, f"{found.name} is now: {found.get_role_display()}.")
        return redirect("accounts:person", pk=pk)
    context = {
        "memberships": found.memberships.select_related("team"),
        "tokens": found.api_tokens.usable().count(),
        "invited": found.last_login is None,
    }
    return answer(request, "accounts/person.html", form, person=found, form=form, **context)


@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new link for a person; it is shown in this answer and nowhere else."""
    user = signed_in(request)
    found = _person_or_404(user, pk)
    purpose = SignInLink.Purpose.INVITATION if found.last_login is None else SignInLink.Purpose.SIGN_IN
    try:
        made = services.make_sign_in_link(user=found, purpose=purpose, by=user)
    except services.Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("accounts:person", pk=pk)
    invited = purpose == SignInLink.Purpose.INVITATION
    return answer(request, "accounts/person_link.html", person=found, link=made, invited=invited)


@require_POST
def disable(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut a person out."""
    user = signed_in(request)
    found = _person_or_404(user, pk)
    act(request, f"{found.name} is disabled.", services.disable_person, user=found, by=user)
    return redirect("accounts:person", pk=pk)


@require_POST
def enable(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person in again."""
    user = signed_in(request)
    found = _person_or_404(user, pk)
    act(request, f"{found.name} is enabled. Make a link for them.", services.enable_person, user=found, by=user)
    return redirect("accounts:person", pk=pk)


def _within_reach(user: User) -> QuerySet[User]:
    """Return everybody, or for a lead who is in the teams they lead; memberships only as far as they see teams."""
    teams = led_teams(user)
    seen = visible(Membership.objects.select_related("team"), user)
    people = User.objects.prefetch_related(Prefetch("memberships", queryset=seen, to_attr="seen_memberships"))
    if teams is None:
        return people
    return people.filter(pk__in=Membership.objects.filter(team__in=teams).values("user"))


def _person_or_404(user: User, pk: int) -> User:
    """Return a person for those who see everybody."""
    return get_object_or_404(visible(User.objects.all(), user), pk=pk)


def _engineer(request: HttpRequest) -> User:
    user = signed_in(request)
    if user.configures:
        return user
    if user.sees_everything:
        raise PermissionDenied("Only security engineers invite people.")
    raise Http404
