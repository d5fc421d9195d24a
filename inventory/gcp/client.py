"""Asks Google: Secret Manager by its official client, and what that has no part in by the same session.

The official client builds and parses; it holds no credential and connects to nothing itself. Every request goes
through the one HTTP client to Google's own hosts, or to the one gateway that is named, with a token that the source's
own key signs. Default credentials, the metadata service and the variables of this server take no part.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from requests import Response

from inventory.collector import CollectorError, ReadContext
from inventory.gcp.answer import entries, part
from inventory.gcp.credential import ServiceAccountKey
from inventory.gcp.failures import Refused, failure_of
from inventory.gcp.pace import Pace
from posture.common.credential_reference import BadReference, resolve
from posture.common.http import HTTPFailure, guarded_session, json_of
from posture.common.inside import Network

ATTEMPTS = 7
"""How often a request is sent at most where Google is busy: its quotas are by the minute, and it names no time."""
READS_A_MINUTE = 500
"""Below the 600 that Secret Manager allows a project's readers together (Google, "Quotas and limits")."""
PAGE = 200
"""Secrets on a page: with all the labels and annotations that they may have they take 6 MiB."""
_SECONDS, _MOST_BYTES, _MOST_PAGES = 60.0, 8 << 20, 10_000
_MANAGER, _ACCESS = "secretmanager", ":access"
_HOSTS = {
    name: f"https://{name}.googleapis.com" for name in (_MANAGER, "iam", "cloudresourcemanager", "policyanalyzer")
}


