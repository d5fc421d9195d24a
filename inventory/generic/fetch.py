"""Fetches the pages of a file of a store from its address, with the credential in a header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import requests

from inventory.collector import CollectorError, ReadContext
from inventory.generic.entries import MOST_BYTES, next_page
from inventory.generic.upload import FETCHED, take_in
from posture.common.credential_reference import BadReference, resolve
from posture.common.http import HTTPFailure, guarded_session, same_origin

SECONDS = 900
MOST_PAGES = 10_000
_COMING, _BROKEN = "coming", "fetched-broken"
_MOST_LINK = 4000
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_OURS = frozenset({"host", "connection", "content-length", "transfer-encoding", "cookie", "accept-encoding"})
_CREDENTIAL = re.compile(
    r"(?i)(^|[-_.])(token|key|sig|signature|secret|password|pwd|auth|credential)([-_.]|$)|apikey|accesstoken|authtoken"
)


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


def holds_credential(address: str) -> bool:
    """Say whether the query of an address looks as if it held a credential."""
    return any(_CREDENTIAL.search(name) for name, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True))


def fetched_pages(workspace: Path) -> list[Path]:
    """Return the pages that were fetched, in their order."""
    found = (each for each in workspace.glob(f"{FETCHED}*") if each.name != _BROKEN)
    return sorted(found, key=lambda each: int(each.suffix[1:] or 1))


def why_broken_off(workspace: Path) -> str:
    """Return why there are fewer pages than the address has; nothing where all of them are there."""
    with suppress(FileNotFoundError):
        return (workspace / _BROKEN).read_text(encoding="utf-8")
    return ""


def fetch(url: str, header: str, context: ReadContext) -> list[Path]:
    """Fetch the pages anew and return where they lie, see `why_broken_off`; without a first, those of before stay.

    Raises:
        CollectorError: with what to do.
    """
    workspace = context.workspace
    _drop(workspace.glob(f"{_COMING}.*"))
    pages: list[Path] = []
    broken = ""
    try:
        for page in _pages(url, header, context):
            pages.append(page)
    except CollectorError as error:
        if not pages:
            raise
        broken = str(error)
    finally:
        _drop(each for each in workspace.glob(f"{_COMING}.*") if each not in pages)
    _drop([workspace / _BROKEN, *fetched_pages(workspace)[len(pages) :]])
    if broken:
        (workspace / _BROKEN).write_text(broken, encoding="utf-8")
    for number, page in enumerate(pages, 1):
        page.replace(workspace / (FETCHED if number == 1 else f"{FETCHED}.{number}"))
    return fetched_pages(workspace)


def _pages(url: str, header: str, context: ReadContext) -> Iterator[Path]:
    address, seen, size = url, {url}, 0
    try:
        session = guarded_session(
            context.network,
            url,
            headers=_headers(header, context) | {"Accept": "application/json, text/csv"},
            deadline=SECONDS,
            most_bytes=MOST_BYTES,
            alive=context.alive,
        )
        with session:
            for number in range(1, MOST_PAGES + 1):
                page = context.workspace / f"{_COMING}.{number}"
                with session.get(address, stream=True) as response:
                    if response.status_code != 200:
                        raise _refusal(response.status_code)
                    take_in(_chunks(response, context), page, most_bytes=MOST_BYTES)
                    link = response.links.get("next", {}).get("url") or next_page(page)
                size += page.stat().st_size
                yield page
                if not link:
                    return
                address = _following(address, link)
                if address in seen or size > MOST_BYTES:
                    raise CollectorError(
                        "The pages lead in a circle: one names a page that was read before. Correct what answers."
                        if address in seen
                        else f"The pages together are larger than the {MOST_BYTES >> 20} MB that are allowed.",
                        permanent=True,
                    )
                seen.add(address)
            raise CollectorError(f"There are more than {MOST_PAGES:,} pages. Make them larger.", permanent=True)
    except HTTPFailure as failure:
        raise CollectorError(str(failure), permanent=failure.permanent) from None


def _following(address: str, link: str) -> str:
    """Return the address of the next page: on the same host, or the credential would go elsewhere (W13)."""
    if len(link) > _MOST_LINK:
        raise CollectorError("The address of the next page is too long. Correct what answers.", permanent=True)
    found = same_origin(address, link)
    if holds_credential(found):
        raise CollectorError(
            "The address of the next page holds a credential in its query, and pages are kept. Have it taken from the "
            "header alone.",
            permanent=True,
        )
    return found.partition("#")[0]


def _drop(files: Iterator[Path] | list[Path]) -> None:
    for each in files:
        each.unlink(missing_ok=True)


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


__all__ = ["check_header", "fetch", "fetched_pages", "holds_credential", "why_broken_off"]
