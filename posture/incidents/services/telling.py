"""Who hears of what happens to a part, and in which words; only people who may see it are told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.urls import reverse

from inventory.models.secrets import Severity
from posture.accounts.models import Membership, Team, User
from posture.accounts.visibility import visible
from posture.incidents.models import Part, Watch
from posture.incidents.state import VERBS
from posture.incidents.titles import titles
from posture.notify.services import Message, tell

if TYPE_CHECKING:
    from posture.incidents.services.parts import Step

FEW = 5
"""More new parts of a team than this at once are told of in one message."""
KINDS = {
    "open": "incident.opened",
    "regress": "incident.reopened",
    "reopen": "incident.reopened",
    "expire": "incident.reopened",
    "assign": "incident.assigned",
    "bounce": "incident.returned",
    "propose": "incident.proposed",
    "overdue": "incident.deadline",
    "verify": "incident.closed",
    "attest": "incident.closed",
    "contained": "incident.worked",
    "rotated": "incident.worked",
    "false_positive": "incident.closed",
    "duplicate": "incident.closed",
    "accept": "incident.closed",
}
_MANY = {
    "open": "new incidents",
    "overdue": "incidents past their deadline",
    "propose": "proposals that wait for a second person, on incidents",
    "regress": "incidents that came back",
    "reopen": "incidents reopened",
    "expire": "incidents whose acceptance ended",
}
_TO_LEADS = frozenset(_MANY)


def tell_of(steps: Sequence[Step], *, actor: User | None) -> None:
    """Write messages about changes into the outbox, in the transaction of the changes."""
    told = [step for step in steps if step.verb in KINDS]
    if not told:
        return
    leads, watchers = _leads(step.part for step in told), _watchers([step.part.pk for step in told])
    groups: dict[tuple[str, int | None], list[Step]] = defaultdict(list)
    for step in told:
        groups[step.verb, step.part.team_id].append(step)
    named = titles([step.part for group in groups.values() if len(group) <= FEW for step in group])
    for (verb, team), group in groups.items():
        people = {person for person in leads[team] if verb in _TO_LEADS}
        if len(group) > FEW:
            if people - {actor.pk if actor else 0}:
                _tell_many(verb, team, group, people - {actor.pk if actor else 0})
            continue
        for step in group:
            part = step.part
            concerned = people | watchers[part.pk] | {pk for pk in (part.assignee_id, part.claimed_by_id) if pk}
            seeing = _who_see(part, concerned - {actor.pk if actor else 0})
            if seeing:
                urgent = part.severity == Severity.CRITICAL and verb in {"open", "regress", "overdue"}
                message = Message(
                    kind=KINDS[verb],
                    key=f"part:{part.pk}:{verb}:{part.changed}",
                    subject=f"{Severity(part.severity).label}: {named[part.pk]}",
                    lines=_lines(step, actor),
                    url=reverse("incidents:part", args=[part.pk]),
                    urgent=urgent,
                )
                tell(message, people=seeing)


def _lines(step: Step, actor: User | None) -> tuple[str, ...]:
    verb, part = VERBS.get(step.verb), step.part
    who = actor.name if actor else "Secrets Posture"
    did = verb.past if verb else {"open": "opened it", "propose": "proposed to close it"}.get(step.verb, step.verb)
    lines = [f"{who} {did}: {step.reason}" if step.reason else f"{who} {did}."]
    if step.verb == "overdue":
        lines = ["Its deadline has passed."]
    if part.is_open and part.due_at:
        lines.append(f"Next deadline: {part.due_at:%-d %B %Y, %H:%M} UTC.")
    return tuple(lines)


def _tell_many(verb: str, team: int | None, group: Sequence[Step], people: Iterable[int]) -> None:
    counts = Counter(Severity(step.part.severity) for step in group)
    told = ", ".join(f"{counts[each]} {each.label.lower()}" for each in Severity if counts[each])
    name = Team.objects.filter(pk=team or 0).values_list("name", flat=True).first() or "no team"
    what = _MANY[verb]
    first = min(step.part.pk for step in group)
    message = Message(
        kind=KINDS[verb],
        key=f"parts:{verb}:{team or 0}:{first}:{min(step.part.changed for step in group)}",
        subject=f"{len(group)} {what} of {name}",
        lines=(f"They are {told}.",),
        url=reverse("incidents:inbox"),
        urgent=False,
    )
    tell(message, people=people)


def _leads(parts: Iterable[Part]) -> dict[int | None, set[int]]:
    """Return by team who leads it or a team above it; for nobody's, those who see everything."""
    teams = {part.team_id for part in parts}
    parents = dict(Team.objects.order_by().values_list("pk", "parent_id"))
    leads: dict[int, set[int]] = defaultdict(set)
    for team, person in Membership.objects.filter(role=Membership.Role.LEAD, user__is_active=True).values_list(
        "team", "user"
    ):
        leads[team].add(person)
    found: dict[int | None, set[int]] = defaultdict(set)
    for owner in teams:
        at, seen = owner, set[int | None]()
        while at is not None and at not in seen:
            seen.add(at)
            found[owner] |= leads[at]
            at = parents.get(at)
    if None in teams:
        roles = [User.Role.ENGINEER]
        found[None] = set(User.objects.active().filter(role__in=roles).values_list("pk", flat=True))
    return found


def _watchers(parts: Sequence[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    if len(parts) <= FEW * 20:
        for part, person in Watch.objects.filter(part__in=parts).values_list("part", "user"):
            found[part].add(person)
    return found


def _who_see(part: Part, people: Iterable[int]) -> list[int]:
    rows = User.objects.active().filter(pk__in=list(people))
    return [person.pk for person in rows if visible(Part.objects.filter(pk=part.pk), person).exists()]


def still_concerns(person: int, key: str) -> bool:
    """Say whether a person may still see what a message is about, asked before it leaves."""
    kind, number, *_ = f"{key}::".split(":")
    user = User.objects.active().filter(pk=person).first()
    if user is None:
        return False
    if kind != "part" or not number.isdecimal():
        return True
    return visible(Part.objects.filter(pk=int(number)), user).exists()
