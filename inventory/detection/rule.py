"""A format made ready for scanning: compiled, measured, ranked and with its digest."""

from __future__ import annotations

import hashlib
import re._parser as pattern_parser  # type: ignore[import-not-found]
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import regex

from inventory.detection.plausibility import implausible_token
from inventory.detection.provider import CredentialKind, Format, Provider
from inventory.detection.randomness import entropy


class Secret(NamedTuple):
    """Where a secret stands, and its value where that is not the bytes themselves (encoded, escaped)."""

    start: int
    end: int
    value: bytes | None = None


Refine = Callable[[bytes, Any, Format], Iterable[Secret]]
"""Looks at one match in its content and yields the secrets in it, none if there is none.

It may look at most `CONTEXT_BEFORE` bytes before the match and `CONTEXT_AFTER` behind it.
"""

CONTEXT_BEFORE = 8 * 1024
CONTEXT_AFTER = 16 * 1024

# Wider matches than this are searched for in the whole content instead of around each candidate.
WIDEST_LOCAL_MATCH = 64 * 1024

# What decides a finding besides the formats: a change in any of these files asks for a new scan.
_DECIDING = sorted(
    path
    for path in Path(__file__).parent.glob("*.py")
    if path.stem not in {"__init__", "provider", "engine", "example", "worktree", "paths", "database", "context"}
)
_STRETCH = 48
_BASE64 = regex.compile(rb"[A-Za-z0-9+/]+")
_TRAILING_REPEAT = regex.compile(r"(?<!\\)\{(\d+),\d+\}(\)*)(?:\\b)?\Z")


def value_span(match: Any) -> tuple[int, int]:
    """Return where the secret stands in a match: the group `value`, else the whole."""
    return match.span("value") if "value" in match.re.groupindex else match.span()


def _inside_base64(content: bytes, start: int, end: int) -> bool:
    """Say whether the match is a stretch of something longer in base64 that holds such letters by chance."""
    before, behind = content[max(0, start - _STRETCH) : start], content[end : end + _STRETCH]
    return any(len(part) == _STRETCH and _BASE64.fullmatch(part) is not None for part in (before, behind))


def refine_token(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Accept a provider's own token unless it is visibly a placeholder or too regular to be random."""
    start, end = value_span(match)
    value = content[start:end]
    if form.kind is not CredentialKind.PRIVATE_KEY and (
        implausible_token(value) or _inside_base64(content, start, end)
    ):
        return
    if form.min_entropy and entropy(value) < form.min_entropy:
        return
    yield Secret(start, end)


@dataclass(frozen=True)
class Rule:
    """One format, ready to be searched for."""

    provider: Provider
    format: Format
    refine: Refine
    rank: int
    """Which finding wins where two overlap: the lower one. A digest depends on all lower ranks."""

    wide: bool = False
    """Whether judging a match may mean reading all the context it is allowed, which is charged for."""

    @property
    def slug(self) -> str:
        """The format's slug."""
        return self.format.slug

    @cached_property
    def compiled(self) -> Any:
        """The pattern for the confirming `regex` module."""
        try:
            return regex.compile(self.format.pattern.encode(), regex.VERSION0)
        except regex.error as error:
            raise RuleError(self.slug, str(error)) from error

    @cached_property
    def width(self) -> int | None:
        """Length in bytes of the longest possible match, or nothing if there is no useful bound."""
        try:
            widest = pattern_parser.parse(self.format.pattern.encode()).getwidth()[1]
        except (ValueError, OverflowError, pattern_parser.error) as error:
            raise RuleError(self.slug, str(error)) from error
        return int(widest) if widest <= WIDEST_LOCAL_MATCH else None

    @cached_property
    def trigger(self) -> bytes:
        """A pattern that matches a prefix of every match, with fewer ends to report.

        Only where the local search can start from it: `x{8,64}` becomes `x{8}`.
        """
        if self.width is None:
            return self.format.pattern.encode()
        return _TRAILING_REPEAT.sub(r"{\1}\2", self.format.pattern).encode()

    def own_digest(self) -> bytes:
        """Hash what this format says about itself."""
        form = self.format
        facts = (
            form.slug,
            form.pattern,
            form.kind.value,
            form.confidence.value,
            repr(form.min_entropy),
            self.provider.slug,
        )
        return hashlib.sha256("\x00".join(facts).encode()).digest()


class RuleError(Exception):
    """A format's pattern cannot be used; the message names the format."""

    def __init__(self, slug: str, reason: str) -> None:
        super().__init__(
            f"The pattern of format {slug!r} cannot be used: {reason}. Correct it in inventory/detection/providers/."
        )


def deciding_code() -> bytes:
    """Hash the code that decides findings besides the formats."""
    digest = hashlib.sha256()
    for path in _DECIDING:
        digest.update(path.read_bytes())
    return digest.digest()


def rule_digests(rules: Iterable[Rule]) -> dict[str, str]:
    """Return each rule's digest over all that decides what it finds.

    A finding of a lower rank silences one of a higher rank on the same bytes, so a digest covers the lower ranks too.
    """
    code = deciding_code()
    by_rank: dict[int, list[bytes]] = {}
    ordered = sorted(rules, key=lambda rule: rule.slug)
    for rule in ordered:
        by_rank.setdefault(rule.rank, []).append(rule.own_digest())
    digests = {}
    for rule in ordered:
        lower = b"".join(b"".join(by_rank[rank]) for rank in sorted(by_rank) if rank < rule.rank)
        digests[rule.slug] = hashlib.sha256(code + rule.own_digest() + lower).hexdigest()[:32]
    return digests
