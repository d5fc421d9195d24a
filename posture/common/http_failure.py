"""Why a request over HTTP came to nothing, in words that say what to do."""

from __future__ import annotations

import re
import ssl
from enum import StrEnum


class Cause(StrEnum):
    """What kept a request from its answer."""

    HOST_UNKNOWN = "host unknown"
    HOST_REFUSED = "host refused"
    UNREACHABLE = "unreachable"
    TLS = "TLS"
    TIMEOUT = "timeout"
    TOO_LARGE = "too large"
    BROKEN = "broken"
    REDIRECT = "redirect"
    ELSEWHERE = "elsewhere"
    """It would have gone to an origin that the credential is not for."""
    BUSY = "busy"
    NOT_JSON = "not JSON"
    REQUEST = "request"
    """The address or a header cannot be sent."""


class HTTPFailure(Exception):
    """A request without an answer. The message says what to do, and quotes no body and no header.

    `permanent` says that trying again will not help; `status` is the answer's, where that was the reason.
    """

    def __init__(self, cause: Cause, message: str, *, permanent: bool = False, status: int = 0) -> None:
        super().__init__(message)
        self.cause = cause
        self.permanent = permanent
        self.status = status


# OpenSSL's X509_V_ERR codes (x509_vfy.h).
_NOT_YET, _EXPIRED = 9, 10
_UNKNOWN = frozenset({2, 18, 19, 20, 21, 24, 27})
_WRONG_NAME = frozenset({62, 64})


def tls_failure(host: str, error: BaseException) -> HTTPFailure:
    """Return what a failed handshake means for whoever set the source up."""
    found = _certificate_error(error)
    if found is not None:
        return HTTPFailure(Cause.TLS, f"The certificate of {host} {_complaint(found.verify_code)}", permanent=True)
    if re.search(r"WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH|RECORD_LAYER", str(error)):
        return HTTPFailure(
            Cause.TLS,
            f"{host} does not speak TLS at this port. Check the port, or write http:// if it really has none.",
            permanent=True,
        )
    if re.search(r"CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|PROTOCOL_VERSION|NO_SHARED_CIPHER", str(error)):
        return HTTPFailure(
            Cause.TLS,
            f"{host} and this server agree on no way to encrypt. It must offer TLS 1.2 or later and may ask for no "
            "client certificate that this source does not have.",
            permanent=True,
        )
    return HTTPFailure(
        Cause.TLS, f"The connection to {host} broke off while it was being secured. Check the host, and collect again."
    )


def _complaint(code: int) -> str:
    if code == _EXPIRED:
        return "has expired. Renew it on that host, or correct the clock of this server."
    if code == _NOT_YET:
        return "is not valid yet. Correct the clock of this server or of that host."
    if code in _WRONG_NAME:
        return "is for another name. Use the name that it was issued for in the address of this source."
    if code in _UNKNOWN:
        return (
            "was issued by an authority that this server does not know. Name a file with your own authorities in "
            "POSTURE_CA_FILE."
        )
    return f"is not accepted (OpenSSL's reason {code}). Check it on that host."


def _certificate_error(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """Find the certificate's error below what the client wrapped it in."""
    for _ in range(8):
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        inner = next((each for each in getattr(error, "args", ()) if isinstance(each, BaseException)), None)
        error = inner or getattr(error, "__cause__", None)
    return None


__all__ = ["Cause", "HTTPFailure", "tls_failure"]
