"""Asks a Vault or OpenBao server; knows its statuses and its token, and never repeats what it said in an error."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from inventory.collector import CollectorError, ReadContext
from inventory.vault.answer import Answer, TokenRefused, Unanswered
from posture.common.credential_reference import BadReference, resolve
from posture.common.http import Cause, HTTPFailure, guarded_session, json_of
from posture.common.inside import Network
from posture.common.secret_value import SecretValue

PAGE = 10_000
"""Names asked for at once; HashiCorp Vault gives all of them whatever is asked."""
MOST_BYTES = 64 << 20
_SURE_SECONDS = 2.0
"""For so long a token that was just accepted counts as accepted."""
_LOGIN_SECONDS = 60.0
_BARE = frozenset({"sys/health"})
"""What Vault answers without an envelope around it."""


class VaultClient:
    """One server, one credential; may be used by several threads at once."""

    def __init__(
        self, url: str, namespace: str, network: Network, credential: SecretValue, alive: Callable[[], None]
    ) -> None:
        self.namespace = f"{namespace.strip('/')}/" if namespace.strip("/") else ""
        self._alive, self._reader = alive, threading.get_ident()
        self._session = guarded_session(network, url, most_bytes=MOST_BYTES, alive=self._still_alive)
        self._url = url
        self._credential = credential
        self._token = ""
        self._logged_in_at = -_LOGIN_SECONDS
        self._sure_until = 0.0
        self._can_look = True
        self._adapters: dict[str, Any] = {}
        self._lock = threading.Lock()
        self.requests = 0
        self.skew = timedelta(0)
        """How far the server's clock is ahead of ours."""
        self.accessor = ""
        """Of our own token, where the server tells it."""

    @classmethod
    def of(cls, config: Mapping[str, Any], context: ReadContext) -> VaultClient:
        """Return a client that is signed in.

        Raises:
            CollectorError: it cannot be, with what to do.
        """
        if not context.credential:
            raise CollectorError(
                "This source has no credential. Name one that holds a Vault token, or the role_id and secret_id of an "
                "AppRole as JSON.",
                permanent=True,
            )
        try:
            credential = resolve(context.credential, context.credential_dir or Path("/nonexistent"))
        except BadReference as error:
            raise CollectorError(str(error), permanent=True) from None
        with _in_plain_words():
            namespace = str(config.get("namespace") or "")
            client = cls(str(config["url"]), namespace, context.network, credential, context.alive)
        client.sign_in()
        return client

    def sign_in(self) -> None:
        """Take the token, or get one by AppRole, and look whether the server knows it."""
        role = self._approle()
        if role is None:
            self._token = self._credential.reveal().decode("utf-8", "replace")
        else:
            self._log_in(*role)
        found = self.ask("GET", "auth/token/lookup-self")
        # A policy may leave out even this; then each refusal stays what it is.
        self._can_look = found.ok
        if found.status == 403 and self.ask("POST", "sys/capabilities-self", body={"paths": ["sys/mounts"]}).status in (
            400,
            403,
        ):
            raise TokenRefused
        self.accessor = found.text("accessor")

    def close(self) -> None:
        """End the session, and a token that was made for it."""
        with suppress(CollectorError, requests.RequestException):
            if self._token and self._approle() is not None:
                self._send("POST", self.namespace, "auth/token/revoke-self", {}, None)
        self._token, self._adapters = "", {}
        self._session.close()

    @property
    def signed_in(self) -> bool:
        """Whether the token was made for this client alone."""
        return self._approle() is not None

    def now(self) -> datetime:
        """Return the time by the server's clock."""
        return datetime.now(UTC) + self.skew

    def ask(
        self,
        method: str,
        path: str,
        namespace: str | None = None,
        *,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send one request; what the server does not offer or allow is an answer too.

        Raises:
            TokenRefused: the token is no longer known.
            CollectorError: nobody answers, or not as a Vault does.
        """
        where = self.namespace if namespace is None else namespace
        token = self._token
        answer = self._send(method, where, path, params or {}, body)
        if answer.status == 403 and not path.endswith("/lookup-self") and self._revived(token):
            answer = self._send(method, where, path, params or {}, body)
        return answer

    def names(self, path: str, namespace: str | None = None) -> Iterator[str]:
        """Yield the names below a path, page by page.

        Raises:
            Unanswered: the server does not hand them out.
        """
        after = ""
        while True:
            names, following = self.page(path, namespace, after)
            yield from names
            if not following:
                return
            after = following

    def page(self, path: str, namespace: str | None = None, after: str = "") -> tuple[list[str], str]:
        """Return names below a path, and the name after which to go on; empty: these were all.

        Raises:
            Unanswered: the server does not hand them out.
        """
        params = {"limit": PAGE} | ({"after": after} if after else {})
        answer = self.ask("LIST", path, namespace, params=params)
        if answer.empty:
            return [], ""
        if not answer.ok:
            raise Unanswered(answer)
        names = answer.texts("keys")
        if len(names) != PAGE:
            return names, ""
        # A server that knows no pages gives the same names once more.
        return ([], "") if after and after in names else (names, names[-1])

    def _still_alive(self) -> None:
        """Renew the lease while a busy server is waited for; only who reads may, not the workers."""
        if threading.get_ident() == self._reader:
            self._alive()

    def _approle(self) -> tuple[str, str, str] | None:
        """Return mount, role id and secret id, where the credential is an AppRole's."""
        raw = self._credential.reveal()
        if not raw.lstrip().startswith(b"{"):
            return None
        try:
            given = json.loads(raw)
            return str(given.get("mount") or "approle"), str(given["role_id"]), str(given["secret_id"])
        except (ValueError, KeyError, RecursionError):
            raise CollectorError(
                'The credential is JSON, but not {"role_id": …, "secret_id": …} (and "mount" where the AppRole is '
                "not mounted at approle). Store it anew.",
                permanent=True,
            ) from None

    def _log_in(self, mount: str, role_id: str, secret_id: str) -> None:
        self._logged_in_at = time.monotonic()
        body = {"role_id": role_id, "secret_id": secret_id}
        with _in_plain_words():
            response = self._new_adapter(self.namespace, "").request(
                "POST", f"v1/auth/{quote(mount.strip('/'), safe='/')}/login", raise_exception=False, json=body
            )
            self.requests += 1
            told = json_of(response) if response.status_code == 200 else {}
        auth = told.get("auth") if isinstance(told, dict) else None
        token = auth.get("client_token") if isinstance(auth, dict) else None
        if not isinstance(token, str) or not token:
            raise CollectorError(
                f"The AppRole login was refused ({response.status_code}): role_id or secret_id is wrong, has expired "
                "or is used up, or the AppRole is mounted elsewhere. Make a new secret_id and store it under the same "
                "name.",
                permanent=True,
            )
        self._token, self._adapters = token, {}

    def _revived(self, refused: str) -> bool:
        """Look after a refusal whether the token is still known; says whether another one took its place.

        Raises:
            TokenRefused: it is not.
        """
        with self._lock:
            if self._token != refused:
                return True
            if not self._can_look or time.monotonic() < self._sure_until:
                return False
            if self._send("GET", self.namespace, "auth/token/lookup-self", {}, None).status != 403:
                self._sure_until = time.monotonic() + _SURE_SECONDS
                return False
            role = self._approle()
            if role is None or time.monotonic() - self._logged_in_at < _LOGIN_SECONDS:
                raise TokenRefused
            self._log_in(*role)
            self._sure_until = time.monotonic() + _SURE_SECONDS
            return True

    def _send(
        self,
        method: str,
        namespace: str,
        path: str,
        params: Mapping[str, Any],
        body: Mapping[str, Any] | None,
    ) -> Answer:
        with _in_plain_words():
            try:
                response = self._adapter(namespace).request(
                    method,
                    f"v1/{quote(path.strip('/'), safe='/')}",
                    raise_exception=False,
                    params=dict(params),
                    **({} if body is None else {"json": dict(body)}),
                )
            except HTTPFailure as failure:
                if failure.cause is Cause.BUSY and failure.status == 503 and path != "sys/health":
                    self._say_if_sealed()
                raise
            self.requests += 1
            return self._answer(response, path)

    def _answer(self, response: requests.Response, path: str) -> Answer:
        status = response.status_code
        if self.requests == 1 or self.requests % 1000 == 0:
            self._compare_clocks(response)
        if status in (301, 302, 303, 307, 308):
            raise CollectorError(
                "Vault passes requests on to another address. Give the address of its active node, or of what stands "
                "before its nodes, exactly as it answers.",
                permanent=True,
            )
        if status == 204:
            return Answer(200)
        if status == 200:
            parsed = json_of(response)
            if not isinstance(parsed, dict) or ("request_id" not in parsed and path not in _BARE):
                # Taken for an answer it would be one that holds nothing, and all of it would be gone.
                raise CollectorError(
                    "What answers is not Vault: its answers have a request_id. Check the address, and that nothing in "
                    "between answers in its place."
                )
            found = parsed.get("data", parsed)
            return Answer(200, found if isinstance(found, dict) else {})
        if status == 404:
            return Answer(404, empty=_says_nothing(response))
        return Answer(status)

    def _adapter(self, namespace: str) -> Any:
        adapters = self._adapters
        found = adapters.get(namespace)
        if found is None:
            found = adapters[namespace] = self._new_adapter(namespace, self._token)
        return found

    def _new_adapter(self, namespace: str, token: str) -> Any:
        # Imported where it is used: every web worker loads the collectors, few processes collect.
        from hvac.adapters import RawAdapter

        return RawAdapter(
            base_uri=self._url,
            token=token or None,
            session=self._session,
            namespace=namespace.strip("/") or None,
            allow_redirects=False,
            strict_http=True,
        )

    def _compare_clocks(self, response: requests.Response) -> None:
        with suppress(ValueError, TypeError):
            told = parsedate_to_datetime(response.headers.get("Date", ""))
            skew = told.replace(tzinfo=told.tzinfo or UTC) - datetime.now(UTC)
            # The header counts whole seconds, and the answer took its time.
            self.skew = skew if abs(skew.total_seconds()) > 5 else timedelta(0)

    def _say_if_sealed(self) -> None:
        """Explain a server that is not available, where it is sealed.

        Raises:
            CollectorError: it is.
        """
        health = self._send("GET", "", "sys/health", {"sealedcode": 200, "uninitcode": 200}, None)
        if health.data.get("sealed") is True:
            raise CollectorError("Vault is sealed. Unseal it and collect again; what was read before is kept.")


@contextmanager
def _in_plain_words() -> Iterator[None]:
    """Turn a failure of the connection into a collector's error; its words are fit to be shown."""
    try:
        yield
    except HTTPFailure as failure:
        raise CollectorError(str(failure), permanent=failure.permanent) from None


def _says_nothing(response: requests.Response) -> bool:
    """Say whether a 404 means an empty place; an unknown path and an unknown mount are named in its errors."""
    try:
        parsed = json_of(response)
    except HTTPFailure:
        return False
    return isinstance(parsed, dict) and parsed.get("errors") == []


__all__ = ["MOST_BYTES", "PAGE", "VaultClient"]
