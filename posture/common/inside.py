"""Which addresses belong to the inside of a network, and who may be sent there (SECURITY W11-W13).

Whoever may name a host for the server to call could have it call the server itself, its neighbours or the cloud's
metadata service. So a name is resolved once, each address that it leads to is judged in its packed form, and the
connection is made to exactly these.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Address = IPv4Address | IPv6Address
Range = IPv4Network | IPv6Network
LookUp = Callable[[str, int], Iterable[str]]

LOOPBACK, PRIVATE, LOCAL, OTHER = "loopback", "a private network", "link-local or cloud metadata", "a reserved range"
# IANA's special-purpose registries, as of 2024, and two addresses that clouds answer at outside of them.
_INSIDE: tuple[tuple[Range, str], ...] = tuple(
    (ip_network(text), why)
    for why, texts in {
        LOCAL: "169.254.0.0/16 168.63.129.16/32 100.100.100.200/32 192.0.0.192/32 fe80::/10 fec0::/10 fd00:ec2::/32",
        LOOPBACK: "127.0.0.0/8 0.0.0.0/8 ::1/128 ::/128",
        PRIVATE: "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7",
        OTHER: "192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 "
        "2001::/23 2001:db8::/32 3fff::/20",
    }.items()
    for text in texts.split()
)
_GLOBAL = IPv6Network("2000::/3")
_MAPPED, _COMPATIBLE = IPv6Network("::ffff:0:0/96"), IPv6Network("::/96")
_TRANSLATED, _NAT64, _LOCAL_NAT64 = IPv6Network("::ffff:0:0:0/96"), IPv6Network("64:ff9b::/96"), "64:ff9b:1::/48"
_6TO4, _TEREDO = IPv6Network("2002::/16"), IPv6Network("2001::/32")
_ISATAP = (0x00005EFE, 0x02005EFE)


class HostRefused(Exception):
    """A host that may not be reached from here; the message says what to do."""


class HostUnknown(Exception):
    """A host whose name leads nowhere."""


def inside(address: Address) -> str:
    """Return what part of the inside an address belongs to, or nothing when it is public.

    An address that carries another one (mapped, NAT64, 6to4, Teredo, ISATAP) is what it carries.
    """
    for carried in _carried(address):
        if why := inside(carried):
            return why
    if isinstance(address, IPv6Address) and _is_only_a_wrapping(address):
        return ""
    for network, why in _INSIDE:
        if address.version == network.version and address in network:
            return why
    return "" if isinstance(address, IPv4Address) or address in _GLOBAL else OTHER


def _carried(address: Address) -> list[IPv4Address]:
    """Return the IPv4 addresses inside an IPv6 address."""
    if isinstance(address, IPv4Address):
        return []
    number = int(address)
    low = IPv4Address(number & 0xFFFFFFFF)
    if any(address in network for network in (_MAPPED, _TRANSLATED, _NAT64, IPv6Network(_LOCAL_NAT64))):
        return [low]
    if address in _COMPATIBLE and number > 1:
        return [low]
    if address in _6TO4:
        return [IPv4Address(number >> 80 & 0xFFFFFFFF)]
    if address in _TEREDO:
        # The client's address is stored with all its bits turned (RFC 4380).
        return [IPv4Address(number >> 64 & 0xFFFFFFFF), IPv4Address(~number & 0xFFFFFFFF)]
    if number >> 32 & 0xFFFFFFFF in _ISATAP:
        return [low]
    return []


def _is_only_a_wrapping(address: IPv6Address) -> bool:
    if address in _COMPATIBLE:
        return int(address) > 1
    return any(address in network for network in (_MAPPED, _TRANSLATED, _NAT64, _6TO4, _TEREDO))


@dataclass(frozen=True)
class Network:
    """How a source's host may be reached."""

    anywhere: bool = False
    """Somebody with access to the server chose the place, so it may lie inside."""
    internal: tuple[str, ...] = ()
    """Host names and ranges inside that may be reached all the same (POSTURE_INTERNAL_HOSTS)."""
    ca_file: str = ""
    """Own certificate authorities, trusted beside the system's (POSTURE_CA_FILE)."""
    ssh_config: str = ""
    """Configuration of ssh in place of the worker's user's (POSTURE_SSH_CONFIG)."""

    def to_dict(self) -> dict[str, Any]:
        """Return it in a form that travels as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Network:
        """Read it back."""
        return cls(bool(given["anywhere"]), tuple(given["internal"]), given["ca_file"], given["ssh_config"])

    def judge(self, host: str, address: Address) -> None:
        """Let an address pass that may be reached under this name.

        A name in the list opens private networks and loopback, but only a range opens what is never a host of
        one's own, such as a cloud's metadata.

        Raises:
            HostRefused: it may not.
        """
        why = inside(address)
        if not why or self.anywhere or self._lists(address):
            return
        named = self.names(host)
        if named and why in (LOOPBACK, PRIVATE):
            return
        listed = f"its range (such as {_own_range(address)})" if named else f"{host} or its range"
        raise HostRefused(
            f"{host} leads to {why}, where sources added in the browser are not read from. If it is a host of "
            f"yours, add {listed} to POSTURE_INTERNAL_HOSTS on the server, or add the source there with "
            "`manage.py apply`."
        )

    def names(self, host: str, address: Address | None = None) -> bool:
        """Say whether the list holds a host by its name, or by the address that it is written as."""
        if host.lower().rstrip(".") in self.internal:
            return True
        return address is not None and all(map(self._ranges_hold, _meant(address)))

    def _lists(self, address: Address) -> bool:
        return all(not inside(each) or self._ranges_hold(each) for each in _meant(address))

    def _ranges_hold(self, address: Address) -> bool:
        ranges = (ip_network(entry) for entry in self.internal if is_range(entry))
        return any(address.version == each.version and address in each for each in ranges)


def _meant(address: Address) -> list[Address]:
    """Return what a range must list: of an address that only wraps another one, the other one."""
    if isinstance(address, IPv6Address) and _is_only_a_wrapping(address):
        return [*_carried(address)]
    return [address]


def _own_range(address: Address) -> str:
    shown = next(each for each in _meant(address) if inside(each))
    return f"{shown}/{shown.max_prefixlen}"


def is_range(entry: str) -> bool:
    """Say whether an entry of POSTURE_INTERNAL_HOSTS is an address or a range, not a name."""
    try:
        ip_network(entry)
    except ValueError:
        return False
    return True


def literal(host: str) -> Address | None:
    """Return the address that a host is written as, or nothing when it is a name."""
    try:
        return ip_address(host.strip("[]").split("%")[0])
    except ValueError:
        return None


def look_up(host: str, port: int) -> list[str]:
    """Ask the system where a name leads."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def reachable(host: str, port: int, network: Network, ask: LookUp = look_up) -> list[str]:
    """Resolve a name, once, and return the addresses to connect to; all of them may be reached.

    One address inside among public ones refuses the name: an attacker would only wait for its turn.

    Raises:
        HostRefused: it leads where it may not.
        HostUnknown: it leads nowhere.
    """
    try:
        told = list(ask(host, port))
    except (OSError, UnicodeError) as error:
        raise HostUnknown(f"The host {host} cannot be found.") from error
    addresses = [ip_address(text.split("%")[0]) for text in told]
    if not addresses:
        raise HostUnknown(f"The host {host} cannot be found.")
    for address in addresses:
        network.judge(host, address)
    return [str(address) for address in addresses]


def refuse_at_sight(host: str, network: Network) -> None:
    """Refuse a host that names the inside without a look-up; names are judged when they are connected to.

    Raises:
        HostRefused: with what to do.
    """
    address = _at_sight(host)
    if address is not None:
        network.judge(host, address)


def may_be_read_on_the_way(host: str, network: Network) -> bool:
    """Say whether what is sent to a host in clear may pass strangers; not on this machine, nor where nobody minds."""
    address = _at_sight(host)
    if address is not None and inside(address) == LOOPBACK:
        return False
    return not (network.anywhere or network.names(host, address))


def _at_sight(host: str) -> Address | None:
    address = literal(host)
    if address is None and f".{host.lower().rstrip('.')}".endswith(".localhost"):
        return IPv4Address("127.0.0.1")
    return address
