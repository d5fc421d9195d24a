"""What a path says about a finding."""

import pytest

from inventory.detection.paths import _GUESSES, excluded_path
from inventory.detection.provider import formats


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


def test_every_rule_that_guesses_exists():
    assert set(formats()) >= _GUESSES