@dataclass
class Client:
    """One service account at Google; may be used by several threads at once."""

    key: ServiceAccountKey
    network: Network
    locations: tuple[str, ...] = ()
    endpoint: str = ""
    at_once: int = 4
    pace: Pace = field(default_factory=lambda: Pace(READS_A_MINUTE))
    alive: Callable[[], None] = lambda: None
    requests: int = 0
    skew: int = 0
    """Minutes that Google's clock is ahead of ours."""
    _managers: dict[str, Any] = field(default_factory=dict)
    _lock: Any = field(default_factory=threading.RLock)
    _session: Any = None
    _reader: int = field(default_factory=threading.get_ident)

    @classmethod
    def of(cls, config: Mapping[str, Any], context: ReadContext) -> Client:
        """Return a client for a source's configuration; asks nothing yet.

        Raises:
            CollectorError: the credential cannot be used, with what to do.
        """
        if not context.credential:
            raise CollectorError(
                "This source has no credential. Name one that holds the key of a service account as JSON; the rights "
                "of this server's own machine are not used.",
                permanent=True,
            )
        try:
            key = ServiceAccountKey.of(resolve(context.credential, context.credential_dir or Path("/nonexistent")))
        except BadReference as error:
            raise CollectorError(str(error), permanent=True) from None
        locations = tuple(filter(None, str(config.get("locations") or "").split(", ")))
        made = cls(
            key,
            context.network,
            locations,
            str(config.get("endpoint") or ""),
            int(config.get("concurrency") or 4),
            alive=context.alive,
        )
        made.pace = Pace(int(config.get("pace") or READS_A_MINUTE), made.still_alive)
        with _in_plain_words():
            hosts = [made.endpoint] if made.endpoint else [*_HOSTS.values(), *map(made.base, locations)]
            made._session = guarded_session(
                context.network,
                *hosts,
                deadline=_SECONDS,
                most_bytes=_MOST_BYTES,
                attempts=ATTEMPTS,
                alive=made.still_alive,
            )
        return made

    def close(self) -> None:
        """Forget the clients with what they hold."""
        self._managers.clear()
        if self._session is not None:
            self._session.close()

    def base(self, location: str = "", service: str = _MANAGER) -> str:
        """Return the address of a service; Secret Manager has one of its own for each location."""
        if self.endpoint:
            return self.endpoint
        return f"https://{_MANAGER}.{location}.rep.googleapis.com" if location else _HOSTS[service]

    def manager(self, location: str = "") -> Any:
        """Return the official client of Secret Manager, for one location or for what belongs to none."""
        with self._lock:
            if location not in self._managers:
                self._managers[location] = _official(self.base(location), _Carrier(self))
            return self._managers[location]

    def call(self, method: str, what: str, location: str = "", **request: Any) -> Any:
        """Send one request by the official client and return its answer; `what` is the right that it takes.

        Raises:
            Refused: Google does not offer it here, or not to this account.
            CollectorError: nobody answers, or the key is not accepted any more.
        """
        with _in_plain_words(what):
            # Its own patience and its own errors are left out: the session has them.
            return getattr(self.manager(location), method)(request=request, retry=None, metadata=((_RIGHT, what),))

    def pages(self, method: str, what: str, location: str = "", **request: Any) -> Iterator[Any]:
        """Yield the answers of a list by the official client, page by page.

        Raises:
            Refused: Google does not offer it here, or not to this account.
            CollectorError: nobody answers, or the key is not accepted any more.
        """
        with _in_plain_words(what):
            pager = getattr(self.manager(location), method)(request=request, retry=None, metadata=((_RIGHT, what),))
            yield from _ending(pager.pages, lambda page: str(page.next_page_token), what)

    def ask(
        self,
        service: str,
        path: str,
        what: str,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Send one request to a service that the official client has no part in; with a body it is a POST.

        Raises:
            Refused: Google does not offer it here, or not to this account.
            CollectorError: nobody answers, or the key is not accepted any more.
        """
        with _in_plain_words(what):
            method = "GET" if body is None else "POST"
            url = f"{self.base(service=service)}/{path}"
            answer = self.send(method, url, what, params=dict(params or {}), **({} if body is None else {"json": body}))
            found: dict[str, Any] = json_of(answer)
            return found

    def lists(self, service: str, path: str, what: str, size: int, **params: Any) -> Iterator[dict[str, Any]]:
        """Yield the answers of a list of such a service, page by page.

        Raises:
            Refused: Google does not offer it here, or not to this account.
            CollectorError: nobody answers, or the key is not accepted any more.
        """

        def told() -> Iterator[dict[str, Any]]:
            token = ""
            while True:
                more = {"pageToken": token} if token else {}
                page = self.ask(service, path, what, params={"pageSize": size, **params, **more})
                yield page
                token = str(page.get("nextPageToken") or "")
                if not token:
                    return

        yield from _ending(told(), lambda page: str(page.get("nextPageToken") or ""), what)

    def send(self, method: str, url: str, what: str, **given: Any) -> Response:
        """Send one request with a token; an answer that is an error is raised as what it means."""
        if urlsplit(url).path.endswith(_ACCESS) is False and what.startswith(_MANAGER):
            self.pace.wait()
        answer = self._sent(method, url, self.key.token(), **given)
        if answer.status_code == 401 and not self.key.fresh:
            # A read may outlast the life of a token.
            answer = self._sent(method, url, self.key.token(anew=True), **given)
        if answer.status_code >= 300:
            raise failure_of(answer, what, self.skew)
        if not isinstance(json_of(answer), dict):
            raise _no_answer(what)
        return answer

    def still_alive(self) -> None:
        """Renew the lease while Google is waited for; only who reads may, not the helpers."""
        if threading.get_ident() == self._reader:
            self.alive()

    def _sent(self, method: str, url: str, token: str, **given: Any) -> Response:
        with self._lock:
            self.requests += 1
        headers = {**given.pop("headers", {}), "Authorization": f"Bearer {token}"}
        answer: Response = self._session.request(method, url, headers=headers, allow_redirects=False, **given)
        if self.requests == 1 or answer.status_code == 401:
            self._compare_clocks(answer)
        return answer

    def _compare_clocks(self, answer: Response) -> None:
        with suppress(ValueError, TypeError):
            told = parsedate_to_datetime(answer.headers.get("Date", ""))
            apart = told.replace(tzinfo=told.tzinfo or UTC) - datetime.now(UTC)
            self.skew = round(apart.total_seconds() / 60)


_RIGHT = "x-posture-right"


class _Carrier:
    """What the official client takes for its session: carries its requests by ours."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def get(self, url: str, **given: Any) -> Response:
        return self._carried("GET", url, **given)

    def post(self, url: str, **given: Any) -> Response:
        return self._carried("POST", url, **given)

    def _carried(self, method: str, url: str, *, headers: Mapping[str, str], **given: Any) -> Response:
        told = {name.lower(): str(value) for name, value in headers.items()}
        what = told.pop(_RIGHT)
        given.pop("timeout", None)
        answer = self._client.send(method, url, what, headers=told, **given)
        return _without_details(answer)


def _without_details(answer: Response) -> Response:
    """Leave out what an error of a rotation comes with: the official client reads no answer that holds a new kind."""
    told, found = json_of(answer), False
    for each in entries(told, "secrets"):
        error = part(each, "rotation", "managedRotationStatus", "error")
        found = error.pop("details", None) is not None or found
    if found:
        answer._content = json.dumps(told).encode()
    return answer


def _official(base: str, carrier: _Carrier) -> Any:
    # Imported where it is used: every web worker loads the collectors, few processes collect.
    from google.auth.credentials import AnonymousCredentials
    from google.cloud.secretmanager_v1 import SecretManagerServiceClient
    from google.cloud.secretmanager_v1.services.secret_manager_service.transports.rest import (
        SecretManagerServiceRestTransport,
    )

    class Transport(SecretManagerServiceRestTransport):
        """Google's own, but for what carries it; without any credential, so that nothing leaves by another way."""

        def _prep_wrapped_messages(self, client_info: Any) -> None:
            self._session.close()
            self._session = carrier  # type: ignore[assignment]
            super()._prep_wrapped_messages(client_info)

    parts = urlsplit(base)
    transport = Transport(
        host=f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}",
        url_scheme=parts.scheme,
        credentials=AnonymousCredentials(),
    )
    _keep_quiet()
    client = SecretManagerServiceClient(transport=transport)
    # Making it heeds a variable of this server that tells it to debug.
    _keep_quiet()
    return client


