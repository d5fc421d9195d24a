"""Who is asking, and what of the settings they have."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from posture.accounts.models import Team, User
from posture.accounts.visibility import led_teams, visible


def signed_in(request: HttpRequest) -> User:
    """Return the person; the middleware lets nobody else through."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user


def led(user: User) -> Q:
    """Return the condition on teams that the person may set up."""
    teams = led_teams(user)
    return Q() if teams is None else Q(pk__in=teams)


def leads_somebody(user: User) -> bool:
    """Say whether the person has anything to set up about others."""
    teams = led_teams(user)
    return teams is None or bool(teams)


def team_or_404(user: User, slug: str) -> Team:
    """Return a team that the person may set up; others do not exist for them."""
    return get_object_or_404(visible(Team.objects.filter(led(user)), user), slug=slug)
