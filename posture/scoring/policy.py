"""Policy version 1: every number of the score, with its source. Change one and the version must change too."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

POLICY_VERSION: Final = 1

# What a tier or severity weighs: OpenSSF Scorecard's risk weights. Info is public by design and costs nothing.
WEIGHT: Final = MappingProxyType({"critical": 10.0, "high": 7.5, "medium": 5.0, "low": 2.5, "info": 0.0})

# What a pillar weighs in a team's score: our own choice.
ROTATION_WEIGHT: Final = 25.0
EXPOSURE_WEIGHT: Final = 25.0
LEAST_PRIVILEGE_WEIGHT: Final = 20.0
REMEDIATION_WEIGHT: Final = 20.0
TRAINING_WEIGHT: Final = 10.0

# How forgiving a pillar is: debt of C times the size leaves 37 of 100. Our own choice.
DEBT_SCALE: Final = 5 / 3
EXPOSURE_DEBT_SCALE: Final = 1.0
# No team is judged as smaller than this: with two credentials one slip would otherwise be everything. Our own.
SMALLEST_SIZE: Final = 10
# A thing counts as owned once it has existed this long, and as long after it was retired with evidence.
OWNED_DAYS: Final = 90

# Rotation: nothing until the limit, everything at twice the limit; caps past twice the limit. Our own.
PAST_TWICE_CAP: Final = MappingProxyType({"critical": 60.0, "high": 80.0})

# Exposure. A valid value needs no exploit; the caps are DefectDojo's product grading, by worst severity.
VALIDITY_FACTOR: Final = MappingProxyType(
    {"valid": 1.5, "invalid": 0.25, "unknown": 1.0, "cannot_check": 1.0, "check_failed": 1.0}
)
VISIBILITY_FACTOR: Final = MappingProxyType({"public": 2.0, "organisation": 1.0, "restricted": 0.75, "unknown": 1.0})
VALID_CAP: Final = MappingProxyType({"critical": 40.0, "high": 60.0, "medium": 80.0, "low": 95.0})
UNCHECKED_CRITICAL_CAP: Final = 80.0
PUBLIC_CRITICAL_CAP: Final = 69.0
PUBLIC_CRITICAL_OVERDUE_CAP: Final = 49.0

# Least privilege: what an identity keeps of its weight, the lowest that applies. Our own.
UNUSED_SHARE: Final = 0.5
ADMIN_VALUE: Final = 0.4
CROSS_ENVIRONMENT_VALUE: Final = 0.5
SHARED_VALUE: Final = 0.6
DORMANT_VALUE: Final = 0.0
POWERFUL_CRITICAL_CAP: Final = 70.0

# Remediation, over a window of 90 days. Our own.
ON_TIME_PART: Final = 0.6
BACKLOG_PART: Final = 0.3
REOPEN_PART: Final = 0.1
ATTESTED_VALUE: Final = 0.75
CLAIMED_VALUE: Final = 0.5

# Training. Lessons fade from 12 to 24 months: Secure Code Warrior's "skill fade".
CHAMPION_PART: Final = 0.3
LESSONS_PART: Final = 0.5
INCIDENT_LESSONS_PART: Final = 0.2
FULL_MONTHS: Final = 12
FADED_MONTHS: Final = 24

# Confidence below which no grade is given, and below which none better than B. Our own.
GRADED_FROM: Final = 0.5
BEST_GRADE_FROM: Final = 0.8
GRADES: Final = (("A", 90.0), ("B", 80.0), ("C", 70.0), ("D", 60.0), ("F", 0.0))
NOT_GRADED: Final = "not graded"

# Share of a team's credentials that must end or rotate by themselves for gold. Our own.
GOLD_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Lifetime:
    """When a thing began and ended, from which `owned_on` counts."""

    first_seen: date
    created: date | None = None
    """The store's own creation date; None where it is not known. Never a commit's: whoever writes it may lie."""
    retired: date | None = None
    """The day it was retired with evidence; what merely was not seen any more is not retired."""


def owned_on(day: date, lifetimes: Iterable[Lifetime]) -> int:
    """Count what a team owned that day, for the size that its debt is measured against.

    What is younger than 90 days does not count yet and what was retired within 90 days still does, so that
    neither adding nor retiring moves a score at once; the store's own date decides before the day of first
    sight, so that a first collection is judged at its true size.
    """
    since = day - timedelta(days=OWNED_DAYS)
    return sum(
        (each.created or each.first_seen) <= since and (each.retired is None or each.retired >= since)
        for each in lifetimes
    )


def debt_value(debt: float, *, size: int, scale: float = DEBT_SCALE) -> float:
    """Return the value of a pillar, 0 to 100, that carries this debt: what is bad takes away, nothing adds."""
    return 100.0 * math.exp(-max(debt, 0.0) / (scale * max(SMALLEST_SIZE, size)))
