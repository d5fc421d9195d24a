"""Whose a thing is, and why, in words that a person can check; pure, and the same for every page and task.

By hand beats the CODEOWNERS line for the path, which beats rules, which beat the CODEOWNERS line for everything,
which beats the asset's own team. Whoever may write to a repository writes its CODEOWNERS: one line for everything
must not hand a team's whole debt to another, so it only speaks where no engineer's rule and no hand does. A line
for a path may give that path to any team; where that is neither the asset's nor one above or below it, the reason
says so. A line or a rule that leads to no known team is no end: the next in order decides, and the reason tells
what was passed over, so that nothing that a repository says can make a finding nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from inventory.codeowners import Codeowners, Line
from inventory.path_pattern import Budget, PathPattern, TooCostlyError, compile_pattern

MAX_REASON = 400
GIVEN_AWAY = "given away by CODEOWNERS: the {kind} belongs to another team"
"""No name, since the team that receives it may not see the other."""
_RULE_STEPS = 50_000
_MATCH = re.compile(r"([a-z][a-z0-9-]*):(\S.*)")


class OwnerKind(StrEnum):
    """What decided."""

    HAND = "hand"
    CODEOWNERS = "codeowners"
    RULE = "rule"
    ASSET = "asset"
    NOBODY = ""


class OwnershipError(ValueError):
    """A rule cannot be used; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The team, by what, and the reason shown to people."""

    team: str | None
    kind: OwnerKind
    reason: str


@dataclass(frozen=True, slots=True)
class OwnedAsset:
    """The asset that a path stands in, and whose it is as a whole."""

    kind: str
    name: str
    team: str | None = None
    reason: str = ""
    by_hand: bool = False
    """A person gave the asset to the team: that beats what a line or rule says about the asset as a whole."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule fits: `path:services/pay/**` any path, `repository:pay-*` assets of a kind by name."""

    text: str
    kind: str
    pattern: PathPattern

    @classmethod
    def parse(cls, text: str) -> Match:
        """Read a rule's match.

        Raises:
            OwnershipError: it is neither a path nor a kind with a name.
        """
        found = _MATCH.fullmatch(text)
        if found is None or len(text) > 500 or not found[2].strip("/\\ "):
            raise OwnershipError(
                'An ownership rule matches "path:services/pay/**" or a kind and a name such as "repository:pay-*".'
            )
        return cls(text, found[1], compile_pattern(found[2], below=found[1] == "path"))

    def fits_asset(self, kind: str, name: str) -> bool:
        """Say whether an asset of that kind and name is meant; a pattern without a slash fits the last part."""
        return self.kind == kind != "path" and self._fits(name)

    def fits_path(self, path: str) -> bool:
        """Say whether the path is meant."""
        return self.kind == "path" and self._fits(path)

    def _fits(self, text: str) -> bool:
        try:
            return self.pattern.matches(text.strip("/").split("/"), Budget(_RULE_STEPS))
        except TooCostlyError:
            return False


@dataclass(frozen=True)
class OwnershipRules:
    """The organisation's rules, the first match first, and which teams the handles of CODEOWNERS mean."""

    rules: tuple[tuple[Match, str], ...] = ()
    handles: Mapping[str, str | None] = field(default_factory=dict)
    """Handle in small letters → team; None where several teams claim it."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Team → how people call it."""
    parents: Mapping[str, str | None] = field(default_factory=dict)
    """Team → the team above it."""

    @classmethod
    def of(
        cls,
        rules: Iterable[tuple[str, str]],
        handles: Mapping[str, Iterable[str]],
        *,
        names: Mapping[str, str] | None = None,
        parents: Mapping[str, str | None] | None = None,
    ) -> OwnershipRules:
        """Make them from (match, team) in order and team → its handles and addresses.

        Raises:
            OwnershipError: a match cannot be read.
        """
        by_handle: dict[str, str | None] = {}
        for team, given in handles.items():
            for name in {name.lower() for name in given}:
                by_handle[name] = None if name in by_handle else team
        parsed = tuple((Match.parse(match), team) for match, team in rules)
        return cls(parsed, by_handle, names or {}, parents or {})

    def are_akin(self, team: str, other: str) -> bool:
        """Say whether the teams are the same, or one is above the other."""
        return other in self._line_up(team) or team in self._line_up(other)

    def _line_up(self, team: str) -> set[str]:
        above: set[str] = set()
        at: str | None = team
        while at is not None and at not in above:
            above.add(at)
            at = self.parents.get(at)
        return above

    def for_path(self, path: str) -> tuple[Match, str] | None:
        """Return the first rule about such a path."""
        return next(((match, team) for match, team in self.rules if match.fits_path(path)), None)

    def for_asset(self, kind: str, name: str) -> tuple[Match, str] | None:
        """Return the first rule about such an asset."""
        return next(((match, team) for match, team in self.rules if match.fits_asset(kind, name)), None)


