"""What a credential for AWS holds."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from inventory.collector import CollectorError
from posture.common.secret_value import SecretValue

_ID = re.compile(r"[A-Za-z0-9_]{4,128}")


@dataclass(frozen=True, slots=True)
class Key:
    """An access key, with the token that a temporary one has."""

    id: str
    secret: SecretValue
    token: SecretValue | None = None

    @classmethod
    def of(cls, credential: SecretValue) -> Key:
        """Read it.

        Raises:
            CollectorError: it has neither form; the message repeats nothing of it.
        """
        text = credential.reveal().decode("utf-8", "replace").strip()
        parts = _of_json(text) if text.startswith("{") else text.split(":", 2)
        identity, secret, token = (*parts, "", "", "")[:3]
        if not _ID.fullmatch(identity) or not secret or not f"{secret}{token}".isprintable():
            raise CollectorError(
                'The credential is no access key. Store {"access_key_id": …, "secret_access_key": …} as JSON (and '
                '"session_token" for a temporary one), or id:secret (and :token).',
                permanent=True,
            )
        return cls(identity, SecretValue(secret), SecretValue(token) if token else None)


def _of_json(text: str) -> list[str]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return []
    names = ("access_key_id", "secret_access_key", "session_token")
    values = [given.get(name) or "" for name in names]
    return values if all(isinstance(each, str) for each in values) else []


__all__ = ["Key"]
