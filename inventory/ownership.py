"""Whose a thing is, and why, in words that a person can check; pure, and the same for every page and task.

By hand beats the CODEOWNERS line for the path, which beats rules, which beat the asset's own team. A line
or a rule that leads to no known team is no end: the next in order decides, and the reason tells what was
passed over, so that nothing that a repository says can make a finding nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from inventory.codeowners import Codeowners, Line
from inventory.path_pattern import Budget, PathPattern, TooCostlyError, compile_pattern

MAX_REASON = 400
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

    @classmethod
    def of(cls, rules: Iterable[tuple[str, str]], handles: Mapping[str, Iterable[str]]) -> OwnershipRules:
        """Make them from (match, team) in order and team → its handles and addresses.

        Raises:
            OwnershipError: a match cannot be read.
        """
        by_handle: dict[str, str | None] = {}
        for team, names in handles.items():
            for name in {name.lower() for name in names}:
                by_handle[name] = None if name in by_handle else team
        return cls(tuple((Match.parse(match), team) for match, team in rules), by_handle)

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
    if asset.by_hand and codeowners and line is codeowners.catch_all:
        line = None
    named = None if asset.by_hand else rules.for_asset(asset.kind, asset.name)
    owner = _by_line(line, rules, passed) or _by_rule(rules.for_path(path) or named)
    if owner is None and asset.team:
        why = f": {asset.reason}" if asset.reason else ""
        owner = Owner(asset.team, OwnerKind.ASSET, f"Team of the {asset.kind}{why}")
    return _told(owner, passed)


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
    passed: list[str] = []
    owner = _by_line(codeowners.catch_all if codeowners else None, rules, passed)
    return _told(owner or _by_rule(rules.for_asset(kind, name)), passed)


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
