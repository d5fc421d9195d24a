"""What the list of principals can be narrowed and ordered by, for one viewer."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, DateTimeField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone

from inventory.environment_matrix import NONE, in_order, words
from inventory.filters import Choices, Filter, Selection, select
from inventory.keyset import Key, Order, storable
from inventory.models import PolicyVersion, Principal
from inventory.narrowing import GONE, LONG_AGO, YES_NO, asset_filter, contains, gone, is_in, team_filters, yes_no
from inventory.policy import unused_limit
from inventory.store_records import PrincipalKind
from posture.accounts.models import User
from posture.accounts.visibility import visible

READS_IN = "environments"
STATES: Choices = (
    ("admin", "Admin rights"),
    ("wildcard", "Reads everything of a store"),
    ("dormant", "Not used for long"),
    ("unknown", "Use not known"),
    ("off", "Switched off or expired"),
    ("exempt", "Exempt"),
)


def unused_days() -> tuple[int, int]:
    """Return after how many days without use a person's and a machine's identity is dormant."""
    policy = PolicyVersion.objects.first()
    if policy is not None:
        return policy.unused_human_days, policy.unused_machine_days
    return unused_limit(human=True).days or 0, unused_limit(human=False).days or 0


def _on(now: datetime) -> Q:
    return (Q(enabled=None) | Q(enabled=True)) & (Q(expires_at=None) | Q(expires_at__gte=now))


def _identities() -> Q:
    return Q(kind__in=[PrincipalKind.HUMAN, PrincipalKind.WORKLOAD, PrincipalKind.TOKEN])


def use_unknown() -> Q:
    """Return the condition for identities that can be used, of which nobody tells when they were."""
    return _identities() & _on(timezone.now()) & Q(last_used_at=None)


def state_conditions() -> dict[str, Q]:
    """Return what can be said about principals, as conditions; one may meet several."""
    now, (human, machine) = timezone.now(), unused_days()
    off = Q(enabled=False) | Q(expires_at__lt=now)
    on, identities = _on(now), _identities()
    is_human = Q(kind=PrincipalKind.HUMAN)
    long_unused = (is_human & Q(last_used_at__lt=now - timedelta(days=human))) | (
        ~is_human & Q(last_used_at__lt=now - timedelta(days=machine))
    )
    exempt = Q(exempt_until__gte=timezone.localdate())
    subject = Q(exempt_until=None) | Q(exempt_until__lt=timezone.localdate())
    return {
        "admin": Q(admin=True) & on & subject,
        "wildcard": Q(wildcard=True) & on & subject,
        "dormant": identities & on & subject & long_unused,
        "unknown": use_unknown(),
        "off": off,
        "exempt": exempt,
    }


def principals(user: User, address: QueryDict) -> Selection:
    """Read what a list of principals is asked for.

    Raises:
        UnknownFilter: it asks for what does not exist.
    """
    filters = [
        Filter("q", "Text", contains("name", "asset__name"), (), "text", "Name or store"),
        Filter("state", "State", _in_state, STATES),
        Filter("kind", "Kind", is_in("kind"), [(kind.value, kind.label) for kind in PrincipalKind]),
        Filter("owned", "Owned", yes_no(Q(team__isnull=False)), YES_NO, "pick"),
        Filter("gone", "Gone", gone, GONE, "pick"),
        *team_filters(user, lambda queryset, teams: queryset.filter(team__in=teams)),
        asset_filter(address, user, is_in("asset")),
        _environments_filter(address),
    ]
    orders = {
        "-reads": Order((Key("most", int, descending=True),), descending_ids=True),
        "reads": Order((Key("most", int),)),
        "used": Order((Key("used_at", datetime),)),
        "-used": Order((Key("used_at", datetime, descending=True),), descending_ids=True),
        "name": Order((Key("name"),)),
        "-name": Order((Key("name", descending=True),), descending_ids=True),
    }
    return select(address, filters, orders)


def principal_rows(user: User, selection: Selection) -> QuerySet[Principal]:
    """Return the principals the viewer sees and the selection keeps, ready for its orders."""
    rows = visible(Principal.objects.all(), user)
    if "gone" not in selection.values:
        rows = rows.filter(gone_at=None)
    rows = rows.select_related("asset", "team").defer("asset__codeowners", "asset__cursor", "member_of")
    return selection.narrow(
        rows.annotate(
            most=Coalesce(F("reads"), Value(-1), output_field=IntegerField()),
            used_at=Coalesce("last_used_at", Value(LONG_AGO, output_field=DateTimeField())),
        )
    )


def principal_figures(rows: QuerySet[Principal]) -> dict[str, int]:
    """Count the selected principals by state, in one query."""
    counts = {name: Count("pk", filter=condition) for name, condition in state_conditions().items()}
    return rows.order_by().aggregate(total=Count("pk"), **counts)


def _environments_filter(address: QueryDict) -> Filter:
    """Return the filter by environments in all of which somebody can read, that links set: production,staging."""
    value = address.get(READS_IN, "")
    asked = {"" if name == NONE else name for name in value.split(",")}

    def narrow(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        # Few sets stand for very many identities, and no database compares parts of them by an index.
        known = Principal.objects.filter(reads_in__isnull=False).order_by().values_list("reads_in", flat=True)
        return queryset.filter(reads_in__in=[names for names in known.distinct() if asked <= set(names or ())])

    found = [(value, " and ".join(map(words, in_order(asked))))] if value and storable(value) else []
    return Filter(READS_IN, "Can read in", narrow, found, "hidden")


def _in_state(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    conditions = state_conditions()
    return queryset.filter(reduce(or_, (conditions[value] for value in values)))
