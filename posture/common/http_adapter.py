"""What carries the requests of a guarded session: judged connections, counted answers, patience with a busy server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.poolmanager import PoolManager

from posture.common.http_connection import CONNECT_SECONDS, READ_SECONDS, Way, pool_classes, too_large, too_slow
from posture.common.http_failure import Cause, HTTPFailure
from posture.common.origin import origin_of

LONGEST_WAIT = 120
"""Seconds that a server's Retry-After is honoured up to; who asks for more is left alone until the next read."""
_BUSY = frozenset({429, 502, 503})
_SAFE = frozenset({"GET", "HEAD", "LIST", "OPTIONS"})


class GuardedAdapter(HTTPAdapter):
    """Sends requests by judged connections, again where a server is busy."""

    def __init__(
        self,
        way: Way,
        origins: frozenset[str],
        *,
        attempts: int,
        tls: SSLContext,
        alive: Callable[[], None],
        sleep: Callable[[float], None],
    ) -> None:
        self._way, self._origins, self._attempts, self._tls = way, origins, attempts, tls
        self._alive, self._sleep = alive, sleep
        super().__init__(pool_connections=8, pool_maxsize=16)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        """Make pools of judged connections."""
        self.poolmanager = PoolManager(connections, maxsize=maxsize, block=block, ssl_context=self._tls)
        self.poolmanager.pool_classes_by_scheme = pool_classes(self._way)

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Leave certificates to the context."""
        parts = urlsplit(request.url)
        return {"scheme": parts.scheme.lower(), "host": parts.hostname, "port": parts.port}, {}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Leave certificates to the context."""

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """Return an answer whose body is counted as it is read."""
        response = super().build_response(req, resp)
        response.raw = _Body(resp, urlsplit(req.url or "").hostname or "", self._way)
        return response

    def send(self, request: requests.PreparedRequest, *given: Any, **options: Any) -> requests.Response:
        """Send a request to where it may go; again, for as long as the server asks, where it is busy."""
        host = self._judge(request)
        attempt = 0
        while True:
            attempt += 1
            response = self._sent(request, host)
            if response.status_code not in _BUSY or (response.status_code == 502 and request.method not in _SAFE):
                return response
            status, wait = response.status_code, _wait(response.headers, attempt)
            response.close()
            if attempt >= self._attempts or wait > LONGEST_WAIT:
                raise _busy(host, status, wait)
            self._pause(wait)

    def _sent(self, request: requests.PreparedRequest, host: str) -> requests.Response:
        timeout = (CONNECT_SECONDS, READ_SECONDS)
        try:
            return super().send(request, stream=True, timeout=timeout)
        except requests.Timeout:
            raise too_slow(host, min(READ_SECONDS, self._way.deadline)) from None
        except requests.ConnectionError:
            if request.method not in _SAFE:
                raise
        # A connection that was kept open may have been closed just now; that is worth a second try.
        return super().send(request, stream=True, timeout=timeout)

    def _judge(self, request: requests.PreparedRequest) -> str:
        parts = urlsplit(request.url or "")
        if "@" in parts.netloc:
            raise HTTPFailure(Cause.REQUEST, "An address may hold no user name and password.", permanent=True)
        if self._origins and origin_of(request.url or "") not in self._origins:
            raise HTTPFailure(
                Cause.ELSEWHERE,
                "A request would have gone to another host than this source's, and carried its credential away.",
                permanent=True,
            )
        return parts.hostname or ""

    def _pause(self, seconds: float) -> None:
        while seconds > 0:
            self._alive()
            self._sleep(min(seconds, 1))
            seconds -= 1
        self._alive()


class _Body:
    """An answer's body, in place of urllib3's: unpacked bytes are counted, failures are in plain words."""

    def __init__(self, raw: Any, host: str, way: Way) -> None:
        self._raw, self._host, self._way, self._left = raw, host, way, way.most_bytes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def stream(self, amt: int = 1 << 16, decode_content: bool | None = None) -> Iterator[bytes]:
        """Yield the body in pieces."""
        with self._counted():
            for piece in self._raw.stream(amt, decode_content=decode_content):
                self._count(len(piece))
                yield piece

    def read(self, amt: int | None = None, *given: Any, **options: Any) -> bytes:
        """Return at most `amt` bytes of the body, or the rest of it."""
        with self._counted():
            piece: bytes = self._raw.read(min(amt, self._left + 1) if amt else self._left + 1, *given, **options)
            self._count(len(piece))
            return piece

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            self._raw.close()
            raise too_large(self._host, self._way.most_bytes)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        try:
            yield
        except ReadTimeoutError:
            raise too_slow(self._host, min(READ_SECONDS, self._way.deadline)) from None
        except HTTPError:
            raise HTTPFailure(
                Cause.BROKEN, f"The answer of {self._host} broke off or is damaged. Collect again."
            ) from None


def _wait(headers: Mapping[str, str], attempt: int) -> float:
    """Return how long a busy server asks to be left alone: in seconds, by a date, or longer each time."""
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return float(told[:9])
    ends = _date(told)
    if ends is None:
        return float(2 ** (attempt - 1))
    # By the server's own clock, where it tells it: ours may differ.
    now = _date(headers.get("Date", "")) or datetime.now(UTC)
    return max((ends - now).total_seconds(), 0)


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _busy(host: str, status: int, wait: float) -> HTTPFailure:
    what = "limits how often it may be asked" if status == 429 else "is not available"
    later = f" and asks to be left alone for {wait:.0f} seconds" if wait > LONGEST_WAIT else ""
    return HTTPFailure(Cause.BUSY, f"{host} {what} (status {status}){later}. Collect again later.", status=status)


__all__ = ["GuardedAdapter"]
