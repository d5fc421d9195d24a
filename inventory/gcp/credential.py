"""What a credential for Google holds: the key of a service account, which signs the tokens that requests carry."""

from __future__ import annotations

import json
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from inventory.collector import CollectorError
from posture.common.secret_value import SecretValue

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
UNIVERSE = "googleapis.com"
_LIFE, _RENEWED = 3600, 2700
"""Seconds that a token is valid for (an hour is the most, Google's AIP-4111), and after which a new one is made."""
_EMAIL = re.compile(r"[A-Za-z0-9._-]{1,100}@[A-Za-z0-9.:-]{1,200}\.gserviceaccount\.com")
_PROJECT = re.compile(r"[a-z0-9.:-]{1,100}")


@dataclass
class ServiceAccountKey:
    """The key of a service account. It signs its tokens itself, so that no host but the API's own is asked."""

    email: str
    project: str
    """The project that the account belongs to; empty where the key does not name it."""
    key_id: str
    private_key: SecretValue
    _token: str = ""
    _made_at: float = 0
    _signer: Any = None
    _lock: Any = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, credential: SecretValue) -> ServiceAccountKey:
        """Read it.

        Other kinds of credentials that Google knows name programs to run, files to read or hosts to ask for a token;
        none of these is followed.

        Raises:
            CollectorError: it is no key of a service account; the message repeats nothing of it.
        """
        try:
            given = json.loads(credential.reveal())
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict) or given.get("type") != "service_account":
            raise CollectorError(
                "The credential is no key of a service account. Make one (gcloud iam service-accounts keys create) and "
                "store the JSON file as it is.",
                permanent=True,
            )
        if str(given.get("universe_domain") or UNIVERSE) != UNIVERSE:
            raise CollectorError(
                f"The key belongs to a cloud other than {UNIVERSE}, which is not known here.", permanent=True
            )
        texts = [str(given.get(name) or "") for name in ("client_email", "project_id", "private_key_id", "private_key")]
        email, project, key_id, private_key = texts
        found = cls(email, project if _PROJECT.fullmatch(project) else "", key_id[:100], SecretValue(private_key))
        if not _EMAIL.fullmatch(email):
            raise CollectorError(
                "The key of the service account names no account (client_email). Store the file as Google made it.",
                permanent=True,
            )
        found.token()
        return found

    def token(self, *, anew: bool = False) -> str:
        """Return a token that is valid for a while.

        Raises:
            CollectorError: the private key cannot be used.
        """
        with self._lock:
            if not self._token or anew or time.monotonic() - self._made_at > _RENEWED:
                self._token, self._made_at = self._signed(), time.monotonic()
            return self._token

    @property
    def fresh(self) -> bool:
        """Whether the token was made just now, so that another one would be refused too."""
        return time.monotonic() - self._made_at < 60

    def _signed(self) -> str:
        # Imported where it is used: every web worker loads the collectors, few processes collect.
        from google.auth import crypt, jwt

        now = int(time.time())
        claims = {"iss": self.email, "sub": self.email, "scope": SCOPE, "iat": now, "exp": now + _LIFE}
        try:
            if self._signer is None:
                key = self.private_key.reveal().decode()
                self._signer = crypt.RSASigner.from_string(key, self.key_id or None)
            return str(jwt.encode(self._signer, claims).decode())
        except (ValueError, TypeError, AttributeError):
            # The library's texts may quote the key.
            raise CollectorError(
                "The private key in the credential cannot be read. Store the JSON file of the service account's key as "
                "Google made it.",
                permanent=True,
            ) from None


__all__ = ["SCOPE", "ServiceAccountKey"]
