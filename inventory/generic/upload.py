"""Takes a file in, from a form or from an address: checked before anything of it rests, readable by nobody else."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from inventory.collector import CollectorError
from inventory.generic.entries import (
    MOST_BYTES,
    MOST_HEAD,
    MOST_JSON,
    check_head,
    entries,
    is_json,
    next_page,
    parse_json,
)
from inventory.generic.records import MOST_STORES, Misfit, record_of, store_of

UPLOADED, FETCHED = "uploaded", "fetched"
_MOST_PROBLEMS = 10


@dataclass(frozen=True)
class Told:
    """What a file tells, for whoever gave it."""

    secrets: int = 0
    principals: int = 0
    grants: int = 0
    stores: int = 0


def store_upload(
    chunks: Iterable[bytes], workspace: Path, *, most_bytes: int = MOST_BYTES, alive: Callable[[], None] = lambda: None
) -> Told:
    """Check an uploaded file from its first row to its last, and put it where its source reads it.

    Until it is found right, the file of before stays.

    Raises:
        CollectorError: with up to ten places and what is wrong there, never with what the file holds.
    """
    return take_in(chunks, workspace / UPLOADED, most_bytes=most_bytes, check=lambda path: checked(path, alive))


def take_in(
    chunks: Iterable[bytes], place: Path, *, most_bytes: int, check: Callable[[Path], Told] = lambda path: Told()
) -> Told:
    """Put a stream of bytes into a file, once its beginning is known to hold no values; return what `check` says.

    Raises:
        CollectorError: it is no file that can be read, or larger than allowed.
    """
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = place.with_name(f".{place.name}-{secrets.token_hex(8)}")
    source = _counted(chunks, most_bytes)
    head = _head(source)
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(head)
            for chunk in source:
                handle.write(chunk)
        told = check(unfinished)
        unfinished.replace(place)
        return told
    except OSError as error:
        raise CollectorError(f"The file cannot be stored: {error.strerror}. Make room, and give it again.") from error
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()


def checked(path: Path, alive: Callable[[], None]) -> Told:
    """Read a whole file and return what it tells.

    Raises:
        CollectorError: with the first places where something is wrong.
    """
    if next_page(path):
        raise CollectorError(
            "The file says that another page follows (next). Give all of it in one file, or have it fetched from its "
            "address.",
            permanent=True,
        )
    now = datetime.now(UTC)
    counts = {"secrets": 0, "principals": 0, "grants": 0}
    stores: set[str] = set()
    problems: list[str] = []
    for number, entry in enumerate(entries(path)):
        if number % 1000 == 0:
            alive()
        try:
            stores.add(store_of(entry, ""))
            record_of(entry, "", now)
            counts[entry.section] += 1
        except Misfit as misfit:
            problems.append(f"{entry.place}{_between(entry.place)}{misfit}")
            if len(problems) == _MOST_PROBLEMS:
                break
    if problems:
        raise CollectorError(f"{'; '.join(problems)}. Correct the file and give it again.", permanent=True)
    if len(stores) > MOST_STORES:
        raise CollectorError(f"The file names more than {MOST_STORES} stores. Split it.", permanent=True)
    if not counts["secrets"]:
        raise CollectorError("The file names no secret. Nothing was changed.", permanent=True)
    return Told(**counts, stores=len(stores))


def _between(place: str) -> str:
    """Write secrets[3].rotated_at for JSON, and row 17, rotated_at for CSV."""
    return "." if place.endswith("]") else ", "


def _head(source: Iterable[bytes]) -> bytes:
    """Read as much as it takes to know that nothing in the file is a value: the header of a CSV, all of a JSON."""
    head = bytearray()
    as_json: bool | None = None
    for chunk in source:
        head += chunk
        if as_json is None and len(head) > 1000:
            as_json = is_json(bytes(head[:MOST_HEAD]))
        if as_json is False and (b"\n" in head or len(head) > MOST_HEAD):
            break
        if len(head) > MOST_JSON:
            break
    if is_json(bytes(head[:MOST_HEAD])):
        parse_json(bytes(head))
    else:
        check_head(bytes(head[:MOST_HEAD]))
    return bytes(head)


def _counted(chunks: Iterable[bytes], most_bytes: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most_bytes:
            raise CollectorError(f"The file is larger than the {most_bytes >> 20} MB that are allowed.", permanent=True)
        yield chunk


__all__ = ["FETCHED", "UPLOADED", "Told", "checked", "store_upload", "take_in"]
