"""How principals are called over all namespaces of one server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def principal_id(namespace: str, kind: str, name: str) -> str:
    """Return the external id of a policy, role or token; a namespace stands in front, with a colon."""
    # The first colon always ends the namespace.
    own = f"{kind}/{name.replace(':', '%3A')}"
    return f"{namespace}:{own}" if namespace else own


def policy_ids(namespace: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the external ids of policies, each once."""
    return tuple(dict.fromkeys(principal_id(namespace, "policy", name) for name in names if name))


def entity_id(uuid: str) -> str:
    """Return the external id of an entity; its id is its own over all namespaces."""
    return f"entity/{uuid}"


def group_id(uuid: str) -> str:
    """Return the external id of a group of entities."""
    return f"group/{uuid}"


def accessor_digest(accessor: str) -> str:
    """Return what stands for an accessor, which could be used to revoke and to look up what it belongs to."""
    return hashlib.sha256(b"vault accessor\0" + accessor.encode()).hexdigest()[:24]


def accessor_hint(accessor: str) -> str:
    """Return enough of an accessor to find it in the server's own list."""
    return f"{accessor[:6]}…"


__all__ = ["accessor_digest", "accessor_hint", "entity_id", "group_id", "policy_ids", "principal_id"]
