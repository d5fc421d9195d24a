"""Pages that join the slices: find, check access, put together, render."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from posture.accounts.models import Team, User
from posture.accounts.visibility import visible, visible_teams
from posture.dashboards.heat import heat_rows, worst_items
from posture.dashboards.named import named
from posture.dashboards.overview import overview
from posture.dashboards.rotation import rotation_page
from posture.dashboards.team import ACTIONS, MOST_ACTIONS, team_page, what_if
from posture.scoring.models import Snapshot
from posture.scoring.rule import rules


def _viewer(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user


@require_safe
def show_overview(request: HttpRequest) -> HttpResponse:
    """Show where the organisation stands; who has one team and no wider view is taken to that team."""
    user = _viewer(request)
    if not user.sees_everything:
        teams = visible_teams(user) or ()
        if len(teams) == 1:
            return redirect("dashboards:team", slug=Team.objects.get(pk__in=teams).slug)
    return render(request, "dashboards/overview.html", {"page": overview(user, timezone.now())})


@require_safe
def show_teams(request: HttpRequest) -> HttpResponse:
    """List the viewer's teams, the worst score first."""
    user = _viewer(request)
    teams = list(visible(Team.objects.all(), user))
    newest = list(visible(Snapshot.objects.newest_per_team().in_brief(), user).select_related("team"))
    rows = heat_rows(newest, {}, named(user, worst_items(newest)))
    scored = {row.team.pk for row in rows if row.team}
    return render(
        request,
        "dashboards/teams.html",
        {"rows": rows, "unscored": [team for team in teams if team.pk not in scored], "teams": teams},
    )


@require_safe
def show_team(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one team: its score taken apart, what to do next, and what that would change."""
    user = _viewer(request)
    team = visible(Team.objects.select_related("parent"), user).filter(slug=slug).first()
    if team is None:
        raise Http404
    every = request.GET.get("actions") == "all"
    ticked = request.GET.getlist("fix")[:MOST_ACTIONS]
    if request.headers.get("HX-Target") == "what-if":
        return render(request, "dashboards/_what_if.html", {"what_if": what_if(user, team, ticked)})
    pillar = request.GET.get("pillar", "")
    if pillar and pillar not in rules():
        raise Http404
    page = team_page(user, team, timezone.now(), ticked, MOST_ACTIONS if every else ACTIONS, pillar)
    return render(request, "dashboards/team.html", {"page": page, "every": every, "what_if": page.what_if})


@require_safe
def show_rotation(request: HttpRequest) -> HttpResponse:
    """Show what has to be rotated and when, of one team or of all that the viewer sees."""
    user = _viewer(request)
    team = None
    if slug := request.GET.get("team"):
        team = visible(Team.objects.all(), user).filter(slug=slug).first()
        if team is None:
            raise Http404
    page = rotation_page(user, timezone.now(), team)
    return render(request, "dashboards/rotation.html", {"page": page, "team": team})
