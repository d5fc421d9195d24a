"""Least privilege: nobody and nothing holds more rights than it uses."""

from __future__ import annotations

from posture.scoring.facts import Facts, IdentityFacts, Known
from posture.scoring.policy import (
    ADMIN_VALUE,
    CROSS_ENVIRONMENT_VALUE,
    DORMANT_VALUE,
    LEAST_PRIVILEGE_WEIGHT,
    POWERFUL_CRITICAL_CAP,
    SHARED_VALUE,
    UNUSED_SHARE,
    WEIGHT,
)
from posture.scoring.rule import Cap, DebtRule, Example, Item


def _example(says: str, value: float, *, tier: str = "high", **facts: bool | int | None) -> Example:
    unknown: dict[str, bool | int | None] = dict.fromkeys(
        ("granted", "used", "admin", "cross_environment", "shared", "dormant")
    )
    identity = IdentityFacts.read({"id": "i0", "tier": tier, **unknown, **facts})
    asked = Facts(team="example", owned_credentials=0, owned_identities=10, confidence=Known(), identities=(identity,))
    return Example(says, asked, value)


class LeastPrivilege(DebtRule):
    """Whether your identities hold more than they need.

    An identity that uses none of its rights loses half of its tier's weight; one with admin or wildcard
    rights 60 percent, one that reaches several environments 50, one that several workloads share 40, one
    that nobody uses any more all of it. The worst that applies counts. One value in several secrets is an
    identity that is shared, or reaches several environments. What is not known costs nothing here; last
    use and rights count against confidence. A critical identity that is admin, wildcard or dormant holds
    the pillar at 70. What is switched off, has ended or is exempt is left out.
    """

    slug = "least_privilege"
    label = "Least privilege"
    order = 3
    weight = LEAST_PRIVILEGE_WEIGHT
    not_assessed = (
        "No source of rights has been collected for this team. Connect a vault, a cluster or a cloud account."
    )
    examples = (
        _example("It uses every right it has", 100.0, granted=4, used=4),
        _example("It uses 4 of 40 rights", 81.67, granted=40, used=4),
        _example("A critical identity with wildcard rights", 69.77, tier="critical", admin=True),
        _example("Nobody uses it any more", 63.76, dormant=True),
        _example("Nothing is known of its rights and use", 100.0),
    )

    def size(self, facts: Facts) -> int:
        """Return the identities owned."""
        return facts.owned_identities

    def items(self, facts: Facts) -> tuple[Item, ...] | None:
        """Return one item per identity."""
        return None if facts.identities is None else tuple(self._item(each) for each in facts.identities)

    def _item(self, identity: IdentityFacts) -> Item:
        kept, why, remedy = min(_findings(identity), key=lambda finding: finding[0])
        powerful = identity.tier == "critical" and (identity.admin or identity.dormant)
        what = "dormant" if identity.dormant else "admin or wildcard"
        return self.item(
            id=identity.id,
            debt=WEIGHT[identity.tier] * (1 - kept),
            action="part {item}" if identity.is_value else "put {item} right",
            why=why,
            remedy=remedy,
            caps=(Cap(POWERFUL_CRITICAL_CAP, f"A critical identity is {what}"),) if powerful else (),
        )


def _findings(identity: IdentityFacts) -> list[tuple[float, str, str]]:
    """Return what each thing found leaves of the identity's weight, with the words for it."""
    found = [(1.0, "Nothing is known to be wrong.", "Nothing needs doing.")]
    if identity.granted and identity.used is not None and identity.used < identity.granted:
        unused = identity.granted - identity.used
        kept = 1 - UNUSED_SHARE * unused / identity.granted
        found.append(
            (kept, f"It uses {identity.used} of {identity.granted} rights.", f"Take {unused} unused rights away.")
        )
    if identity.admin:
        found.append((ADMIN_VALUE, "It has admin or wildcard rights.", "Grant the rights it uses, by name."))
    own = "a value" if identity.is_value else "an identity"
    if identity.cross_environment:
        words = "Secrets of several environments hold it." if identity.is_value else "It reaches several environments."
        found.append((CROSS_ENVIRONMENT_VALUE, words, f"Give each environment {own} of its own."))
    if identity.shared:
        words = "Several secrets hold it." if identity.is_value else "Several workloads share it."
        found.append((SHARED_VALUE, words, f"Give each workload {own} of its own."))
    if identity.dormant:
        found.append((DORMANT_VALUE, "Nobody has used it for longer than its window.", "Disable it, then remove it."))
    return found


RULE = LeastPrivilege()
