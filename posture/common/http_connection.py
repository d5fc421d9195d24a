"""Connections that go where their host was judged to lead, and end when they take too long or bring too much.

For `posture.common.http`, and for vendors' clients that bring urllib3 themselves (`pool_classes`).
"""

from __future__ import annotations

import logging
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import SSLError

from posture.common.http_failure import Cause, HTTPFailure, tls_failure
from posture.common.inside import HostRefused, HostUnknown, LookUp, Network, look_up, reachable

CONNECT_SECONDS, READ_SECONDS = 10.0, 30.0
# What it tells at the level of debugging is every address in full, and those can hold more than a log may.
logging.getLogger("urllib3").setLevel(logging.INFO)
_MOST_HEADERS = 1 << 20
_MOST_TRIED = 4


@dataclass(frozen=True)
class Way:
    """How connections are made, and what one request may take of them."""

    network: Network = field(default_factory=Network)
    deadline: float = 60
    """Seconds from sending a request to the last byte of its answer."""
    most_bytes: int = 32 << 20
    """Bytes of one answer, packed or not."""
    ask: LookUp = look_up


class Meter:
    """What one request may still take of its connection."""

    def __init__(self, way: Way, host: str) -> None:
        self._host = host
        self._way = way
        self._ends_at = time.monotonic() + way.deadline
        self._left = way.most_bytes + _MOST_HEADERS

    def wait(self) -> float:
        """Return for how long the next bytes may be waited for."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise too_slow(self._host, self._way.deadline)
        return min(left, READ_SECONDS)

    def count(self, size: int) -> None:
        """Take note of bytes that came."""
        self._left -= size
        if self._left < 0:
            raise too_large(self._host, self._way.most_bytes)


class MeteredSocket(socket.socket):
    """A plain connection with a meter."""

    meter: Meter | None = None

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Receive, within what the meter allows."""
        return _metered(self, super().recv_into, buffer, nbytes, flags)


class MeteredTLS(ssl.SSLSocket):
    """A secured connection with a meter."""

    meter: Meter | None = None

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        """Receive, within what the meter allows."""
        return _metered(self, super().recv_into, buffer, nbytes, flags)


def _metered(
    sock: MeteredSocket | MeteredTLS, receive: Callable[..., int], buffer: Any, nbytes: int | None, flags: int
) -> int:
    if sock.meter is None:
        return receive(buffer, nbytes, flags)
    # A timeout is for one piece; somebody who sends a byte a second would never run into it (SECURITY G44).
    sock.settimeout(sock.meter.wait())
    try:
        size = receive(buffer, nbytes, flags)
    except TimeoutError:
        sock.meter.wait()  # where that was the end of all waiting, it says so
        raise
    sock.meter.count(size)
    return size


class PinnedHTTP(HTTPConnection):
    """A connection to an address that was judged, under the name that was given."""

    way: ClassVar[Way] = Way()

    def _new_conn(self) -> socket.socket:
        return _connect(self.way, self._dns_host, self.port, self.socket_options or [])

    def connect(self) -> None:
        """Connect, and start to measure."""
        super().connect()
        _start(self, self.way)

    def request(self, *given: Any, **options: Any) -> None:
        """Send, and measure from here."""
        _start(self, self.way)
        super().request(*given, **options)


class PinnedHTTPS(HTTPSConnection):
    """The same, secured; the certificate is checked against the name."""

    way: ClassVar[Way] = Way()

    def _new_conn(self) -> socket.socket:
        return _connect(self.way, self._dns_host, self.port, self.socket_options or [])

    def connect(self) -> None:
        """Connect, check the certificate and start to measure.

        Raises:
            HTTPFailure: with what is wrong with the certificate.
        """
        if self.ssl_context is None:
            self.ssl_context = tls_context(self.way.network)
        self.ssl_context.sslsocket_class = MeteredTLS
        try:
            super().connect()
        except (ssl.SSLError, SSLError) as error:
            raise tls_failure(self.host, error) from None
        except TimeoutError:
            raise too_slow(self.host, CONNECT_SECONDS) from None
        except ConnectionError as error:
            raise tls_failure(self.host, error) from None
        _start(self, self.way)

    def request(self, *given: Any, **options: Any) -> None:
        """Send, and measure from here."""
        _start(self, self.way)
        super().request(*given, **options)


