"""The tree of teams and who is in each: engineers set it up, leads see to their developers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from posture.accounts import services
from posture.accounts.forms import MemberForm, MemberRoleForm, NewTeamForm, TeamForm
from posture.accounts.models import Membership, Team, User
from posture.accounts.views.answer import act
from posture.accounts.views.answer import page as answer
from posture.accounts.views.person import leads_somebody, led, signed_in, team_or_404


@dataclass(frozen=True)
class Branch:
    """One line of the tree."""

    team: Team
    above: tuple[Team, ...]
    """The teams it stands below, the top first."""


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Show the tree; make a team."""
    user = signed_in(request)
    if not leads_somebody(user):
        raise Http404
    form = NewTeamForm(request.POST if request.method == "POST" else None, by=user)
    if form.is_bound and form.submit(services.create_team, by=user):
        messages.success(request, f"{form.result.name} is made.")
        return redirect("accounts:team", slug=form.result.slug)
    active = Q(memberships__user__is_active=True)
    teams = Team.objects.filter(led(user)).annotate(
        people=Count("memberships", filter=active),
        leads=Count("memberships", filter=active & Q(memberships__role=Membership.Role.LEAD)),
    )
    return answer(request, "accounts/teams.html", form, form=form, tree=tree(teams))


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who is in a team; change its name, place and handles."""
    user = signed_in(request)
    found = team_or_404(user, slug)
    form = TeamForm(request.POST if request.method == "POST" else None, initial=_initial(found), by=user)
    if form.is_bound and form.submit(services.update_team, team=found, by=user):
        messages.success(request, f"{found.name} is saved.")
        return redirect("accounts:team", slug=slug)
    return _team(request, user, found, form, MemberForm(by=user))


@require_POST
def add_member(request: HttpRequest, slug: str) -> HttpResponse:
    """Put somebody who is here already into the team."""
    user = signed_in(request)
    found = team_or_404(user, slug)
    form = MemberForm(request.POST, by=user)
    if form.submit(services.add_member, team=found, by=user):
        messages.success(request, f"{form.result.user.name} is in {found.name}.")
        return redirect("accounts:team", slug=slug)
    return _team(request, user, found, TeamForm(initial=_initial(found), by=user), form)


@require_POST
def change_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make a lead a developer, or the other way round."""
    user = signed_in(request)
    found = team_or_404(user, slug)
    member = get_object_or_404(found.memberships.select_related("user"), pk=pk)
    form = MemberRoleForm(request.POST)
    if form.submit(services.set_membership, team=found, user=member.user, by=user):
        messages.success(request, f"{member.user.name} is now: {form.result.get_role_display()}.")
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("accounts:team", slug=slug)


@require_POST
def remove_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take somebody out of the team."""
    user = signed_in(request)
    found = team_or_404(user, slug)
    member = get_object_or_404(found.memberships.select_related("user"), pk=pk)
    done = f"{member.user.name} is no longer in {found.name}."
    act(request, done, services.remove_membership, team=found, user=member.user, by=user)
    return redirect("accounts:team", slug=slug)


def tree(teams: Iterable[Team]) -> list[Branch]:
    """Put teams in the order of their tree; one whose parent is not among them stands at the top."""
    known = {each.pk: each for each in teams}
    below: dict[int | None, list[Team]] = defaultdict(list)
    for each in known.values():
        below[each.parent_id if each.parent_id in known else None].append(each)
    branches: list[Branch] = []
    waiting = [Branch(each, ()) for each in reversed(below[None])]
    while waiting:
        branch = waiting.pop()
        branches.append(branch)
        path = (*branch.above, branch.team)
        waiting.extend(Branch(each, path) for each in reversed(below[branch.team.pk]))
    return branches


def _initial(team: Team) -> dict[str, Any]:
    return {"name": team.name, "parent": team.parent_id, "handles": "\n".join(team.handles)}


def _team(request: HttpRequest, user: User, team: Team, form: TeamForm, member_form: MemberForm) -> HttpResponse:
    members = team.memberships.select_related("user").order_by("-role", "user__name")
    return answer(
        request,
        "accounts/team.html",
        form,
        member_form,
        team=team,
        form=form,
        member_form=member_form,
        members=members,
    )
