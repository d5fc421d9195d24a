"""What a path says about a finding: pure functions, since what is found depends on the content alone.

The scanner finds the same in the same content wherever it lies; whoever shows findings asks here.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Rules that go by a name and by how random a value looks; a provider's own format is never excluded by its path.
_GUESSES = frozenset(
    {
        "generic-secret",
        "generic-password",
        "generic-weak-password",
        "generic-element",
        "generic-named-value",
        "http-authorization",
        "command-line-password",
        "credential-call",
        "encoded-setting",
        "url-password",
        "password-hash",
    }
)
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


def excluded_path(rule: str, path: str) -> str | None:
    """Return why a rule's findings at this path are not worth a person's time, or nothing if they are.

    Only rules that guess are excluded, and only where nobody of the organisation wrote the file.
    """
    if rule not in _GUESSES:
        return None
    *folders, name = path.lower().split("/")
    if name in _LOCK_FILES:
        return "lock file: its hashes look like secrets"
    if _GENERATED.search(name):
        return "generated file"
    if not _FOREIGN_FOLDERS.isdisjoint(folders):
        return "copy of somebody else's code"
    if rule == "generic-weak-password" and _LOCALES.search(path):
        return "translated texts"
    return None
