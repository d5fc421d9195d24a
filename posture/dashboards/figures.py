"""What the credentials outside stores come to, counted for pages and the API in one pass over them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, Value, When

from inventory.detection.provider import CredentialKind, formats
from inventory.models import Exposure
from inventory.models.secrets import Severity, Validity
from inventory.queries import holdings_that_count
from inventory.seen import seen
from posture.accounts.models import Team, User
from posture.accounts.visibility import visible
from posture.dashboards.charts.introduced import WEEKS, Weeks, first_monday, monday
from posture.dashboards.charts.kinds_by_age import AGE_LIMITS, UNKNOWN_AGE, Kinds

_UNKNOWN = -1
_CHECKED = (Validity.VALID, Validity.INVALID)


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


class _Slots:
    """Slots of time so narrow that each lies in one week and one band of age."""

    def __init__(self, today: date) -> None:
        mondays = [first_monday(today) + timedelta(weeks=number) for number in range(WEEKS)]
        oldest = [today - timedelta(days=days) for days in AGE_LIMITS]
        days = sorted({*mondays, *oldest})
        self.starts = [datetime.combine(day, time(), UTC) for day in days]
        """Where they begin, the oldest first; what is older still has slot 0."""
        self.bands = [len(AGE_LIMITS)] + [sum(day < limit for limit in oldest) for day in days]
        weeks = (monday(day) if day >= mondays[0] else None for day in days)
        self.weeks: list[date | None] = [None, *weeks]

    def of(self, at: datetime) -> int:
        """Return the slot of a time."""
        return bisect_right(self.starts, at)

    @property
    def case(self) -> Case:
        """Return the same for the database; most are old, and are told so by the first question."""
        cases = [When(told_introduced_at__gte=start, then=Value(n)) for n, start in enumerate(self.starts, 1)][::-1]
        return Case(
            When(told_unjudged=True, then=Value(_UNKNOWN)),
            When(told_introduced_at__lt=self.starts[0], then=Value(0)),
            *cases,
            default=Value(_UNKNOWN),
            output_field=IntegerField(),
        )


# Rank of the severity, kind, slot, whether a store holds it, how many, and of how many the validity is not known.
_Row = tuple[int, str, int, bool, int, int]


def figures(user: User, now: datetime, team: Team | None = None) -> Figures:
    """Count the credentials outside stores, of one team or of all that the viewer sees, in one query."""
    slots = _Slots(now.date())
    found = Figures()
    severities: Counter[str] = Counter()
    bands: dict[str, list[int]] = defaultdict(lambda: [0] * (UNKNOWN_AGE + 1))
    rows = _of_all(user, slots) if user.sees_everything and team is None else _of_part(user, slots, team)
    for rank, kind, slot, managed, number, of_unknown_validity in rows:
        found.exposed += number
        found.validity_unknown += of_unknown_validity
        if slot == _UNKNOWN:
            found.unjudged += number
            found.weeks.unknown += number
        else:
            severities[Severity.values[rank]] += number
            found.weeks.add(slots.weeks[slot], number)
        if not managed:
            found.unmanaged += number
            bands[kind][UNKNOWN_AGE if slot == _UNKNOWN else slots.bands[slot]] += number
    found.kinds = {(kind, kind_label(kind)): counts for kind, counts in bands.items()}
    found.severities = {each: severities[each] for each in Severity.values if severities[each]}
    return found


def _of_all(user: User, slots: _Slots) -> Iterator[_Row]:
    """Yield groups of credentials, counted by the database, for those who see everything."""
    held = Exists(holdings_that_count(user).filter(credential=OuterRef("pk")))
    unchecked = ~Q(validity__in=_CHECKED)
    rows = seen(user).filter(pk__in=Exposure.objects.present().values("credential")).order_by()
    counted = rows.annotate(slot=slots.case, held=held).values_list("told_rank", "told_kind", "slot", "held")
    yield from counted.annotate(number=Count("pk"), unchecked=Count("pk", filter=unchecked))


def _of_part(user: User, slots: _Slots, team: Team | None) -> Iterator[_Row]:
    """Yield one row per credential of some places, by what these say of it, as the columns of `seen` do.

    Added up here: the database would ask several times for each credential what its places say.
    """
    places = visible(Exposure.objects.order_by("pk"), user)
    if team is not None:
        places = places.filter(team=team)
    held = Exists(holdings_that_count(user).filter(credential=OuterRef("credential")))
    kinds = {rule: form.kind.value for rule, (_, form) in formats().items()}
    rows = places.values_list(
        *("credential", "rule", "credential__kind", "credential__validity", held),
        *("severity_rank", "severity_reason", "first_at", "gone_at"),
    )
    found: dict[int, _Part] = {}
    for pk, rule, kind, validity, managed, rank, reason, first_at, gone_at in rows.iterator(chunk_size=2000):
        part = found.get(pk)
        if part is None:
            part = found[pk] = _Part(rank, kinds.get(rule, kind), managed, validity not in _CHECKED)
        part.rank = min(part.rank, rank)
        if gone_at is None:
            part.unjudged = part.unjudged or not reason
            part.first_at = first_at if part.first_at is None else min(part.first_at, first_at)
    for part in found.values():
        if part.first_at is not None:
            slot = _UNKNOWN if part.unjudged else slots.of(part.first_at)
            yield part.rank, part.kind, slot, part.managed, 1, part.unchecked


@dataclass(slots=True)
class _Part:
    """What the places read so far say of one credential; without `first_at` it stands in none of them any more."""

    rank: int
    kind: str
    managed: bool
    unchecked: bool
    unjudged: bool = False
    first_at: datetime | None = None


def kind_label(kind: str) -> str:
    """Return a kind of credential in words."""
    return CredentialKind(kind).label if kind in CredentialKind._value2member_map_ else kind
