"""Random teams for property tests: small, with every fact known or not known."""

from hypothesis import strategies as st

from posture.scoring.facts import (
    CredentialFacts,
    ExposureFacts,
    Facts,
    IdentityFacts,
    Known,
    RemediationFacts,
    RemediationItem,
    TrainingFacts,
)

TIERS = st.sampled_from(["critical", "high", "medium", "low"])
SEVERITIES = st.sampled_from(["critical", "high", "medium", "low", "info"])
TRI = st.sampled_from([True, False, None])


def many(part):
    """A list of parts with ids of their own, or nothing looked at."""
    return st.one_of(st.none(), st.lists(part, max_size=6).map(_numbered))


def _numbered(makers):
    return tuple(make(f"x{place}") for place, make in enumerate(makers))


@st.composite
def credential(draw):
    facts = {
        "tier": draw(TIERS),
        "age_days": draw(st.one_of(st.none(), st.integers(0, 500))),
        "limit_days": draw(st.sampled_from([None, 30, 90, 365])),
        "ephemeral": draw(st.booleans()),
        "auto_rotated": draw(TRI),
        "unmanaged": draw(st.booleans()),
    }
    return lambda name: CredentialFacts(id=name, **facts)


@st.composite
def identity(draw):
    granted = draw(st.one_of(st.none(), st.integers(0, 50)))
    facts = {
        "tier": draw(TIERS),
        "granted": granted,
        "used": None if granted is None else draw(st.one_of(st.none(), st.integers(0, granted))),
        **{name: draw(TRI) for name in ("admin", "cross_environment", "shared", "dormant")},
        "is_value": draw(st.booleans()),
    }
    return lambda name: IdentityFacts(id=name, **facts)


@st.composite
def exposure(draw):
    facts = {
        "severity": draw(SEVERITIES),
        "validity": draw(st.sampled_from(["valid", "invalid", "unknown", "cannot_check", "check_failed"])),
        "visibility": draw(st.sampled_from(["public", "organisation", "restricted", "unknown"])),
        "self_reported_within_deadline": draw(st.booleans()),
        "overdue": draw(st.booleans()),
    }
    return lambda name: ExposureFacts(id=name, **facts)


@st.composite
def incident(draw):
    due = draw(st.booleans())
    facts = {
        "severity": draw(SEVERITIES),
        "state": draw(st.sampled_from(["open", "claimed", "verified", "attested", "late"])),
        "due": due,
        "overdue_days": draw(st.integers(0, 40)) if due else 0,
        "deadline_days": draw(st.sampled_from([3, 7, 30])),
    }
    return lambda name: RemediationItem(id=name, **facts)


@st.composite
def known(draw):
    assets, facts = draw(st.integers(0, 20)), draw(st.integers(0, 20))
    return Known(assets, draw(st.integers(0, assets)), facts, draw(st.integers(0, facts)))


TRAINING = st.builds(
    TrainingFacts,
    champion=TRI,
    modules_months_ago=st.lists(st.one_of(st.none(), st.integers(0, 40)), max_size=4),
    lessons_in_time=st.lists(st.booleans(), max_size=3),
)
REMEDIATION = st.builds(
    RemediationFacts, items=st.lists(incident(), max_size=6).map(_numbered), reopened=st.integers(0, 4)
)
TEAMS = st.builds(
    Facts,
    team=st.just("team"),
    owned_credentials=st.integers(0, 60),
    owned_identities=st.integers(0, 60),
    confidence=known(),
    credentials=many(credential()),
    identities=many(identity()),
    exposures=many(exposure()),
    remediation=st.one_of(st.none(), REMEDIATION),
    training=st.one_of(st.none(), TRAINING),
)
