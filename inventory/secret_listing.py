"""What the list of stored secrets can be narrowed and ordered by, for one viewer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone

from inventory.could_be_dynamic import Way
from inventory.falls_due import due_filter, renewal_filter
from inventory.filters import Choices, Filter, Selection, select
from inventory.keyset import Key, Order
from inventory.models import PolicyVersion, Secret, Version
from inventory.models.assets import Tier
from inventory.models.secrets import end_unknown
from inventory.narrowing import GONE, LONG_AGO, YES_NO, asset_filter, contains, gone, is_in, team_filters, yes_no
from inventory.store_records import SecretKind
from inventory.surroundings import way_conditions
from posture.accounts.models import User
from posture.accounts.visibility import visible

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
SOON_DAYS = 30
STATES: Choices = (
    ("failed", "Rotation failed"),
    ("late", "Past its limit"),
    ("soon", f"Due within {SOON_DAYS} days"),
    ("never", "Never rotated"),
    ("unknown", "Age or end not known"),
    ("readers", "More readers than allowed"),
    ("exempt", "Exempt"),
    ("fine", "In time"),
)
LIFE: Choices = (("ephemeral", "Ephemeral"), ("auto", "Rotated automatically"), ("static", "Changed by hand"))


def state_conditions() -> dict[str, Q]:
    """Return how secrets stand to their policy, as conditions; a secret may meet several."""
    return {**due_conditions(), "readers": _too_many_readers()}


def due_conditions() -> dict[str, Q]:
    """Return those of them that no policy has to be read for."""
    now, today = timezone.now(), timezone.localdate()
    exempt = Q(exempt_until__gte=today)
    # A null would make the negation of a comparison null too, and lose the row.
    lasting = Q(ephemeral=None) | Q(ephemeral=False)
    soon = now + timedelta(days=SOON_DAYS)
    return {
        "failed": Q(rotation_failed=True),
        "late": Q(due_at__lt=now) & ~exempt,
        "soon": Q(due_at__gte=now, due_at__lt=soon) & ~exempt,
        "never": lasting & Q(rotated_at=None, created_at__isnull=False),
        "unknown": lasting & (Q(due_at=None, limit_days__isnull=False) | end_unknown()),
        "exempt": exempt,
        "fine": Q(due_at__gte=soon) | Q(ephemeral=True) | (Q(due_at=None, limit_days=None) & ~end_unknown()),
    }


def value_unread() -> Q:
    """Return the condition for secrets whose current value nobody read, so that it is compared with none."""
    unread = Version.objects.filter(secret=OuterRef("pk"), state=Version.State.CURRENT, read_key="")
    return Q(Exists(unread))


def _too_many_readers() -> Q:
    """Return the condition for secrets that more identities can read than the policy allows their tier."""
    policy = PolicyVersion.objects.first()
    condition = Q(pk__in=[])
    for tier, most in (policy.most_readers if policy else {}).items():
        # A tier that nobody set counts as medium.
        of_tier = Q(tier__in=[tier, ""]) if tier == Tier.MEDIUM else Q(tier=tier)
        condition |= of_tier & Q(readers__gt=most)
    return condition


def secrets(user: User, address: QueryDict) -> Selection:
    """Read what a list of stored secrets is asked for.

    Raises:
        UnknownFilter: it asks for what does not exist.
    """
    environments = visible(Secret.objects.present(), user).order_by().values_list("environment", flat=True).distinct()
    named = [(name, name.capitalize()) for name in sorted(environments) if name]
    filters = [
        Filter("q", "Text", contains("path", "asset__name"), (), "text", "Store or path"),
        Filter("state", "State", _in_state, STATES),
        Filter("kind", "Kind", is_in("kind"), [(kind.value, kind.label) for kind in SecretKind]),
        Filter("environment", "Environment", _in_environment, [*named, ("none", "Not known")]),
        Filter("tier", "Tier", is_in("tier"), Tier.choices),
        Filter("life", "Changed", _lives, LIFE),
        Filter("unread", "Value not read", yes_no(value_unread()), YES_NO, "pick"),
        Filter("dynamic", "On request", _could_be_dynamic, [(way.value, way.label) for way in Way]),
        due_filter(address),
        renewal_filter(),
        Filter("owned", "Owned", yes_no(Q(team__isnull=False)), YES_NO, "pick"),
        Filter("gone", "Gone", gone, GONE, "pick"),
        *team_filters(user, lambda queryset, teams: queryset.filter(team__in=teams)),
        asset_filter(address, user, is_in("asset")),
    ]
    due, since, readers = Key("due", datetime), Key("since", datetime), Key("most", int)
    orders = {
        "due": Order((Key("failed_first", int), due)),
        "-due": Order((Key("due", datetime, descending=True),), descending_ids=True),
        "since": Order((since,)),
        "-since": Order((Key("since", datetime, descending=True),), descending_ids=True),
        "-readers": Order((Key("most", int, descending=True),), descending_ids=True),
        "readers": Order((readers,)),
        "path": Order((Key("path"),)),
        "-path": Order((Key("path", descending=True),), descending_ids=True),
    }
    return select(address, filters, orders)


def secret_rows(user: User, selection: Selection) -> QuerySet[Secret]:
    """Return the secrets the viewer sees and the selection keeps, ready for its orders."""
    rows = visible(Secret.objects.all(), user)
    if "gone" not in selection.values:
        rows = rows.filter(gone_at=None)
    rows = rows.select_related("asset", "team").defer("asset__codeowners", "asset__cursor")
    return selection.narrow(
        rows.annotate(
            due=Coalesce("due_at", Value(NEVER, output_field=DateTimeField())),
            since=Coalesce("rotated_at", "created_at", Value(LONG_AGO, output_field=DateTimeField())),
            most=Coalesce(F("readers"), Value(-1), output_field=IntegerField()),
            failed_first=Case(When(rotation_failed=True, then=Value(0)), default=Value(1), output_field=IntegerField()),
        )
    )


def _in_state(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    conditions = state_conditions()
    return queryset.filter(reduce(or_, (conditions[value] for value in values)))


def _in_environment(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    return queryset.filter(environment__in=["" if value == "none" else value for value in values])


def by_hand() -> Q:
    """Return the condition for secrets that stay until somebody changes them, as far as is known."""
    return (Q(ephemeral=None) | Q(ephemeral=False)) & (Q(auto_rotated=None) | Q(auto_rotated=False))


def _could_be_dynamic(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    conditions = way_conditions()
    return queryset.filter(by_hand()).filter(reduce(or_, (conditions[Way(value)] for value in values)))


def _lives(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
    kept = {"ephemeral": Q(ephemeral=True), "auto": Q(auto_rotated=True), "static": by_hand()}
    return queryset.filter(reduce(or_, (kept[value] for value in values)))
