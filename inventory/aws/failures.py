"""What AWS's refusals mean: its own texts name keys and quote requests, so that they are never passed on."""

from __future__ import annotations

from typing import Any

from inventory.collector import CollectorError


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_REFUSED = _codes(
    "AccessDenied AccessDeniedException UnauthorizedOperation NotAuthorized AuthorizationError Forbidden 403 "
    "OptInRequired SubscriptionRequiredException UnauthorizedException"
)
_NO_KEY = _codes(
    "InvalidClientTokenId UnrecognizedClientException InvalidAccessKeyId AuthFailure MissingAuthenticationToken "
    "InvalidToken TokenRefreshRequired"
)
_EXPIRED = _codes("ExpiredToken ExpiredTokenException RequestExpired CredentialsExpired")
_BAD_SIGNATURE = _codes(
    "SignatureDoesNotMatch InvalidSignatureException IncompleteSignature IncompleteSignatureException "
    "RequestTimeTooSkewed RequestInTheFuture"
)
_BUSY = _codes(
    "Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException "
    "TooManyRequestsException RequestLimitExceeded SlowDown BandwidthLimitExceeded LimitExceededException "
    "ProvisionedThroughputExceededException PriorRequestNotComplete TransactionInProgressException"
)
_GONE = _codes("ResourceNotFoundException NoSuchEntity NotFoundException ParameterNotFound NoSuchEntityException")


class Refused(Exception):
    """One thing that AWS does not hand out, here or to this key; the rest goes on."""

    def __init__(self, why: str, *, gone: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.gone = gone


def failure_of(error: Any, what: str) -> Exception:
    """Return what an answer with an error means, given botocore's `ClientError`."""
    told = error.response.get("Error") or {}
    code = str(told.get("Code") or "").rpartition("#")[2].partition(":")[0].removeprefix("Client.")
    status = int((error.response.get("ResponseMetadata") or {}).get("HTTPStatusCode") or 0)
    if code in _EXPIRED:
        return CollectorError(
            "The credential has expired. Store a new one under the same name and collect again; what was read is kept.",
            permanent=True,
        )
    if code in _NO_KEY:
        return CollectorError(
            "AWS does not know the access key: it was deleted, is switched off, or belongs to another partition. Store "
            "a valid one under the same name.",
            permanent=True,
        )
    if code in _BAD_SIGNATURE:
        return CollectorError(
            "AWS does not accept the signature: the secret access key is wrong, or the clock of this server is. Check "
            "both.",
            permanent=True,
        )
    if code in _BUSY or status == 429:
        return CollectorError(
            f"AWS limits how often it may be asked ({what}). Collect again later, with fewer requests at once; what "
            "was read is kept."
        )
    if code in _GONE:
        return Refused("it is not there any more", gone=True)
    return refusal(what, status, code)


def refusal(what: str, status: int, code: str = "") -> Refused:
    """Return what a status means, with the code that came along, for one thing of many."""
    if code in _REFUSED or status in (401, 403):
        return Refused(f"AWS does not allow {what}")
    if status in (404, 405, 501) or code in ("UnknownOperationException", "InvalidAction", "NotImplemented"):
        return Refused(f"{what} is not offered here")
    if status >= 500:
        return Refused(f"AWS failed to answer {what} ({status})")
    return Refused(f"AWS refused {what} ({status})")


__all__ = ["Refused", "failure_of", "refusal"]
