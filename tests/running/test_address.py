"""Where the web server listens."""

from __future__ import annotations

import http.server
import socket
import threading
from pathlib import Path

import pytest

from posture.common import address
from posture.common.folder_lock import FolderInUseError, FolderLock


@pytest.mark.parametrize("bind", ["", "8000", "localhost", "localhost:", ":8000", "localhost:0", "local:70000", "a:b"])
def test_an_address_without_host_or_port_is_refused(bind: str) -> None:
    with pytest.raises(address.AddressError, match="Write host:port"):
        address.split(bind)


def test_host_and_port_are_told_apart() -> None:
    assert address.split("127.0.0.1:8000") == ("127.0.0.1", 8000)
    assert address.split("[::1]:8000") == ("::1", 8000)


def test_the_next_free_port_is_found_beside_a_taken_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert not address.is_free("127.0.0.1", port)
        assert address.next_free("127.0.0.1", port) > port


def test_an_answer_counts_whatever_it_says_unless_the_server_broke() -> None:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(int(self.path[1:]))
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host, port = server.server_address[:2]

        assert address.answers(host, port, "/200")
        assert address.answers(host, port, "/301")
        assert not address.answers(host, port, "/503")
        server.shutdown()

    assert not address.answers(host, port, "/200")


def test_a_folder_is_held_by_one_at_a_time_and_says_by_whom(tmp_path: Path) -> None:
    first = FolderLock(tmp_path)
    first.take()
    first.describe("http://127.0.0.1:8000")

    with pytest.raises(FolderInUseError, match=r"http://127\.0\.0\.1:8000"):
        FolderLock(tmp_path).take()
