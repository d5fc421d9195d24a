"""Incidents about stored secrets and identities: opened while a trigger's condition holds, closed by what ends it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from posture.incidents.models import Incident, Part
from posture.incidents.services.opening import key_of, open_parts, set_deadlines
from posture.incidents.services.parts import Step, take_steps
from posture.incidents.state import COMES_BACK, OPEN
from posture.incidents.trigger import Trigger, triggers

BATCH = 500


def open_triggered() -> int:
    """Open, reopen and close what the triggers say; returns how many parts changed."""
    return sum(_all_of(trigger) for trigger in triggers().values())


def _all_of(trigger: Trigger) -> int:
    changed = 0
    for some in (_hand_over_some, _close_some, _open_some):
        while True:
            with transaction.atomic():
                number = some(trigger, timezone.now())
            changed += number
            if number < BATCH:
                break
    return changed


def _open_some(trigger: Trigger, now: datetime) -> int:
    """Open or reopen for rows that meet the condition and have no part that is open or set aside by a person."""
    parts = Part.objects.filter(incident__trigger=trigger.slug, **{f"incident__{trigger.about}": OuterRef("pk")})
    missing = trigger.met().filter(~Exists(parts.exclude(state__in=sorted(COMES_BACK))))
    rows = list(missing.order_by("pk").select_for_update(of=("self",))[:BATCH])
    known = _incidents(trigger, rows)
    new, steps = [], []
    made = Incident.objects.bulk_create(
        [
            Incident(
                key=key_of(trigger.slug, row.pk),
                trigger=trigger.slug,
                severity=trigger.rate(row).severity.value,
                team_id=row.team_id,
                opened_at=now,
                **{f"{trigger.about}_id": row.pk},
            )
            for row in rows
            if row.pk not in known
        ]
    )
    known.update({getattr(incident, f"{trigger.about}_id"): incident for incident in made})
    closed = {
        (part.incident_id, part.owner_key): part
        for part in Part.objects.filter(incident__in=[row.pk for row in known.values()])
        .select_related("incident")
        .select_for_update(of=("self",))
    }
    for row in rows:
        incident, rated = known[row.pk], trigger.rate(row)
        part = closed.get((incident.pk, row.team_id or 0))
        if part is None:
            new.append(_part(incident, row.team_id, rated.severity.value, rated.reason, now))
        elif part.comes_back:
            steps.append(Step(part, "regress", rated.reason))
    open_parts(new)
    take_steps(steps, actor=None)
    # Where a row's part of another team was set aside, nothing is left to do, and it must not be asked for again.
    return len(new) + len(steps)


def _incidents(trigger: Trigger, rows: Sequence[Any]) -> dict[int, Incident]:
    found = Incident.objects.filter(trigger=trigger.slug, **{f"{trigger.about}__in": [row.pk for row in rows]})
    return {getattr(incident, f"{trigger.about}_id"): incident for incident in found}


def _part(incident: Incident, team: int | None, severity: str, reason: str, now: datetime) -> Part:
    part = Part(
        incident=incident,
        team_id=team,
        owner_key=team or 0,
        severity=severity,
        severity_reason=reason[:500],
        opened_at=now,
    )
    set_deadlines(part, since=now)
    return part


def _hand_over_some(trigger: Trigger, now: datetime) -> int:
    """Take parts from teams whose secret or identity is another team's now, for which a part is opened after it."""
    owner = Coalesce(F(f"incident__{trigger.about}__team"), Value(0))
    moved = Part.objects.open().filter(incident__trigger=trigger.slug, **{f"incident__{trigger.about}__isnull": False})
    rows = moved.exclude(owner_key=owner).select_related("incident").order_by("pk")
    parts = list(rows.select_for_update(of=("self",))[:BATCH])
    take_steps([Step(part, "hand_over", "It belongs to another team now.") for part in parts], actor=None)
    return len(parts)


def _close_some(trigger: Trigger, now: datetime) -> int:
    """Close by evidence what is over, by facts that were read after the part was opened or claimed."""
    rows = trigger.met().model._default_manager.filter(trigger.ended(), pk=OuterRef(f"incident__{trigger.about}"))
    over = Part.objects.filter(incident__trigger=trigger.slug, state__in=sorted(OPEN)).filter(Exists(rows))
    parts = list(
        over.select_related(f"incident__{trigger.about}").order_by("pk").select_for_update(of=("self",))[:BATCH]
    )
    steps = []
    for part in parts:
        row = getattr(part.incident, trigger.about)
        evidence = {"evidence": {"kind": trigger.about, "id": row.pk, "seen": _day(row.last_seen_at)}}
        fields = {"missing": [], "checked_at": now}
        steps.append(Step(part, "verify", trigger.proof(row), fields, evidence))
    take_steps(steps, actor=None)
    return len(steps)


def _day(at: datetime | None) -> str:
    return at.isoformat() if at else ""
