"""Tokens, known by their accessors: those of a login that is listed belong to it, the others stand for themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inventory.collector import PrincipalRecord, ProgressRecord, Record, SkipRecord
from inventory.store_records import PrincipalKind
from inventory.stores.crew import Crew
from inventory.vault.answer import Answer, Unanswered
from inventory.vault.client import VaultClient
from inventory.vault.instants import instant, seconds, spoken
from inventory.vault.naming import accessor_digest, accessor_hint, entity_id, policy_ids, principal_id

Login = tuple[str, str]
"""Path of a way to log in, with a slash at its end, and the name of a role or user there."""


@dataclass
class Sessions:
    """The live tokens of one login."""

    live: int = 0
    newest: datetime | None = None
    oldest: datetime | None = None
    entity: str = ""

    def add(self, made: datetime | None, entity: str) -> None:
        """Count one more."""
        self.live += 1
        self.entity = entity or self.entity
        if made is not None:
            self.newest = max(made, self.newest or made)
            self.oldest = min(made, self.oldest or made)


@dataclass
class Tokens:
    """The tokens of one namespace."""

    client: VaultClient
    crew: Crew
    namespace: str
    listed: set[Login]
    """Logins that are told as principals of their own."""
    ours: str = ""
    """Accessor of a token that was made for this read, to be left out."""
    sessions: dict[Login, Sessions] = field(default_factory=dict)
    known: bool = True
    principals: int = 0
    looked_at: int = 0

    def read(self) -> Iterator[Record]:
        """Yield the tokens that stand for themselves, and count the others by their login."""
        skips: list[SkipRecord] = []
        refused: Answer | None = None
        for _, answer in self.crew.each(self._accessors(skips), self._job):
            self.looked_at += 1
            if answer.status == 403:
                refused = answer
            elif answer.ok:
                login = login_of(answer)
                if login in self.listed:
                    told = self.sessions.setdefault(login, Sessions())
                    told.add(instant(answer.data.get("creation_time")), answer.text("entity_id"))
                else:
                    self.principals += 1
                    yield token_record(self.namespace, answer, ours=self.client.accessor)
            if self.looked_at % 500 == 0:
                yield ProgressRecord("tokens", self.looked_at, self.looked_at)
        if refused is not None:
            skips.append(SkipRecord(refused.why, "look-ups of token accessors"))
        self.known = not skips
        yield from skips

    def _accessors(self, skips: list[SkipRecord]) -> Iterator[str]:
        try:
            for accessor in self.client.names("auth/token/accessors", self.namespace):
                if accessor != self.ours:
                    yield accessor
        except Unanswered as unanswered:
            skips.append(SkipRecord(unanswered.answer.why, "token accessors", partial=unanswered.hides))

    def _job(self, accessor: str) -> Answer:
        return self.client.ask("POST", "auth/token/lookup-accessor", self.namespace, body={"accessor": accessor})


def login_of(answer: Answer) -> Login | None:
    """Return the way to log in and the role or user by which a token was made; None for one made otherwise."""
    mount, found, user = answer.text("path").removeprefix("auth/").partition("/login")
    if not found:
        return None
    meta = answer.table("meta")
    names = (meta.get("role_name"), meta.get("role"), meta.get("username"), user.strip("/"))
    name = next((each for each in names if isinstance(each, str) and each), "")
    return (f"{mount}/", name) if name else None


def token_record(namespace: str, answer: Answer, *, ours: str = "") -> PrincipalRecord:
    """Return what the server tells of a token, never the token."""
    data, accessor = answer.data, answer.text("accessor")
    ends = instant(data.get("expire_time"))
    policies = policy_ids(namespace, answer.texts("policies"))
    entity = answer.text("entity_id")
    return PrincipalRecord(
        principal_id(namespace, "token", accessor_digest(accessor)),
        PrincipalKind.TOKEN,
        f"{answer.text('display_name')[:200] or 'token'} (accessor {accessor_hint(accessor)})",
        member_of=(*policies, entity_id(entity)) if entity else policies,
        created_at=instant(data.get("creation_time")),
        expires_at=ends,
        enabled=True,
        evidence={
            "created_at": "Vault token, creation_time",
            "expires_at": "Vault token, expire_time" if ends else "Vault token: it never expires",
            "enabled": "Vault lists only tokens that are valid",
            "last_used_at": "Vault does not tell when a token was used last",
            "granted": "Vault counts no uses of rights",
            "used": "Vault counts no uses of rights",
        },
        attributes=_facts(data, accessor == ours),
    )


def _facts(data: Any, ours: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {"Orphan": data.get("orphan") is True}
    renewed = instant(data.get("last_renewal_time")) or instant(data.get("last_renewal"))
    facts["Last renewed"] = renewed.isoformat() if renewed else "never"
    for label, name in (
        ("Lives for", "creation_ttl"),
        ("Lives at most for", "explicit_max_ttl"),
        ("Renewed by periods of", "period"),
    ):
        if period := seconds(data.get(name)):
            facts[label] = spoken(period)
    if uses := seconds(data.get("num_uses")):
        facts["Uses left"] = uses
    for label, name in (("Made at", "path"), ("Token role", "role")):
        if isinstance(data.get(name), str) and data[name]:
            facts[label] = data[name][:200]
    if ours:
        facts["Reads this source"] = True
    return facts


__all__ = ["Login", "Sessions", "Tokens", "login_of", "token_record"]
