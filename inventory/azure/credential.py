"""What a credential for Azure holds, and the tokens that are got for it; no other credential is ever tried.

Microsoft's own library for this (azure-identity) first asks its public cloud about every authority and falls back to
the machine's environment, so that the one request of OAuth's client credentials is made here.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inventory.azure.cloud import Cloud
from inventory.collector import CollectorError, ReadContext
from posture.common.credential_reference import BadReference, resolve
from posture.common.http import HTTPFailure, guarded_session, json_of
from posture.common.inside import Network
from posture.common.secret_value import SecretValue

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,127}")
_EARLY = 300
"""Seconds before its end in which a token is not used any more."""
_NAMES = (("tenant_id", "tenant"), ("client_id", "client", "appId"), ("client_secret", "secret", "password"))
# Codes of Microsoft Entra ("Microsoft Entra authentication and authorization error codes").
_REASONS = {
    7000222: "the application's secret has expired. Make a new one and store it under the same name",
    7000215: "the application's secret is wrong. Store its value, not its id",
    700016: "the tenant knows no such application. Check client and tenant",
    90002: "there is no such tenant. Check it, and the authority",
    900023: "there is no such tenant. Check it, and the authority",
    7000112: "the application is switched off in this tenant",
}


@dataclass(frozen=True, slots=True)
class AppSecret:
    """An application with its secret."""

    tenant: str
    client: str
    secret: SecretValue

    @classmethod
    def of(cls, context: ReadContext) -> AppSecret:
        """Read the source's credential.

        Raises:
            CollectorError: there is none, or it has another form; the message repeats nothing of it.
        """
        if not context.credential:
            raise CollectorError(
                "This source has no credential. Name one that holds an application's tenant, client and secret; the "
                "identity of this server's own machine is not used.",
                permanent=True,
            )
        try:
            text = resolve(context.credential, context.credential_dir or Path("/nonexistent")).reveal()
        except BadReference as error:
            raise CollectorError(str(error), permanent=True) from None
        try:
            given = json.loads(text)
        except (ValueError, RecursionError):
            given = None
        found = [_first(given, names) for names in _NAMES] if isinstance(given, dict) else ["", "", ""]
        tenant, client, secret = found
        if not (_ID.fullmatch(tenant) and _ID.fullmatch(client) and secret and secret.isprintable()):
            raise CollectorError(
                'The credential is no application\'s. Store {"tenant_id": …, "client_id": …, "client_secret": …} as '
                "JSON, or what `az ad sp create-for-rbac` prints.",
                permanent=True,
            )
        return cls(tenant, client, SecretValue(secret))


@dataclass
class Login:
    """Gets tokens for one application; may be used by several threads at once."""

    app: AppSecret
    cloud: Cloud
    network: Network
    alive: Callable[[], None]
    requests: int = 0
    _tokens: dict[str, tuple[SecretValue, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _reader: int = field(default_factory=threading.get_ident)

    def token(self, scope: str) -> tuple[str, float]:
        """Return a token that is good for some minutes, and when it ends by this machine's clock.

        Raises:
            CollectorError: none is given, with what to do.
        """
        with self._lock:
            token, ends = self._tokens.get(scope, (None, 0.0))
            if token is None or ends - time.time() < _EARLY:
                token, ends = self._tokens[scope] = self._asked(scope)
            return token.reveal().decode(), ends

    def _asked(self, scope: str) -> tuple[SecretValue, float]:
        address = f"{self.cloud.authority}/{self.app.tenant}/oauth2/v2.0/token"
        form = {
            "grant_type": "client_credentials",
            "client_id": self.app.client,
            "client_secret": self.app.secret.reveal().decode(),
            "scope": scope,
        }
        begun = time.time()
        try:
            with guarded_session(self.network, address, most_bytes=1 << 20, alive=self._still_alive) as session:
                answer = session.post(address, data=form, allow_redirects=False)
                self.requests += 1
                told = json_of(answer)
        except HTTPFailure as failure:
            raise CollectorError(str(failure), permanent=failure.permanent) from None
        token = told.get("access_token") if isinstance(told, dict) else None
        if answer.status_code != 200 or not (
            isinstance(token, str) and token and token.isascii() and token.isprintable()
        ):
            raise CollectorError(
                f"The sign-in at Azure was refused ({answer.status_code}): {_reason(told)}.", permanent=True
            )
        return SecretValue(token), begun + _seconds(told.get("expires_in"))

    def _still_alive(self) -> None:
        """Renew the lease while the authority is busy; only who reads may, not the helpers."""
        if threading.get_ident() == self._reader:
            self.alive()


class VaultCredential:
    """What Microsoft's client asks for a token; it gets the one for vaults, whatever a vault's challenge names."""

    def __init__(self, login: Login) -> None:
        self._login = login

    def get_token(self, *scopes: str, **given: Any) -> Any:
        """Return the token in Microsoft's own form."""
        # Imported where it is used: every web worker loads the collectors, few processes collect.
        from azure.core.credentials import AccessToken

        token, ends = self._login.token(self._login.cloud.vault_scope)
        return AccessToken(token, int(ends))


def _first(given: dict[str, Any], names: tuple[str, ...]) -> str:
    found = next((given[name] for name in names if given.get(name)), "")
    return found.strip() if isinstance(found, str) else ""


def _seconds(told: Any) -> float:
    try:
        return min(max(float(told), 0), 86_400)
    except (TypeError, ValueError, OverflowError):
        return 0


def _reason(told: Any) -> str:
    codes = told.get("error_codes") if isinstance(told, dict) else None
    for code in codes if isinstance(codes, list) else ():
        if isinstance(code, int) and code in _REASONS:
            return _REASONS[code]
    return "check tenant, client and secret, and that the secret has not expired"


__all__ = ["AppSecret", "Login", "VaultCredential"]
