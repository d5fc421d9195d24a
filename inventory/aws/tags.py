"""What the tags of a thing say for the inventory: environment, tier, owner. Other tags are counted, not kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inventory.stores.hints import Hints, hints_in


def tag_hints(tags: Any) -> Hints:
    """Read a list of tags as AWS's services give it, with keys in capitals or not."""
    pairs: dict[str, Any] = {}
    for tag in tags if isinstance(tags, Iterable) else ():
        if isinstance(tag, Mapping):
            lowered = {str(key).lower(): value for key, value in tag.items()}
            pairs[str(lowered.get("key") or lowered.get("tagkey"))] = lowered.get("value") or lowered.get("tagvalue")
    return hints_in(pairs, "AWS tag")


def tag_attributes(hints: Hints) -> dict[str, Any]:
    """Return what a tag says of its owner, and how many others there are."""
    facts: dict[str, Any] = {}
    if hints.owner:
        facts["Owner, by its tags"] = hints.owner
    if hints.others:
        facts["Further tags"] = hints.others
    return facts


__all__ = ["tag_attributes", "tag_hints"]