def owner_of(
    path: str,
    codeowners: Codeowners | None,
    rules: OwnershipRules,
    asset: OwnedAsset,
    *,
    by_hand: str | None = None,
) -> Owner:
    """Return whose a path of an asset is: by hand, CODEOWNERS line, rule, the asset's team, nobody."""
    if by_hand:
        return _by_hand(by_hand)
    passed: list[str] = []
    try:
        line = codeowners.line_for(path) if codeowners else None
    except TooCostlyError:
        line = None
        passed.append("CODEOWNERS is too costly to evaluate for this path")
    named = None if asset.by_hand else rules.for_asset(asset.kind, asset.name)
    ruled = rules.for_path(path) or named
    if codeowners and line and line is codeowners.catch_all and (ruled or asset.by_hand):
        return _told(_set_aside(line, ruled, rules) if ruled else _kept(line, asset, rules), passed)
    owner = _by_line(line, rules, passed)
    if owner and owner.team and asset.team and not rules.are_akin(owner.team, asset.team):
        passed.append(GIVEN_AWAY.format(kind=asset.kind))
    return _told(owner or _by_rule(ruled) or _by_asset(asset), passed)


def owner_of_asset(
    kind: str,
    name: str,
    codeowners: Codeowners | None,
    rules: OwnershipRules,
    *,
    by_hand: str | None = None,
) -> Owner:
    """Return whose an asset is as a whole; of CODEOWNERS only the line that fits every path speaks about that."""
    if by_hand:
        return _by_hand(by_hand)
    line, ruled = codeowners.catch_all if codeowners else None, rules.for_asset(kind, name)
    if line and ruled:
        return _told(_set_aside(line, ruled, rules), [])
    passed: list[str] = []
    owner = _by_line(line, rules, passed)
    return _told(owner or _by_rule(ruled), passed)


def _set_aside(line: Line, ruled: tuple[Match, str], rules: OwnershipRules) -> Owner:
    """Return the owner by a rule, with a word about the line for everything where that says something else."""
    match, team = ruled
    meant = {rules.handles.get(handle.lower()) for handle in line.owners}
    if not line.owners or team in meant:
        return Owner(team, OwnerKind.RULE, f"Rule {match.text}")
    told = f"but rule {match.text} gives it to {rules.names.get(team, team)}"
    return Owner(team, OwnerKind.RULE, f"CODEOWNERS says {' '.join(line.owners)} for everything, {told}")


def _kept(line: Line, asset: OwnedAsset, rules: OwnershipRules) -> Owner | None:
    """Return the owner that a person gave the asset to, with a word about the line for everything."""
    owner = _by_asset(asset)
    if owner is None or not line.owners or asset.team in {rules.handles.get(handle.lower()) for handle in line.owners}:
        return owner
    said = f"CODEOWNERS says {' '.join(line.owners)} for everything, but a person gave the {asset.kind} to its team"
    return Owner(owner.team, owner.kind, f"{owner.reason}; {said}")


def _by_asset(asset: OwnedAsset) -> Owner | None:
    if not asset.team:
        return None
    why = f": {asset.reason}" if asset.reason else ""
    return Owner(asset.team, OwnerKind.ASSET, f"Team of the {asset.kind}{why}")


def _by_hand(team: str) -> Owner:
    return Owner(team, OwnerKind.HAND, "Assigned by hand")


def _by_line(line: Line | None, rules: OwnershipRules, passed: list[str]) -> Owner | None:
    if line is None:
        return None
    for handle in line.owners:
        team = rules.handles.get(handle.lower())
        if team:
            return Owner(team, OwnerKind.CODEOWNERS, _shown(str(line)))
    if not line.owners:
        passed.append(f"CODEOWNERS line {line.number} names nobody")
    elif any(handle.lower() in rules.handles for handle in line.owners):
        passed.append(f"CODEOWNERS line {line.number} names a handle that several teams list")
    else:
        passed.append(f"CODEOWNERS line {line.number} names no team we know: {' '.join(line.owners)}")
    return None


def _by_rule(found: tuple[Match, str] | None) -> Owner | None:
    return Owner(found[1], OwnerKind.RULE, _shown(f"Rule {found[0].text}")) if found else None


def _told(owner: Owner | None, passed: list[str]) -> Owner:
    owner = owner or Owner(None, OwnerKind.NOBODY, "No CODEOWNERS line, no rule and no asset names a team")
    return Owner(owner.team, owner.kind, _shown("; ".join((owner.reason, *passed))))


def _shown(text: str) -> str:
    """Cut and clean text that a repository wrote: control and direction characters would lie to the reader."""
    clean = "".join(character if character.isprintable() else "\ufffd" for character in text[: MAX_REASON + 1])
    return clean if len(clean) <= MAX_REASON else clean[: MAX_REASON - 1] + "…"
