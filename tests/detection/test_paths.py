"""What a path says about a finding."""

from dataclasses import replace

import pytest

from inventory.detection.paths import NOT_LISTED, excluded_path, is_guess
from inventory.detection.provider import CredentialKind, formats, providers


@pytest.mark.parametrize(
    "path",
    [
        "package-lock.json",
        "web/yarn.lock",
        "go.sum",
        "static/app.min.js",
        "vendor/lib/a.php",
        "web/node_modules/x/y.js",
    ],
)
def test_a_guess_in_somebody_elses_or_generated_files_is_excluded_and_a_providers_format_is_not(path):
    assert excluded_path("generic-secret", path)
    assert excluded_path("private-key", path) is None


@pytest.mark.parametrize("path", ["src/settings.py", "deploy/values.yaml", ".env", "vendors.py", "lock.json"])
def test_a_guess_in_ones_own_files_stands(path):
    assert excluded_path("generic-secret", path) is None


def test_only_weak_passwords_are_excluded_from_translations():
    assert excluded_path("generic-weak-password", "config/locales/de.yml")
    assert excluded_path("generic-secret", "config/locales/de.yml") is None


@pytest.mark.parametrize("path", ["yarn.lock", "a.min.js", "vendor/a.php"])
def test_a_reason_says_what_is_not_listed(path):
    assert excluded_path("generic-secret", path).startswith("values that look like secrets in ")
    assert excluded_path("generic-secret", path).endswith(NOT_LISTED)


def test_a_rule_guesses_only_where_no_issuer_made_the_format():
    guesses = {slug for slug, (_provider, form) in formats().items() if form.guess}

    assert guesses <= {form.slug for slug in ("generic", "connection-strings") for form in providers()[slug].formats}
    assert {"generic-secret", "generic-password", "url-password", "http-authorization"} <= guesses
    assert is_guess("generic-secret")
    assert not is_guess("github-token-of-a-rule-that-is-gone")


def test_w27_what_a_rule_guesses_or_a_person_may_have_chosen_is_guessable():
    for _provider, form in formats().values():
        assert form.guessable or not form.guess
        if form.kind in (CredentialKind.PASSWORD, CredentialKind.DATABASE_PASSWORD, CredentialKind.GENERIC_SECRET):
            assert form.guessable, form.slug
    issued = formats()["github-pat"][1]
    assert not issued.guessable
    assert replace(issued, guess=True).guessable
