"""Opening, reopening and regrouping of incidents from what the inventory says now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from inventory.models import Credential
from inventory.policy import deadlines
from inventory.severity import Severity as Level
from posture.incidents.models import Incident, Part
from posture.incidents.models.incidents import EXPOSED
from posture.incidents.services.closing import prove
from posture.incidents.services.parts import Step, take_steps
from posture.incidents.standing import Standing, owner, owners, standings

BATCH = 500


def open_incidents() -> int:
    """Bring the incidents of every exposed value that changed up to date; returns how many values.

    Safe to run again and beside itself: the rows of a batch are locked, and parts are one per incident and team.
    """
    looked_at = 0
    while True:
        with transaction.atomic():
            due = Credential.objects.filter(incident_due=True, severity_due=False).order_by("pk")
            batch = list(due.select_for_update()[:BATCH])
            if not batch:
                return looked_at
            _bring_up_to_date(batch, timezone.now())
            Credential.objects.filter(pk__in=[row.pk for row in batch]).update(incident_due=False)
        looked_at += len(batch)


def key_of(trigger: str, row: int) -> str:
    """Return what makes an incident one."""
    return f"{trigger}:{row}"


def _bring_up_to_date(batch: list[Credential], now: datetime) -> None:
    standing = standings(batch)
    incidents = {row.credential_id: row for row in Incident.objects.filter(credential__in=batch, trigger=EXPOSED)}
    wanted = {
        row.pk: {team: each for team, each in standing[row.pk].items() if each.matters(row.validity)}
        for row in batch
        if row.pk in standing
    }
    new = [row for row in batch if row.pk not in incidents and wanted.get(row.pk)]
    made = Incident.objects.bulk_create(
        [
            Incident(
                key=key_of(EXPOSED, row.pk),
                trigger=EXPOSED,
                credential=row,
                severity=row.severity,
                team_id=owner(wanted[row.pk]),
                opened_at=now,
            )
            for row in new
        ]
    )
    incidents.update({incident.credential_id: incident for incident in made})
    parts: dict[int, dict[int, Part]] = defaultdict(dict)
    numbers = {row.pk: row for row in incidents.values()}
    for part in Part.objects.filter(incident__in=numbers).select_for_update():
        part.incident = numbers[part.incident_id]
        parts[part.incident_id][part.owner_key] = part
    opened: list[Part] = []
    steps: list[Step] = []
    owned: dict[int, set[int | None]] = defaultdict(set)
    for credential, team in owners([row.pk for row in batch if row.pk in incidents]):
        owned[credential].add(team)
    for row in batch:
        incident = incidents.get(row.pk)
        if incident is None:
            continue
        here = wanted.get(row.pk, {})
        known = parts[incident.pk]
        opened += [_new_part(incident, team, each, now) for team, each in here.items() if (team or 0) not in known]
        for part in known.values():
            steps += _changes(part, here.get(part.owner_key or None), owned[row.pk])
        _keep_owner(incident, row, here)
    open_parts(opened)
    take_steps(steps, actor=None)
    prove([part for each in parts.values() for part in each.values()] + opened)


def _keep_owner(incident: Incident, row: Credential, here: dict[int | None, Standing]) -> None:
    team = owner(here) if here else incident.team_id
    if (incident.severity, incident.team_id) != (row.severity, team):
        incident.severity, incident.team_id = row.severity, team
        incident.save(update_fields=["severity", "team"])


def _new_part(incident: Incident, team: int | None, standing: Standing, now: datetime) -> Part:
    part = Part(
        incident=incident,
        team_id=team,
        owner_key=team or 0,
        severity=standing.severity,
        severity_reason=standing.severity_reason,
        is_public=standing.public,
        opened_at=now,
    )
    set_deadlines(part, since=now)
    return part


def set_deadlines(part: Part, *, since: datetime) -> None:
    """Give a part the deadlines of its severity, counted from a time."""
    limits = deadlines(Level(part.severity), public=part.is_public)
    part.contain_by = since + limits.contain if limits.contain else None
    part.verify_by = since + limits.verify if limits.verify else None
    part.due_at = part.verify_by if part.is_claimed else part.contain_by or part.verify_by


def open_parts(parts: Iterable[Part]) -> None:
    """Write new parts, each with its event."""
    from_nothing = list(parts)
    made = Part.objects.bulk_create(from_nothing)
    take_steps(
        [Step(part, "open", reason=part.severity_reason, data={"severity": part.severity}) for part in made],
        actor=None,
    )
    Incident.objects.filter(pk__in={part.incident_id for part in made}).update(closed_at=None)


def _changes(part: Part, standing: Standing | None, owning: Collection[int | None]) -> Iterable[Step]:
    """Yield what the inventory's news make of a part that exists, which is one change at most."""
    if standing is None:
        # A team that only cleaned up keeps its part, for evidence to close: its places are gone, and still its own.
        if part.is_open and owning and (part.owner_key or None) not in owning:
            yield Step(part, "hand_over", reason="None of its places belongs to this team any more.")
        return
    told = (standing.severity, standing.severity_reason[:500], standing.public)
    rated = part.severity_set_by_id is None and told != (part.severity, part.severity_reason, part.is_public)
    fields = {"severity": told[0], "severity_reason": told[1], "is_public": told[2]} if rated else {}
    if part.comes_back and (standing.live or standing.holds):
        where = "It stands in a live place again." if standing.live else "A current version of a secret holds it again."
        yield Step(part, "regress", reason=where, fields=fields)
    elif rated:
        yield Step(part, "rate", reason=told[1], fields=fields, data={"from": part.severity})
