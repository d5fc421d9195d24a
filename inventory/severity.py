"""What a credential opens decides its severity; a pure function, with the reason in words.

Severity is impact. Whether a value still works is its own dated fact (validity), kept apart, and only
lifts a severity that impact alone did not settle. Every input is yes, no or not known: what is not known
never lifts and never lowers, and the reason says that it was not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is that a value is out, the worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def label(self) -> str:
        """The severity in the reader's words."""
        return self.value.capitalize()

    @property
    def rank(self) -> int:
        """0 for the worst, to sort by."""
        return list(Severity).index(self)


class Validity(StrEnum):
    """Whether the issuer still accepts a value, as far as anybody asked."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"
    CANNOT_CHECK = "cannot_check"
    CHECK_FAILED = "check_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What is known of what one value opens. None is "not known"."""

    public_by_design: bool | None = None
    """A publishable key or a client id: meant to be seen."""
    test_path: bool | None = None
    """Every place it stands in is a test, fixture or example (`is_test_path`)."""
    known_to_vault: bool | None = None
    """A current version of some secret holds it."""
    known_otherwise: bool | None = None
    """Something else in the inventory matches it: a superseded version, a place outside tests."""
    validity: Validity = Validity.UNKNOWN
    production: bool | None = None
    admin: bool | None = None
    """It carries admin or wildcard rights."""
    public: bool | None = None
    """One of its places can be read by anybody."""
    cross_environment: bool | None = None
    accepted_before: bool = False
    """Whether its issuer was ever known to accept it: silence since then does not say that it stopped."""
    organisation_wide: bool | None = None
    """Such a token reaches a whole organisation or account rather than one resource."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A severity with the sentence that explains it."""

    severity: Severity
    reason: str


def rate(impact: Impact) -> Rated:
    """Return the severity of a value and why, for incidents, pages and the score.

    Exceptions first, then the first match, then the lift of what is known to be valid (SCORING.md, section 2).
    """
    by_impact = _by_impact(impact)
    accepted = impact.validity == Validity.UNKNOWN and impact.accepted_before
    if impact.validity != Validity.VALID and not accepted:
        return by_impact
    lifted = {Severity.MEDIUM: Severity.HIGH, Severity.LOW: Severity.MEDIUM}.get(by_impact.severity)
    if lifted is None:
        return by_impact
    accepts = "has accepted it and is not known to have stopped" if accepted else "still accepts it"
    return Rated(lifted, f"{by_impact.reason[:-1]}, and its issuer {accepts}.")


def _by_impact(impact: Impact) -> Rated:
    if impact.public_by_design:
        return Rated(Severity.INFO, "Public by design: it is meant to be seen.")
    matched = impact.known_to_vault or impact.known_otherwise
    if impact.test_path and not matched:
        return Rated(Severity.LOW, "It stands only in test or example paths and nothing in the inventory matches it.")
    if impact.production and impact.admin:
        return Rated(Severity.CRITICAL, "It opens production with admin or wildcard rights.")
    if impact.production and impact.public:
        return Rated(Severity.CRITICAL, "It opens production and anybody can read it.")
    if impact.production:
        return Rated(Severity.HIGH, "It opens production.")
    if impact.cross_environment:
        return Rated(Severity.HIGH, "The same value opens several environments.")
    if impact.known_to_vault:
        return Rated(Severity.HIGH, "It is the current value of a stored secret.")
    if impact.organisation_wide:
        return Rated(Severity.HIGH, "Such a token reaches the whole organisation.")
    if impact.production is None:
        return Rated(Severity.MEDIUM, "What it opens is not known.")
    return Rated(Severity.MEDIUM, "It opens nothing in production that is known.")


_TEST_FOLDERS = frozenset(
    {"test", "tests", "testing", "testdata", "test-data", "test_data", "__tests__", "spec", "specs", "e2e"}
    | {"mock", "mocks", "__mocks__", "fixture", "fixtures", "__fixtures__"}
    | {"example", "examples", "sample", "samples", "demo", "demos"}
)
_TEST_SUFFIXES = (".example", ".sample", ".template", ".dist")


def is_test_path(path: str) -> bool:
    """Say whether a path names a test, a fixture or an example, by the habits of the common languages."""
    *folders, name = path.lower().split("/")
    if any(folder in _TEST_FOLDERS for folder in folders):
        return True
    stem = name.split(".", 1)[0]
    if name.endswith(_TEST_SUFFIXES) or stem == "conftest":
        return True
    # user.spec.ts, user.test.js, .env.test; but not "latest.log" or "contest.py".
    if any(part in ("test", "tests", "spec", "example", "sample") for part in name.split(".")[1:]):
        return True
    return stem.startswith(("test_", "test-", "example_", "example-", "sample_", "sample-")) or stem.endswith(
        ("_test", "-test", "_tests", "_spec", "-spec", "_example", "-example", "_sample", "-sample")
    )
