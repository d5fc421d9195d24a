"""What the score asks about one team: plain facts, checked, and nothing else decides a score.

Three answers are kept apart. A part that is None was never looked at: no source that could tell has been
collected, and its pillar is "not assessed". An empty part was looked at and holds nothing, which is as good
as it gets: retiring the last credential must not cost anything. A single fact that is None is not known:
it costs nothing here and is counted in `confidence`, which decides the confidence.
"""

# ruff: noqa: RUF009 - `fact` is `dataclasses.field` with a reader; it makes no shared default.
from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, NoReturn

from inventory.policy import Tier
from inventory.severity import Severity, Validity
from posture.scoring.checked import (
    Checked,
    FactsError,
    each_of,
    fact,
    one_of,
    or_unknown,
    parts_of,
    read_flag,
    read_number,
    read_positive,
    read_text,
    read_whole,
    refuse,
)
from posture.scoring.policy import POLICY_VERSION, SMALLEST_SIZE

STATES = ("open", "claimed", "verified", "attested", "late")
VISIBILITIES = ("public", "organisation", "restricted", "unknown")

_TIER = one_of(*Tier)
_TRI = or_unknown(read_flag)


@dataclass(frozen=True)
class CredentialFacts(Checked):
    """A stored secret, or an unmanaged credential (its age since first seen is a lower bound)."""

    id: str = fact(read_text)
    tier: str = fact(_TIER)
    age_days: float | None = fact(or_unknown(read_number))
    limit_days: float | None = fact(or_unknown(read_positive))
    """None: no period applies to it."""
    ephemeral: bool = fact(read_flag)
    auto_rotated: bool | None = fact(_TRI, None)
    unmanaged: bool = fact(read_flag, False)
    """It is exposed and no store holds it; it has the id of its exposure, and closing that closes it too."""

    @property
    def past_twice(self) -> bool | None:
        """Whether it is older than twice its limit; None where its age is not known."""
        if self.ephemeral or self.limit_days is None:
            return False
        return None if self.age_days is None else self.age_days > 2 * self.limit_days


@dataclass(frozen=True)
class IdentityFacts(Checked):
    """A principal that the team owns, or a value that several secrets hold. `admin` means admin or wildcard rights."""

    id: str = fact(read_text)
    tier: str = fact(_TIER)
    granted: int | None = fact(or_unknown(read_whole))
    used: int | None = fact(or_unknown(read_whole))
    admin: bool | None = fact(_TRI)
    cross_environment: bool | None = fact(_TRI)
    shared: bool | None = fact(_TRI)
    dormant: bool | None = fact(_TRI)
    is_value: bool = fact(read_flag, False)
    """It is known by its value alone: that of several secrets, which makes it shared."""

    def check(self) -> None:
        """Refuse more rights used than granted."""
        if self.granted is not None and self.used is not None and self.used > self.granted:
            raise FactsError("used", f"must be at most what is granted ({self.granted})")


@dataclass(frozen=True)
class ExposureFacts(Checked):
    """One exposed credential that is open. `overdue`: its deadline to be contained has passed."""

    id: str = fact(read_text)
    severity: str = fact(one_of(*Severity))
    validity: str = fact(one_of(*Validity))
    visibility: str = fact(one_of(*VISIBILITIES))
    self_reported_within_deadline: bool = fact(read_flag)
    overdue: bool = fact(read_flag)


@dataclass(frozen=True)
class RemediationItem(Checked):
    """One incident of the window. False positives, duplicates, decoys and drills are not handed in.

    `claimed` means claimed in time; a claim made after the deadline stays `open` until it is proved.
    `late` is closed with evidence, after its deadline.
    """

    id: str = fact(read_text)
    severity: str = fact(one_of(*Severity))
    state: str = fact(one_of(*STATES))
    due: bool = fact(read_flag)
    overdue_days: float = fact(read_number)
    deadline_days: float = fact(read_positive)

    def check(self) -> None:
        """Refuse what is overdue without being due."""
        if self.overdue_days and not self.due:
            raise FactsError("overdue_days", "must be 0 while the item is not due")


@dataclass(frozen=True)
class RemediationFacts(Checked):
    """What went wrong within the last 90 days, and how often something closed came back."""

    items: tuple[RemediationItem, ...] = fact(parts_of(RemediationItem))
    reopened: int = fact(read_whole)


