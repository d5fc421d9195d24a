"""What a path says about a finding: pure functions, since what is found depends on the content alone.

The scanner finds the same in the same content wherever it lies; whoever shows findings asks here.
"""

from __future__ import annotations

import re

from inventory.detection.provider import formats


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOT_LISTED = ", not listed"
"""How every reason ends for which findings are only counted."""
_LOCK_FILES = _words(
    """
    package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb composer.lock
    gemfile.lock cargo.lock poetry.lock uv.lock pdm.lock pipfile.lock go.sum go.work.sum mix.lock
    pubspec.lock podfile.lock packages.lock.json gradle.lockfile flake.lock deno.lock conan.lock
    .terraform.lock.hcl package.resolved cartfile.resolved verification-metadata.xml
    """
)
_GENERATED = re.compile(
    r"\.(?:min\.(?:js|css|mjs)|bundle\.js|chunk\.js|js\.map|css\.map|mjs\.map|snap|svg|ipynb_checkpoints)$",
    re.IGNORECASE,
)
_FOREIGN_FOLDERS = _words(
    """
    node_modules bower_components vendor third_party thirdparty third-party site-packages
    dist-packages .yarn __pycache__ .bundle pods carthage .gradle .m2 .tox .venv virtualenv
    """
)
_LOCALES = re.compile(
    r"(?:^|/)(?:locales?|i18n|l10n|lang|langs|languages|translations?|messages)/|\.(?:po|pot|xlf|xliff|arb"
    r"|strings|resx)$",
    re.IGNORECASE,
)


def is_guess(rule: str) -> bool:
    """Say whether a rule goes by a name and by how a value looks; one that is gone does not."""
    _provider, form = formats().get(rule, (None, None))
    return form is not None and form.guess


def excluded_path(rule: str, path: str) -> str | None:
    """Return what findings of a rule at this path are that are not worth a person's time, or nothing if they are.

    Only rules that guess are excluded, and only where nobody of the organisation wrote the file; what has a
    provider's own format is always listed. The words are shown behind their number.
    """
    if not is_guess(rule):
        return None
    *folders, name = path.lower().split("/")
    if name in _LOCK_FILES:
        return f"values that look like secrets in lock files{NOT_LISTED}"
    if _GENERATED.search(name):
        return f"values that look like secrets in generated files{NOT_LISTED}"
    if not _FOREIGN_FOLDERS.isdisjoint(folders):
        return f"values that look like secrets in copies of foreign code{NOT_LISTED}"
    if rule == "generic-weak-password" and _LOCALES.search(path):
        return f"words in translated texts that look like simple passwords{NOT_LISTED}"
    return None
