"""Fetches a file of a store from its address, with the credential in a header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import requests

from inventory.collector import CollectorError, ReadContext
from inventory.generic.entries import MOST_BYTES
from inventory.generic.upload import FETCHED, take_in
from posture.common.credential_reference import BadReference, resolve
from posture.common.http import HTTPFailure, guarded_session

SECONDS = 900
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_OURS = frozenset({"host", "connection", "content-length", "transfer-encoding", "cookie", "accept-encoding"})


def check_header(name: str) -> str:
    """Return the name of a header that may carry a credential.

    Raises:
        CollectorError: it may not.
    """
    if name and (not _HEADER.fullmatch(name) or name.lower() in _OURS):
        raise CollectorError(
            "The header that carries the credential must be a header's name, such as X-Api-Key.", permanent=True
        )
    return name


def fetch(url: str, header: str, context: ReadContext) -> Path:
    """Fetch the file anew and return where it lies; where that fails, the one of before stays.

    Raises:
        CollectorError: with what to do.
    """
    place = context.workspace / FETCHED
    try:
        session = guarded_session(
            context.network,
            url,
            headers=_headers(header, context) | {"Accept": "application/json, text/csv"},
            deadline=SECONDS,
            most_bytes=MOST_BYTES,
            alive=context.alive,
        )
        with session, session.get(url, stream=True) as response:
            if response.status_code != 200:
                raise _refusal(response.status_code)
            take_in(_chunks(response, context), place, most_bytes=MOST_BYTES)
    except HTTPFailure as failure:
        raise CollectorError(str(failure), permanent=failure.permanent) from None
    return place


def _chunks(response: requests.Response, context: ReadContext) -> Iterator[bytes]:
    for chunk in response.iter_content(1 << 16):
        context.alive()
        yield chunk


def _headers(header: str, context: ReadContext) -> dict[str, str]:
    if not context.credential:
        return {}
    try:
        value = resolve(context.credential, context.credential_dir or context.workspace).reveal()
        return {header or "Authorization": value.decode() if header else f"Bearer {value.decode()}"}
    except BadReference as error:
        raise CollectorError(str(error), permanent=True) from error
    except UnicodeDecodeError:
        raise CollectorError("The credential is not a text. Check what its name leads to.", permanent=True) from None


def _refusal(status: int) -> CollectorError:
    if status in (401, 403):
        return CollectorError(
            f"The address refuses the credential (status {status}). It may have expired, or lack the right to read.",
            permanent=True,
        )
    if status in (404, 410):
        return CollectorError(f"There is nothing at the address (status {status}). Check it.", permanent=True)
    return CollectorError(f"The address answered with status {status}. Check it, and collect again.")


__all__ = ["check_header", "fetch"]
