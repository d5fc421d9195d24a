"""What a store's own labels (custom metadata, tags) say for the inventory: environment, tier, kind, owner.

People write all sorts of things there, now and then a value, so that only known words are taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inventory.detection.plausibility import plausible_secret
from inventory.policy import Tier
from inventory.store_records import SecretKind

_ENVIRONMENT = ("environment", "env", "stage")
_TIER = ("tier", "criticality")
_KIND = ("kind", "type", "secret_type", "secret-type")
_OWNER = ("owner", "team", "owner_team", "owner-team", "contact", "maintainer")
_ENVIRONMENTS = {"prod": "production", "prd": "production", "stg": "staging", "dev": "development", "testing": "test"}
_NAME = re.compile(r"[\w .@+&'/()-]{1,80}")
_ENVIRONMENT_NAME = re.compile(r"[a-z][a-z0-9_ -]{0,38}")


@dataclass(frozen=True, slots=True)
class Hints:
    """What the labels of one thing say."""

    environment: str = ""
    tier: str = ""
    kind: SecretKind | None = None
    owner: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)
    others: int = 0
    """How many further entries there are."""


def hints_in(custom: Any, source: str) -> Hints:
    """Read labels, which the store calls `source` ("AWS tag"); a word that means nothing here says nothing."""
    if not isinstance(custom, dict) or not custom:
        return Hints()
    texts = {str(key).lower(): value.strip() for key, value in custom.items() if isinstance(value, str)}
    taken: set[str] = set()
    evidence: dict[str, str] = {}

    def said(field: str, names: tuple[str, ...]) -> str:
        for name in names:
            if texts.get(name):
                taken.add(name)
                evidence[field] = f"{source}, {name}"
                return texts[name]
        return ""

    environment = said("environment", _ENVIRONMENT).lower()
    environment = _ENVIRONMENTS.get(environment, environment)
    if not _ENVIRONMENT_NAME.fullmatch(environment) or plausible_secret(environment.encode()):
        environment = ""
        evidence.pop("environment", None)
    tier = said("tier", _TIER).lower()
    if tier not in Tier._value2member_map_:
        tier = ""
        evidence.pop("tier", None)
    kind = said("kind", _KIND).lower()
    # What ends by itself has no limit of age: that a thing does, only its store can tell, never a label.
    if kind not in SecretKind._value2member_map_ or SecretKind(kind).ends_by_itself:
        kind = ""
        evidence.pop("kind", None)
    owner = said("owner", _OWNER)
    if not _NAME.fullmatch(owner) or plausible_secret(owner.encode()):
        owner = ""
    evidence.pop("owner", None)
    return Hints(environment, tier, SecretKind(kind) if kind else None, owner, evidence, len(custom) - len(taken))


__all__ = ["Hints", "hints_in"]
