"""How long a credential may live, and by when an incident must be over: pure, each number with its source.

The defaults come from standards and from what respected tools check. An organisation puts its own rows
before them; the most specific row wins, and of equally specific ones the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from inventory.severity import Severity


class Tier(StrEnum):
    """How much depends on a thing, the most first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Environment(StrEnum):
    """Where a thing is used; an organisation may use other names, which say nothing about the tier."""

    PRODUCTION = "production"
    STAGING = "staging"
    DEVELOPMENT = "development"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of days, or none where no period applies, with the source and what to know about it."""

    days: int | None
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LimitRule:
    """One row of a policy; a part that is None fits anything."""

    limit: Limit
    kind: str | None = None
    tier: Tier | None = None
    environment: str | None = None

    def fits(self, kind: str, tier: Tier | None, environment: str | None) -> bool:
        """Say whether the row speaks about such a credential."""
        return self.kind in (None, kind) and self.tier in (None, tier) and self.environment in (None, environment)

    @property
    def specificity(self) -> int:
        """The kind weighs most, then the tier, then the environment."""
        return 4 * (self.kind is not None) + 2 * (self.tier is not None) + (self.environment is not None)


# Longest life of any credential that does not end by itself.
CEILING = Limit(365, "GitGuardian NHI policy: long-lived secrets, default one year")
# Dynamic credentials, workload identities and anything that lives no longer than this need no rotation.
EPHEMERAL_HOURS = 24
EXEMPT = Limit(None, "OWASP Secrets Management Cheat Sheet 2.4: dynamic secrets", "It ends by itself within a day.")

_PROWLER_KEY = "Prowler apikeys_key_rotated_in_90_days"
_VAULTED = "Prowler secretsmanager_secret_rotated_periodically (default 90 days)"
_NIST = "NIST SP 800-57 Part 1, cryptoperiods"
_ROWS: tuple[tuple[str, int | None, str, str], ...] = (
    ("cloud-key", 90, "CIS AWS Foundations: rotate access keys every 90 days or less", ""),
    ("service-account-key", 90, "Prowler iam_sa_user_managed_key_rotate_90_days", ""),
    ("storage-key", 90, "Prowler storage_key_rotation_90_days", ""),
    ("platform-token", 90, _PROWLER_KEY, ""),
    ("api-key", 90, _PROWLER_KEY, ""),
    ("ci-token", 90, "OWASP Secrets Management Cheat Sheet section 3", "Better: let it expire with the job."),
    ("database-password", 90, "Prowler identity_user_*_rotated_90_days", ""),
    ("signed-token", 90, _VAULTED, "Better: give it an expiry of its own."),
    ("webhook", 365, CEILING.source, "A webhook address only writes; the ceiling applies."),
    ("generic-secret", 90, _VAULTED, ""),
    ("password", 90, _VAULTED, "Taken for an application's password, as found in code and vaults."),
    ("system-password", 90, "PCI DSS 8.6.3 with 12.3.1", "The standard leaves the period to your own risk analysis."),
    ("human-password-only-factor", 90, "PCI DSS 8.3.9", "Or watch the account's posture continuously."),
    (
        "human-password",
        None,
        "OWASP Secrets Management Cheat Sheet 2.7.2, citing NIST SP 800-63",
        "No periodic rotation; change it when it may be known to others.",
    ),
    ("kms-key", 90, "Prowler kms_key_rotation_max_90_days", "The strict setting."),
    (
        "private-key",
        365,
        f"{_NIST}: private authentication key, 1-2 years",
        "The lower end, which is also the ceiling.",
    ),
    ("signature-key", 365, f"{_NIST}: private signature key, 1-3 years", "The lower end, which is also the ceiling."),
    ("symmetric-key", 730, f"{_NIST}: originator usage up to 2 years", "The recipient may read for 3 years more."),
    ("master-key", 365, f"{_NIST}: symmetric master key, about 1 year", ""),
)
DEFAULTS: tuple[LimitRule, ...] = (
    LimitRule(CEILING),
    *(LimitRule(Limit(days, source, note), kind=kind) for kind, days, source, note in _ROWS),
)


def rotation_limit(
    kind: str,
    tier: Tier | None = None,
    environment: str | None = None,
    *,
    ephemeral: bool = False,
    own: Sequence[LimitRule] = (),
) -> Limit:
    """Return how old such a credential may grow; `own` are the organisation's rows, which beat every default."""
    if ephemeral:
        return EXEMPT
    for rows in (own, DEFAULTS):
        fitting = [(row.specificity, place, row) for place, row in enumerate(rows) if row.fits(kind, tier, environment)]
        if fitting:
            return max(fitting)[2].limit
    return CEILING


def certificate_limit(issued: date) -> Limit:
    """Return how long a public TLS leaf certificate issued that day may be valid."""
    source = "CA/Browser Forum ballot SC-081v3"
    steps = ((date(2029, 3, 15), 47), (date(2027, 3, 15), 100), (date(2026, 3, 15), 200))
    return Limit(next((days for since, days in steps if issued >= since), 398), source)


def unused_limit(*, human: bool) -> Limit:
    """Return after how many days without use a credential, permission or role is dormant."""
    if human:
        return Limit(45, "CIS AWS Foundations 1.12: disable credentials unused for 45 days")
    return Limit(90, "Prowler secretsmanager_secret_unused; AWS Security Hub, unused access after 90 days")


_TIER_BY_ENVIRONMENT = {
    Environment.PRODUCTION: Tier.HIGH,
    Environment.STAGING: Tier.MEDIUM,
    Environment.DEVELOPMENT: Tier.LOW,
    Environment.TEST: Tier.LOW,
}


def tier_of(said: str | None, environment: str | None) -> tuple[Tier, str]:
    """Return the tier and why: what a person or a rule said, else by environment, else medium.

    Empty texts count as not said, as the inventory stores them.
    """
    if said:
        return Tier(said), "set for the asset"
    for known, tier in _TIER_BY_ENVIRONMENT.items():
        if environment == known:
            return tier, f"used in {known.value}"
    return Tier.MEDIUM, "nobody has said"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """By when, counted from detection; None where no deadline applies."""

    contain: timedelta | None
    verify: timedelta | None


def deadlines(severity: Severity, *, public: bool | None = None) -> Deadlines:
    """Return the deadlines of an incident (SCORING.md, section 2; tighter than DefectDojo's 7/30/90/120 days)."""
    contain, verify = {
        Severity.CRITICAL: (timedelta(hours=4 if public else 24), timedelta(days=3)),
        Severity.HIGH: (timedelta(days=3), timedelta(days=7)),
        Severity.MEDIUM: (None, timedelta(days=30)),
        Severity.LOW: (None, timedelta(days=90)),
        Severity.INFO: (None, None),
    }[severity]
    return Deadlines(contain=contain, verify=verify)
