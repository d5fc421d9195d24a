"""The states of an incident's part and what may follow what (SCORING.md, section 2). Pure; Django's models store it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How far one team's part of an incident has come."""

    DETECTED = "detected"
    TRIAGED = "triaged"
    ASSIGNED = "assigned"
    CONTAINED = "contained"
    """Somebody says that it was revoked or disabled."""
    ROTATED = "rotated"
    """Somebody says that its consumers have a new value."""
    REOPENED = "reopened"
    VERIFIED = "verified_closed"
    """A collection proved it."""
    ATTESTED = "attested"
    """A person vouches for what nothing can check."""
    FALSE_POSITIVE = "false_positive"
    DUPLICATE = "duplicate"
    ACCEPTED = "risk_accepted"
    HANDED_OVER = "handed_over"
    """Everything of it belongs to another team now, which has its own part."""

    @property
    def label(self) -> str:
        """The state in words."""
        return _LABELS[self]


_LABELS = {
    State.DETECTED: "Detected",
    State.TRIAGED: "Triaged",
    State.ASSIGNED: "Assigned",
    State.CONTAINED: "Contained, not proved",
    State.ROTATED: "Rotated, not proved",
    State.REOPENED: "Reopened",
    State.VERIFIED: "Closed, proved",
    State.ATTESTED: "Closed, attested",
    State.FALSE_POSITIVE: "False positive",
    State.DUPLICATE: "Duplicate",
    State.ACCEPTED: "Risk accepted",
    State.HANDED_OVER: "Handed over",
}
WAITING = frozenset({State.DETECTED, State.TRIAGED, State.ASSIGNED, State.REOPENED})
"""Nobody says yet that it was put right."""
CLAIMED = frozenset({State.CONTAINED, State.ROTATED})
"""Somebody says so, and the next collections are watched for it."""
OPEN = WAITING | CLAIMED
REMEDIED = frozenset({State.VERIFIED, State.ATTESTED})
SET_ASIDE = frozenset({State.FALSE_POSITIVE, State.DUPLICATE, State.ACCEPTED})
CLOSED = frozenset(State) - OPEN
COMES_BACK = REMEDIED | {State.HANDED_OVER}
"""A live place again opens these anew; what a person set aside stays so."""


class Who(StrEnum):
    """Who may do something to a part they see, each of them also what stands before it."""

    PRODUCT = "the product"
    ORGANISATION = "security leaders and engineers"
    LEAD = "the team's leads"
    ASSIGNEE = "whoever it is assigned to"
    MEMBER = "the team's members"


@dataclass(frozen=True)
class Verb:
    """Something that can be done to a part."""

    slug: str
    label: str
    past: str
    """How the timeline tells it, after the name of whoever did it."""
    who: Who
    before: frozenset[State]
    after: State | None = None
    """None: the state stays."""
    needs_reason: bool = False
    second_person: bool = False
    """Whether a critical or high part takes two people."""


VERBS: dict[str, Verb] = {
    verb.slug: verb
    for verb in (
        Verb(
            "triage",
            "Mark as triaged",
            "triaged it",
            Who.LEAD,
            frozenset({State.DETECTED, State.REOPENED}),
            State.TRIAGED,
        ),
        Verb("take", "Take it", "took it", Who.MEMBER, WAITING, State.ASSIGNED),
        Verb("assign", "Assign", "assigned it", Who.LEAD, WAITING, State.ASSIGNED),
        Verb("contained", "Say it is contained", "said it is contained", Who.ASSIGNEE, WAITING, State.CONTAINED),
        Verb(
            "rotated",
            "Say it is rotated",
            "said it is rotated",
            Who.ASSIGNEE,
            WAITING | {State.CONTAINED},
            State.ROTATED,
        ),
        Verb("withdraw", "Take the claim back", "took the claim back", Who.ASSIGNEE, CLAIMED, State.ASSIGNED, True),
        Verb("bounce", "Send back", "sent it back", Who.PRODUCT, CLAIMED, State.ASSIGNED, True),
        Verb("verify", "Close with proof", "proved it closed", Who.PRODUCT, OPEN, State.VERIFIED, True),
        Verb("attest", "Attest", "attested it", Who.LEAD, CLAIMED, State.ATTESTED, True),
        Verb(
            "false_positive",
            "False positive",
            "called it a false positive",
            Who.LEAD,
            OPEN,
            State.FALSE_POSITIVE,
            True,
            True,
        ),
        Verb("duplicate", "Duplicate", "called it a duplicate", Who.LEAD, OPEN, State.DUPLICATE, True),
        Verb("accept", "Accept the risk", "accepted the risk", Who.LEAD, OPEN, State.ACCEPTED, True, True),
        Verb("decline", "Decline the proposal", "declined the proposal", Who.LEAD, OPEN, None, True),
        Verb(
            "expire",
            "End the acceptance",
            "reopened it as the acceptance ended",
            Who.PRODUCT,
            frozenset({State.ACCEPTED}),
            State.REOPENED,
        ),
        Verb("regress", "Reopen", "found it alive again", Who.PRODUCT, COMES_BACK, State.REOPENED, True),
        Verb("reopen", "Reopen", "reopened it", Who.LEAD, CLOSED, State.REOPENED, True),
        Verb("hand_over", "Hand over", "handed it over", Who.PRODUCT, OPEN, State.HANDED_OVER, True),
        Verb("snooze", "Snooze", "snoozed it", Who.ASSIGNEE, OPEN, None, True),
        Verb("wake", "End the snooze", "ended the snooze", Who.ASSIGNEE, OPEN),
        Verb("pause", "Pause the deadline", "paused the deadline", Who.LEAD, OPEN, None, True),
        Verb("resume", "Let the deadline run", "let the deadline run on", Who.LEAD, OPEN),
        Verb("severity", "Change the severity", "changed the severity", Who.ORGANISATION, OPEN, None, True),
    )
}


class NotAllowed(Exception):
    """The state does not allow it; the words say what does."""


def check(verb: Verb, state: State) -> None:
    """Refuse what the state does not allow.

    Raises:
        NotAllowed: with words for whoever asked.
    """
    if state not in verb.before:
        allowed = ", ".join(each.label.lower() for each in State if each in verb.before)
        raise NotAllowed(f"{verb.label}: it is {state.label.lower()}, and this takes one that is {allowed}.")
