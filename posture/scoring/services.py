"""Taking the day's scores: append-only, and only where what they are made from changed."""

from __future__ import annotations

import hashlib
import json

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from posture.accounts.models import Team
from posture.scoring.card import explain, rounded
from posture.scoring.facts import Facts
from posture.scoring.models import Snapshot
from posture.scoring.organisation import Standing, organisation
from posture.scoring.policy import POLICY_VERSION
from posture.scoring.queries import facts_of, ownership_counts, unowned_known

# A stored card explains this many items; the whole list is made from the facts on the team's page.
STORED_ITEMS = 50
TEAMS_AT_ONCE = 10


def take_snapshots() -> int:
    """Score every team whose inputs changed or that has no score today, then the organisation; returns how many.

    A few teams at a time, so that others can write in between. Marks are cleared in the transaction that stores the
    scores, and the organisation's is stored with the last of them, so that a crash in between loses none.
    """
    now = timezone.now()
    today = Snapshot.objects.filter(team=OuterRef("pk"), day=now.date())
    due = list(Team.objects.filter(Q(score_due=True) | ~Exists(today)).order_by("pk").values_list("pk", flat=True))
    if not due and Snapshot.objects.filter(team=None, day=now.date()).exists():
        return 0
    groups = [due[start : start + TEAMS_AT_ONCE] for start in range(0, len(due), TEAMS_AT_ONCE)] or [[]]
    for group in groups:
        with transaction.atomic():
            teams = list(Team.objects.filter(pk__in=group).select_for_update())
            Team.objects.filter(pk__in=group).update(score_due=False)
            facts = facts_of(teams, now)
            # Each team's facts are dropped once they are scored: what is kept of very many is their cards.
            rows = [_snapshot(team, facts.pop(team.pk)) for team in teams]
            Snapshot.objects.bulk_create(rows, ignore_conflicts=True)
            if group is groups[-1]:
                _take_organisation()
    return len(due)


def _snapshot(team: Team, facts: Facts) -> Snapshot:
    now = timezone.now()
    card = explain(facts, most=STORED_ITEMS)
    return Snapshot(
        team=team,
        day=now.date(),
        computed_at=now,
        policy_version=POLICY_VERSION,
        score=card["score"],
        grade=card["grade"],
        confidence=card["confidence"],
        size=card["size"],
        card=card,
        input_digest=card["input_digest"],
    )


def _take_organisation() -> None:
    """Store the organisation's score from the newest score of each team, unless it is the same as the newest."""
    now = timezone.now()
    standings = [Standing.from_json(row.card) for row in Snapshot.objects.newest_per_team()]
    items, owned = ownership_counts()
    card = organisation(standings, items=items, items_owned=owned, unowned=unowned_known(now))
    whole = card.as_json()
    canonical = json.dumps(whole, sort_keys=True, separators=(",", ":"))
    made_from = hashlib.sha256(canonical.encode()).hexdigest()
    last = Snapshot.objects.filter(team=None, day=now.date()).first()
    if last is not None and last.input_digest == made_from:
        return
    Snapshot.objects.create(
        team=None,
        day=now.date(),
        computed_at=now,
        policy_version=POLICY_VERSION,
        score=rounded(card.score),
        grade=card.grade,
        confidence=round(card.confidence, 4),
        size=card.size,
        card=whole,
        input_digest=made_from,
    )


def current_facts(team: Team) -> Facts:
    """Return a team's facts as they are now, for the page that explains its score."""
    return facts_of([team], timezone.now())[team.pk]
