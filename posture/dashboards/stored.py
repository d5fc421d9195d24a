"""What stores owe and do not tell, in figures for the overview and a team's page: one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Value

from inventory.models import Exposure, Principal, Secret
from inventory.principal_listing import use_unknown
from inventory.reuse import reused_values
from inventory.secret_listing import due_conditions, value_unread
from posture.accounts.models import Team, User
from posture.accounts.visibility import visible

_STATES = ("failed", "late", "soon", "unknown")


@dataclass(frozen=True)
class Stored:
    """Counts of stored secrets and of what stands around them, of one team or of all that the viewer sees."""

    secrets: int = 0
    failed: int = 0
    """The store tried to change the value and could not."""
    late: int = 0
    soon: int = 0
    unknown: int = 0
    """Of unknown age or end."""
    unread: int = 0
    """Nobody read the current value, so that it is compared with none."""
    use_unknown: int = 0
    """Identities of which nobody tells when they were used."""
    exposures_unowned: int = 0
    """Of all, for those who see everything, since nobody else sees one."""
    reused: int = 0
    """Values in several secrets."""


def stored_counts(user: User, team: Team | None = None) -> Stored:
    """Count what the viewer sees, of one team or of all."""

    def of(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(team=team) if team else rows

    secrets = of(visible(Secret.objects.present(), user))
    states = due_conditions()
    first = _counts("secrets", secrets, **{name: Count("pk", filter=states[name]) for name in _STATES})
    others = [
        _counts("unread", secrets.filter(value_unread())),
        _counts("use_unknown", of(visible(Principal.objects.present(), user)).filter(use_unknown())),
        _counts("reused", reused_values(user, team)),
    ]
    if user.sees_everything and team is None:
        others.append(_counts("exposures_unowned", Exposure.objects.unowned()))
    found: dict[str, int] = {}
    for name, number, *by_state in first.union(*others, all=True):
        found[name] = number
        if name == "secrets":
            found.update(zip(_STATES, by_state, strict=True))
    return Stored(**found)


def _counts(name: str, rows: QuerySet[Any], **more: Any) -> QuerySet[Any, Any]:
    """Return one row that counts some, in the columns that all kinds have."""
    columns = {state: more.get(state, Value(0)) for state in _STATES}
    named = rows.order_by().values(of=Value(name))
    return named.annotate(number=Count("pk"), **columns).values_list("of", "number", *_STATES)
