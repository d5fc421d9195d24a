"""Rotation: no credential older than its limit."""

from __future__ import annotations

from posture.scoring.facts import CredentialFacts, Facts, Known
from posture.scoring.policy import PAST_TWICE_CAP, ROTATION_WEIGHT, WEIGHT
from posture.scoring.rule import Cap, DebtRule, Example, Item

# The pillar whose items are exposed credentials: what closes one there closes it here.
EXPOSURE = "exposure"
ROTATE = "Make a new value, move what uses it over, then revoke the old one."
REPLACE = "Revoke it at its issuer and write a new one to a store, then remove it from where it stands."


def _example(says: str, value: float, *credentials: tuple[str, float | None]) -> Example:
    found = tuple(
        CredentialFacts(id=f"c{place}", tier=tier, age_days=age, limit_days=90, ephemeral=False)
        for place, (tier, age) in enumerate(credentials)
    )
    return Example(says, Facts(team="example", owned_credentials=10, confidence=Known(), credentials=found), value)


class Rotation(DebtRule):
    """How old your credentials are against the limit of their kind.

    A credential costs nothing until its limit; from there to twice the limit its cost grows to the full
    weight of its tier. One that ends or rotates by itself within a day costs nothing. A credential whose
    age is not known costs nothing here either, and counts against confidence, so that connecting a vault
    never punishes. A critical credential past twice its limit holds the pillar at 60, a high one at 80.
    What is exposed and in no store counts by its severity, and is as old as its first sight at least;
    closing the exposure closes it here too. What is switched off or exempt is left out.
    """

    slug = "rotation"
    label = "Rotation"
    order = 1
    weight = ROTATION_WEIGHT
    not_assessed = "No store of secrets that this team uses has been collected. Connect a vault or a cloud account."
    examples = (
        _example("Everything within its limit", 100.0, ("critical", 90), ("low", 10)),
        _example("One critical credential at one and a half times its limit", 74.08, ("critical", 135)),
        _example("A critical credential past twice its limit holds the pillar", 54.88, ("critical", 400)),
        _example("An age that is not known costs nothing here", 100.0, ("critical", None)),
    )

    def size(self, facts: Facts) -> int:
        """Return the credentials owned."""
        return facts.owned_credentials

    def items(self, facts: Facts) -> tuple[Item, ...] | None:
        """Return one item per credential."""
        exposed = {each.id for each in facts.exposures or ()}
        return None if facts.credentials is None else tuple(self._item(each, exposed) for each in facts.credentials)

    def _item(self, credential: CredentialFacts, exposed: set[str]) -> Item:
        age, limit = credential.age_days, credential.limit_days
        judged = not credential.ephemeral and age is not None and limit is not None
        over = min(1.0, max(0.0, age / limit - 1)) if judged and age is not None and limit is not None else 0.0
        cap = PAST_TWICE_CAP.get(credential.tier) if credential.past_twice else None
        return self.item(
            id=credential.id,
            debt=WEIGHT[credential.tier] * over,
            action="rotate {item}",
            why=_why(credential),
            remedy=REPLACE if credential.unmanaged else ROTATE,
            fixable=judged,
            caps=(Cap(cap, f"A {credential.tier} credential is older than twice its limit"),) if cap else (),
            follows=(EXPOSURE, credential.id) if credential.unmanaged and credential.id in exposed else None,
        )


def _why(credential: CredentialFacts) -> str:
    if credential.ephemeral:
        return "It ends by itself."
    if credential.unmanaged and credential.age_days is not None and credential.limit_days is not None:
        return (
            f"No store holds it, and it was first seen {credential.age_days:.0f} days ago; "
            f"its limit is {credential.limit_days:.0f}."
        )
    if credential.age_days is None:
        return "Its age is not known."
    if credential.limit_days is None:
        return "No period applies to it."
    return f"It is {credential.age_days:.0f} days old; its limit is {credential.limit_days:.0f}."


RULE = Rotation()
