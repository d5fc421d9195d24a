"""Severity by what a value opens: the table of SCORING.md, row by row."""

import itertools

import pytest

from inventory.severity import Impact, Severity, Validity, is_test_path, rate

VALID = Validity.VALID
INVALID = Validity.INVALID


@pytest.mark.parametrize(
    ("facts", "severity", "words"),
    [
        ({}, Severity.MEDIUM, "not known"),
        ({"production": False}, Severity.MEDIUM, "nothing in production"),
        ({"public": True}, Severity.MEDIUM, "not known"),
        ({"admin": True}, Severity.MEDIUM, "not known"),
        ({"public_by_design": True, "production": True, "public": True}, Severity.INFO, "Public by design"),
        ({"public_by_design": True, "validity": VALID}, Severity.INFO, "Public by design"),
        ({"test_path": True}, Severity.LOW, "test or example"),
        ({"test_path": True, "organisation_wide": True}, Severity.LOW, "test or example"),
        ({"test_path": True, "validity": INVALID}, Severity.LOW, "test or example"),
        ({"test_path": True, "validity": VALID}, Severity.MEDIUM, "still accepts"),
        ({"test_path": True, "known_to_vault": True}, Severity.HIGH, "stored secret"),
        ({"test_path": True, "known_otherwise": True}, Severity.MEDIUM, "not known"),
        ({"production": True, "admin": True}, Severity.CRITICAL, "admin"),
        ({"production": True, "public": True}, Severity.CRITICAL, "anybody"),
        ({"production": True, "public": True, "validity": VALID}, Severity.CRITICAL, "anybody"),
        ({"production": True}, Severity.HIGH, "production"),
        ({"production": True, "admin": False, "public": False}, Severity.HIGH, "production"),
        ({"cross_environment": True}, Severity.HIGH, "several environments"),
        ({"known_to_vault": True}, Severity.HIGH, "stored secret"),
        ({"organisation_wide": True}, Severity.HIGH, "organisation"),
        ({"validity": VALID}, Severity.HIGH, "still accepts"),
        ({"accepted_before": True}, Severity.HIGH, "not known to have stopped"),
        ({"accepted_before": True, "validity": INVALID}, Severity.MEDIUM, "not known"),
        ({"validity": INVALID}, Severity.MEDIUM, "not known"),
    ],
)
def test_severity_says_what_the_value_opens_and_why(facts, severity, words):
    rated = rate(Impact(**facts))

    assert rated.severity is severity
    assert words in rated.reason
    assert rated.reason.endswith(".")
    assert rated.reason.count(".") == 1


def test_what_is_not_known_never_lifts_a_severity_above_what_no_would_give():
    flags = ("production", "admin", "public", "cross_environment", "known_to_vault", "organisation_wide")
    for answers in itertools.product((True, None), repeat=len(flags)):
        facts = dict(zip(flags, answers, strict=True))
        denied = {name: bool(answer) for name, answer in facts.items()}

        assert rate(Impact(**facts)).severity is rate(Impact(**denied)).severity


def test_a_valid_value_is_never_rated_below_an_unchecked_one():
    flags = ("public_by_design", "test_path", "production", "admin", "public", "known_to_vault")
    for answers in itertools.product((True, False, None), repeat=len(flags)):
        facts = dict(zip(flags, answers, strict=True))

        assert rate(Impact(**facts, validity=VALID)).severity.rank <= rate(Impact(**facts)).severity.rank


@pytest.mark.parametrize(
    "path",
    [
        "tests/settings.py",
        "src/app/__tests__/login.js",
        "spec/models/user.rb",
        "pkg/auth/auth_test.go",
        "test_client.py",
        "web/login.spec.ts",
        ".env.example",
        ".env.test",
        "config/database.yml.sample",
        "Examples/quickstart/main.tf",
        "conftest.py",
        "example-config.json",
    ],
)
def test_a_path_by_the_habit_of_tests_is_a_test_path(path):
    assert is_test_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "app/settings.py",
        "contest.py",
        "latest.log",
        "src/attestation/key.pem",
        ".env",
        "testing.py",
        "inspector/spectrum.c",
    ],
)
def test_a_path_that_merely_contains_the_word_is_not_a_test_path(path):
    assert not is_test_path(path)
