"""The address that the web server takes."""

from __future__ import annotations

import errno
import http.client
import socket
from contextlib import suppress


class AddressError(Exception):
    """The address can't be used; the message says what to write instead."""


def split(bind: str) -> tuple[str, int]:
    """Return host and port of `host:port`.

    Raises:
        AddressError: it isn't one.
    """
    host, _, port = bind.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise AddressError(f"POSTURE_BIND is {bind!r}. Write host:port, such as 127.0.0.1:8000.")
    return host.strip("[]"), int(port)


def is_free(host: str, port: int) -> bool:
    """Say whether a server could take the address.

    Raises:
        AddressError: this machine doesn't have the address, or ordinary users may not take the port.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise AddressError(f"POSTURE_BIND {host}:{port} cannot be used: {error.strerror}.") from error
    return True


def next_free(host: str, port: int, tries: int = 50) -> int:
    """Return the first free port after `port`.

    Raises:
        AddressError: there is none near.
    """
    for candidate in range(port + 1, min(port + tries, 65535)):
        if is_free(host, candidate):
            return candidate
    raise AddressError(f"No port from {port} to {port + tries} is free. Set POSTURE_BIND to a free address.")


def answers(host: str, port: int, path: str) -> bool:
    """Say whether a web server answers there without an error of its own."""
    # A server on every address is asked on this machine's own.
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(own, port, timeout=2)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    return False
