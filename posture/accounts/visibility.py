"""The one visibility rule: who may see which rows. Nothing else decides it.

Leaders and engineers see everything. Others see what is owned by their teams and the teams below these.
What nobody owns only leaders and engineers see. Each model says by `team_paths` how it reaches its owning teams.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from posture.accounts.models import Membership, Team, User

Row = TypeVar("Row", bound=Model)


def with_descendants(roots: Iterable[int], parents: Iterable[tuple[int, int | None]]) -> set[int]:
    """Return the roots and every team below them; cycles do no harm."""
    children: dict[int | None, list[int]] = defaultdict(list)
    for team, parent in parents:
        children[parent].append(team)
    seen: set[int] = set()
    waiting = list(roots)
    while waiting:
        team = waiting.pop()
        if team not in seen:
            seen.add(team)
            waiting.extend(children[team])
    return seen


def visible_teams(user: User | AnonymousUser) -> frozenset[int] | None:
    """Return the ids of the teams whose things the person sees; `None` means everything.

    The answer is kept on the user object, so it holds for one request.
    """
    return _teams(user, "_visible_teams", {})


def led_teams(user: User | AnonymousUser) -> frozenset[int] | None:
    """Return the ids of the teams that the person leads, with those below; `None` for those who lead everything."""
    return _teams(user, "_led_teams", {"role": Membership.Role.LEAD})


def _teams(user: User | AnonymousUser, kept: str, condition: dict[str, Any]) -> frozenset[int] | None:
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    if user.sees_everything:
        return None
    if not hasattr(user, kept):
        own = Exists(Membership.objects.filter(team=OuterRef("pk"), user=user, **condition))
        tree = list(Team.objects.order_by().values_list("pk", "parent_id", own))
        roots = [team for team, _, mine in tree if mine]
        setattr(user, kept, frozenset(with_descendants(roots, [(team, parent) for team, parent, _ in tree])))
    teams: frozenset[int] = getattr(user, kept)
    return teams


def visible(queryset: QuerySet[Row], user: User | AnonymousUser) -> QuerySet[Row]:
    """Narrow a queryset to the rows the person may see.

    A model without `team_paths` is for those who see everything.
    """
    teams = visible_teams(user)
    if teams is None:
        return queryset
    if not teams:
        return queryset.none()
    condition = Q(pk__in=[])
    for path in getattr(queryset.model, "team_paths", ()):
        if "__" in path:
            reached = queryset.model._default_manager.filter(**{f"{path}__in": teams})
            condition |= Q(pk__in=reached.values("pk"))
        else:
            condition |= Q(**{f"{path}__in": teams})
    return queryset.filter(condition)


def can_see(user: User | AnonymousUser, row: Model) -> bool:
    """Say whether the person may see this one row, by the same rule."""
    return visible(type(row)._default_manager.filter(pk=row.pk), user).exists()


def can_act_for(user: User | AnonymousUser, team_id: int | None) -> bool:
    """Say whether the person may act for the team: engineers and leaders for all, leads for theirs and those below."""
    teams = led_teams(user)
    return teams is None or (team_id is not None and team_id in teams)
