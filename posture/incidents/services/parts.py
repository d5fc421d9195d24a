"""The one way a part changes: compared and set, with its event in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from inventory.models.secrets import Severity
from inventory.policy import deadlines
from inventory.severity import Severity as Level
from posture.accounts.models import Team, User
from posture.audit.services import Entry, record_many
from posture.incidents.models import Incident, Part
from posture.incidents.services.telling import tell_of
from posture.incidents.state import CLAIMED, OPEN, VERBS, State, check

SUBJECT = "part"
AT_ONCE = 500
"""Ids in one statement: SQLite takes a limited number of variables."""
_ANEW = frozenset({"regress", "reopen", "expire"})
"""After these a part is as if it were found now."""


class Conflict(Exception):
    """Somebody else changed a part in between; nothing of this was done."""


@dataclass
class Step:
    """One change of one part: a verb of `state.VERBS`, or `open`, `rate` and `undo`, which keep or give the state."""

    part: Part
    verb: str
    reason: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    """Safe facts for the event: numbers of evidence, dates."""


def take_steps(steps: Iterable[Step], *, actor: User | None) -> None:
    """Make changes, all or none, each with its event; the parts given have the new values after.

    Must be called in a transaction.

    Raises:
        NotAllowed: a part's state does not allow its verb.
        Conflict: a part was changed by somebody else since it was read.
    """
    taken, now = list(steps), timezone.now()
    if not taken:
        return
    alike: dict[str, _Alike] = {}
    entries = []
    for step in taken:
        part, before = step.part, step.part.state
        told = _fields(step, now)
        was = {name: _plain(getattr(part, name)) for name in told if getattr(part, name) != told[name]}
        expected = part.changed
        for name, value in told.items():
            setattr(part, name, value)
        part.changed = expected + 1
        if step.verb != "open":
            key = repr((expected, before, sorted(told.items())))
            alike.setdefault(key, _Alike(expected, before, told)).parts.append(part.pk)
        data = {**step.data, "was": was} if step.verb != "open" else dict(step.data)
        entries.append(
            Entry(f"incident.{step.verb}", SUBJECT, part.pk, part.team_id, before, part.state, step.reason, data)
        )
    _write(alike.values())
    record_many(entries, actor=actor)
    _keep_incidents({step.part.incident_id for step in taken}, now)
    Team.objects.filter(pk__in={step.part.team_id for step in taken}).update(score_due=True)
    tell_of(taken, actor=actor)


@dataclass
class _Alike:
    """Parts that change from the same to the same, so that one statement writes them."""

    expected: int
    before: str
    told: Mapping[str, Any]
    parts: list[int] = field(default_factory=list)


def _write(groups: Iterable[_Alike]) -> None:
    for each in groups:
        for start in range(0, len(each.parts), AT_ONCE):
            chunk = each.parts[start : start + AT_ONCE]
            rows = Part.objects.filter(pk__in=chunk, changed=each.expected, state=each.before)
            if rows.update(changed=F("changed") + 1, **each.told) != len(chunk):
                raise Conflict("Somebody changed this in between. Look at it again, then decide.")


def _fields(step: Step, now: datetime) -> dict[str, Any]:
    """Return the columns that a step sets, with what follows from the new state."""
    part, told = step.part, dict(step.fields)
    if step.verb == "undo":
        return told  # Exactly what was there before, and nothing that would follow anew.
    verb = VERBS.get(step.verb)
    if verb is not None:
        check(verb, part.in_state)
        if verb.after is not None:
            told["state"] = verb.after.value
    if "state" in told:
        told |= _of_state(State(told["state"]), part, now)
    if step.verb in _ANEW:
        told |= {"opened_at": now, "escalated_at": None, "reopened": part.reopened + 1, "accepted_until": None}
    if step.verb in _ANEW or "severity" in told or "is_public" in told:
        told |= _deadlines(part, told, now)
    if "state" in told or "verify_by" in told:
        state = State(told.get("state", part.state))
        contain, verify = told.get("contain_by", part.contain_by), told.get("verify_by", part.verify_by)
        told["due_at"] = verify if state in CLAIMED else contain or verify
    if part.escalated_at and (due_at := told.get("due_at")) and due_at > now:
        # Another deadline is next, whose passing is told of too.
        told["escalated_at"] = None
    return told


def _of_state(state: State, part: Part, now: datetime) -> dict[str, Any]:
    told: dict[str, Any] = {"is_open": state in OPEN, "proposal": {}}
    if state in CLAIMED:
        told |= {"claimed_at": now, "watched": True, "checked_at": None}
    elif state in OPEN:
        told |= {"claimed_at": None, "claimed_by_id": None, "attestable": False}
    if state in OPEN:
        told["closed_at"] = None
    else:
        told |= {"closed_at": now, "snoozed_until": None, "paused_at": None, "paused_reason": ""}
    return told


def _deadlines(part: Part, told: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the deadlines of a new severity: of a worse one counted from now, never later than they were."""
    severity, public = told.get("severity", part.severity), told.get("is_public", part.is_public)
    since = told.get("opened_at", part.opened_at)
    limits = deadlines(Level(severity), public=public)
    worse = _rank(severity) < _rank(part.severity) or (public and not part.is_public)
    start = now if worse else since
    found = {
        "contain_by": start + limits.contain if limits.contain else None,
        "verify_by": start + limits.verify if limits.verify else None,
    }
    if worse and "opened_at" not in told:
        for name in ("contain_by", "verify_by"):
            earlier, later = getattr(part, name), found[name]
            found[name] = min(earlier, later) if earlier and later else later or earlier
    return found


def _rank(severity: str) -> int:
    return Severity.values.index(severity)


def _plain(value: Any) -> Any:
    """Return a column's value as an event keeps it."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | bool | dict | list | None) else str(value)


def _keep_incidents(incidents: Iterable[int], now: datetime) -> None:
    """Close the incidents whose parts are all closed, and open those of which one is open."""
    numbers: Sequence[int] = sorted(incidents)
    left = Part.objects.open().filter(incident=OuterRef("pk"))
    for start in range(0, len(numbers), AT_ONCE):
        rows = Incident.objects.filter(pk__in=numbers[start : start + AT_ONCE])
        rows.filter(~Exists(left), closed_at=None).update(closed_at=now)
        rows.filter(Exists(left), closed_at__isnull=False).update(closed_at=None)


def locked(numbers: Sequence[int]) -> list[Part]:
    """Return parts with their incidents, held against others until the transaction ends."""
    rows = Part.objects.filter(pk__in=numbers).select_related("incident").order_by("pk")
    with transaction.atomic():
        return list(rows.select_for_update(of=("self",)))
