"""What a part's page says: first what to do, then what, where and why, then what happened and who said what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q

from inventory.detection.provider import formats
from inventory.models import Exposure, Holding
from posture.accounts.models import Membership, User
from posture.accounts.opaque import opaque_id
from posture.accounts.visibility import visible
from posture.audit.models import Event
from posture.incidents.models import Comment, Part, Watch
from posture.incidents.models.incidents import EXPOSED
from posture.incidents.services import may
from posture.incidents.services.parts import SUBJECT
from posture.incidents.state import CLAIMED, VERBS, State, Verb
from posture.incidents.titles import Title, titles
from posture.incidents.trigger import triggers

MOST_PLACES = 20
MOST_LINES = 200
FIRST_ACTS = ("take", "contained", "rotated", "attest")
"""What moves it on, offered beside the heading."""
OTHER_ACTS = ("triage", "assign", "snooze", "wake", "pause", "resume", "severity", "withdraw", "reopen")
WAYS_OUT = ("false_positive", "duplicate", "accept")
_PAST = {
    "open": "opened it",
    "rate": "rated it anew",
    "propose": "proposed to set it aside",
    "overdue": "told those above that the deadline passed",
    "undo": "took a step back",
}


@dataclass(frozen=True)
class Step:
    """Something to do, in words of the issuer or the trigger."""

    name: str
    words: str


@dataclass(frozen=True)
class Line:
    """One line of the timeline."""

    at: datetime
    actor: str
    """Empty: the product."""
    did: str
    before: str = ""
    after: str = ""
    reason: str = ""
    comment: Comment | None = None


class PartPage:
    """One part, for one viewer who sees it."""

    def __init__(self, user: User, part: Part) -> None:
        self.user = user
        self.part = part

    @cached_property
    def title(self) -> Title:
        """What it is called."""
        return titles([self.part])[self.part.pk]

    @property
    def is_value(self) -> bool:
        """Whether it is about an exposed value."""
        return self.part.incident.trigger == EXPOSED

    @cached_property
    def credential(self) -> str:
        """The viewer's own id of the value; empty where it is about something else, or the value is gone."""
        number = self.part.incident.credential_id
        return opaque_id(self.user, "credential", number) if number else ""

    @property
    def validity(self) -> str:
        """Whether the issuer accepts it; of a guessable value told to those alone who see everything (W27)."""
        value = self.part.incident.credential
        return value.validity if value and (not value.weak or self.user.sees_everything) else "unknown"

    @property
    def validity_at(self) -> datetime | None:
        """When that was learned."""
        value = self.part.incident.credential
        return value.validity_at if value and self.validity != "unknown" else None

    @cached_property
    def places(self) -> list[Exposure]:
        """The team's own places, the live ones first."""
        if not self.part.incident.credential_id:
            return []
        rows = Exposure.objects.filter(credential=self.part.incident.credential_id, team=self.part.team_id)
        shown = visible(rows, self.user).select_related("asset").defer("asset__codeowners", "asset__cursor")
        return list(shown.order_by("gone_at", "place", "pk")[: MOST_PLACES + 1])

    @cached_property
    def held(self) -> list[Holding]:
        """The secrets that the viewer sees whose current version holds the value."""
        if not self.part.incident.credential_id:
            return []
        rows = Holding.objects.standing().filter(credential=self.part.incident.credential_id)
        return list(visible(rows, self.user).select_related("version__secret__asset")[:MOST_PLACES])

    @cached_property
    def steps(self) -> list[Step]:
        """What to do, the first thing first."""
        if not self.is_value:
            trigger = triggers().get(self.part.incident.trigger)
            return [Step("Put it right", trigger.remedy())] if trigger else []
        rule = self.places[0].rule if self.places else ""
        value = self.part.incident.credential
        provider = formats()[rule][0] if rule in formats() else value.issuer if value and not value.weak else None
        found = []
        if provider is not None:
            found.append(Step(f"Make it dead at {provider.label}", provider.revoke))
            found.append(Step("Give what uses it a new one", provider.rotate))
        else:
            found.append(Step("Make it dead where it is accepted", "Whoever read it can use it until then."))
        for holding in self.held[:3]:
            secret = holding.version.secret
            found.append(Step("Rotate it in its store", f"{secret.path} in {secret.asset.name} holds it now."))
        if any(place.gone_at is None and place.place in ("tip", "live") for place in self.places):
            found.append(
                Step(
                    "Take it out of the files",
                    "A commit on the default branch is enough: history may keep a value that is dead.",
                )
            )
        return found

    @cached_property
    def lines(self) -> list[Line]:
        """What happened and what was said, the newest first."""
        events = Event.objects.about(SUBJECT, [self.part.pk]).with_actors().order_by("-sequence")[:MOST_LINES]
        said = {row.pk: row for row in Comment.objects.filter(part=self.part).select_related("author")}
        return [_line(event, said) for event in events]

    @cached_property
    def others(self) -> list[Part]:
        """The other teams' parts of the same incident that the viewer sees."""
        rows = visible(Part.objects.filter(incident=self.part.incident_id), self.user).exclude(pk=self.part.pk)
        return list(rows.select_related("team", "assignee").order_by("team__name"))

    @cached_property
    def is_watched(self) -> bool:
        """Whether the viewer is told of what happens."""
        return Watch.objects.filter(part=self.part, user=self.user).exists()

    @cached_property
    def people(self) -> list[User]:
        """To whom it can be given: the team's people; others that see it are named by hand."""
        of_team = Membership.objects.filter(team=self.part.team_id).values("user")
        rows = User.objects.active().filter(Q(pk__in=of_team) | Q(pk=self.part.assignee_id) | Q(pk=self.user.pk))
        return list(rows.order_by("name"))

    def _offered(self, slugs: Sequence[str]) -> list[Verb]:
        verbs = [VERBS[slug] for slug in slugs]
        state = self.part.in_state
        return [verb for verb in verbs if state in verb.before and may(self.user, verb, self.part) and self._fits(verb)]

    def _fits(self, verb: Verb) -> bool:
        part = self.part
        return {
            "attest": part.attestable,
            "take": part.assignee_id != self.user.pk,
            "pause": part.paused_at is None,
            "resume": part.paused_at is not None,
            "wake": part.snoozed_until is not None,
            "snooze": part.snoozed_until is None,
        }.get(verb.slug, True)

    @cached_property
    def first_acts(self) -> list[Verb]:
        """What moves it on."""
        return self._offered(FIRST_ACTS)

    @cached_property
    def other_acts(self) -> list[Verb]:
        """What else can be done with it."""
        return self._offered(OTHER_ACTS)

    @cached_property
    def ways_out(self) -> list[Verb]:
        """The ways to set it aside."""
        return self._offered(WAYS_OUT)

    @property
    def can_decide(self) -> bool:
        """Whether the viewer can confirm or decline what somebody else proposed."""
        part = self.part
        if not part.proposal:
            return False
        return part.proposal["by"] != self.user.pk and may(self.user, VERBS[part.proposal["verb"]], part)

    @property
    def proposed(self) -> Verb | None:
        """What was proposed."""
        return VERBS[self.part.proposal["verb"]] if self.part.proposal else None

    @property
    def decline(self) -> Verb:
        """The act of declining what was proposed."""
        return VERBS["decline"]

    @property
    def proof(self) -> str:
        """What closed it by evidence, in words."""
        closing = [line.reason for line in self.lines if line.after == State.VERIFIED.label]
        return closing[0] if closing else "A collection proved it."

    @property
    def can_undo(self) -> bool:
        """Whether the newest thing that happened is the viewer's own, and can be taken back."""
        newest = self._newest
        return newest is not None and newest.actor_id == self.user.pk and newest.verb.removeprefix("incident.") in VERBS

    @cached_property
    def _newest(self) -> Any:
        changes = Event.objects.about(SUBJECT, [self.part.pk]).exclude(verb="incident.comment")
        return changes.order_by("-sequence").first()

    @property
    def progress(self) -> list[tuple[str, str]]:
        """The way from found to proved, each step with done, now or nothing."""
        state = self.part.in_state
        order = [State.DETECTED, State.ASSIGNED, State.CONTAINED, State.ROTATED, State.VERIFIED]
        at = {State.TRIAGED: 0, State.REOPENED: 0, State.ATTESTED: 4}.get(state)
        if at is None:
            at = order.index(state) if state in order else -1
        words = ["Detected", "Assigned", "Contained", "Rotated", "Proved"]
        if state is State.ATTESTED:
            words[-1] = "Attested"
        claims = {2, 3} if state in CLAIMED else set()
        return [
            (
                word,
                "now" if place == at else "claimed" if place in claims and place < at else "done" if place < at else "",
            )
            for place, word in enumerate(words)
        ]


def _line(event: Event, said: dict[int, Comment]) -> Line:
    slug = event.verb.removeprefix("incident.")
    verb = VERBS.get(slug)
    actor = event.actor.name if event.actor else "" if event.actor_id is None else "Somebody who left"
    if slug == "comment":
        return Line(event.at, actor, "commented", comment=said.get(event.data.get("comment", 0)))
    did = verb.past if verb else _PAST.get(slug, slug)
    moved = event.before != event.after and event.before
    before, after = (State(event.before).label, State(event.after).label) if moved else ("", "")
    return Line(event.at, actor, did, before, after, event.reason)
