"""What the inbox can be narrowed and ordered by, for one viewer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, cast

from django.db.models import DateTimeField, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone

from inventory.filters import Choices, Filter, Selection, select
from inventory.keyset import Key, Order
from inventory.models.secrets import Severity
from inventory.narrowing import YES_NO, is_in, team_filters, yes_no
from posture.accounts.models import User
from posture.accounts.visibility import visible
from posture.incidents.models import Part
from posture.incidents.models.incidents import EXPOSED, PartQuerySet
from posture.incidents.state import CLOSED, OPEN, State
from posture.incidents.titles import Title, titles
from posture.incidents.trigger import trigger_label, triggers

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
WHOSE: Choices = (("mine", "Given to me"), ("teams", "Of my teams"), ("nobody", "Of no team"))
DUE: Choices = (("late", "Past its deadline"), ("today", "Within a day"), ("week", "Within a week"))
WAITS: Choices = (
    ("claim", "A claim to be proved"),
    ("person", "A second person"),
    ("attest", "Somebody who vouches for it"),
    ("owner", "An assignee"),
)


def inbox(user: User, address: QueryDict) -> Selection:
    """Read what the inbox is asked for.

    Raises:
        UnknownFilter: it asks for what does not exist.
    """
    kinds = [(slug, trigger_label(slug)) for slug in (EXPOSED, *triggers())]
    states = [(state.value, state.label) for state in State]
    filters = [
        Filter("whose", "Whose", _whose(user), WHOSE, "pick"),
        Filter("severity", "Severity", _severity, [each for each in Severity.choices if each[0] != Severity.INFO]),
        Filter("due", "Deadline", _due, DUE, "pick"),
        Filter("waits", "Waits for", _waits, WAITS),
        Filter("state", "State", is_in("state"), states),
        Filter("kind", "What happened", is_in("incident__trigger"), kinds),
        Filter("snoozed", "Snoozed", _snoozed, YES_NO, "pick"),
        Filter("closed", "Closed", _closed, (("yes", "Yes"), ("all", "Both")), "pick"),
        Filter("came_back", "Came back", yes_no(Q(reopened__gt=0)), YES_NO, "pick"),
        *team_filters(user, lambda queryset, teams: queryset.filter(team__in=teams)),
    ]
    rank, due, opened = Key("severity_rank", int), Key("due", datetime), Key("opened_at", datetime, descending=True)
    orders = {
        "severity": Order((rank, due)),
        "due": Order((due,)),
        "-opened": Order((opened,), descending_ids=True),
    }
    return select(address, filters, orders)


def rows(user: User, selection: Selection) -> QuerySet[Part]:
    """Return the parts that the viewer sees and the selection keeps; open and awake ones unless it says otherwise."""
    parts = cast(PartQuerySet, visible(Part.objects.all(), user))
    if not {"closed", "state"} & set(selection.values):
        parts = parts.open()
    if "snoozed" not in selection.values and "closed" not in selection.values:
        parts = parts.awake()
    parts = parts.select_related("incident", "team", "assignee")
    rows: QuerySet[Part] = parts.annotate(due=Coalesce("due_at", Value(NEVER, output_field=DateTimeField())))
    return selection.narrow(rows)


def name(parts: Sequence[Part]) -> dict[int, Title]:
    """Return what each part of a page is called."""
    return titles(parts)


def _whose(user: User) -> Any:
    conditions = {
        "mine": lambda: Q(assignee=user),
        "teams": lambda: Q(team__in=user.teams.all()),
        "nobody": lambda: Q(team=None),
    }
    return lambda queryset, values: queryset.filter(conditions[values[0]]())


def _severity(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    return queryset.filter(severity_rank__in=[Severity.values.index(value) for value in values])


def _due(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    now = timezone.now()
    until = {"late": now, "today": now + timedelta(days=1), "week": now + timedelta(days=7)}[values[0]]
    return queryset.filter(is_open=True, paused_at=None, due_at__lt=until)


def _waits(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    conditions = {
        "claim": Q(state__in=[State.CONTAINED, State.ROTATED]),
        "person": ~Q(proposal={}),
        "attest": Q(attestable=True),
        "owner": Q(assignee=None, is_open=True),
    }
    return queryset.filter(reduce(or_, (conditions[value] for value in values)))


def _snoozed(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    asleep = Q(snoozed_until__gt=timezone.now())
    return queryset.filter(asleep) if values == ["yes"] else queryset.exclude(asleep)


def _closed(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    states = sorted(CLOSED if values == ["yes"] else OPEN | CLOSED)
    return queryset.filter(is_open=False, state__in=states) if values == ["yes"] else queryset
