"""What is mounted in a namespace: stores of secrets, and ways to log in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from inventory.vault.answer import Answer, Unanswered
from inventory.vault.client import VaultClient
from inventory.vault.instants import seconds

MOST_DEPTH = 12
_INTERNAL = frozenset({"system", "identity", "cubbyhole", "ns_system", "ns_identity", "ns_cubbyhole", "agent_registry"})

_USUAL_NAMES = {"generic": "kv", "ns_token": "token"}
"""The old name of the key-value store, and what tokens are called in a namespace."""


@dataclass(frozen=True, slots=True)
class Mount:
    """One store or way to log in."""

    namespace: str
    """With a slash at its end; empty for the root."""
    path: str
    """Within the namespace, with a slash at its end; of a way to log in without `auth/` in front."""
    type: str
    version: int = 1
    """Of a key-value store."""
    default_ttl: int | None = None
    max_ttl: int | None = None

    @property
    def name(self) -> str:
        """Return what it is called over all namespaces, with a slash at its end."""
        return self.namespace + self.path


def mounts_of(client: VaultClient, namespace: str) -> tuple[list[Mount], bool]:
    """Return the stores of a namespace, and whether these are all.

    Raises:
        Unanswered: the server hands out none of them.
    """
    answer = client.ask("GET", "sys/mounts", namespace)
    if answer.ok:
        return _parse(namespace, answer.data), True
    # Whoever may use a mount may ask this for it.
    seen = client.ask("GET", "sys/internal/ui/mounts", namespace)
    if not seen.ok:
        raise Unanswered(answer)
    return _parse(namespace, seen.table("secret")), False


def logins_of(client: VaultClient, namespace: str) -> tuple[list[Mount], bool]:
    """Return the ways to log in to a namespace, and whether these are all.

    Raises:
        Unanswered: the server hands out none of them.
    """
    answer = client.ask("GET", "sys/auth", namespace)
    if answer.ok:
        return _parse(namespace, answer.data), True
    seen = client.ask("GET", "sys/internal/ui/mounts", namespace)
    if not seen.ok:
        raise Unanswered(answer)
    return _parse(namespace, seen.table("auth")), False


def namespaces_below(client: VaultClient, namespace: str) -> Iterator[str | tuple[str, Answer]]:
    """Yield a namespace and all below it; with an answer, one whose children the server does not tell."""
    waiting = [namespace]
    while waiting:
        here = waiting.pop()
        yield here
        if here.count("/") >= MOST_DEPTH:
            continue
        try:
            waiting += [here + name.rstrip("/") + "/" for name in client.names("sys/namespaces", here)]
        except Unanswered as unanswered:
            if unanswered.hides:
                yield here, unanswered.answer


def _parse(namespace: str, table: Mapping[str, Any]) -> list[Mount]:
    found = []
    for path, facts in sorted(table.items()):
        kind = facts.get("type") if isinstance(facts, dict) else None
        if not isinstance(kind, str) or kind in _INTERNAL or not path.endswith("/"):
            continue
        options, config = facts.get("options"), facts.get("config")
        version = options.get("version") if isinstance(options, dict) else None
        told = config if isinstance(config, dict) else {}
        found.append(
            Mount(
                namespace,
                path,
                _USUAL_NAMES.get(kind, kind),
                2 if str(version) == "2" else 1,
                seconds(told.get("default_lease_ttl")) or None,
                seconds(told.get("max_lease_ttl")) or None,
            )
        )
    return found


__all__ = ["Mount", "logins_of", "mounts_of", "namespaces_below"]
