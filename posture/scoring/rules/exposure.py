"""Exposure: no credential where it does not belong."""

from __future__ import annotations

from posture.scoring.facts import ExposureFacts, Facts, Known
from posture.scoring.policy import (
    EXPOSURE_DEBT_SCALE,
    EXPOSURE_WEIGHT,
    PUBLIC_CRITICAL_CAP,
    PUBLIC_CRITICAL_OVERDUE_CAP,
    UNCHECKED_CRITICAL_CAP,
    VALID_CAP,
    VALIDITY_FACTOR,
    VISIBILITY_FACTOR,
    WEIGHT,
)
from posture.scoring.rule import Cap, DebtRule, Example, Item


def _example(says: str, value: float, *exposures: tuple[str, str, str]) -> Example:
    found = tuple(
        ExposureFacts(
            id=f"e{place}",
            severity=severity,
            validity=validity,
            visibility=visibility,
            self_reported_within_deadline=False,
            overdue=False,
        )
        for place, (severity, validity, visibility) in enumerate(exposures)
    )
    return Example(says, Facts(team="example", owned_credentials=10, confidence=Known(), exposures=found), value)


class Exposure(DebtRule):
    """Which credentials stand where they do not belong: in code, logs or images.

    Each open one costs the weight of its severity: half as much again while its issuer still accepts it,
    a quarter once it is dead; twice where anybody can read it, three quarters where only a few can. Whether
    it works or who can read it may be not known; it then counts in full, once. A value that still works
    holds the pillar at 40, 60, 80 or 95 by severity, a critical one that nobody checked at 80. One that
    works, is critical and public holds the whole score at 69, and at 49 once overdue. What a team reported
    itself holds nothing until its deadline has passed.
    """

    slug = "exposure"
    label = "Exposure"
    order = 2
    weight = EXPOSURE_WEIGHT
    scale = EXPOSURE_DEBT_SCALE
    not_assessed = "No repository of this team has been read to its end. Add its repositories as a source."
    examples = (
        _example("Everything was read and nothing found", 100.0),
        _example("One of medium severity that nobody checked", 60.65, ("medium", "unknown", "organisation")),
        _example("The same once its issuer refuses it", 88.25, ("medium", "invalid", "organisation")),
        _example("A high one that works holds the pillar at 60 at most", 32.47, ("high", "valid", "organisation")),
        _example("Publishable keys cost nothing", 100.0, ("info", "valid", "public")),
    )

    def size(self, facts: Facts) -> int:
        """Return the credentials owned."""
        return facts.owned_credentials

    def items(self, facts: Facts) -> tuple[Item, ...] | None:
        """Return one item per exposed credential that is open."""
        return None if facts.exposures is None else tuple(self._item(each) for each in facts.exposures)

    def _item(self, exposure: ExposureFacts) -> Item:
        factor = VALIDITY_FACTOR[exposure.validity] * VISIBILITY_FACTOR[exposure.visibility]
        spared = exposure.self_reported_within_deadline and not exposure.overdue
        return self.item(
            id=exposure.id,
            debt=WEIGHT[exposure.severity] * factor,
            action="close {item}",
            why=_why(exposure),
            remedy=_remedy(exposure),
            caps=() if spared else _caps(exposure),
            overall_caps=() if spared else _overall_caps(exposure),
        )


def _caps(exposure: ExposureFacts) -> tuple[Cap, ...]:
    if exposure.validity == "valid" and exposure.severity in VALID_CAP:
        return (Cap(VALID_CAP[exposure.severity], f"A {exposure.severity} credential that still works is exposed"),)
    if exposure.severity == "critical" and exposure.validity != "invalid":
        return (Cap(UNCHECKED_CRITICAL_CAP, "A critical credential is exposed, and whether it works is not known"),)
    return ()


def _overall_caps(exposure: ExposureFacts) -> tuple[Cap, ...]:
    if (exposure.severity, exposure.validity, exposure.visibility) != ("critical", "valid", "public"):
        return ()
    if exposure.overdue:
        return (Cap(PUBLIC_CRITICAL_OVERDUE_CAP, "A critical credential that works is public, past its deadline"),)
    return (Cap(PUBLIC_CRITICAL_CAP, "A critical credential that works is public"),)


_VALIDITY_WORDS = {
    "valid": "its issuer still accepts it",
    "invalid": "it is dead",
    "unknown": "whether it works is not known",
    "cannot_check": "whether it works cannot be checked",
    "check_failed": "the last check whether it works failed",
}
_VISIBILITY_WORDS = {
    "public": "anybody can read it",
    "organisation": "the whole organisation can read it",
    "restricted": "few can read it",
    "unknown": "who can read it is not known",
}


def _why(exposure: ExposureFacts) -> str:
    words = f"{_VALIDITY_WORDS[exposure.validity]} and {_VISIBILITY_WORDS[exposure.visibility]}"
    return f"Severity {exposure.severity}: {words}."


def _remedy(exposure: ExposureFacts) -> str:
    if exposure.validity == "invalid":
        return "Remove it from where it stands."
    return "Revoke it at its issuer and write a new one to a store, then remove it from where it stands."


RULE = Exposure()
