"""What a credential for Kubernetes holds: a bearer token, or a kubeconfig that neither runs nor reads anything here."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from inventory.collector import CollectorError
from posture.common.origin import origin_of
from posture.common.secret_value import SecretValue

_DEEPEST = 20
_TOKEN = re.compile(rb"[!-~]{8,20000}")
# These run programs of this server or read its files, or take on somebody else's rights.
_REFUSED_OF_USER: Mapping[str, str] = {
    "exec": "runs a program",
    "auth-provider": "runs a program",
    "tokenFile": "names a file of this server",
    "client-certificate": "names a file of this server",
    "client-key": "names a file of this server",
    "username": "signs in with a password, which Kubernetes no longer takes",
    "password": "signs in with a password, which Kubernetes no longer takes",
    "as": "takes on somebody else's rights",
    "as-uid": "takes on somebody else's rights",
    "as-groups": "takes on somebody else's rights",
    "as-user-extra": "takes on somebody else's rights",
}
_REFUSED_OF_CLUSTER: Mapping[str, str] = {
    "certificate-authority": "names a file of this server",
    "insecure-skip-tls-verify": "would trust whoever answers",
    "proxy-url": "sends the credential through another host",
    "tls-server-name": "would trust another host's certificate",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """How requests are signed in: by a token, or by a certificate with its key as PEM."""

    token: SecretValue | None = None
    certificate: SecretValue | None = None
    authority: str = ""
    """The cluster's own certificate authority as PEM, where a kubeconfig brings it."""

    @classmethod
    def of(cls, credential: SecretValue, url: str) -> Identity:
        """Read it.

        Raises:
            CollectorError: it has neither form, or does what it may not; the message repeats nothing of it.
        """
        raw = credential.reveal().strip()
        if _TOKEN.fullmatch(raw) and not raw.startswith(b"{"):
            return cls(SecretValue(raw))
        return _of_kubeconfig(_parsed(raw), url)


def _parsed(raw: bytes) -> Mapping[str, Any]:
    try:
        text = raw.decode()
        given = yaml.safe_load(text) if _is_plain(text) else None
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError):
        given = None
    if not isinstance(given, dict) or "clusters" not in given:
        _refuse("The credential is neither a bearer token of one line nor a kubeconfig. Store one of them")
    return given


def _is_plain(text: str) -> bool:
    """Say whether it is cheap to read: parts that refer to others, or lie deep in each other, can cost minutes."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST or isinstance(event, yaml.AliasEvent):
            return False
    return True


def _of_kubeconfig(given: Mapping[str, Any], url: str) -> Identity:
    current = given.get("current-context")
    context = _named(given, "contexts", "context", current)
    cluster = _named(given, "clusters", "cluster", context.get("cluster"))
    user = _named(given, "users", "user", context.get("user"))
    for part, refused, of in ((user, _REFUSED_OF_USER, "user"), (cluster, _REFUSED_OF_CLUSTER, "cluster")):
        for field, why in refused.items():
            if part.get(field):
                _refuse(f"The kubeconfig's {of} has {field}, which {why}. Leave it out: give a token or data inline")
    if origin_of(str(cluster.get("server") or "")) != origin_of(url):
        _refuse("The kubeconfig's current cluster is at another address than this source's. Make them the same")
    authority = _decoded(cluster, "certificate-authority-data").decode("ascii", "replace")
    token = user.get("token")
    if isinstance(token, str) and _TOKEN.fullmatch(token.encode().strip()):
        return Identity(SecretValue(token.strip()), authority=authority)
    certificate, key = _decoded(user, "client-certificate-data"), _decoded(user, "client-key-data")
    if not certificate or not key:
        _refuse(
            "The kubeconfig's current user has neither a token nor client-certificate-data with client-key-data. Make "
            "a service account with the least rights that this kind of source names, and store its token"
        )
    return Identity(certificate=SecretValue(certificate.strip() + b"\n" + key.strip() + b"\n"), authority=authority)


def _named(given: Mapping[str, Any], where: str, what: str, name: Any) -> Mapping[str, Any]:
    """Return the entry of a list that has a name."""
    entries = given.get(where)
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and name and entry.get("name") == name and isinstance(entry.get(what), dict):
            return dict(entry[what])
    _refuse(f"The kubeconfig's current-context leads to no {what}. Set current-context, and leave its parts in")


def _decoded(part: Mapping[str, Any], field: str) -> bytes:
    value = part.get(field)
    if not value:
        return b""
    try:
        return base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError):
        _refuse(f"The kubeconfig's {field} is not base64. Store it anew")


def _refuse(why: str) -> NoReturn:
    raise CollectorError(f"{why}.", permanent=True) from None


__all__ = ["Identity"]
