"""Reads AWS policy documents: pure, bounded, and strict about what it does not understand.

After the grammar of the IAM user guide ("Grammar of the IAM JSON policy language"): elements may be one thing or a
list of them, a policy one statement or many; names of actions are not case sensitive, `*` and `?` stand anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST_TEXT = 1 << 17
"""Characters of a document; AWS allows 20,480 for the policy of a resource, and less for all others."""
MOST_STATEMENTS = 500
MOST_PARTS = 3000
"""Actions, resources or principals of one statement."""
LONGEST_PART = 2048
_WITH_VARIABLES = "2012-10-17"
_ELEMENTS = frozenset(
    "Sid Effect Action NotAction Resource NotResource Condition Principal NotPrincipal".lower().split()
)


class PolicyUnreadable(ValueError):
    """A document that is no policy, or none that can be understood; the message quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. What is empty was not said."""

    deny: bool
    actions: tuple[str, ...] = ()
    """In small letters, with wildcards."""
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    """ARNs, account ids, services, federations and `*`."""
    not_principals: tuple[str, ...] = ()
    condition: str = ""
    """Operators and keys that decide, without what they are compared with."""
    sid: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """A document's statements."""

    statements: tuple[Statement, ...]
    variables: bool = True
    """Whether `${…}` in a resource stands for something else."""


def parse_policy(document: Any) -> Policy:
    """Return what a document says; it may be JSON text or what was made of it.

    Raises:
        PolicyUnreadable: it is no policy.
    """
    if isinstance(document, str):
        document = _parsed(document)
    if not isinstance(document, dict):
        raise PolicyUnreadable("it is no JSON object")
    elements = _lowered(document)
    given = elements.get("statement")
    statements = given if isinstance(given, list) else [given]
    if given is None or len(statements) > MOST_STATEMENTS:
        raise PolicyUnreadable(f"it has no statement, or more than {MOST_STATEMENTS}")
    return Policy(tuple(map(_statement, statements)), elements.get("version") == _WITH_VARIABLES)


def _parsed(text: str) -> Any:
    if len(text) > MOST_TEXT:
        raise PolicyUnreadable(f"it is longer than {MOST_TEXT} characters")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise PolicyUnreadable("it is no JSON") from None


def _statement(given: Any) -> Statement:
    if not isinstance(given, dict):
        raise PolicyUnreadable("a statement is no JSON object")
    elements = _lowered(given)
    if strange := elements.keys() - _ELEMENTS:
        # What is not understood may turn its meaning around.
        raise PolicyUnreadable(f"a statement has {len(strange)} elements that are not known")
    effect = elements.get("effect")
    if effect not in ("Allow", "Deny"):
        raise PolicyUnreadable("the effect of a statement is neither Allow nor Deny")
    actions, not_actions = _pair(elements, "action")
    resources, not_resources = _pair(elements, "resource")
    principals, not_principals = (
        tuple(_principals(elements[name])) if name in elements else () for name in ("principal", "notprincipal")
    )
    if not actions and not not_actions:
        raise PolicyUnreadable("a statement names no action")
    sid = elements.get("sid")
    return Statement(
        effect == "Deny",
        tuple(each.lower() for each in actions),
        tuple(each.lower() for each in not_actions),
        resources,
        not_resources,
        principals,
        not_principals,
        _condition(elements.get("condition")),
        sid[:128] if isinstance(sid, str) else "",
    )


def _lowered(given: dict[Any, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in given.items():
        lowered = str(name).lower()
        if lowered in found:
            raise PolicyUnreadable("it says the same element twice")
        found[lowered] = value
    return found


def _pair(elements: dict[str, Any], name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return an element and its opposite, of which only one may be there."""
    if name in elements and f"not{name}" in elements:
        raise PolicyUnreadable(f"a statement has both {name} and its opposite")
    return _texts(elements.get(name)), _texts(elements.get(f"not{name}"))


def _texts(given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    many = given if isinstance(given, list) else [given]
    if len(many) > MOST_PARTS:
        raise PolicyUnreadable(f"a statement lists more than {MOST_PARTS} things")
    for each in many:
        if not isinstance(each, str) or len(each) > LONGEST_PART:
            raise PolicyUnreadable(f"a statement lists what is no text, or one longer than {LONGEST_PART} characters")
    return tuple(dict.fromkeys(many))


def _principals(given: Any) -> Iterator[str]:
    """Yield principals of every type; a star under `AWS` is the same as a star alone."""
    if not isinstance(given, dict):
        yield from _texts(given)
        return
    if len(given) > MOST_PARTS:
        raise PolicyUnreadable(f"a statement names more than {MOST_PARTS} kinds of principals")
    for named in given.values():
        yield from _texts(named)


def _condition(given: Any) -> str:
    """Return what decides in words: each operator with its keys. Values stay out; some are shared secrets."""
    if given is None or given == {}:
        return ""
    if not isinstance(given, dict):
        return "a condition that is not understood"
    parts = []
    for operator, keys in list(given.items())[:20]:
        names = ", ".join(str(key)[:80] for key in list(keys)[:20]) if isinstance(keys, dict) else "?"
        parts.append(f"{str(operator)[:60]} on {names}")
    return "; ".join(parts)[:500]


__all__ = ["MOST_PARTS", "MOST_STATEMENTS", "MOST_TEXT", "Policy", "PolicyUnreadable", "Statement", "parse_policy"]
