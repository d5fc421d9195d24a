"""What people do to a part: who may, what each act sets, and how it is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inventory.free_text import refuse_values
from inventory.models.secrets import Severity
from posture.accounts.models import User
from posture.accounts.visibility import can_act_for, visible, visible_teams
from posture.audit.models import Event
from posture.incidents.models import Part, Watch
from posture.incidents.services.closing import collect_for
from posture.incidents.services.parts import SUBJECT, Conflict, Step, locked, take_steps
from posture.incidents.state import CLAIMED, VERBS, NotAllowed, State, Verb, Who, check

LONGEST_ACCEPTANCE = 365
"""Days: DefectDojo's and our own hard ceiling for any static secret; whoever accepts decides again after it."""
LONGEST_SNOOZE = 90
_CLAIMS = frozenset({"contained", "rotated"})
_TWO_PEOPLE = frozenset({Severity.CRITICAL, Severity.HIGH})


@dataclass(frozen=True)
class Asked:
    """What a person asks for."""

    verb: str
    reason: str = ""
    person: int | None = None
    """To whom it is assigned, by number; None: to the team."""
    until: date | None = None
    """Last day of an acceptance or a snooze."""
    of: int | None = None
    """The part that it is a duplicate of."""
    severity: str = ""


@dataclass
class Done:
    """What came of it."""

    parts: list[Part] = field(default_factory=list)
    proposed: list[Part] = field(default_factory=list)
    """Those that wait for a second person now."""
    refused: dict[int, str] = field(default_factory=dict)
    """Part → why not, in words."""


def may(user: User, verb: Verb, part: Part) -> bool:
    """Say whether the person may do this to a part that they see."""
    if verb.who is Who.PRODUCT:
        return False
    if verb.who is Who.ORGANISATION:
        return user.sees_everything
    if can_act_for(user, part.team_id):
        return True
    if verb.who is Who.ASSIGNEE:
        return part.assignee_id == user.pk
    # A member takes what nobody has; from somebody else's hands only a lead gives it.
    return verb.who is Who.MEMBER and part.assignee_id in (None, user.pk)


def act(numbers: Sequence[int], asked: Asked, *, actor: User, expected: int | None = None) -> Done:
    """Do one thing to parts, each that can be; `expected` is the `changed` of the only one, as the person saw it.

    Parts that the person does not see are treated as if there were none.

    Raises:
        PermissionDenied: there is one part, and the person may not do this to it.
        NotAllowed: there is one part, and its state or what was asked does not allow it.
        Conflict: the only part has been changed since the person saw it.
        HoldsValue: the reason looks as if it held a secret value.
    """
    verb = VERBS.get(asked.verb)
    if verb is None or verb.who is Who.PRODUCT:
        raise NotAllowed(f"Nobody can do {asked.verb!r} by hand.")
    if verb.needs_reason and not asked.reason.strip():
        raise NotAllowed(f"{verb.label}: say why. Whoever reads this next year will ask.")
    refuse_values(asked.reason)
    now, done, steps = timezone.now(), Done(), []
    with transaction.atomic():
        seen = list(visible(Part.objects.filter(pk__in=numbers), actor).values_list("pk", flat=True))
        for part in locked(seen):
            try:
                if expected is not None and part.changed != expected:
                    raise Conflict("Somebody changed this in between. Look at it again, then decide.")
                if not may(actor, verb, part):
                    raise PermissionDenied(f"{verb.label}: this is for {verb.who}.")
                check(verb, part.in_state)
                step = _step(part, verb, asked, actor, now)
            except (NotAllowed, PermissionDenied, Conflict) as error:
                if len(numbers) == 1:
                    raise
                done.refused[part.pk] = str(error)
            else:
                steps.append(step)
                (done.proposed if step.verb == "propose" else done.parts).append(part)
        take_steps(steps, actor=actor)
        _watch([step.part.pk for step in steps], actor)
        # The claim is worth nothing until something newer was read.
        collect_for([part for part in done.parts if part.is_claimed and asked.verb in _CLAIMS])
    return done


def _step(part: Part, verb: Verb, asked: Asked, actor: User, now: datetime) -> Step:
    fields = _ACTS[verb.slug](part, asked, actor, now) if verb.slug in _ACTS else {}
    reason = asked.reason.strip()
    if not (verb.second_person and Severity(part.severity) in _TWO_PEOPLE):
        return Step(part, verb.slug, reason, fields)
    proposal = part.proposal
    if not proposal or proposal["verb"] != verb.slug or proposal["by"] == actor.pk:
        until = asked.until.isoformat() if asked.until else ""
        told = {"verb": verb.slug, "by": actor.pk, "name": actor.name, "reason": reason, "until": until}
        return Step(part, "propose", reason, {"proposal": told}, {"what": verb.slug})
    return Step(part, verb.slug, reason, fields, {"proposed_by": proposal["by"]})


def _assign(part: Part, asked: Asked, actor: User, now: datetime) -> Mapping[str, Any]:
    if asked.person is not None:
        person = User.objects.active().filter(pk=asked.person).first()
        teams = visible_teams(person) if person else frozenset()
        if teams is not None and part.team_id not in teams:
            # The same words for somebody of another team and for nobody: else it could be asked who there is.
            raise NotAllowed("Assign: choose a person of this team.")
    return {"assignee_id": asked.person}


def _take(part: Part, asked: Asked, actor: User, now: datetime) -> Mapping[str, Any]:
    return {"assignee_id": actor.pk}


def _claim(part: Part, asked: Asked, actor: User, now: datetime) -> Mapping[str, Any]:
    return {"claimed_by_id": actor.pk, "assignee_id": part.assignee_id or actor.pk}


