"""Remediation: what goes wrong is put right in time, and stays right."""

from __future__ import annotations

from posture.scoring.facts import Facts, Known, RemediationFacts, RemediationItem
from posture.scoring.policy import (
    ATTESTED_VALUE,
    BACKLOG_PART,
    CLAIMED_VALUE,
    ON_TIME_PART,
    REMEDIATION_WEIGHT,
    REOPEN_PART,
    WEIGHT,
)
from posture.scoring.rule import Example, Item, Rule, Totals

REOPENED = "reopened"
_CLOSED = ("verified", "attested", "late")


def _example(says: str, value: float, *states: tuple[str, bool, float], reopened: int = 0) -> Example:
    items = tuple(
        RemediationItem(id=f"r{place}", severity="high", state=state, due=due, overdue_days=overdue, deadline_days=7)
        for place, (state, due, overdue) in enumerate(states)
    )
    found = RemediationFacts(items=items, reopened=reopened)
    return Example(says, Facts(team="example", owned_credentials=0, confidence=Known(), remediation=found), value)


class Remediation(Rule):
    """How the incidents of the last 90 days were handled.

    Six tenths: closed in time, weighted by severity; proved by a later collection counts in full, attested
    by a person where nothing can check three quarters, claimed and still unproved at the deadline half.
    Three tenths: how long what is open has been overdue. One tenth: how often something closed came back.
    A part with nothing in it counts in full. False positives, duplicates, decoys and drills do not count.
    """

    slug = "remediation"
    label = "Remediation"
    order = 4
    weight = REMEDIATION_WEIGHT
    totals = ("in time", "judged for time", "overdue", "all", "closed", "reopened")
    not_assessed = "No incident could be followed yet. Incidents are followed once sources are collected regularly."
    examples = (
        _example("Nothing went wrong", 100.0),
        _example(
            "One proved in time, one still within its deadline", 100.0, ("verified", False, 0), ("open", False, 0)
        ),
        _example("The only incident is a week past its deadline of a week", 10.0, ("open", True, 7)),
        _example("It was claimed in time and is due without proof", 70.0, ("claimed", True, 0)),
        _example("It was proved in time and came back once", 90.0, ("verified", True, 0), reopened=1),
    )

    def items(self, facts: Facts) -> tuple[Item, ...] | None:
        """Return one item per incident, and one for what came back."""
        if facts.remediation is None:
            return None
        items = [_item(each) for each in facts.remediation.items]
        if facts.remediation.reopened:
            items.append(_reopened(facts.remediation.reopened))
        return tuple(items)

    def value(self, totals: Totals, facts: Facts) -> float:
        """Return the three parts together."""
        in_time, judged, overdue, everything, closed, reopened = totals
        on_time = in_time / judged if judged > 0 else 1.0
        backlog = 1 - overdue / everything if everything > 0 else 1.0
        # Something that came back and is not closed again counts as one of one, or closing it would lower the part.
        stayed = max(0.0, 1 - reopened / max(1.0, closed))
        return 100 * (ON_TIME_PART * on_time + BACKLOG_PART * backlog + REOPEN_PART * stayed)


def _counts(item: RemediationItem, state: str, *, in_time: bool = False) -> Totals:
    """Return what an incident counts in a state; `in_time` as if it had never been due."""
    weight = WEIGHT[item.severity]
    reached = {"verified": 1.0, "attested": ATTESTED_VALUE, "claimed": CLAIMED_VALUE}.get(state, 0.0)
    closed = state in _CLOSED
    judged = closed or (item.due and not in_time)
    late = 0.0 if closed or in_time else min(1.0, item.overdue_days / item.deadline_days)
    return (
        weight * reached if judged else 0.0,
        weight if judged else 0.0,
        weight * late,
        weight,
        1.0 if closed else 0.0,
        0.0,
    )


def _item(item: RemediationItem) -> Item:
    now = _counts(item, item.state)
    # What is open within its deadline has cost nothing yet, although closing it would already count.
    perfect = _counts(item, "verified") if item.due or item.state in _CLOSED else now
    fixed, action, why, remedy = _way_out(item)
    return Item(
        id=item.id,
        debt=max(0.0, now[1] - now[0]) + now[2],
        counts=now,
        perfect=perfect,
        fixed=fixed,
        action=action,
        why=why,
        remedy=remedy,
    )


def _way_out(item: RemediationItem) -> tuple[Totals | None, str, str, str]:
    """Return what the incident can still count, the order, what is wrong and what to do."""
    proof = "Take the value out of every live place and make it dead at its issuer; the next collection proves it."
    if item.state == "claimed":
        why = "It is claimed, due and not yet proved." if item.due else "It is claimed and not yet proved."
        return _counts(item, "verified"), "prove {item}", why, proof
    if item.state == "open" and item.due:
        return (
            _counts(item, "late"),
            "close {item}, late",
            f"It is {item.overdue_days:.0f} days past its deadline.",
            proof,
        )
    if item.state == "open":
        return _counts(item, "verified"), "close {item} in time", "It is open, within its deadline.", proof
    why = {
        "verified": "It was proved in time.",
        "attested": "It was attested by a person, since nothing can check it.",
        "late": "It was closed after its deadline.",
    }[item.state]
    return None, "", why, "It leaves the window 90 days after it was opened."


def _reopened(times: int) -> Item:
    return Item(
        id=REOPENED,
        debt=float(times),
        counts=(0.0, 0.0, 0.0, 0.0, 0.0, float(times)),
        perfect=(0.0,) * 6,
        fixed=None,
        action="",
        why=f"Something that was closed came back, {times} times."
        if times > 1
        else "Something that was closed came back.",
        remedy="It leaves the window after 90 days.",
    )


RULE = Remediation()
