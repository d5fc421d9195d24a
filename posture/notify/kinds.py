"""What kinds of message there are. Each slice registers its own when it starts, so no list is edited here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

_SLUG = re.compile(r"[a-z][a-z0-9_]{0,30}(\.[a-z][a-z0-9_]{0,30}){1,2}")


class Timing(StrEnum):
    """When a person wants to be told."""

    AT_ONCE = "at once"
    DIGEST = "digest"
    OFF = "off"


class UnknownKind(LookupError):
    """A message is of a kind that no slice registered."""


@dataclass(frozen=True)
class Kind:
    """One kind of message, as the preferences list it."""

    slug: str
    """Such as `incident.opened`; the part before the dot groups kinds."""
    label: str
    """In words, as it follows "Tell me of": `new incidents of my teams`."""
    default: Timing = Timing.AT_ONCE
    still_concerns: Callable[[int, str], bool] | None = None
    """Asked with person and key before a message leaves, since hours may lie between telling and sending: whether the
    person may still see what it is about. None: nothing can change."""


_KINDS: dict[str, Kind] = {}


def register_kind(
    slug: str,
    label: str,
    default: Timing = Timing.AT_ONCE,
    *,
    still_concerns: Callable[[int, str], bool] | None = None,
) -> Kind:
    """Make a kind known, from a slice's `AppConfig.ready`; the same again changes nothing.

    Raises:
        ValueError: the slug is not one, or another kind has it.
    """
    if not _SLUG.fullmatch(slug):
        raise ValueError(f"{slug!r} is no kind of message: write slice.event, such as incident.opened.")
    kind = Kind(slug, label, Timing(default), still_concerns)
    if _KINDS.get(slug, kind) != kind:
        raise ValueError(f"The kind {slug} is registered twice, and differs.")
    _KINDS[slug] = kind
    return kind


def kinds() -> list[Kind]:
    """Return the kinds by slug."""
    return [_KINDS[slug] for slug in sorted(_KINDS)]


def kind_of(slug: str) -> Kind:
    """Return one kind.

    Raises:
        UnknownKind: nobody registered it.
    """
    try:
        return _KINDS[slug]
    except KeyError:
        raise UnknownKind(f"Register the kind {slug} in the ready() of its slice: register_kind(…).") from None
