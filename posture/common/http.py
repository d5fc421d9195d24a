"""The one HTTP client: it goes only where it may, carries a credential nowhere else, and waits for nothing for ever.

SECURITY W11-W14, G44. A host is resolved once per connection, each address is judged, and the connection is made to
exactly these. A session is bound to origins: neither a redirect nor a paging link leads a token to another host.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from ssl import SSLContext
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3.exceptions import HTTPError

from posture.common.http_adapter import GuardedAdapter
from posture.common.http_connection import READ_SECONDS, Way, pool_classes, tls_context, too_slow
from posture.common.http_failure import Cause, HTTPFailure
from posture.common.inside import LookUp, Network, look_up
from posture.common.origin import origin_of

MOST_REDIRECTS = 5


class GuardedSession(requests.Session):
    """A `requests.Session` for collectors and vendors' clients; made by `guarded_session`.

    Every failure is an `HTTPFailure`. Proxies, netrc, cookies, and whatever a caller says of certificates or
    timeouts are not heard.
    """

    _fixed = False

    def __init__(self, adapter: GuardedAdapter) -> None:
        super().__init__()
        self.trust_env = False
        self.max_redirects = MOST_REDIRECTS
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers["Accept-Encoding"] = "gzip"
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        self._fixed = True

    def mount(self, prefix: str | bytes, adapter: BaseAdapter) -> None:
        """Refuse another way out."""
        if self._fixed:
            raise TypeError("a guarded session has one way out")
        super().mount(prefix, adapter)

    def request(self, *given: Any, **options: Any) -> requests.Response:
        """Send a request and return its answer.

        Raises:
            HTTPFailure: with what to do.
        """
        with _in_plain_words("The host"):
            return super().request(*given, **options)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send what was prepared and return its answer.

        Raises:
            HTTPFailure: with what to do.
        """
        with _in_plain_words(urlsplit(request.url or "").hostname or "The host"):
            return super().send(request, **options)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where an answer leads, when that is the same origin."""
        target = super().get_redirect_target(resp)
        if not target:
            return None
        full = _joined(resp.url, target)
        if not full or origin_of(full) != origin_of(resp.url):
            raise HTTPFailure(
                Cause.REDIRECT,
                f"{urlsplit(resp.url).hostname} redirects to {_difference(resp.url, full)}, "
                "which would carry the credential away. Give the address that it really answers at.",
                permanent=True,
            )
        return target


def guarded_session(
    network: Network,
    *origins: str,
    headers: Mapping[str, str] | None = None,
    deadline: float = 60,
    most_bytes: int = 32 << 20,
    attempts: int = 4,
    tls: SSLContext | None = None,
    alive: Callable[[], None] = lambda: None,
    ask: LookUp = look_up,
    sleep: Callable[[float], None] = time.sleep,
) -> requests.Session:
    """Return a session for the given addresses' origins; without any it goes to every host that may be reached.

    `deadline` is for one attempt, from sending to the last byte; `alive` is called while a busy server is waited for.

    Raises:
        HTTPFailure: the network's file of authorities cannot be used.
    """
    bound = frozenset(map(origin_of, origins))
    if headers and (not bound or "" in bound):
        raise ValueError("headers of a session go to every host it reaches: name its origins")
    adapter = GuardedAdapter(
        Way(network, deadline, most_bytes, ask),
        bound,
        attempts=attempts,
        tls=tls or tls_context(network),
        alive=alive,
        sleep=sleep,
    )
    session = GuardedSession(adapter)
    session.headers.update(headers or {})
    return session


def same_origin(base: str, link: str) -> str:
    """Return a paging link in full when it stays with the origin of `base`.

    Raises:
        HTTPFailure: it leads elsewhere.
    """
    full = _joined(base, link)
    if not origin_of(full) or origin_of(full) != origin_of(base):
        raise HTTPFailure(
            Cause.ELSEWHERE,
            f"The next page that {urlsplit(base).hostname} names is at {_difference(base, full)}, which would carry "
            "the credential away. The pages before it were read.",
            permanent=True,
        )
    return full


def json_of(response: requests.Response) -> Any:
    """Return the JSON that an answer holds.

    Raises:
        HTTPFailure: it holds none, or none that can be read.
    """
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        what = "a web page" if kind in ("text/html", "application/xhtml+xml") else "something else"
        raise HTTPFailure(
            Cause.NOT_JSON,
            f"{urlsplit(response.url).hostname} answered with {what} in place of JSON (status {response.status_code}). "
            "Check that the address is that of the API, and that nothing in between asks to sign in.",
            status=response.status_code,
        ) from None


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


def _difference(base: str, other: str) -> str:
    """Say how two origins differ, without repeating what a server said."""
    here, there = urlsplit(base), urlsplit(other)
    if here.hostname != there.hostname:
        return "another host"
    return "another scheme" if here.scheme != there.scheme else "another port"


@contextmanager
def _in_plain_words(host: str) -> Iterator[None]:
    """Turn what `requests` raises into a failure; its own texts quote addresses and headers."""
    try:
        yield
    except requests.TooManyRedirects:
        raise HTTPFailure(Cause.REDIRECT, f"{host} redirects in a circle. Check the address.", permanent=True) from None
    except requests.Timeout:
        raise too_slow(host, READ_SECONDS) from None
    except requests.ConnectionError:
        raise HTTPFailure(
            Cause.BROKEN,
            f"{host} hung up, or answered with something that is not HTTP. Check the address and its scheme, and "
            "collect again.",
        ) from None
    except (requests.RequestException, HTTPError, UnicodeError):
        raise HTTPFailure(
            Cause.REQUEST,
            "The request cannot be sent: the address or the credential holds a character that has no place there.",
            permanent=True,
        ) from None


__all__ = [
    "Cause",
    "GuardedSession",
    "HTTPFailure",
    "Way",
    "guarded_session",
    "json_of",
    "pool_classes",
    "same_origin",
    "tls_context",
]