def _attest(part: Part, asked: Asked, actor: User, now: datetime) -> Mapping[str, Any]:
    if not part.attestable:
        left = " ".join(part.missing) or "The evidence has not been looked at yet."
        raise NotAllowed(f"Attest: something can be proved and is not yet. {left}")
    return {}


def _accept(part: Part, asked: Asked, actor: User, now: datetime) -> Mapping[str, Any]:
    until = asked.until or _proposed_day(part)
    if until is None or not now.date() < until <= now.date() + timedelta(days=LONGEST_ACCEPTANCE):
        raise NotAllowed(f"Accept the risk: name a last day, at most {LONGEST_ACCEPTANCE} days from now.")
    return {"accepted_until": until}


def _proposed_day(part: Part) -> date | None:
    told = part.proposal.get("until", "") if part.proposal.get("verb") == "accept" else ""
    return date.fromisoformat(told) if told else None


def _duplicate(part: Part, asked: Asked, actor: User, now: datetime) -> Mapping[str, Any]:
    other = visible(Part.objects.filter(pk=asked.of or 0), actor).first()
    if other is None or other.pk == part.pk or other.team_id != part.team_id:
        raise NotAllowed("Duplicate: name another incident of the same team that you see.")
    if other.state == State.DUPLICATE:
        raise NotAllowed("Duplicate: that one is called a duplicate itself. Name the one that stays.")
    return {"duplicate_of_id": other.pk}


def _decline(part: Part, asked: Asked, actor: User, now: datetime) -> Mapping[str, Any]:
    if not part.proposal:
        raise NotAllowed("Decline the proposal: there is none.")
    return {"proposal": {}}


def _snooze(part: Part, asked: Asked, actor: User, now: datetime) -> Mapping[str, Any]:
    if asked.until is None or not now.date() < asked.until <= now.date() + timedelta(days=LONGEST_SNOOZE):
        raise NotAllowed(f"Snooze: name a day, at most {LONGEST_SNOOZE} days from now. The deadline goes on.")
    return {"snoozed_until": datetime.combine(asked.until, datetime.min.time(), timezone.get_current_timezone())}


def _pause(part: Part, asked: Asked, actor: User, now: datetime) -> Mapping[str, Any]:
    if part.paused_at:
        raise NotAllowed("Pause the deadline: it is paused already.")
    return {"paused_at": now, "paused_reason": asked.reason.strip()[:500]}


def _resume(part: Part, asked: Asked, actor: User, now: datetime) -> Mapping[str, Any]:
    if not part.paused_at:
        raise NotAllowed("Let the deadline run: it is not paused.")
    rest = now - part.paused_at
    moved = {name: at + rest for name in ("contain_by", "verify_by") if (at := getattr(part, name))}
    due = moved.get("verify_by") if part.in_state in CLAIMED else moved.get("contain_by") or moved.get("verify_by")
    return {"paused_at": None, "paused_reason": "", **moved, "due_at": due}


def _severity(part: Part, asked: Asked, actor: User, now: datetime) -> Mapping[str, Any]:
    if asked.severity not in Severity.values or asked.severity == Severity.INFO:
        raise NotAllowed("Change the severity: choose critical, high, medium or low.")
    if asked.severity == part.severity:
        raise NotAllowed("Change the severity: it is that already.")
    return {
        "severity": asked.severity,
        "severity_reason": f"Set by {actor.name}: {asked.reason.strip()}"[:500],
        "severity_set_by_id": actor.pk,
    }


_ACTS = {
    "assign": _assign,
    "take": _take,
    "contained": _claim,
    "rotated": _claim,
    "attest": _attest,
    "accept": _accept,
    "duplicate": _duplicate,
    "decline": _decline,
    "snooze": _snooze,
    "wake": lambda *_: {"snoozed_until": None},
    "pause": _pause,
    "resume": _resume,
    "severity": _severity,
}


def _watch(parts: Iterable[int], actor: User) -> None:
    """Have people told of what they took part in."""
    Watch.objects.bulk_create([Watch(part_id=part, user=actor) for part in parts], ignore_conflicts=True)


def undo(number: int, *, actor: User) -> Part:
    """Take back the newest change of a part, where this person made it; the history stays and says so.

    Raises:
        NotAllowed: there is nothing of this person to take back, or something came after it.
        Conflict: somebody changed it meanwhile.
    """
    with transaction.atomic():
        seen = visible(Part.objects.filter(pk=number), actor).values_list("pk", flat=True)
        part = next(iter(locked(list(seen))), None)
        changes = Event.objects.about(SUBJECT, [number]).exclude(verb="incident.comment")
        last = changes.order_by("-sequence").first() if part else None
        undoable = last is not None and last.verb.removeprefix("incident.") in VERBS
        if part is None or last is None or last.actor_id != actor.pk or not undoable:
            raise NotAllowed("There is nothing of yours to undo: something happened after it, or somebody else did it.")
        fields = {name: _from_event(part, name, value) for name, value in last.data.get("was", {}).items()}
        step = Step(
            part, "undo", f"Undid: {VERBS[last.verb.removeprefix('incident.')].label}.", fields, {"of": last.sequence}
        )
        take_steps([step], actor=actor)
    return part


def _from_event(part: Part, name: str, value: Any) -> Any:
    """Return a column's former value; dates come back from their words."""
    column = next(each for each in Part._meta.get_fields() if name in (each.name, getattr(each, "attname", "")))
    return column.to_python(value) if hasattr(column, "to_python") and not column.is_relation else value
