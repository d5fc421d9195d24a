"""What Google's refusals mean: its own texts name projects and quote requests, so that they are never passed on."""

from __future__ import annotations

import json
import re
from typing import Any

import requests

from inventory.collector import CollectorError
from inventory.gcp.answer import entries, part

_REASON = re.compile(r"[A-Z][A-Z0-9_]{2,62}")
_SWITCHED_OFF = frozenset({"SERVICE_DISABLED", "CONSUMER_INVALID", "BILLING_DISABLED"})
_PERIMETER = frozenset({"SECURITY_POLICY_VIOLATED", "VPC_SERVICE_CONTROLS"})


class Refused(Exception):
    """One thing that Google does not hand out, here or to this account; the rest goes on.

    There may be something all the same: a gateway that passes on a part only says that the rest is not there.
    """

    def __init__(self, why: str, *, gone: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.gone = gone


def failure_of(answer: requests.Response, what: str, skew: int) -> Exception:
    """Return what an answer with an error means; `what` is the right that it takes, `skew` how far clocks differ."""
    status, reason = answer.status_code, _reason(answer)
    if status == 401:
        clock = f" Its clock and this server's are {abs(skew)} minutes apart: correct this server's." if skew else ""
        return CollectorError(
            "Google does not accept the service account's key: it was deleted or switched off, or its account was."
            f"{clock or ' Store a valid key under the same name and collect again; what was read is kept.'}",
            permanent=True,
        )
    if status in (301, 302, 303, 307, 308):
        return CollectorError(
            "What answers passes requests on to another address. Give the address that it really answers at, or leave "
            "the endpoint empty for Google itself.",
            permanent=True,
        )
    if reason in _SWITCHED_OFF:
        return Refused(f"the API behind {what} is not switched on for the project")
    if reason in _PERIMETER:
        return Refused(f"a service perimeter (VPC Service Controls) keeps {what} from here")
    if status == 403:
        return Refused(f"Google does not allow {what}")
    if status == 404:
        return Refused(f"{what}: it is not there", gone=True)
    if status in (405, 501):
        return Refused(f"{what} is not offered here")
    if status >= 500:
        return Refused(f"Google failed to answer {what} ({status})")
    return Refused(f"Google refused {what} ({status})")


def _reason(answer: requests.Response) -> str:
    """Return the word for machines that an error comes with (google.rpc.ErrorInfo); nothing else of it is used."""
    try:
        told: Any = json.loads(answer.content)
    except (ValueError, RecursionError):
        return ""
    for each in entries(part(told, "error"), "details"):
        reason = each.get("reason")
        if isinstance(reason, str) and _REASON.fullmatch(reason):
            return reason
    return ""


__all__ = ["Refused", "failure_of"]
