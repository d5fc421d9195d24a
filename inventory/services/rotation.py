"""Working out how old each stored secret may grow, and when it falls due."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from inventory.limit_rows import LimitRow
from inventory.models import PolicyVersion, Secret
from inventory.policy import EXEMPT, Limit, LimitRule, Tier, rotation_limit, tier_of
from inventory.store_records import SecretKind
from posture.accounts.models import Team

BATCH = 500


def work_out_due() -> int:
    """Set limit and due date of every secret whose facts or policy changed; returns how many."""
    rules = own_rules()
    done = 0
    while True:
        with transaction.atomic():
            batch = list(Secret.objects.filter(policy_due=True).order_by("pk")[:BATCH])
            if not batch:
                return done
            for row in batch:
                limit = limit_of(row, rules)
                row.limit_days, row.limit_reason = limit.days, limit.source[:500]
                row.due_at, row.policy_due = due_at(row, limit), False
            Secret.objects.bulk_update(batch, ["limit_days", "limit_reason", "due_at", "policy_due"])
            Team.objects.filter(secrets__in=batch).update(score_due=True)
        done += len(batch)


def own_rules() -> list[LimitRule]:
    """Return the organisation's own rows of the policy, which beat the defaults."""
    newest = PolicyVersion.objects.first()
    return [LimitRow.from_json(row).as_rule() for row in newest.rows] if newest else []


def limit_of(secret: Secret, rules: list[LimitRule]) -> Limit:
    """Return the limit for a secret's kind, tier and environment, with its source."""
    if secret.enabled is False:
        return Limit(None, "It is switched off or revoked")
    if secret.kind == SecretKind.CERTIFICATE:
        return Limit(None, "A certificate says itself until when it is valid")
    if secret.ephemeral:
        return EXEMPT
    tier, _ = tier_of(secret.tier, secret.environment)
    return rotation_limit(secret.kind, Tier(tier), secret.environment or None, own=rules)


def due_at(secret: Secret, limit: Limit) -> datetime | None:
    """Return when the secret must be changed: by its age, or by the end it has itself; None where nobody can tell."""
    if secret.enabled is False:
        return None
    ends = [] if secret.expires_at is None else [secret.expires_at]
    if limit.days is not None and secret.age_from is not None:
        ends.append(secret.age_from + timedelta(days=limit.days))
    return min(ends, default=None)
