"""Why a host did not give its repository, in words that say what to do; git's own words come after."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """A kind of failure: how git tells it, what to do, and whether the connection itself broke."""

    told: re.Pattern[str]
    advice: str
    broken: bool = False


_CAUSES = tuple(
    Cause(re.compile(told, re.IGNORECASE), advice, broken)
    for told, advice, broken in (
        (
            r"Operation too slow|low speed",
            "The host sent next to nothing for too long. It is tried again later; look at the host if it stays so.",
            True,
        ),
        (
            r"certificate|gnutls_handshake|SSL connect error",
            "Its certificate is not trusted here. Where your own authority issued it, name that authority's file in "
            "POSTURE_CA_FILE; where the host's name is another one, correct the address.",
            False,
        ),
        (
            r"requested URL returned error: 30[12378]",
            "The host redirects to another address, which is never followed, since a credential could be sent along. "
            "Give the address that it leads to.",
            False,
        ),
        (
            r"Authentication failed|requested URL returned error: 40[13]|could not read (Username|Password)|"
            r"unable to read askpass",
            "{credential}",
            False,
        ),
        (
            r"Permission denied \(|Too many authentication failures|no mutual signature",
            "The host refuses the ssh key. Give read access there to the key of the worker's user, or to the one that "
            "POSTURE_SSH_CONFIG names.",
            False,
        ),
        (
            r"Host key verification failed|REMOTE HOST IDENTIFICATION",
            "The host's ssh key is not known here, or another one. Check it, then add it to the known hosts of the "
            "worker's user, or of POSTURE_SSH_CONFIG.",
            False,
        ),
        (
            r"not found|requested URL returned error: 4|does not appear to be a git repository|no such",
            "There is no such repository, or this credential may not see it. Check the address and the credential.",
            False,
        ),
        (
            r"Could not resolve",
            "The host cannot be found. Check the address, and that this server can resolve names.",
            True,
        ),
        (
            r"early EOF|disconnect|hung up|RPC failed|transfer closed|reset by peer|Broken pipe|index-pack|"
            r"requested URL returned error: 5|Empty reply|Recv failure|protocol error|bad line length|"
            r"invalid server response|expected (flush|packfile)|GnuTLS recv",
            "The host broke off before all had come. Nothing is lost; it is tried again later.",
            True,
        ),
        (
            r"Failed to connect|Connection (refused|timed out)|Couldn't connect|No route|unreachable|timed out",
            "The host does not answer. Check the address, the network between, and that the host runs.",
            True,
        ),
    )
)
# A repository may be named like a failure, and a host may say what it likes.
_QUOTED, _REMOTE = re.compile(r"'[a-z]+://[^']*'"), re.compile(r"^remote:.*$", re.MULTILINE)
_OTHERWISE = "Check the address, the network and the credential of this source."
_REFUSED = (
    "The host refuses the credential of this source. Check that it has not expired and may read this repository, "
    "then set it anew."
)
_ASKED = (
    "The host asks for a credential. Name one for this source, or check the address: some hosts ask where nothing is."
)


def advice_on(message: str, *, with_credential: bool) -> str:
    """Say what to do about what git said."""
    cause = _cause(message)
    if cause is None:
        return _OTHERWISE
    return cause.advice.format(credential=_REFUSED if with_credential else _ASKED)


def connection_broke(message: str) -> bool:
    """Say whether it was the way to the host that failed, so that our own mirror is as good as before."""
    cause = _cause(message)
    return cause is not None and cause.broken


def _cause(message: str) -> Cause | None:
    said = _QUOTED.sub("", _REMOTE.sub("", message))
    return next((cause for cause in _CAUSES if cause.told.search(said)), None)
