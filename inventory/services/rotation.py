"""Working out how old each stored secret may grow, and when it falls due."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Least

from inventory.limit_rows import LimitRow
from inventory.models import PolicyVersion, Secret
from inventory.policy import EXEMPT, Limit, LimitRule, Tier, rotation_limit, tier_of
from inventory.store_records import SecretKind
from posture.accounts.models import Team

BATCH = 5_000
_AT_ONCE = 500
"""Ids in one statement: SQLite takes a limited number of variables."""
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
"""A store whose clock says more has no age: adding days would leave the calendar, and stop everybody's dates."""


class Terms(NamedTuple):
    """All of a secret that its limit goes by."""

    kind: str
    tier: str
    environment: str
    ephemeral: bool | None
    enabled: bool | None


def work_out_due() -> int:
    """Set limit and due date of every secret whose facts or policy changed; returns how many.

    Secrets with the same limit are written together, and the database adds the days: a statement for each row would
    take minutes where a policy changes for very many.
    """
    rules = own_rules()
    done, last = 0, 0
    while True:
        with transaction.atomic():
            # What a collection is writing now is left to the next time: it sets the mark again anyway.
            rows = Secret.objects.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
            batch = list(rows.filter(policy_due=True, pk__gt=last).values_list("pk", "team", *Terms._fields)[:BATCH])
            if not batch:
                return done
            limits: dict[Terms, Limit] = {}
            alike: dict[Limit, list[int]] = defaultdict(list)
            for pk, _, *facts in batch:
                terms = Terms(*facts)
                if terms not in limits:
                    limits[terms] = limit_of(terms, rules)
                alike[limits[terms]].append(pk)
            for limit, pks in alike.items():
                _write(pks, limit)
            Team.objects.filter(pk__in={team for _, team, *_ in batch if team is not None}).update(score_due=True)
        done, last = done + len(batch), batch[-1][0]


def _write(pks: list[int], limit: Limit) -> None:
    words: dict[str, Any] = {"limit_days": limit.days, "limit_reason": limit.source[:500], "policy_due": False}
    for start in range(0, len(pks), _AT_ONCE):
        some = Secret.objects.filter(pk__in=pks[start : start + _AT_ONCE])
        some.update(due_at=Case(When(enabled=False, then=None), default=_end(limit)), **words)


def _end(limit: Limit) -> Combinable:
    """Return the earlier of the end that a secret has itself and the end of its limit, as an expression."""
    if limit.days is None:
        return F("expires_at")
    since = Coalesce("rotated_at", "created_at")
    aged = Case(
        When(Q(rotated_at=None, created_at__lt=LATEST) | Q(rotated_at__lt=LATEST), then=since + timedelta(limit.days)),
        output_field=DateTimeField(),
    )
    # SQLite's least value of something and nothing is nothing, PostgreSQL's is the something.
    return Coalesce(Least("expires_at", aged), "expires_at", aged)


def own_rules() -> list[LimitRule]:
    """Return the organisation's own rows of the policy, which beat the defaults."""
    newest = PolicyVersion.objects.first()
    return [LimitRow.from_json(row).as_rule() for row in newest.rows] if newest else []


def limit_of(secret: Secret | Terms, rules: list[LimitRule]) -> Limit:
    """Return the limit for a secret's kind, tier and environment, with its source."""
    if secret.enabled is False:
        return Limit(None, "It is switched off or revoked")
    if secret.kind == SecretKind.CERTIFICATE:
        return Limit(None, "A certificate says itself until when it is valid")
    if secret.ephemeral:
        return EXEMPT
    tier, _ = tier_of(secret.tier, secret.environment)
    return rotation_limit(secret.kind, Tier(tier), secret.environment or None, own=rules)
