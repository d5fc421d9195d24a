"""Turns what a file tells into records. What it does not say is not known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from inventory.generic.cells import Unfit, day, flag, number, text, word, words
from inventory.generic.entries import Entry
from inventory.policy import Tier
from inventory.store_records import (
    Capability,
    GrantRecord,
    Matching,
    PrincipalKind,
    PrincipalRecord,
    SecretKind,
    SecretRecord,
    VersionRecord,
    VersionState,
)

MOST_STORE = 200
"""Characters of a store's name."""
MOST_STORES = 200
"""Stores of one file; each is read by going through it once."""
_KINDS, _TIERS = tuple(map(str, SecretKind)), tuple(map(str, Tier))
_PRINCIPALS, _CAPABILITIES = tuple(map(str, PrincipalKind)), tuple(map(str, Capability))
_FACTS = ("enabled", "auto_rotated", "rotation_failed", "ephemeral")


class Misfit(Exception):
    """An entry that cannot be read; says which part of it and why, not what it holds."""


def store_of(entry: Entry, default: str) -> str:
    """Return the store that an entry is in.

    Raises:
        Misfit: it names none that can be one.
    """
    if entry.problem:
        raise Misfit(entry.problem)
    return _cell(entry.cells, "store", _store) or default


def record_of(entry: Entry, store: str, now: datetime) -> SecretRecord | PrincipalRecord | GrantRecord:
    """Return the record of an entry of a store.

    Raises:
        Misfit: with what is wrong in it.
    """
    if entry.section == "secrets":
        return _secret(entry.cells, store, now)
    if entry.section == "principals":
        return _principal(entry.cells, store, now)
    return _grant(entry.cells, store, now)


def _secret(cells: Mapping[str, Any], store: str, now: datetime) -> SecretRecord:
    path = _required(cells, "path")
    if _cell(cells, "fingerprintless", flag) is False:
        raise Misfit("fingerprintless: a file carries no fingerprints, so it can only be yes")
    evidence: dict[str, str] = {}
    never = str(cells.get("rotated_at") or "").strip().lower() == "never"
    created = _day(cells, "created_at", evidence, now)
    rotated = None if never else _day(cells, "rotated_at", evidence, now)
    attributes = {}
    if never:
        evidence["rotated_at"] = "the file says never"
    elif rotated is None and created is not None:
        # A creation without a rotation would say that the value never changed, which nobody said.
        attributes["Created"] = created.date().isoformat()
        evidence["created_at"] = f"{attributes['Created']}; not counted, since the file does not say if it was rotated"
        created = None
    facts = {name: _cell(cells, name, flag) for name in _FACTS}
    evidence |= {name: "the file" if said is not None else "the file does not say" for name, said in facts.items()}
    return SecretRecord(
        path=path,
        kind=SecretKind(_cell(cells, "kind", lambda said: word(said, _KINDS, SecretKind.STORED))),
        address=_address(store, path),
        environment=_cell(cells, "environment", lambda said: text(said, 40).strip().lower()),
        tier=_cell(cells, "tier", lambda said: word(said, _TIERS)),
        created_at=created,
        rotated_at=rotated,
        expires_at=_day(cells, "expires_at", evidence),
        last_used_at=_day(cells, "last_used_at", evidence, now),
        versions=_cell(cells, "versions", _versions),
        evidence=evidence,
        attributes=attributes,
        **facts,
    )


def _principal(cells: Mapping[str, Any], store: str, now: datetime) -> PrincipalRecord:
    evidence: dict[str, str] = {}
    name = _required(cells, "id")
    _required(cells, "kind")
    return PrincipalRecord(
        external_id=_address(store, name),
        kind=PrincipalKind(_cell(cells, "kind", lambda said: word(said, _PRINCIPALS))),
        name=_cell(cells, "name", text) or name,
        environment=_cell(cells, "environment", lambda said: text(said, 40).strip().lower()),
        member_of=tuple(_address(store, each) for each in _cell(cells, "member_of", words)),
        created_at=_day(cells, "created_at", evidence, now),
        last_used_at=_day(cells, "last_used_at", evidence, now),
        expires_at=_day(cells, "expires_at", evidence),
        enabled=_cell(cells, "enabled", flag),
        granted=_cell(cells, "granted", number),
        used=_cell(cells, "used", number),
        evidence=evidence,
    )


def _grant(cells: Mapping[str, Any], store: str, now: datetime) -> GrantRecord:
    principal, pattern = _required(cells, "principal"), _required(cells, "pattern")
    named = _cell(cells, "capabilities", words)
    if not named:
        raise Misfit("capabilities: missing")
    capabilities = tuple(
        Capability(_cell({"capabilities": each}, "capabilities", lambda said: word(said, _CAPABILITIES)))
        for each in named
    )
    return GrantRecord(
        principal=_address(store, principal),
        pattern=_address(store, pattern),
        matching=Matching.GLOB if set(pattern) & {"*", "?"} else Matching.EXACT,
        capabilities=capabilities,
        rule=_cell(cells, "rule", text) or f"{principal}: {pattern} {{{', '.join(capabilities)}}}"[:1000],
        deny=_cell(cells, "deny", flag) or False,
        wildcard=pattern.strip("*/") == "",
        condition=_cell(cells, "condition", text),
        last_used_at=_day(cells, "last_used_at", {}, now),
    )


def _address(store: str, name: str) -> str:
    """Return one name over all stores of a source; a store's own slashes and stars mean nothing in it."""
    return f"{quote(store, safe='')}/{name}"


def _versions(value: Any) -> tuple[VersionRecord, ...]:
    names = words(value)
    if any(len(name) > MOST_STORE for name in names):
        raise Unfit(f"a name longer than {MOST_STORE} characters")
    last = len(names) - 1
    return tuple(
        VersionRecord(name, VersionState.CURRENT if place == last else VersionState.SUPERSEDED)
        for place, name in enumerate(names)
    )


def _store(value: Any) -> str:
    return text(value, MOST_STORE).strip()


def _required(cells: Mapping[str, Any], name: str) -> str:
    found: str = _cell(cells, name, text)
    if not found.strip():
        raise Misfit(f"{name}: missing")
    return found


def _day(cells: Mapping[str, Any], name: str, evidence: dict[str, str], now: datetime | None = None) -> datetime | None:
    found, why = _cell(cells, name, lambda value: day(value, now))
    evidence[name] = why or "the file"
    return found


def _cell(cells: Mapping[str, Any], name: str, read: Any) -> Any:
    try:
        return read(cells.get(name))
    except Unfit as unfit:
        raise Misfit(f"{name}: {unfit}") from None


__all__ = ["MOST_STORE", "MOST_STORES", "Misfit", "record_of", "store_of"]