def _keep_quiet() -> None:
    """Keep the official client from debugging: it would write answers down in full, values too."""
    package = "google.cloud.secretmanager_v1"
    for name in (package, f"{package}.services.secret_manager_service.transports.rest"):
        logging.getLogger(name).setLevel(logging.INFO)


def _ending(pages: Iterable[Any], token_of: Callable[[Any], str], what: str) -> Iterator[Any]:
    """Yield pages until they end; a list that leads back into itself is ended.

    Raises:
        CollectorError: it leads back, or has more pages than anything can have.
    """
    seen: set[int] = set()
    for page in pages:
        token = token_of(page)
        yield page
        if token and (hash(token) in seen or len(seen) > _MOST_PAGES):
            raise CollectorError(f"The pages of {what} lead back to ones that were read. Collect again later.")
        seen.add(hash(token))


@contextmanager
def _in_plain_words(what: str = "") -> Iterator[None]:
    """Turn a failure of the connection, or an answer that cannot be read, into a collector's error."""
    from google.protobuf.json_format import ParseError

    try:
        yield
    except HTTPFailure as failure:
        raise CollectorError(str(failure), permanent=failure.permanent) from None
    except (ParseError, RecursionError, UnicodeError, OverflowError):
        # Its text quotes the answer.
        raise _no_answer(what) from None


def _no_answer(what: str) -> CollectorError:
    return CollectorError(
        f"Google answered {what} with something that is no answer of its API. Check the endpoint, and that nothing in "
        "between asks to sign in."
    )


__all__ = ["ATTEMPTS", "PAGE", "READS_A_MINUTE", "Client", "Refused"]
