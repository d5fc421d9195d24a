"""Limits by kind, tier and environment, and deadlines by severity."""

from datetime import date, timedelta

import pytest

from inventory.detection.provider import CredentialKind
from inventory.policy import (
    CEILING,
    DEFAULTS,
    Environment,
    Limit,
    LimitRule,
    Tier,
    certificate_limit,
    deadlines,
    rotation_limit,
    tier_of,
    unused_limit,
)
from inventory.severity import Severity


@pytest.mark.parametrize("kind", [kind.value for kind in CredentialKind])
def test_every_kind_that_detection_knows_has_a_limit_of_its_own_with_a_source(kind):
    assert any(row.kind == kind for row in DEFAULTS)
    limit = rotation_limit(kind)
    assert limit.days is not None
    assert 0 < limit.days <= CEILING.days
    assert limit.source


@pytest.mark.parametrize(
    ("kind", "days", "source"),
    [
        ("cloud-key", 90, "CIS AWS"),
        ("human-password-only-factor", 90, "PCI DSS 8.3.9"),
        ("human-password", None, "OWASP"),
        ("private-key", 365, "SP 800-57"),
        ("kms-key", 90, "Prowler"),
        ("something nobody named", 365, "GitGuardian"),
    ],
)
def test_the_default_limit_comes_from_its_standard(kind, days, source):
    limit = rotation_limit(kind, Tier.HIGH, Environment.PRODUCTION)

    assert limit.days == days
    assert source in limit.source


def test_what_ends_by_itself_needs_no_rotation():
    assert rotation_limit("cloud-key", ephemeral=True).days is None


def test_an_organisations_own_row_beats_every_default_and_the_most_specific_wins():
    own = [
        LimitRule(Limit(60, "ours"), environment=Environment.PRODUCTION),
        LimitRule(Limit(30, "ours"), kind="cloud-key", environment=Environment.PRODUCTION),
        LimitRule(Limit(45, "ours"), tier=Tier.CRITICAL),
    ]

    assert rotation_limit("cloud-key", Tier.CRITICAL, Environment.PRODUCTION, own=own).days == 30
    assert rotation_limit("api-key", Tier.CRITICAL, Environment.PRODUCTION, own=own).days == 45
    assert rotation_limit("api-key", Tier.LOW, Environment.PRODUCTION, own=own).days == 60
    assert rotation_limit("api-key", Tier.LOW, Environment.TEST, own=own).days == 90
    assert rotation_limit("api-key", own=own).days == 90


def test_of_equally_specific_rows_the_last_wins():
    own = [LimitRule(Limit(30, "first"), kind="api-key"), LimitRule(Limit(45, "second"), kind="api-key")]

    assert rotation_limit("api-key", own=own).source == "second"


@pytest.mark.parametrize(
    ("issued", "days"),
    [
        (date(2026, 3, 14), 398),
        (date(2026, 3, 15), 200),
        (date(2027, 3, 14), 200),
        (date(2027, 3, 15), 100),
        (date(2029, 3, 15), 47),
    ],
)
def test_a_certificate_is_judged_by_the_step_in_force_when_it_was_issued(issued, days):
    assert certificate_limit(issued).days == days


def test_unused_credentials_of_people_are_dormant_sooner():
    assert unused_limit(human=True).days == 45
    assert unused_limit(human=False).days == 90


def test_a_tier_comes_from_a_person_then_the_environment_then_medium():
    assert tier_of(Tier.LOW, Environment.PRODUCTION) == (Tier.LOW, "set for the asset")
    assert tier_of(None, Environment.PRODUCTION) == (Tier.HIGH, "used in production")
    assert tier_of(None, Environment.TEST)[0] is Tier.LOW
    assert tier_of("low", "production") == (Tier.LOW, "set for the asset")
    assert tier_of(None, None) == (Tier.MEDIUM, "nobody has said")
    assert tier_of("", "") == (Tier.MEDIUM, "nobody has said")
    assert tier_of("", "lab in the cellar") == (Tier.MEDIUM, "nobody has said")


def test_a_public_critical_must_be_contained_in_four_hours():
    assert deadlines(Severity.CRITICAL, public=True).contain == timedelta(hours=4)
    assert deadlines(Severity.CRITICAL, public=False).contain == timedelta(hours=24)
    assert deadlines(Severity.CRITICAL).contain == timedelta(hours=24)


@pytest.mark.parametrize(
    ("severity", "contain", "verify"),
    [
        (Severity.CRITICAL, 1, 3),
        (Severity.HIGH, 3, 7),
        (Severity.MEDIUM, None, 30),
        (Severity.LOW, None, 90),
        (Severity.INFO, None, None),
    ],
)
def test_deadlines_follow_the_severity(severity, contain, verify):
    due = deadlines(severity)

    assert due.contain == (None if contain is None else timedelta(days=contain))
    assert due.verify == (None if verify is None else timedelta(days=verify))
