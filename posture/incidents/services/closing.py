"""Closing by evidence: only what was collected after the claim closes a part, and two reads against it send it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from inventory.closing import ClosingFacts, HeldBy, LivePlace, UnreadAsset, UnreadSecret, closing_facts
from inventory.models import Credential, Read, Secret, Source
from inventory.services import request_run
from posture.incidents.closure import Evidence, Verdict, judge
from posture.incidents.models import Part
from posture.incidents.models.incidents import EXPOSED
from posture.incidents.services.parts import Step, take_steps

BATCH = 500
CYCLES = 2
"""Reads that still show it after which a claim is sent back (SCORING.md, section 2)."""
LOOK_AGAIN = timedelta(minutes=1)
_EVER = datetime.min.replace(tzinfo=UTC)


def prove(parts: Iterable[Part]) -> int:
    """Close the open parts of exposed values that evidence closes, and note on the others what is missing.

    Must be called in a transaction that holds the parts; returns how many were closed or sent back.
    """
    asked = [part for part in parts if part.is_open and part.incident.trigger == EXPOSED]
    known = Credential.objects.in_bulk({_value(part) for part in asked})
    asked = [part for part in asked if _value(part) in known]
    now, steps, noted = timezone.now(), list[Step](), list[Part]()
    verdicts = _verdicts(asked, known)
    contradicted = [part for part in asked if part.is_claimed and verdicts[part.pk][1].contradicted]
    worn_out = _seen_again(contradicted, {part.pk: verdicts[part.pk][0] for part in contradicted})
    for part in asked:
        facts, verdict = verdicts[part.pk]
        watched = part.is_claimed or verdict.awaits_reads
        if verdict.proved:
            fields = {"missing": [], "watched": False}
            steps.append(Step(part, "verify", verdict.proof, fields, _evidence(facts)))
        elif part.pk in worn_out:
            reason = f"{CYCLES} collections since the claim still show it. {' '.join(verdict.missing)}"
            fields = {"missing": list(verdict.missing), "watched": False}
            steps.append(Step(part, "bounce", reason, fields, _evidence(facts)))
        else:
            part.missing, part.attestable = list(verdict.missing), verdict.attestable and part.is_claimed
            part.watched, part.checked_at = watched, now
            noted.append(part)
    # Notes of what is missing are no change of the part: whoever has it open on a page is not disturbed.
    Part.objects.bulk_update(noted, ["missing", "attestable", "watched", "checked_at"], batch_size=BATCH)
    take_steps(steps, actor=None)
    return len(steps)


def watch_claims() -> int:
    """Look at the parts that the next reads may prove or disprove; returns how many were closed or sent back."""
    changed = 0
    while True:
        limit = timezone.now() - LOOK_AGAIN
        with transaction.atomic():
            due = Part.objects.filter(Q(checked_at=None) | Q(checked_at__lt=limit), watched=True, is_open=True)
            rows = due.select_related("incident").order_by("checked_at", "pk").select_for_update(of=("self",))
            parts = list(rows[:BATCH])
            changed += prove(parts)
            # Parts of other triggers are closed by these; here they only wait their turn.
            Part.objects.filter(pk__in=[part.pk for part in parts], is_open=True).update(checked_at=timezone.now())
        if len(parts) < BATCH:
            return changed


def collect_for(parts: Sequence[Part]) -> None:
    """Ask for a collection of every source that can prove the claims on these parts; the runs start by themselves."""
    credentials = {part.incident.credential_id for part in parts} - {None}
    secrets = {part.incident.secret_id for part in parts} - {None}
    principals = {part.incident.principal_id for part in parts} - {None}
    # By numbers of small sets each: a union of joins over all assets is slow.
    sources = {
        *Source.objects.filter(assets__exposures__credential__in=credentials).values_list("pk", flat=True),
        *Source.objects.filter(assets__secrets__versions__holdings__credential__in=credentials).values_list(
            "pk", flat=True
        ),
        *Source.objects.filter(assets__secrets__in=secrets).values_list("pk", flat=True),
        *Source.objects.filter(assets__principals__in=principals).values_list("pk", flat=True),
    }
    for source in Source.objects.filter(pk__in=sources, enabled=True).order_by("pk"):
        request_run(source=source, trigger="person")


def _verdicts(parts: Sequence[Part], known: dict[int, Credential]) -> dict[int, tuple[ClosingFacts, Verdict]]:
    """Judge each part by what was read since its claim, or since it was opened.

    Most are contradicted by any read at all; only the others are asked about by their own time.
    """
    ever = closing_facts(known, _EVER)
    found: dict[int, tuple[ClosingFacts, Verdict]] = {}
    close: dict[datetime, list[Part]] = defaultdict(list)
    for part in parts:
        found[part.pk] = _judged(part, known, ever)
        if not found[part.pk][1].contradicted:
            close[part.claimed_at or part.opened_at].append(part)
    for since, group in close.items():
        facts = closing_facts([_value(part) for part in group], since)
        found.update({part.pk: _judged(part, known, facts) for part in group})
    return found


def _judged(
    part: Part, known: Mapping[int, Credential], facts: Mapping[int, ClosingFacts]
) -> tuple[ClosingFacts, Verdict]:
    found = facts[_value(part)]
    return found, judge(_of_part(part, known[_value(part)], found))


def _value(part: Part) -> int:
    """Return the number of the credential that a part of an exposed value is about; 0 where it is gone."""
    return part.incident.credential_id or 0


def _of_part(part: Part, credential: Credential, facts: ClosingFacts) -> Evidence:
    def own(rows: Iterable[LivePlace | HeldBy | UnreadAsset | UnreadSecret]) -> int:
        return sum(row.team == part.team_id for row in rows)

    held = [row for row in facts.held if not row.lost]
    # Of a guessable value nothing of others is told, not even that there are some (W27).
    return Evidence(
        live=own(row for row in facts.live if not row.lost),
        vanished=own(row for row in facts.live if row.lost) + own(row for row in facts.held if row.lost),
        unread=own(facts.unread),
        held=own(held),
        held_elsewhere=0 if credential.weak else len(held) - own(held),
        values_unread=own(facts.values_unread) if credential.weak else len(facts.values_unread),
        validity=facts.validity,
        validity_at=facts.validity_at,
        validity_reason=facts.validity_evidence.reason,
        history=0 if credential.weak else facts.history_only + facts.on_other_refs,
    )


def _seen_again(parts: Sequence[Part], facts: dict[int, ClosingFacts]) -> set[int]:
    """Return the parts of which every asset that shows them was read often enough since the claim."""
    showing = {part.pk: _showing(part, facts[part.pk]) for part in parts}
    if not parts:
        return set()
    first = min((part.claimed_at for part in parts if part.claimed_at), default=timezone.now())
    reads = Read.objects.filter(
        asset__in=set[int]().union(*showing.values()),
        status__in=[Read.Status.COMPLETE, Read.Status.PARTIAL],
        started_at__gt=first,
    ).values_list("asset", "started_at")
    began: dict[int, list[datetime]] = defaultdict(list)
    for asset, at in reads:
        if at is not None:
            began[asset].append(at)

    def often_enough(asset: int, claimed_at: datetime) -> bool:
        return sum(at > claimed_at for at in began[asset]) >= CYCLES

    return {
        part.pk
        for part in parts
        if (claimed_at := part.claimed_at)
        and showing[part.pk]
        and all(often_enough(asset, claimed_at) for asset in showing[part.pk])
    }


def _showing(part: Part, facts: ClosingFacts) -> set[int]:
    """Return the assets whose reads show that it is not put right."""
    assets = {place.asset for place in facts.live if place.team == part.team_id}
    assets |= {held.asset for held in facts.held if held.team == part.team_id}
    if not assets and facts.validity == "valid" and facts.validity_evidence.secret:
        assets = set(Secret.objects.filter(pk=facts.validity_evidence.secret).values_list("asset", flat=True))
    return assets


def _evidence(facts: ClosingFacts) -> dict[str, str | int]:
    """Return what the event keeps: numbers and dates, nothing of what others hold."""
    at = facts.validity_at
    return {
        "validity": facts.validity,
        "validity_at": at.isoformat() if at else "",
        "by": facts.validity_evidence.by,
        "history": facts.history_only,
    }
