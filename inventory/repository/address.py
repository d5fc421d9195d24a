"""Clone addresses: the only parser that decides what may reach git."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address

from posture.common.origin import USUAL_PORTS

_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
_USER = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}"
# A path segment never starts with a dash or a tilde and is not "." or "..": no option, no home or parent folder.
_SEGMENT = r"(?!\.{1,2}(?:/|$))[A-Za-z0-9_.][A-Za-z0-9_.+-]*"
_PATH = rf"{_SEGMENT}(?:/{_SEGMENT})*/?"
_HTTPS = re.compile(rf"https://(?P<host>{_HOST})(?::(?P<port>\d{{1,5}}))?/(?P<path>{_PATH})")
_SSH = re.compile(rf"ssh://(?:(?P<user>{_USER})@)?(?P<host>{_HOST})(?::(?P<port>\d{{1,5}}))?/(?P<path>{_PATH})")
_SCP = re.compile(rf"(?P<user>{_USER})@(?P<host>{_HOST}):(?P<path>{_PATH})")
_FILE = re.compile(r"file://(?P<path>/[^\x00-\x1f\x7f]*)")


class AddressError(ValueError):
    """The address is none that we hand to git; the message says which ones are."""


@dataclass(frozen=True)
class Address:
    """A checked clone address: for `file` the path, for the others the address in canonical form."""

    scheme: str
    text: str
    path: str
    host: str = ""
    port: int = 0


def parse_address(text: str) -> Address:
    """Return the address in canonical form.

    Raises:
        AddressError: it is not https, ssh or file, holds a password, or anything git could take for something else.
    """
    found = _FILE.fullmatch(text)
    if found:
        return Address("file", text, found["path"])
    if "@" in text and text.startswith("https://"):
        raise AddressError("The address holds a user name or password. Leave it out and name a credential instead.")
    for scheme, pattern in (("https", _HTTPS), ("ssh", _SSH), ("ssh", _SCP)):
        found = pattern.fullmatch(text)
        if not found:
            continue
        if len(found["host"]) > 253:
            break
        port = found.groupdict().get("port")
        if port and not 0 < int(port) < 65536:
            break
        host, path = found["host"].lower(), found["path"].rstrip("/")
        _refuse_odd_number(host)
        user = f"{found['user']}@" if found.groupdict().get("user") else ""
        authority = f"{user}{host}" + (f":{int(port)}" if port else "")
        number = int(port) if port else USUAL_PORTS[scheme]
        return Address(scheme, f"{scheme}://{authority}/{path}", path, host, number)
    raise AddressError(
        "This is no clone address that is allowed. Give https://host/path, ssh://user@host/path, "
        "user@host:path or file:///folder, without password, spaces or special characters."
    )


def _refuse_odd_number(host: str) -> None:
    """Refuse the spellings of an IPv4 address that programs understand differently, such as `127.1` or `0x7f000001`.

    A host whose last part is a number is an address (WHATWG URL, "ends in a number"), so it is written as four.
    """
    last = host.rpartition(".")[2]
    if not (last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last)):
        return
    try:
        IPv4Address(host)
    except AddressValueError:
        raise AddressError(
            "The host looks like a number. Write its name, or its address as four numbers, such as 192.0.2.7."
        ) from None
