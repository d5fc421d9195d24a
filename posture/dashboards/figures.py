"""What the credentials outside stores come to, counted for pages and the API in one pass over them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Value, When

from inventory.detection.provider import CredentialKind
from inventory.models import Exposure
from inventory.models.secrets import Severity, Validity
from inventory.queries import holdings_that_count
from inventory.seen import seen
from posture.accounts.models import Team, User
from posture.accounts.visibility import visible
from posture.dashboards.charts.introduced import WEEKS, Weeks, first_monday, monday
from posture.dashboards.charts.kinds_by_age import AGE_LIMITS, UNKNOWN_AGE, Kinds

_UNKNOWN = -1


@dataclass
class Figures:
    """Counts of the credentials that stand outside a store, where the viewer sees it."""

    exposed: int = 0
    unmanaged: int = 0
    unjudged: int = 0
    """Found this moment: severity and age are being worked out."""
    validity_unknown: int = 0
    severities: dict[str, int] = field(default_factory=dict)
    """Of those that were judged, the worst first."""
    kinds: Kinds = field(default_factory=dict)
    """The unmanaged ones: by slug and label of their kind, how many of each age band."""
    weeks: Weeks = field(default_factory=Weeks)


def exposed(user: User, team: Team | None = None) -> Any:
    """Return the credentials that stand outside a store where the viewer sees it, of one team or of all theirs.

    They have the columns of `seen`: what the viewer's places say of them, or those of the team.
    """
    places = visible(Exposure.objects.present(), user)
    if team is not None:
        places = places.filter(team=team)
    part = None if team is None else Exposure.objects.filter(team=team)
    return seen(user, part).filter(pk__in=places.values("credential"))


def figures(user: User, now: datetime, team: Team | None = None) -> Figures:
    """Count what `exposed` returns; one query, whatever is asked of it.

    The database sorts each credential into one slot of time, narrow enough to say both its week and its band of age.
    """
    today = now.date()
    slots = _slots(today)
    bands_of = [sum(start.date() < day for day in _oldest(today)) for start in slots] + [len(AGE_LIMITS)]
    weeks_of = [monday(start.date()) if start.date() >= first_monday(today) else None for start in slots] + [None]
    slot = Case(
        When(told_unjudged=True, then=Value(_UNKNOWN)),
        *(When(told_introduced_at__gte=start, then=Value(number)) for number, start in enumerate(slots)),
        default=Value(len(slots)),
        output_field=IntegerField(),
    )
    held = Exists(holdings_that_count(user).filter(credential=OuterRef("pk")))
    unchecked = ~Q(validity__in=[Validity.VALID, Validity.INVALID])
    rows = (
        exposed(user, team)
        .order_by()
        .annotate(slot=slot, held=held)
        .values_list("told_rank", "told_kind", "slot", "held")
        .annotate(number=Count("pk"), unchecked=Count("pk", filter=unchecked))
    )
    found = Figures()
    severities: Counter[str] = Counter()
    bands: dict[str, list[int]] = defaultdict(lambda: [0] * (UNKNOWN_AGE + 1))
    for rank, kind, place, managed, number, of_unknown_validity in rows:
        found.exposed += number
        found.validity_unknown += of_unknown_validity
        if place == _UNKNOWN:
            found.unjudged += number
            found.weeks.unknown += number
        else:
            severities[Severity.values[rank]] += number
            found.weeks.add(weeks_of[place], number)
        if not managed:
            found.unmanaged += number
            bands[kind][UNKNOWN_AGE if place == _UNKNOWN else bands_of[place]] += number
    found.kinds = {(kind, kind_label(kind)): counts for kind, counts in bands.items()}
    found.severities = {each: severities[each] for each in Severity.values if severities[each]}
    return found


def kind_label(kind: str) -> str:
    """Return a kind of credential in words."""
    return CredentialKind(kind).label if kind in CredentialKind._value2member_map_ else kind


def _slots(today: date) -> list[datetime]:
    """Return where the slots of time begin, the newest first: every Monday that is shown, and every limit of age."""
    mondays = [first_monday(today) + timedelta(weeks=number) for number in range(WEEKS)]
    return [datetime.combine(day, time(), UTC) for day in sorted({*mondays, *_oldest(today)}, reverse=True)]


def _oldest(today: date) -> list[date]:
    """Return the oldest day of each band of age but the last."""
    return [today - timedelta(days=days) for days in AGE_LIMITS]
