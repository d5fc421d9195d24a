"""A loopback HTTP server that answers well until it is told to misbehave (SECURITY G44), for every collector's tests.

    with fault_server(answer) as server:
        server.fault = "endless_body"      # from now on
        server.good = 3                    # after three more good answers

`answer(request)` is what it says when it behaves: a `Reply`, or anything that JSON holds.
"""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.services.certificates import Authority

BLOCK = b" " * (1 << 16)


@dataclass(frozen=True)
class Asked:
    """What a client asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """An answer of the well-behaved server."""

    body: bytes = b"{}"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class FaultServer:
    """A running server; change its fields to change how it answers."""

    port: int
    answer: Callable[[Asked], Any]
    scheme: str = "http"
    fault: str = ""
    """One of FAULTS, or empty."""
    good: int = 0
    """How many more requests it answers well before the fault."""
    elsewhere: str = "http://other.example"
    """The other host that it sends people to."""
    drip: float = 0.05
    """Seconds between two bytes, where it is slow."""
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    stopping: bool = False

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Return an address on it."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    def told(self, header: str) -> list[str]:
        """Return what clients said in a header."""
        return [asked.headers[header] for asked in self.asked if header in asked.headers]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are two pieces: otherwise each answer waits 40 ms for the first one to be acknowledged.
    disable_nagle_algorithm = True
    host: FaultServer

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(self.command, self.path, dict(self.headers), body)
        self.host.asked.append(asked)
        if self.host.fault and self.host.good <= 0:
            self.close_connection = True
            with suppress(OSError):
                FAULTS[self.host.fault](self)
            return
        self.host.good -= 1
        reply = self.host.answer(asked)
        if not isinstance(reply, Reply):
            reply = Reply(json.dumps(reply).encode(), headers={"Content-Type": "application/json"})
        self.say(reply.status, reply.body, reply.headers)

    def say(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def start(self, *headers: str, status: str = "200 OK") -> None:
        self.wfile.write("\r\n".join((f"HTTP/1.1 {status}", *headers, "", "")).encode())

    def for_ever(self, piece: bytes, pause: float = 0) -> None:
        while not self.host.stopping:
            self.wfile.write(piece)
            time.sleep(pause)

    def wait(self) -> None:
        while not self.host.stopping:
            time.sleep(0.02)

    def reset(self) -> None:
        """Hang up with a reset, not with an end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def _next_elsewhere(it: _Handler) -> None:
    link = f"{it.host.elsewhere}/page2"
    body = {"items": [], "data": [], "value": [], "next": link, "nextLink": link, "next_page": link}
    it.say(200, json.dumps(body).encode(), {"Content-Type": "application/json", "Link": f'<{link}>; rel="next"'})


def _endless_body(it: _Handler) -> None:
    it.start("Content-Type: application/json", "Transfer-Encoding: chunked")
    it.for_ever(b"%x\r\n%s\r\n" % (len(BLOCK), BLOCK))


def _ten_gigabytes(it: _Handler) -> None:
    it.start("Content-Type: application/json", f"Content-Length: {10 << 30}")
    it.for_ever(BLOCK)


def _dripping_body(it: _Handler) -> None:
    it.start("Content-Type: application/json", "Content-Length: 100000")
    it.for_ever(b" ", it.host.drip)


def _dripping_headers(it: _Handler) -> None:
    it.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    it.for_ever(b"a", it.host.drip)


def _busy(it: _Handler) -> None:
    it.say(429, b"", {"Retry-After": "1"})


def _busy_for_a_day(it: _Handler) -> None:
    it.say(429, b"", {"Retry-After": "86400"})


def _busy_until_a_date(it: _Handler) -> None:
    # Its clock is a year off, so only its own date says how long.
    now = datetime.now(UTC) + timedelta(days=365)
    it.start(
        f"Date: {format_datetime(now, usegmt=True)}",
        f"Retry-After: {format_datetime(now + timedelta(seconds=3), usegmt=True)}",
        "Content-Length: 0",
        status="429 Too Many Requests",
    )


def _unavailable(it: _Handler) -> None:
    it.say(503, b"", {})


def _bad_gateway(it: _Handler) -> None:
    it.say(502, b"<h1>Bad gateway</h1>", {"Content-Type": "text/html"})


def _wrong_type(it: _Handler) -> None:
    it.say(200, bytes(range(256)), {"Content-Type": "image/png"})


def _web_page(it: _Handler) -> None:
    it.say(200, b"<!doctype html><title>Sign in</title>", {"Content-Type": "text/html; charset=utf-8"})


