"""What a viewer may be told of credentials beyond their own rows: managed, current, exposed, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Min, Q

from inventory.models import Credential, Exposure
from inventory.models.secrets import Version
from inventory.queries import holdings_that_count
from posture.accounts.models import User
from posture.accounts.visibility import visible


@dataclass
class Told:
    """Where one credential stands, as far as the viewer sees."""

    places: int = 0
    places_at_tip: int = 0
    unowned_places: int = 0
    oldest_at: datetime | None = None
    teams: list[str] = field(default_factory=list)


def tell_managed(user: User, credentials: Sequence[Credential]) -> None:
    """Put on each credential whether a store holds it, and in a current version; one query.

    Of a weak value only the viewer's own stores count, so that "no" is not known (SECURITY W27).
    """
    states: dict[int, set[str]] = defaultdict(set)
    held = holdings_that_count(user).filter(credential__in={row.pk for row in credentials})
    for number, state in held.values_list("credential", "version__state").distinct():
        states[number].add(state)
    for row in credentials:
        found = states.get(row.pk, set())
        unsure = row.weak and not user.sees_everything
        told: dict[str, bool | None] = {
            "told_managed": True if found else None if unsure else False,
            "told_current": True if Version.State.CURRENT in found else None if unsure or not found else False,
        }
        vars(row).update(told)


def tell_places(user: User, credentials: Sequence[Credential]) -> None:
    """Put on each credential where it stands, from the exposures the viewer sees; one query."""
    found = _places(user, [row.pk for row in credentials])
    for row in credentials:
        told = found[row.pk]
        # Where the viewer sees none, there may still be some that they do not see.
        exposed = True if told.places else False if user.sees_everything else None
        vars(row).update(told=told, told_exposed=exposed)


def _places(user: User, credentials: Iterable[int]) -> dict[int, Told]:
    found: dict[int, Told] = defaultdict(Told)
    rows = (
        visible(Exposure.objects.present().filter(credential__in=list(credentials)), user)
        .order_by("team__slug")
        .values_list("credential", "team__slug")
        .annotate(places=Count("pk"), tip=Count("pk", filter=Q(place=Exposure.Place.TIP)), oldest=Min("first_at"))
    )
    for credential, team, places, tip, oldest in rows:
        told = found[credential]
        told.places += places
        told.places_at_tip += tip
        told.oldest_at = min(filter(None, (told.oldest_at, oldest)))
        if team is None:
            told.unowned_places += places
        else:
            told.teams.append(team)
    return found