def _start(connection: HTTPConnection, way: Way) -> None:
    sock = connection.sock
    if isinstance(sock, MeteredSocket | MeteredTLS):
        sock.meter = Meter(way, connection.host)


def _connect(way: Way, host: str, port: int, options: Any) -> MeteredSocket:
    """Connect to one of the addresses that the name leads to now, all of them judged (SECURITY W12)."""
    try:
        addresses = reachable(host, port, way.network, way.ask)
    except HostRefused as refused:
        raise HTTPFailure(Cause.HOST_REFUSED, str(refused), permanent=True) from None
    except HostUnknown as unknown:
        raise HTTPFailure(
            Cause.HOST_UNKNOWN, f"{unknown} Check the address, and that this server can resolve names."
        ) from None
    failed: OSError | None = None
    for address in addresses[:_MOST_TRIED]:
        sock = MeteredSocket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            for option in options:
                sock.setsockopt(*option)
            sock.settimeout(min(CONNECT_SECONDS, way.deadline))
            sock.connect((address, port))
        except OSError as error:
            sock.close()
            failed = error
        else:
            return sock
    said = "does not answer in time" if isinstance(failed, TimeoutError) else _said(failed)
    raise HTTPFailure(
        Cause.UNREACHABLE,
        f"{host} {said} at port {port}. Check the address, that the service runs, and that no firewall is between.",
    )


def _said(error: OSError | None) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "refuses connections"
    return f"cannot be reached ({error.strerror if error else 'no address'})"


def tls_context(network: Network, authorities: str = "") -> ssl.SSLContext:
    """Return what secures connections: the system's authorities, the network's own and `authorities` (PEM text).

    Raises:
        HTTPFailure: the file of authorities cannot be used, with what to do.
    """
    context = ssl.create_default_context()
    context.sslsocket_class = MeteredTLS
    if network.ca_file:
        try:
            context.load_verify_locations(network.ca_file)
        except OSError as error:
            why = "holds no certificate in PEM form" if isinstance(error, ssl.SSLError) else "cannot be read"
            raise HTTPFailure(
                Cause.TLS, f"POSTURE_CA_FILE names {network.ca_file}, which {why}. Correct it.", permanent=True
            ) from None
    if authorities:
        try:
            context.load_verify_locations(cadata=authorities)
        except (ssl.SSLError, ValueError):
            raise HTTPFailure(
                Cause.TLS, "The source's own authority is no certificate in PEM form. Correct it.", permanent=True
            ) from None
    return context


def pool_classes(way: Way) -> dict[str, type[HTTPConnectionPool]]:
    """Return pools whose connections go this way, as urllib3's `pool_classes_by_scheme` takes them."""
    plain = type("PlainConnection", (PinnedHTTP,), {"way": way})
    secured = type("SecuredConnection", (PinnedHTTPS,), {"way": way})
    return {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("SecuredPool", (HTTPSConnectionPool,), {"ConnectionCls": secured}),
    }


def too_slow(host: str, seconds: float) -> HTTPFailure:
    """Return the failure of an answer that did not come in time."""
    return HTTPFailure(
        Cause.TIMEOUT, f"{host} did not answer within {seconds:g} seconds. Check that it is well, and collect again."
    )


def too_large(host: str, most: int) -> HTTPFailure:
    """Return the failure of an answer that is larger than any honest one."""
    shown = f"{most >> 20} MB" if most >= 1 << 20 else f"{most} bytes"
    return HTTPFailure(
        Cause.TOO_LARGE,
        f"{host} sent more than the {shown} that one answer may have. Check the address.",
        permanent=True,
    )


__all__ = [
    "CONNECT_SECONDS",
    "READ_SECONDS",
    "Way",
    "pool_classes",
    "tls_context",
    "too_large",
    "too_slow",
]