@dataclass(frozen=True)
class TrainingFacts(Checked):
    """The team's champion, its required lessons and those that incidents gave it."""

    champion: bool | None = fact(_TRI)
    modules_months_ago: tuple[float | None, ...] = fact(each_of(or_unknown(read_number)))
    """One per person and required lesson: months since it was finished; None: never."""
    lessons_in_time: tuple[bool, ...] = fact(each_of(read_flag))
    """One per incident lesson that fell due: whether it was finished within 14 days."""


@dataclass(frozen=True)
class Known(Checked):
    """How much is known: assets read within their freshness, and facts (age, last use, grants, validity)."""

    assets: int = fact(read_whole, 0)
    assets_fresh: int = fact(read_whole, 0)
    facts: int = fact(read_whole, 0)
    facts_known: int = fact(read_whole, 0)

    def check(self) -> None:
        """Refuse more known than asked."""
        if self.assets_fresh > self.assets:
            raise FactsError("assets_fresh", f"must be at most assets ({self.assets})")
        if self.facts_known > self.facts:
            raise FactsError("facts_known", f"must be at most facts ({self.facts})")

    def __add__(self, other: Known) -> Known:
        return Known(
            assets=self.assets + other.assets,
            assets_fresh=self.assets_fresh + other.assets_fresh,
            facts=self.facts + other.facts,
            facts_known=self.facts_known + other.facts_known,
        )


def _version(value: Any) -> int:
    if value != POLICY_VERSION or isinstance(value, bool):
        refuse(f"must be {POLICY_VERSION}: this program scores no other version")
    return POLICY_VERSION


@dataclass(frozen=True)
class Facts(Checked):
    """Everything that decides the score of one team."""

    team: str = fact(read_text)
    owned_credentials: int = fact(read_whole)
    """Counted by `policy.owned_on`."""
    confidence: Known = fact(Known.read)
    owned_identities: int = fact(read_whole, 0)
    credentials: tuple[CredentialFacts, ...] | None = fact(or_unknown(parts_of(CredentialFacts)), None)
    identities: tuple[IdentityFacts, ...] | None = fact(or_unknown(parts_of(IdentityFacts)), None)
    exposures: tuple[ExposureFacts, ...] | None = fact(or_unknown(parts_of(ExposureFacts)), None)
    remediation: RemediationFacts | None = fact(or_unknown(RemediationFacts.read), None)
    training: TrainingFacts | None = fact(or_unknown(TrainingFacts.read), None)
    policy_version: int = fact(_version, POLICY_VERSION)

    @property
    def size(self) -> int:
        """What the organisation's score weighs the team by."""
        return max(SMALLEST_SIZE, self.owned_credentials)

    @classmethod
    def from_json(cls, value: Any) -> Facts:
        """Make the facts from parsed JSON.

        Raises:
            FactsError: with the place, such as `credentials[2].tier`, and what is expected there.
        """
        return cls.read(value)

    @classmethod
    def from_text(cls, text: str | bytes) -> Facts:
        """Make the facts from JSON text: an object of facts, or one that holds them under `facts`.

        Raises:
            FactsError: it is no JSON, repeats a key, or is not what the score asks for.
        """
        try:
            value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
        except FactsError:
            raise
        except (ValueError, RecursionError):
            raise FactsError("", "This is not JSON in UTF-8. Write the facts as one JSON object.") from None
        if isinstance(value, Mapping) and "facts" in value:
            try:
                return cls.from_json(value["facts"])
            except FactsError as error:
                raise error.under("facts") from None
        return cls.from_json(value)

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` takes: everything, in one fixed order whatever order it was collected in."""
        found: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, tuple):
                # Part by part, since `asdict` copies each value and a team may own very many.
                found[each.name] = sorted((vars(part).copy() for part in value), key=_by_id)
            else:
                found[each.name] = asdict(value) if isinstance(value, Checked) else value
        if found["remediation"] is not None:
            found["remediation"]["items"] = sorted(found["remediation"]["items"], key=_by_id)
        return found


def digest(facts: Facts) -> str:
    """Return the SHA-256 of the facts' canonical JSON, to be stored with a score that was made from them."""
    text = json.dumps(facts.as_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _by_id(part: dict[str, Any]) -> str:
    return str(part["id"])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FactsError("", f"the key {key[:40]!r} is written twice in one object")
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise FactsError("", f"{name} is no number that can be scored")
