"""The tree of teams."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from posture.accounts.models import Team, User
from posture.accounts.services.refusals import NotAllowed, Refused
from posture.accounts.visibility import with_descendants

# What CODEOWNERS files name: @person, @organisation/team, or an e-mail address.
_HANDLE = re.compile(r"@[\w.-]+(/[\w.-]+)*|[^@\s]+@[\w.-]+", re.ASCII)


def create_team(
    *, name: str, slug: str = "", parent: Team | None = None, handles: Iterable[str] = (), by: User | None
) -> Team:
    """Make a team; without a slug it is made of the name.

    Raises:
        NotAllowed: somebody other than an engineer asks.
        Refused: the slug is taken or empty, or a handle is malformed or another team's.
    """
    _needs_engineer(by)
    slug = slug or slugify(name)[:50]
    if not slug:
        raise Refused("Write a short name of letters, digits and hyphens for the address.", field="slug")
    with transaction.atomic():
        wanted = _checked_handles(handles, team=None)
        try:
            with transaction.atomic():
                return Team.objects.create(name=name, slug=slug, parent=parent, handles=wanted)
        except IntegrityError as error:
            raise Refused(
                f"There is already a team with the short name {slug}. Choose another.", field="slug"
            ) from error


def update_team(*, team: Team, name: str, parent: Team | None, handles: Iterable[str], by: User | None) -> None:
    """Rename, move and re-handle a team: all or nothing.

    Raises:
        NotAllowed: somebody other than an engineer asks.
        Refused: as `move_team` and `set_handles` say.
    """
    with transaction.atomic():
        rename_team(team=team, name=name, by=by)
        move_team(team=team, parent=parent, by=by)
        set_handles(team=team, handles=handles, by=by)


def rename_team(*, team: Team, name: str, by: User | None) -> None:
    """Give a team another name; its address stays, so that links to it keep working.

    Raises:
        NotAllowed: somebody other than an engineer asks.
    """
    _needs_engineer(by)
    Team.objects.filter(pk=team.pk).update(name=name)
    team.name = name


def move_team(*, team: Team, parent: Team | None, by: User | None) -> None:
    """Put a team below another, or at the top.

    Raises:
        NotAllowed: somebody other than an engineer asks.
        Refused: the parent is the team itself or below it.
    """
    _needs_engineer(by)
    with transaction.atomic():
        # All rows, so that two moves at once cannot close a circle together.
        tree = list(Team.objects.select_for_update().order_by("pk").values_list("pk", "parent_id"))
        if parent is not None and parent.pk in with_descendants([team.pk], tree):
            raise Refused(f"{parent.name} is {team.name} itself or below it. Choose another team.", field="parent")
        Team.objects.filter(pk=team.pk).update(parent=parent)
    team.parent = parent


def set_handles(*, team: Team, handles: Iterable[str], by: User | None) -> None:
    """Say which CODEOWNERS handles mean this team.

    Raises:
        NotAllowed: somebody other than an engineer asks.
        Refused: a handle is malformed or another team's.
    """
    _needs_engineer(by)
    with transaction.atomic():
        wanted = _checked_handles(handles, team=team)
        Team.objects.filter(pk=team.pk).update(handles=wanted)
    team.handles = wanted


def _checked_handles(handles: Iterable[str], *, team: Team | None) -> list[str]:
    wanted = sorted({handle.strip() for handle in handles if handle.strip()})
    for handle in wanted:
        if not _HANDLE.fullmatch(handle):
            raise Refused(
                "Write each handle as CODEOWNERS does: @person, @organisation/team or an e-mail address.",
                field="handles",
            )
    teams = Team.objects.select_for_update().order_by("pk")
    others = teams.exclude(pk=team.pk) if team else teams
    for other, theirs in others.values_list("name", "handles"):
        # Hosts treat handles without regard to case.
        taken = {each.lower() for each in theirs} & {each.lower() for each in wanted}
        if taken:
            raise Refused(f"{min(taken)} already means {other}. Remove it there first.", field="handles")
    return wanted


def _needs_engineer(by: User | None) -> None:
    if by is not None and not (by.is_active and by.configures):
        raise NotAllowed("Only security engineers configure teams.")
