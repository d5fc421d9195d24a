"""Asks one vault by Microsoft's own clients, whose every request goes through the one HTTP client and to that vault."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from requests import Response

from inventory.azure.credential import Login, VaultCredential
from inventory.azure.entry import Entry, entry_of
from inventory.azure.failures import Refused, code_in, failure_of, no_answer
from inventory.collector import CollectorError
from posture.common.http import HTTPFailure, guarded_session, json_of, same_origin
from posture.common.secret_value import SecretValue

# Told to, it writes down addresses and headers of every request.
logging.getLogger("azure").setLevel(logging.WARNING)
API_VERSION = "7.4"
"""Of the data plane: the first in which keys rotate is 7.3."""
MOST_PAGES = 10_000
"""A vault gives 25 entries on a page."""
_MOST_BYTES = 4 << 20
"""Nearly twenty times what 25 entries with all the tags that they may have take."""
_WHO = "The vault"


@dataclass
class VaultClient:
    """One vault, seen by one application; may be used by several threads at once."""

    address: str
    login: Login
    alive: Callable[[], None]
    at_once: int = 4
    requests: int = 0
    skew: timedelta = timedelta(0)
    """How far the vault's clock is ahead of ours."""
    _clients: dict[str, Any] = field(default_factory=dict)
    _lock: Any = field(default_factory=threading.RLock)
    _reader: int = field(default_factory=threading.get_ident)
    _session: Any = None
    _last: Any = field(default_factory=threading.local)
    """Each thread's last answer."""

    def now(self) -> datetime:
        """Return the time by the vault's clock."""
        return datetime.now(UTC) + self.skew

    def entries(self, what: str, listing: Callable[[VaultClient], Any]) -> Iterator[list[Entry]]:
        """Yield what a list holds, page by page; `listing` starts it with one of Microsoft's clients.

        Raises:
            Refused: the vault does not hand it out, or has more pages than are read.
            CollectorError: nobody answers, or not as a vault does.
        """
        with self._in_plain_words(what):
            pages = listing(self).by_page()
        # A link may be as long as an answer.
        seen: set[int] = set()
        while True:
            with self._in_plain_words(what):
                page = next(pages, None)
                if page is not None and not _is_list(self._last.answer):
                    # Microsoft's clients would take it for a list of nothing.
                    raise ValueError
                found = [entry_of(each) for each in page or ()]
                # The session would not go elsewhere either; this says why.
                link = same_origin(self.address, pages.continuation_token) if pages.continuation_token else ""
            if page is None:
                return
            yield found
            if not link:
                return
            if hash(link) in seen:
                raise no_answer(_WHO, what)
            seen.add(hash(link))
            if len(seen) >= MOST_PAGES:
                raise Refused(f"only the first {MOST_PAGES:,} pages are read where {_WHO.lower()} is asked to {what}")

    def ask(self, what: str, question: Callable[[VaultClient], Any]) -> Any:
        """Return one answer.

        Raises:
            Refused: the vault does not hand it out.
            CollectorError: nobody answers, or not as a vault does.
        """
        with self._in_plain_words(what):
            return question(self)

    def value(self, name: str, version: str) -> SecretValue:
        """Fetch one value.

        Raises:
            Refused: the vault does not hand it out.
            CollectorError: nobody answers, or not as a vault does.
        """
        with self._in_plain_words("read a value"):
            return SecretValue(self.secrets.get_secret(name, version).value or "")

    @property
    def secrets(self) -> Any:
        """Microsoft's client for secrets."""
        # Imported where it is used: every web worker loads the collectors, few processes collect.
        from azure.keyvault.secrets import SecretClient

        return self._client("secrets", SecretClient)

    @property
    def keys(self) -> Any:
        """Microsoft's client for keys."""
        from azure.keyvault.keys import KeyClient

        return self._client("keys", KeyClient)

    @property
    def certificates(self) -> Any:
        """Microsoft's client for certificates."""
        from azure.keyvault.certificates import CertificateClient

        return self._client("certificates", CertificateClient)

    def close(self) -> None:
        """Forget the clients, and end the connections."""
        self._clients.clear()
        if self._session is not None:
            self._session.close()

    def _client(self, name: str, kind: Any) -> Any:
        from azure.core.pipeline.transport import RequestsTransport

        with self._lock:
            if self._session is None:
                self._session = guarded_session(
                    self.login.network,
                    self.address,
                    most_bytes=_MOST_BYTES,
                    # A vault limits all its users together for ten seconds at a time.
                    attempts=6,
                    alive=self._still_alive,
                )
                self._session.hooks["response"] = [self._heard]
            if name not in self._clients:
                self._clients[name] = kind(
                    vault_url=self.address,
                    credential=VaultCredential(self.login),
                    api_version=API_VERSION,
                    transport=RequestsTransport(session=self._session, session_owner=False, use_env_settings=False),
                    # The token is the one for vaults whatever a challenge says, and the session goes nowhere else.
                    verify_challenge_resource=False,
                    retry_total=0,
                    permit_redirects=False,
                    logging_enable=False,
                )
            return self._clients[name]

    def _heard(self, response: Response, **given: Any) -> None:
        with self._lock:
            self.requests += 1
        self._last.answer = response
        with suppress(ValueError, TypeError):
            told = parsedate_to_datetime(response.headers.get("Date", ""))
            skew = told.replace(tzinfo=told.tzinfo or UTC) - datetime.now(UTC)
            # The header counts whole seconds, and the answer took its time.
            self.skew = skew if abs(skew.total_seconds()) > 60 else timedelta(0)

    def _still_alive(self) -> None:
        """Renew the lease while the vault is busy; only who reads may, not the helpers."""
        if threading.get_ident() == self._reader:
            self.alive()

    @contextmanager
    def _in_plain_words(self, what: str) -> Iterator[None]:
        from azure.core.exceptions import AzureError, HttpResponseError

        try:
            yield
        except HTTPFailure as failure:
            raise CollectorError(str(failure), permanent=failure.permanent) from None
        except HttpResponseError as error:
            raise failure_of(int(error.status_code or 200), _code(error), _WHO, what) from None
        except (AzureError, ValueError, TypeError, AttributeError, LookupError, OverflowError, RecursionError):
            # What Microsoft's clients raise on an answer that is none; their texts quote it.
            raise no_answer(_WHO, what) from None


def _is_list(answer: Response) -> bool:
    told = json_of(answer)
    return isinstance(told, dict) and isinstance(told.get("value"), list)


def _code(error: Any) -> str:
    try:
        return code_in(error.response.json())
    except (ValueError, AttributeError, RecursionError):
        return ""


__all__ = ["API_VERSION", "VaultClient"]
