"""How the incidents of the last 90 days were handled, team by team, as facts of remediation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from posture.incidents.models import Part
from posture.incidents.state import CLAIMED, REMEDIED, State
from posture.scoring.facts import RemediationFacts, RemediationItem
from posture.scoring.items import PART

WINDOW = timedelta(days=90)
"""Of SCORING.md, section 1, pillar 4."""
_DAY = timedelta(days=1)


@dataclass
class _Handled:
    items: list[RemediationItem] = field(default_factory=list)
    reopened: int = 0


def incident_facts(teams: list[int], now: datetime) -> Mapping[int, RemediationFacts]:
    """Return the facts of each team that ever had an incident; one query.

    What a person set aside does not count, nor what another team has now; a pause stops the clock.
    """
    found: dict[int, _Handled] = defaultdict(_Handled)
    counted = Q(is_open=True) | Q(state__in=sorted(REMEDIED))
    rows = Part.objects.filter(counted, team__in=teams).order_by("pk")
    for team, pk, state, severity, verify_by, opened_at, claimed_at, closed_at, paused_at, reopened in rows.values_list(
        *("team", "pk", "state", "severity", "verify_by", "opened_at"),
        *("claimed_at", "closed_at", "paused_at", "reopened"),
    ).iterator(chunk_size=2000):
        handled = found[team]
        if verify_by is None or (closed_at and closed_at < now - WINDOW):
            continue
        handled.reopened += bool(reopened) and opened_at >= now - WINDOW
        until = paused_at or now
        late = (until - verify_by) / _DAY if closed_at is None else 0.0
        handled.items.append(
            RemediationItem(
                id=f"{PART}-{pk}",
                severity=severity,
                state=_state(State(state), claimed_at, closed_at, verify_by),
                due=late > 0,
                overdue_days=max(0.0, late),
                # Never nothing: a severity made worse may leave a deadline at the moment of opening.
                deadline_days=max((verify_by - opened_at) / _DAY, 1.0),
            )
        )
    return {team: RemediationFacts(tuple(each.items), each.reopened) for team, each in found.items()}


def _state(state: State, claimed_at: datetime | None, closed_at: datetime | None, verify_by: datetime) -> str:
    if closed_at is not None:
        if closed_at > verify_by:
            return "late"
        return "verified" if state is State.VERIFIED else "attested"
    return "claimed" if state in CLAIMED and claimed_at and claimed_at <= verify_by else "open"
