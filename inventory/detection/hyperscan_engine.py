"""The scanner: hyperscan proposes, the `regex` module confirms, filters decide."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import hyperscan

from inventory.detection.database import database
from inventory.detection.engine import Finding
from inventory.detection.overlap import Located, without_overlaps
from inventory.detection.provider import formats
from inventory.detection.rule import CONTEXT_AFTER, CONTEXT_BEFORE, WIDEST_LOCAL_MATCH, Rule, rule_digests
from inventory.detection.rules import as_rules
from posture.common.secret_value import SecretValue

MOST_FINDINGS = 1_000
"""Findings kept of one content; more is a flood (a list of fake keys), which is said, not stored."""
MOST_CANDIDATES = 1_000_000
CONFIRM_BYTES = 64 * 1024 * 1024
"""How many bytes confirming may look at besides sixteen times the content itself."""
JUDGING_COSTS = 4 * 1024
WIDE_JUDGING_COSTS = 96 * 1024
"""What judging one match costs, in bytes looked at."""
MOST_TIMEOUTS = 3
CONFIRM_SECONDS = 1.0
WINDOW = 4 * 1024 * 1024
OVERLAP = WIDEST_LOCAL_MATCH + CONTEXT_AFTER


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What one scan found and whether it went through to the end."""

    findings: tuple[Finding, ...]
    truncated: str = ""
    """Why not everything was looked at or kept, empty if it was."""


