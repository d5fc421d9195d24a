"""What a rule lets somebody do with an address, and what several rules together do; pure, by each store's own logic.

Vault and OpenBao take only the most specific pattern that fits, over all policies that somebody has
(OpenBao documentation, "Policies", priority matching). Everywhere else grants add up and a denial beats them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from inventory.store_records import Capability, Matching

LONGEST_PREFIX = 300


@dataclass(frozen=True, slots=True)
class AccessRule:
    """One grant, as far as it decides."""

    pattern: str
    matching: Matching
    capabilities: frozenset[Capability]
    rule: str
    deny: bool = False
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What somebody may do with an address, and why."""

    certain: frozenset[Capability] = frozenset()
    possible: frozenset[Capability] = frozenset()
    """Allowed only under a condition that cannot be judged from here."""
    rules: tuple[str, ...] = ()

    def can(self, capability: Capability) -> bool | None:
        """Say whether it is allowed; None where a condition decides."""
        if {capability, Capability.ADMIN} & self.certain:
            return True
        return None if {capability, Capability.ADMIN} & self.possible else False


def literal_prefix(pattern: str, matching: Matching) -> str:
    """Return what every address that the pattern fits begins with, cut to what an index holds."""
    if matching is Matching.EXACT:
        return pattern[:LONGEST_PREFIX]
    signs = "*?" if matching is Matching.GLOB else "*+"
    ends = [at for sign in signs if (at := _first(pattern, sign, matching)) >= 0]
    return pattern[: min(ends, default=len(pattern))][:LONGEST_PREFIX]


def prefixes(address: str) -> list[str]:
    """Return every prefix under which a pattern that fits the address can be indexed."""
    return [address[:end] for end in range(min(len(address), LONGEST_PREFIX) + 1)]


def fits(pattern: str, matching: Matching, address: str) -> bool:
    """Say whether a pattern means the address."""
    if matching is Matching.EXACT:
        return pattern == address
    if matching is Matching.VAULT:
        return _vault(pattern).fullmatch(address) is not None
    return _glob_fits(pattern, address)


def allowed(rules: Iterable[AccessRule], address: str) -> Allowed:
    """Return what all rules that one identity has together let it do with an address."""
    fitting = [rule for rule in rules if fits(rule.pattern, rule.matching, address)]
    vault = [rule for rule in fitting if rule.matching is Matching.VAULT]
    others = [rule for rule in fitting if rule.matching is not Matching.VAULT]
    # A rule under a condition may not mean this address at all (a template names somebody), so it hides no other.
    sure = [_specificity(rule.pattern) for rule in vault if not rule.condition]
    best = max(sure, default=None)
    others += [rule for rule in vault if best is None or _specificity(rule.pattern) >= best]
    return _together(others)


def _together(rules: Sequence[AccessRule]) -> Allowed:
    certain: set[Capability] = set()
    possible: set[Capability] = set()
    for rule in rules:
        if not rule.deny:
            (possible if rule.condition else certain).update(rule.capabilities)
    for rule in rules:
        if rule.deny and rule.condition:
            possible |= certain & rule.capabilities
            certain -= rule.capabilities
        elif rule.deny:
            certain -= rule.capabilities
            possible -= rule.capabilities
    return Allowed(frozenset(certain), frozenset(possible - certain), tuple(rule.rule for rule in rules))


def _first(pattern: str, sign: str, matching: Matching) -> int:
    """Return where a sign first stands for something else than itself; -1 for nowhere."""
    if matching is Matching.VAULT and sign == "*":
        return len(pattern) - 1 if pattern.endswith("*") else -1
    if matching is Matching.VAULT:
        found = re.search(r"(?:^|/)\+(?=/|$)", pattern)
        return found.end() - 1 if found else -1
    return pattern.find(sign)


def _specificity(pattern: str) -> tuple[int, bool, int, int, str]:
    """Sort as Vault does: later first wildcard, no glob at the end, fewer `+`, longer, then by letters."""
    wildcards = [at for sign in "*+" if (at := _first(pattern, sign, Matching.VAULT)) >= 0]
    segments = len(re.findall(r"(?:^|/)\+(?=/|$)", pattern))
    return min(wildcards, default=1 << 30), not pattern.endswith("*"), -segments, len(pattern), pattern


@lru_cache(maxsize=4096)
def _vault(pattern: str) -> re.Pattern[str]:
    glob = pattern.endswith("*")
    parts = (pattern[:-1] if glob else pattern).split("/")
    text = "/".join("[^/]+" if part == "+" else re.escape(part) for part in parts)
    return re.compile(text + ("(?s:.*)" if glob else ""))


def _glob_fits(pattern: str, address: str) -> bool:
    """Match part by part, each at the first place it fits, so that a hostile pattern costs no more than a long one."""
    first, *parts = _glob(pattern)
    found = first.match(address)
    if found is None:
        return False
    if not parts:
        return found.end() == len(address)
    *middle, (last, width) = parts
    at = found.end()
    for part, _ in middle:
        found = part.search(address, at)
        if found is None:
            return False
        at = found.end()
    start = len(address) - width
    return start >= at and last.fullmatch(address, start) is not None


@lru_cache(maxsize=4096)
def _glob(pattern: str) -> tuple[Any, ...]:
    """Return the first part of a pattern, and each part behind a star with its length."""
    first, *others = pattern.split("*")
    return _part(first), *((_part(each), len(each)) for each in others)


def _part(text: str) -> re.Pattern[str]:
    return re.compile("".join("(?s:.)" if sign == "?" else re.escape(sign) for sign in text))


__all__ = ["AccessRule", "Allowed", "allowed", "fits", "literal_prefix", "prefixes"]