def _half_body(it: _Handler) -> None:
    it.start("Content-Type: application/json", "Content-Length: 1000")
    it.wfile.write(b'{"items": [')
    it.wfile.flush()
    time.sleep(0.1)
    it.reset()


def _half_chunk(it: _Handler) -> None:
    it.start("Content-Type: application/json", "Transfer-Encoding: chunked")
    it.wfile.write(b'100\r\n{"items": [')


def _half_json(it: _Handler) -> None:
    it.say(200, b'{"items": [', {"Content-Type": "application/json"})


def _empty(it: _Handler) -> None:
    it.say(200, b"", {"Content-Type": "application/json"})


def _gzip_bomb(it: _Handler) -> None:
    packed = gzip.compress(bytes(4 << 20))
    body = gzip.compress(packed * 200)
    it.say(200, body, {"Content-Type": "application/json", "Content-Encoding": "gzip, gzip"})


def _bad_gzip(it: _Handler) -> None:
    it.say(200, b"\x1f\x8bno", {"Content-Type": "application/json", "Content-Encoding": "gzip"})


def _endless_headers(it: _Handler) -> None:
    it.wfile.write(b"HTTP/1.1 200 OK\r\n")
    it.for_ever(b"X-More: and more\r\n" * 500)


def _endless_header(it: _Handler) -> None:
    it.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    it.for_ever(b"a" * (1 << 16))


def _endless_chunk_size(it: _Handler) -> None:
    it.start("Content-Type: application/json", "Transfer-Encoding: chunked")
    it.for_ever(b"0" * (1 << 16))


def _endless_trailers(it: _Handler) -> None:
    it.start("Content-Type: application/json", "Transfer-Encoding: chunked")
    it.wfile.write(b"2\r\n{}\r\n0\r\n")
    it.for_ever(b"X-More: and more\r\n" * 500)


def _continue_for_ever(it: _Handler) -> None:
    it.for_ever(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def _redirect_loop(it: _Handler) -> None:
    it.say(302, b"", {"Location": it.path})


def _redirect_elsewhere(it: _Handler) -> None:
    it.say(307, b"", {"Location": f"{it.host.elsewhere}{it.path}"})


def _not_http(it: _Handler) -> None:
    it.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")


def _silence(it: _Handler) -> None:
    it.wait()


def _hang_up(it: _Handler) -> None:
    it.reset()


def _deep_json(it: _Handler) -> None:
    it.say(200, b'{"items":' + b"[" * 200_000 + b"]" * 200_000 + b"}", {"Content-Type": "application/json"})


def _long_number(it: _Handler) -> None:
    it.say(200, b'{"items": ' + b"9" * 5000 + b"}", {"Content-Type": "application/json"})


FAULTS: dict[str, Callable[[_Handler], None]] = {
    function.__name__.removeprefix("_"): function
    for function in (
        _next_elsewhere,
        _endless_body,
        _ten_gigabytes,
        _dripping_body,
        _dripping_headers,
        _busy,
        _busy_for_a_day,
        _busy_until_a_date,
        _unavailable,
        _bad_gateway,
        _wrong_type,
        _web_page,
        _half_body,
        _half_chunk,
        _half_json,
        _empty,
        _gzip_bomb,
        _bad_gzip,
        _endless_headers,
        _endless_header,
        _endless_chunk_size,
        _endless_trailers,
        _continue_for_ever,
        _redirect_loop,
        _redirect_elsewhere,
        _not_http,
        _silence,
        _hang_up,
        _deep_json,
        _long_number,
    )
}


def _nothing(asked: Asked) -> Any:
    return {"path": asked.path}


@contextmanager
def fault_server(
    answer: Callable[[Asked], Any] = _nothing, certificate: Any = None, *, authority: Authority | None = None
) -> Iterator[FaultServer]:
    """Serve until the block ends; over TLS with a file of key and certificate, or with one an authority issues."""
    if authority is not None:
        certificate = authority.issue(("127.0.0.1", "localhost"))
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def get_request(self) -> tuple[Any, Any]:
            plain, address = self.socket.accept()
            host.connections += 1
            if context is None:
                return plain, address
            return context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address

        def handle_error(self, request: object, client_address: object) -> None:
            """Keep quiet: clients that hang up are what is tested."""

    server = Server(("127.0.0.1", 0), type("Handler", (_Handler,), {}))
    host = FaultServer(server.server_address[1], answer, "https" if context else "http")
    server.RequestHandlerClass.host = host
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield host
    finally:
        host.stopping = True
        server.shutdown()
        server.server_close()
        thread.join()
