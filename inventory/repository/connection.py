"""How git reaches a host: at the addresses that were judged, with the certificates and keys that the server names."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from inventory.collector import CollectorError
from inventory.repository.address import Address, AddressError, parse_address
from inventory.repository.command import Git
from inventory.repository.job import Job, Limits
from posture.common.inside import HostRefused, HostUnknown, LookUp, Network, look_up, reachable

_SYSTEM_AUTHORITIES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",
)
_SSH = ("ssh", "-oBatchMode=yes", "-oConnectTimeout=30", "-oServerAliveInterval=30", "-oServerAliveCountMax=4")
_MOST_AUTHORITIES = 8 << 20
LEAST_GIT = (2, 37)
"""The first that has http.curloptResolve, by git's own release notes."""


@dataclass(frozen=True)
class Connection:
    """What git is told besides the address."""

    options: tuple[str, ...] = ()
    ssh: str = shlex.join(_SSH)


def git_for(job: Job, scratch: Path) -> Git:
    """Return the git that may do what a job's target needs, and no more.

    Raises:
        CollectorError: the address may not be reached, with what to do.
    """
    target = job.target
    if target.foreign:
        return Git(scratch, trusted=[target.foreign.git_dir], protocol="file")
    try:
        address = parse_address(target.url)
    except AddressError as error:
        raise CollectorError(str(error), permanent=True) from error
    way = connection(address, Network.from_dict(job.network), scratch)
    slow = Limits(**job.limits).slow_seconds
    return Git(scratch, protocol=address.scheme, options=way.options, ssh=way.ssh, slow_seconds=slow)


def connection(address: Address, network: Network, scratch: Path, ask: LookUp = look_up) -> Connection:
    """Judge the host of an address, and pin git to where its name leads now (W12).

    Where somebody with access to the server chose the place, git resolves the name itself, and the worker's own
    configuration of ssh may lead it through a gateway.

    Raises:
        CollectorError: the host may not be reached, is not found, or a file that the server names cannot be read.
    """
    pinned: list[str] = []
    if not network.anywhere:
        try:
            pinned = reachable(address.host, address.port, network, ask)
        except HostRefused as refused:
            raise CollectorError(str(refused), permanent=True) from refused
        except HostUnknown as unknown:
            raise CollectorError(
                f"{unknown} Check the address of this source, and that this server can resolve names."
            ) from unknown
    if address.scheme == "ssh":
        return Connection(ssh=_ssh(address, network, pinned))
    if pinned:
        _refuse_old_git(Git(scratch))
    return Connection(options=(*_pinned(address, pinned), *_authorities(network, scratch)))


def _refuse_old_git(git: Git) -> None:
    """Refuse a git that does not know the option which fixes addresses: it would say nothing and ask the name again.

    Raises:
        CollectorError: it is older, or does not say what it is.
    """
    said = git.run(["version"]).decode(errors="replace")
    found = re.search(r"(\d+)\.(\d+)", said)
    if not found or (int(found[1]), int(found[2])) < LEAST_GIT:
        least = ".".join(map(str, LEAST_GIT))
        raise CollectorError(
            f"Cloning over https what was added in the browser needs git {least} or newer, and the worker's is "
            f"{found[0] if found else 'one that does not say'}: an older one can be led to another host than the one "
            "that was checked. Update git, or add the source with `apply`.",
            permanent=True,
        )


def _pinned(address: Address, pinned: Iterable[str]) -> tuple[str, ...]:
    """Return the option that fixes a name's addresses; the certificate is still checked against the name."""
    shown = ",".join(f"[{each}]" if ip_address(each).version == 6 else each for each in pinned)
    return ("-c", f"http.curloptResolve={address.host}:{address.port}:{shown}") if shown else ()


def _authorities(network: Network, scratch: Path) -> tuple[str, ...]:
    """Return the option that trusts own authorities beside the system's, since git knows only one file of them."""
    if not network.ca_file:
        return ()
    bundle = scratch / "authorities.pem"
    try:
        with open(network.ca_file, "rb") as handle:
            own = handle.read(_MOST_AUTHORITIES)
    except OSError as error:
        raise CollectorError(
            f"POSTURE_CA_FILE names {network.ca_file}, which cannot be read ({error.strerror}). Correct it."
        ) from error
    if b"-----BEGIN" not in own:
        raise CollectorError(
            f"POSTURE_CA_FILE names {network.ca_file}, which holds no certificate in PEM form. Correct it."
        )
    usual = next((Path(name) for name in _SYSTEM_AUTHORITIES if Path(name).is_file()), None)
    bundle.write_bytes((usual.read_bytes() if usual else b"") + b"\n" + own)
    return ("-c", f"http.sslCAInfo={bundle}")


def _ssh(address: Address, network: Network, pinned: list[str]) -> str:
    words = [*_SSH, *(["-F", network.ssh_config] if network.ssh_config else [])]
    if pinned:
        # The host's key is looked up under its name. What ssh tries is one address, so it is the first.
        name = address.host if address.port == 22 else f"[{address.host}]:{address.port}"
        words += [f"-oHostName={pinned[0]}", f"-oHostKeyAlias={name}", "-oCanonicalizeHostname=no"]
        words += ["-oProxyCommand=none", "-oProxyJump=none", "-oControlPath=none"]
    return shlex.join(words)