class HyperscanEngine:
    """All formats in one database. Safe to reuse for any number of contents; threads take turns."""

    rules: Mapping[str, str]
    rule_set: str

    def __init__(self, rules: Sequence[Rule], cache_dir: Path | None) -> None:
        self._rules = tuple(sorted(rules, key=lambda rule: rule.slug))
        self.rules = MappingProxyType(rule_digests(self._rules))
        self.rule_set = hashlib.sha256(
            "\x00".join(f"{slug}={digest}" for slug, digest in self.rules.items()).encode()
        ).hexdigest()
        # Formats that differ only in how a match is judged are searched for once.
        by_pattern: dict[str, list[Rule]] = {}
        for rule in self._rules:
            by_pattern.setdefault(rule.format.pattern, []).append(rule)
        self._groups = tuple(tuple(group) for group in by_pattern.values())
        self._database = database([group[0] for group in self._groups], self.rule_set, cache_dir)
        self._turn = threading.Lock()

    def scan(self, content: bytes) -> list[Finding]:
        """Return the findings in `content`, in order of offset, each value once per place."""
        return list(self.scan_fully(content).findings)

    def scan_fully(self, content: bytes) -> ScanResult:
        """Return the findings together with what was cut short."""
        candidates, flooded = self._candidates(content)
        if not candidates:
            return ScanResult(())
        budget = _Budget(len(content))
        if flooded:
            budget.spent = "too many candidates"
        located: list[Located] = []
        for index, ends in candidates.items():
            group = self._groups[index]
            for match in _confirm(group[0], content, ends, budget):
                budget.work -= WIDE_JUDGING_COSTS if group[0].wide else JUDGING_COSTS
                for rule in group:
                    located.extend(
                        Located(start, end, rule, content[start:end] if value is None else value)
                        for start, end, value in rule.refine(content, match, rule.format)
                    )
        kept = without_overlaps(located)
        if len(kept) > MOST_FINDINGS:
            kept = kept[:MOST_FINDINGS]
            budget.spent = "too many findings"
        return ScanResult(tuple(_findings(content, kept)), budget.spent)

    def scan_windows(self, read: Callable[[int], bytes]) -> ScanResult:
        """Scan content of any length through overlapping windows, `read(n)` giving up to n further bytes.

        What stands in the overlap is taken from the window that shows it with all its surroundings.
        """
        kept: list[Finding] = []
        truncated = ""
        content = _fill(read, b"")
        offset = lines = taken = 0
        while content:
            last = len(content) < WINDOW
            result = self.scan_fully(content)
            truncated = truncated or result.truncated
            limit = len(content) if last else len(content) - OVERLAP
            for each in result.findings:
                if each.start < limit and each.start + offset >= taken:
                    taken = each.end + offset
                    kept.append(_moved(each, offset, lines))
            if last or len(kept) > MOST_FINDINGS:
                break
            # The next window starts early enough to show what stands before the first thing it may take.
            cut = limit - CONTEXT_BEFORE
            lines += content.count(b"\n", 0, cut)
            taken = max(taken, offset + limit)
            offset += cut
            content = _fill(read, content[cut:])
        if len(kept) > MOST_FINDINGS:
            return ScanResult(tuple(kept[:MOST_FINDINGS]), "too many findings")
        return ScanResult(tuple(kept), truncated)

    def _candidates(self, content: bytes) -> tuple[dict[int, list[int]], bool]:
        """Return for each rule the ends of its possible matches, ascending, and whether there were too many."""
        ends: dict[int, list[int]] = {}
        left = MOST_CANDIDATES

        def found(index: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            nonlocal left
            ends.setdefault(index, []).append(end)
            left -= 1
            return left <= 0

        with self._turn:
            try:
                self._database.scan(content, match_event_handler=found)
            except hyperscan.ScanTerminated:
                return ends, True
        return ends, False


class _Budget:
    """What confirming one content may still cost."""

    def __init__(self, size: int) -> None:
        self.work = CONFIRM_BYTES + 16 * size
        self.timeouts = MOST_TIMEOUTS
        self.spent = ""


def _confirm(rule: Rule, content: bytes, ends: Sequence[int], budget: _Budget) -> Iterator[object]:
    """Yield the same matches as a search of the whole content would, looking only around the candidates.

    Every match has a prefix that ends at a candidate, so none starts more than `width` before the first
    candidate; the search from there finds the leftmost one. Candidates inside a found match are done with.
    """
    if rule.width is None:
        try:
            yield from rule.compiled.finditer(content, timeout=CONFIRM_SECONDS * 10)
        except TimeoutError:
            budget.spent = f"a search took too long ({rule.slug})"
        return
    position = 0
    for end in ends:
        # A match may have been found from an earlier candidate already.
        while end > position:
            begin = max(position, end - rule.width)
            # One byte more than the widest match, for an assertion such as \b behind it.
            stop = min(len(content), end + rule.width + 1)
            budget.work -= stop - begin
            if budget.work < 0 or not budget.timeouts:
                budget.spent = budget.spent or "too many candidates"
                return
            try:
                match = rule.compiled.search(content, begin, stop, timeout=CONFIRM_SECONDS)
            except TimeoutError:
                budget.timeouts -= 1
                budget.spent = f"a search took too long ({rule.slug})"
                break
            if match is None or match.start() > end:
                position = end + 1  # What starts behind this candidate has one of its own.
                break
            position = max(match.end(), position + 1)
            yield match


def _fill(read: Callable[[int], bytes], carried: bytes) -> bytes:
    """Read until a window is full or the content ends."""
    parts, missing = [carried], WINDOW - len(carried)
    while missing > 0 and (part := read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _moved(finding: Finding, offset: int, lines: int) -> Finding:
    return replace(
        finding,
        start=finding.start + offset,
        end=finding.end + offset,
        line=finding.line + lines,
        end_line=finding.end_line + lines,
    )


def _findings(content: bytes, kept: Sequence[Located]) -> Iterator[Finding]:
    """Add line numbers, counting each newline once."""
    line, counted = 1, 0
    for each in kept:
        line += content.count(b"\n", counted, each.start)
        counted = each.start
        yield Finding(
            rule=each.rule.slug,
            value=SecretValue(each.value),
            start=each.start,
            end=each.end,
            line=line,
            end_line=line + content.count(b"\n", each.start, max(each.start, each.end - 1)),
            confidence=each.rule.format.confidence.value,
        )


def load_engine(cache_dir: Path | None) -> HyperscanEngine:
    """Return the scanner over all formats, its compiled database cached in `cache_dir` if one is given.

    Raises:
        RuleError: a format's pattern cannot be compiled; the message names it.
    """
    return HyperscanEngine(as_rules(formats()), cache_dir)
