"""The organisation's rows of the rotation policy, read from what people wrote and set beside the standards; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from inventory.policy import DEFAULTS, Limit, LimitRule, Tier, rotation_limit

MOST_DAYS = 3650
OWN = "Your policy"


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit that the organisation sets; empty parts fit anything."""

    days: int | None
    """None: no period applies."""
    kind: str = ""
    tier: str = ""
    environment: str = ""
    reason: str = ""

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> LimitRow:
        """Read a row as it is stored."""
        return cls(**{name: row.get(name, "") for name in ("kind", "tier", "environment", "reason")}, days=row["days"])

    def as_json(self) -> dict[str, Any]:
        """Return the row for storage."""
        return asdict(self)

    def as_rule(self) -> LimitRule:
        """Return what the policy takes."""
        source = f"{OWN}: {self.reason}" if self.reason else OWN
        tier = Tier(self.tier) if self.tier else None
        return LimitRule(Limit(self.days, source), self.kind or None, tier, self.environment or None)

    @property
    def standard(self) -> Limit:
        """What the standards say of such secrets; of a row for every kind, the strictest of them."""
        if not self.kind:
            return min((rule.limit for rule in DEFAULTS if rule.limit.days), key=lambda limit: limit.days or 0)
        return rotation_limit(self.kind, Tier(self.tier) if self.tier else None, self.environment or None)

    @property
    def is_looser(self) -> bool:
        """Whether it allows a longer life than the standards do: allowed, and marked."""
        standard = self.standard.days
        return standard is not None and (self.days is None or self.days > standard)
