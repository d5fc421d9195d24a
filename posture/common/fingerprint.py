"""Identity of a secret value without the value: a keyed fingerprint (HMAC-SHA-256).

The key lives in a file outside the database. Whoever has only the database cannot test guesses
against it. Values that could be guessed even so are flagged by `is_weak`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import math
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from posture.common.key_file import read_keys
from posture.common.secret_value import SecretValue

# One tag for every kind of value: the same value must join wherever it stands.
_DOMAIN = b"secrets-posture/fingerprint/v1\x00"
_PEM = re.compile(rb"-----BEGIN [A-Z0-9 ]+-----(.*?)-----END [A-Z0-9 ]+-----", re.DOTALL)
_PEM_HEADER = re.compile(rb"^[A-Za-z-]+:.*$", re.MULTILINE)
_URL_PASSWORD = re.compile(rb"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s:@]*:([^/?#\s]+)@[^@\s]+$")
_ASSIGNED_PASSWORD = re.compile(rb"(?:^|;)\s*(?:password|pwd|accountkey|sharedaccesskey)\s*=\s*([^;]+)", re.IGNORECASE)
# Below this many bits (length times Shannon entropy per byte) a value is guessable offline once the key is lost.
WEAK_BITS = 60.0


@dataclass(frozen=True)
class FingerprintKey:
    """The deployment's key and its public id; the id is stored beside every fingerprint."""

    key_id: str
    secret: SecretValue

    def fingerprint(self, value: SecretValue) -> str:
        """Return the 64 hex digits that stand for this value in the whole inventory."""
        return hmac.new(self.secret.reveal(), _DOMAIN + canonical(value), hashlib.sha256).hexdigest()


def canonical(value: SecretValue) -> bytes:
    """Reduce a value to the bytes that are the secret.

    White space around it goes; of a PEM block only the decoded body counts; of a URL or a
    connection string only the password.
    """
    raw = value.reveal().strip()
    pem = _PEM.search(raw.replace(b"\\r", b"").replace(b"\\n", b"\n"))
    if pem:
        body = re.sub(rb"[^A-Za-z0-9+/=]", b"", _PEM_HEADER.sub(b"", pem.group(1)))
        try:
            return base64.b64decode(body, validate=True) or raw
        except (binascii.Error, ValueError):
            return body or raw
    url = _URL_PASSWORD.match(raw)
    if url:
        return unquote_to_bytes(url.group(1))
    assigned = _ASSIGNED_PASSWORD.search(raw)
    if assigned and b";" in raw:
        return assigned.group(1).strip().strip(b"\"'")
    return raw


def entropy_bits(value: bytes) -> float:
    """Shannon entropy of the bytes times their number: an upper bound on what guessing costs, in bits."""
    total = len(value)
    if not total:
        return 0.0
    return -sum(count * math.log2(count / total) for count in Counter(value).values())


def is_weak(value: SecretValue) -> bool:
    """Say whether the value could be guessed offline by whoever holds both database and key."""
    return entropy_bits(canonical(value)) < WEAK_BITS


def load_key(path: Path, *, create: bool = False) -> FingerprintKey:
    """Read the key file, or make it (mode 0600) when `create` is set and there is none.

    Raises:
        FileNotFoundError: there is no key and `create` is not set.
        ValueError: the file is not a key, or others may read it.
    """
    secret, *more = read_keys(path, name="fingerprint", create=create)
    if more:
        raise ValueError(f"{path} holds more than one fingerprint key: it must hold 64 hex digits.")
    key_id = hashlib.sha256(b"secrets-posture/key-id/v1\x00" + secret.reveal()).hexdigest()[:12]
    return FingerprintKey(key_id=key_id, secret=secret)
