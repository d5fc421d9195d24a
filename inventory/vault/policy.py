"""Reads the text of a Vault or OpenBao policy, HCL or JSON, into path rules: pure, bounded, and tolerant.

What it cannot read it names as a problem, so that nobody takes a part of a policy for the whole. A policy is never
run or expanded: templates and limits on parameters become conditions in words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inventory.vault.hcl import HCLError, Items, MalformedHCL, parse_hcl
from inventory.vault.instants import instant

MOST_TEXT = 1 << 20
"""Characters of one policy; servers refuse larger ones long before."""
MOST_RULES = 20_000
MOST_PATH = 2000
"""Characters of one path; no secret lies at a longer one."""
_CAPABILITIES = ("create", "read", "update", "patch", "delete", "list", "scan", "sudo", "deny", "subscribe", "recover")
# The old form `policy = "write"`, as the servers still read it.
_LEGACY = {
    "deny": ("deny",),
    "read": ("read", "list"),
    "write": ("create", "read", "update", "patch", "delete", "list"),
    "sudo": ("create", "read", "update", "patch", "delete", "list", "sudo"),
}
_TEMPLATE = re.compile(r"\{\{([^{}]{0,200})\}\}")


@dataclass(frozen=True, slots=True)
class PathRule:
    """One block of a policy."""

    path: str
    """As the server reads it: without a slash in front; `*` at the end and `+` as a segment stand for others."""
    capabilities: tuple[str, ...]
    """In the server's words, each once; nothing else counts beside `deny`."""
    conditions: tuple[str, ...] = ()
    """What else must hold for anything that the rule allows, in words."""
    write_conditions: tuple[str, ...] = ()
    """What else must hold for writing."""
    ends_at: datetime | None = None

    @property
    def denies(self) -> bool:
        """Whether it takes away instead of giving."""
        return "deny" in self.capabilities

    @property
    def pattern(self) -> str:
        """Return the path with each segment that depends on who asks as `+`."""
        if not self.is_templated:
            return self.path
        segments = _TEMPLATE.sub("\0", self.path).split("/")
        return "/".join("+" if "\0" in segment else segment for segment in segments)

    @property
    def is_templated(self) -> bool:
        """Whether the path depends on who asks."""
        return _TEMPLATE.search(self.path) is not None


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy's text says."""

    rules: tuple[PathRule, ...] = ()
    problems: tuple[str, ...] = ()
    """What could not be read; then the rules are not all there is."""


def parse_policy(text: str) -> Policy:
    """Read a policy; never raises for what the text holds."""
    if len(text) > MOST_TEXT:
        return Policy(problems=(f"it is longer than {MOST_TEXT} characters",))
    items, problems = _items(text)
    rules: list[PathRule] = []
    for path, body in _blocks(items, problems):
        if len(rules) >= MOST_RULES:
            problems.append(f"it has more than {MOST_RULES} paths")
            break
        if len(path) > MOST_PATH:
            problems.append(f"it has a path of more than {MOST_PATH} characters")
            continue
        rules.append(_rule(path, body, problems))
    return Policy(tuple(rules), tuple(dict.fromkeys(problems))[:20])


def _items(text: str) -> tuple[Items, list[str]]:
    if text.lstrip().startswith("{"):
        try:
            parsed = json.loads(text, object_pairs_hook=_pairs)
        except (ValueError, RecursionError):
            return Items(()), ["it looks like JSON and cannot be read as such"]
        return parsed, []
    try:
        return parse_hcl(text), []
    except MalformedHCL as malformed:
        return malformed.before, [str(malformed)]
    except HCLError as error:
        return Items(()), [str(error)]


def _pairs(pairs: list[tuple[str, Any]]) -> Items:
    return Items(tuple(((key,), value) for key, value in pairs))


def _blocks(items: Items, problems: list[str]) -> Iterator[tuple[str, Items]]:
    """Yield path and body of every block, in each of the ways they can be written."""
    for keys, value in items.pairs:
        if keys[0] != "path":
            if keys[0] != "name":
                problems.append("it has a part that is no path")
            continue
        if len(keys) > 1 and isinstance(value, Items):
            yield keys[1], value
            continue
        for inner in value if isinstance(value, list) else [value]:
            if not isinstance(inner, Items):
                problems.append("it has a path without a block")
                continue
            for (path, *_), body in inner.pairs:
                # JSON has a list of blocks where a path stands more than once.
                for each in body if isinstance(body, list) else [body]:
                    if isinstance(each, Items):
                        yield path, each
                    else:
                        problems.append("it has a path without a block")


def _rule(path: str, body: Items, problems: list[str]) -> PathRule:
    capabilities: list[str] = []
    conditions: list[str] = []
    write_conditions: list[str] = []
    ends_at = None
    for keys, value in body.pairs:
        match keys[0]:
            case "capabilities":
                capabilities += _known(_texts(value), problems)
            case "policy":
                capabilities += _LEGACY.get(str(value), ())
                if str(value) not in _LEGACY:
                    problems.append("it has a path with an unknown level of access")
            case "allowed_parameters":
                write_conditions.append(f"only with the parameters {_names(value)}")
            case "denied_parameters":
                write_conditions.append(f"not with the parameters {_names(value)}")
            case "required_parameters":
                conditions.append(f"only with all of the parameters {', '.join(sorted(_texts(value)))[:300]}")
            case "min_wrapping_ttl" | "max_wrapping_ttl":
                conditions.append("only in a wrapped answer")
            case "mfa_methods":
                conditions.append("only with a second factor")
            case "control_group":
                conditions.append("only after others approved it")
            case "expiration":
                ends_at = instant(value)
                if ends_at is None:
                    conditions.append("only until a date that cannot be read")
    for found in _TEMPLATE.findall(path):
        conditions.append(f"only where {{{{{found.strip()}}}}} is the asker's own")
    given = tuple(dict.fromkeys(capabilities))
    return PathRule(
        path.removeprefix("/"),
        ("deny",) if "deny" in given else given,
        tuple(dict.fromkeys(conditions)),
        tuple(dict.fromkeys(write_conditions)),
        ends_at,
    )


def _known(given: Iterable[str], problems: list[str]) -> list[str]:
    known = []
    for each in given:
        if each.lower() in _CAPABILITIES:
            known.append(each.lower())
        else:
            problems.append("it has a path with an unknown capability")
    return known


def _texts(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _names(value: Any) -> str:
    """Return the parameters' names; their values may be anything."""
    inner = value if isinstance(value, list) else [value]
    names = sorted({keys[0] for each in inner if isinstance(each, Items) for keys, _ in each.pairs})
    return ", ".join(names)[:300] or "that are listed"


__all__ = ["MOST_RULES", "MOST_TEXT", "PathRule", "Policy", "parse_policy"]
