"""A git host over TLS: git's own `http-backend` behind a loopback server that can be told to misbehave."""

from __future__ import annotations

import base64
import os
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.services.certificates import Authority
from tests.services.process import missing

NAMES = ("localhost", "127.0.0.1", "git.example", "other.example")


@dataclass(frozen=True)
class Request:
    """What a client asked, and how many bytes it was sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    sent: int


@dataclass
class GitHost:
    """A running host; change its fields to change how it answers."""

    port: int
    root: Path
    wants: str = ""
    """`user:password` that it asks for."""
    redirect: str = ""
    """Where it sends everybody instead of answering."""
    break_after: int = -1
    """Bytes of an answer to a fetch after which it hangs up."""
    dumb: bool = False
    """Whether it hands out files only, as a server without git does."""
    drip: float = 0
    """Seconds between two bytes of an answer to a fetch."""
    rewrite: Callable[[Request, bytes], bytes] | None = None
    """Changes what it answers."""
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    def url(self, repository: str, host: str = "127.0.0.1") -> str:
        """Return the address of a repository below the root."""
        return f"https://{host}:{self.port}/{repository}"

    def told(self, header: str) -> list[str]:
        """Return what clients said in a header."""
        return [request.headers[header] for request in self.requests if header in request.headers]

    @property
    def fetched(self) -> int:
        """Bytes sent in answer to fetches."""
        return sum(request.sent for request in self.requests if request.method == "POST")


def backend() -> Path:
    """Return git's CGI program, or skip."""
    path = Path(subprocess.check_output(["git", "--exec-path"], text=True).strip()) / "git-http-backend"
    if not path.exists():
        missing("git-http-backend", "git")
    return path


@contextmanager
def git_host(root: Path, authority: Authority, names: Iterable[str] = NAMES) -> Iterator[GitHost]:
    """Serve the repositories below a folder until the block ends."""
    program = backend()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.issue(names))

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self) -> tuple[ssl.SSLSocket, tuple[str, int]]:
            plain, address = self.socket.accept()
            host.connections += 1
            # The handshake waits until the thread of the connection reads.
            return context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address

        def handle_error(self, request: object, client_address: object) -> None:
            """Keep quiet: clients that hang up are what is tested."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(_body(self))

        def _answer(self, body: bytes) -> None:
            status, headers, content = self._decide(body)
            request = Request(self.command, self.path, dict(self.headers), body, 0)
            if host.rewrite:
                content = host.rewrite(request, content)
            sent = 0
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(OSError):
                for chunk in self._chunks(content):
                    self.wfile.write(chunk)
                    sent += len(chunk)
            self.close_connection = sent < len(content)
            host.requests.append(Request(self.command, self.path, dict(self.headers), body, sent))

        def _chunks(self, content: bytes) -> Iterator[bytes]:
            # The negotiation is answered in full, so that it is a pack that breaks off.
            slow = self.command == "POST" and b"packfile" in content[:4096]
            if slow and host.break_after >= 0:
                yield content[: host.break_after]
                return
            if slow and host.drip:
                for position in range(len(content)):
                    time.sleep(host.drip)
                    yield content[position : position + 1]
                return
            yield content

        def _decide(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
            if host.redirect:
                return 302, {"Location": host.redirect + self.path}, b""
            if host.wants and self.headers.get("Authorization") != _basic(host.wants):
                return 401, {"WWW-Authenticate": 'Basic realm="git"'}, b"no"
            if host.dumb:
                self.path = self.path.partition("?")[0]
            return _run(program, host.root, self, body)

    server = Server(("127.0.0.1", 0), Handler)
    host = GitHost(server.server_address[1], root)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _basic(credential: str) -> str:
    return "Basic " + base64.b64encode(credential.encode()).decode()


def _body(handler: BaseHTTPRequestHandler) -> bytes:
    if handler.headers.get("Transfer-Encoding") != "chunked":
        return handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
    body = b""
    while size := int(handler.rfile.readline(), 16):
        body += handler.rfile.read(size)
        handler.rfile.readline()
    handler.rfile.readline()
    return body


def _run(program: Path, root: Path, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
    path, _, query = handler.path.partition("?")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(root),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_PROJECT_ROOT": str(root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REQUEST_METHOD": handler.command,
        "CONTENT_TYPE": handler.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_CONTENT_ENCODING": handler.headers.get("Content-Encoding", ""),
        "GIT_PROTOCOL": handler.headers.get("Git-Protocol", ""),
        "REMOTE_ADDR": "127.0.0.1",
    }
    done = subprocess.run([program], env=environment, input=body, capture_output=True, check=False)
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
    return int(headers.pop("Status", "200 OK").split()[0]), headers, content
