"""Values of secrets, read one secret at a time for their fingerprints, and dropped; a certificate tells its end."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from inventory.held import json_pairs
from inventory.kube.metadata import table
from posture.common.secret_value import SecretValue

HELM = "helm.sh/release.v1"
_LOGINS = frozenset({".dockerconfigjson", ".dockercfg"})


def pairs_of(data: Any) -> Iterator[tuple[str, SecretValue]]:
    """Yield the values of a secret by name, logins at registries each for itself."""
    for key, encoded in table(data).items():
        value = _decoded(encoded)
        if value is None:
            continue
        if key in _LOGINS:
            yield from _logins(value)
        else:
            yield str(key), value


def _logins(value: SecretValue) -> Iterator[tuple[str, SecretValue]]:
    found = dict(json_pairs(value))
    for name, part in found.items():
        place, _, field_name = name.rpartition(".")
        if field_name != "auth":
            yield name, part
        elif f"{place}.password" not in found and (login := _decoded(part.reveal())) is not None:
            # "user:password" as Basic authentication has it; the password is what stands elsewhere.
            yield f"{place}.password", SecretValue(login.reveal().partition(b":")[2])


def ends_at(data: Any) -> datetime | None:
    """Return when the certificate of a TLS secret ends, the first of its chain; None where it cannot be told."""
    encoded = _decoded(table(data).get("tls.crt"))
    if encoded is None:
        return None
    try:
        return x509.load_pem_x509_certificate(encoded.reveal()).not_valid_after_utc
    except (ValueError, x509.InvalidVersion, UnsupportedAlgorithm):
        return None


def text_pairs(data: Mapping[str, Any]) -> list[tuple[str, SecretValue]]:
    """Return texts by name as values to be judged, never as the one value of a secret."""
    pairs = [(str(name), SecretValue(text)) for name, text in data.items() if isinstance(text, str) and text]
    # A secret of one value is that value; a single setting is just a setting.
    return [*pairs, ("", SecretValue(""))] if len(pairs) == 1 else pairs


def _decoded(encoded: Any) -> SecretValue | None:
    try:
        return SecretValue(base64.b64decode(encoded)) if isinstance(encoded, str | bytes) else None
    except (binascii.Error, ValueError):
        return None


__all__ = ["HELM", "ends_at", "pairs_of", "text_pairs"]
