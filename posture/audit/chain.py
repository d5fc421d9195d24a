"""The chain, free of the database: how an event becomes bytes, and its keyed digest over the one before."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posture.common.key_file import read_keys
from posture.common.secret_value import SecretValue

_DOMAIN = b"secrets-posture/audit/v1\x00"
_KEY_ID = b"secrets-posture/audit-key-id/v1\x00"
GENESIS = "0" * 64
"""What the first event has in place of a digest before it."""


@dataclass(frozen=True)
class Link:
    """One event as the chain binds it: every field, in the form in which it is stored."""

    sequence: int
    at: str
    actor: int | None
    verb: str
    subject: str
    subject_id: int
    team_id: int | None
    before: str
    after: str
    reason: str
    facts: str
    previous: str
    key_id: str

    def encoded(self) -> bytes:
        """Return the one reading of the event: a JSON list in fixed order, so that no two events share bytes."""
        parts = [
            *(self.sequence, self.at, self.actor, self.verb, self.subject, self.subject_id, self.team_id),
            *(self.before, self.after, self.reason, self.facts, self.previous, self.key_id),
        ]
        return _DOMAIN + json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode("ascii")


class Keys:
    """The keys of the chain: the last of the file writes, all of them verify."""

    def __init__(self, secrets: list[SecretValue]) -> None:
        self._secrets = {_id_of(secret): secret for secret in secrets}
        self.writing = _id_of(secrets[-1])

    def __contains__(self, key_id: object) -> bool:
        return key_id in self._secrets

    def digest(self, link: Link) -> str:
        """Return the keyed hash (HMAC-SHA-256) of an event under the key that it names.

        Raises:
            KeyError: that key is not here.
        """
        return hmac.new(self._secrets[link.key_id].reveal(), link.encoded(), hashlib.sha256).hexdigest()


def load_keys(path: Path, *, create: bool = False) -> Keys:
    """Read the key file, or make it (mode 0600) when `create` is set and there is none.

    Raises:
        FileNotFoundError: there is no key and `create` is not set.
        ValueError: the file holds no keys, or others may read it.
    """
    return Keys(read_keys(path, name="audit", create=create))


def same(one: str, other: str) -> bool:
    """Compare two digests in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def moment(at: datetime) -> str:
    """Return a time as the chain writes it: UTC, always with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def facts_text(data: Mapping[str, Any]) -> str:
    """Return data as the one text that is stored and hashed.

    Raises:
        TypeError: something in it is not JSON.
        ValueError: a number in it is infinite or none.
    """
    return json.dumps(data, ensure_ascii=True, sort_keys=True, allow_nan=False, separators=(",", ":"))


def _id_of(secret: SecretValue) -> str:
    return hashlib.sha256(_KEY_ID + secret.reveal()).hexdigest()[:12]
