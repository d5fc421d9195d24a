"""What Azure's refusals mean: its own texts name callers and quote requests, so that they are never passed on."""

from __future__ import annotations

from typing import Any

from inventory.collector import CollectorError

_WHY = {
    "ForbiddenByFirewall": "its firewall keeps this server out",
    "ForbiddenByConnection": "it is reached by private links alone",
    "ForbiddenByRbac": "no role of the application gives the right",
    "ForbiddenByPolicy": "no access policy gives the right",
    "SecretDisabled": "it is switched off",
}


class Refused(Exception):
    """One thing that Azure does not hand out, here or to this application; the rest goes on."""

    def __init__(self, why: str, *, gone: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.gone = gone


def failure_of(status: int, code: str, who: str, what: str) -> Exception:
    """Return what a status means, with the code that came along, where `who` was asked to do `what`."""
    if status == 401:
        return CollectorError(
            f"{who} does not accept the application's token any more: its secret has expired, or it was removed. Store "
            "a new secret under the same name and collect again; what was read is kept.",
            permanent=True,
        )
    if status == 403:
        reason = f": {_WHY[code]}" if code in _WHY else ""
        return Refused(f"{who} does not allow to {what}{reason}")
    if status == 404:
        return Refused(f"{who} has nothing there to {what}", gone=True)
    if status in (405, 501):
        return Refused(f"{who} does not offer to {what}")
    if status == 429:
        return CollectorError(
            f"{who} limits how often it may be asked. Collect again later, with fewer requests at once; what was read "
            "is kept."
        )
    if status >= 500:
        return Refused(f"{who} failed when it was asked to {what} ({status})")
    if status in (200, 301, 302, 303, 307, 308):
        return no_answer(who, what)
    return Refused(f"{who} refused to {what} ({status})")


def no_answer(who: str, what: str) -> CollectorError:
    """Return what it means that an answer is none of Azure's."""
    return CollectorError(
        f"{who} answered with something that is no answer of Azure when it was asked to {what}. Check the addresses of "
        "this source; what was read is kept."
    )


def code_in(parsed: Any) -> str:
    """Return the known code that the JSON of an error carries deepest; empty for any other."""
    found, at = "", parsed.get("error") if isinstance(parsed, dict) else None
    for _ in range(5):
        if not isinstance(at, dict):
            break
        code = at.get("code")
        if isinstance(code, str) and code in _WHY:
            found = code
        at = at.get("innererror")
    return found


__all__ = ["Refused", "code_in", "failure_of", "no_answer"]
