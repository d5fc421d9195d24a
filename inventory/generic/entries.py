"""Reads a file entry by entry: rows of a CSV as they come, items of a JSON document after it was checked as a whole."""

from __future__ import annotations

import csv
import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from inventory.collector import CollectorError
from inventory.generic.names import SECRETS, SECTIONS, check_names, column

MOST_BYTES = 512 << 20
MOST_JSON = 32 << 20
MOST_HEAD = 64 << 10
_MOST_LINE = 1 << 20
_MOST_OBJECTS, _MOST_PARTS = 500_000, 4_000_000
_SEPARATORS = ",;\t"
_MARK = b"\xef\xbb\xbf"
NEXT = "next"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a file tells."""

    section: str
    place: str
    """Where it stands, for whoever mends the file: row 17, secrets[3]."""
    cells: Mapping[str, Any]
    problem: str = ""
    """Why it cannot be read."""


def entries(path: Path) -> Iterator[Entry]:
    """Yield what a file tells.

    Raises:
        CollectorError: it is no such file, with what to do.
    """
    with _opened(path) as handle:
        head = handle.read(MOST_HEAD)
        handle.seek(0)
        if is_json(head):
            yield from _items(parse_json(handle.read(MOST_JSON + 1)))
        else:
            check_head(head)
            yield from _rows(handle)


def next_page(path: Path) -> str:
    """Return the address of the page that follows, where a file names one.

    Raises:
        CollectorError: it is no such file, with what to do.
    """
    with _opened(path) as handle:
        if not is_json(handle.read(MOST_HEAD)):
            return ""
        handle.seek(0)
        # It was checked as a whole when it was taken in.
        link = json.loads(handle.read(MOST_JSON).removeprefix(_MARK)).get(NEXT)
    if link is not None and not isinstance(link, str):
        raise CollectorError(f"{NEXT}: not an address.", permanent=True)
    return link or ""


def is_json(head: bytes) -> bool:
    """Say whether a file that begins so is meant as JSON.

    Raises:
        CollectorError: it is neither JSON nor CSV.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head[:1000]:
        raise CollectorError("The file is not UTF-8. Save it as CSV UTF-8, or as JSON.", permanent=True)
    start = head.removeprefix(_MARK).lstrip()[:1]
    if start == b"<":
        raise CollectorError(
            "This is a web page or XML, neither CSV nor JSON. Check the address, and that nothing in between asks to "
            "sign in.",
            permanent=True,
        )
    if not start:
        raise CollectorError("The file is empty. Nothing was changed.")
    return start in b"{["


def check_head(head: bytes) -> tuple[str, list[str]]:
    """Return the separator and the columns of a CSV file by its beginning.

    Raises:
        CollectorError: it has no header, or one with columns that may not be there.
    """
    line = head.removeprefix(_MARK).partition(b"\n")[0]
    if len(line) >= MOST_HEAD:
        raise CollectorError("The first row of the file is no header: it is too long.", permanent=True)
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise CollectorError("The file is not UTF-8. Save it as CSV UTF-8.", permanent=True) from None
    separator = max(_SEPARATORS, key=text.count)
    try:
        names = next(csv.reader([text], delimiter=separator, strict=True), [])
    except csv.Error:
        raise CollectorError(
            "The first row of the file is no header: its quotes do not match.", permanent=True
        ) from None
    check_names(names, SECRETS, "The column")
    columns = [column(name) for name in names]
    if "path" not in columns:
        raise CollectorError("The file has no column 'path', which names each secret.", permanent=True)
    if len(set(columns)) < len(columns):
        raise CollectorError("The file has a column twice. Keep one of each.", permanent=True)
    return separator, columns


def parse_json(content: bytes) -> dict[str, list[Any]]:
    """Return the three lists of a JSON document, with its size and its keys checked.

    Raises:
        CollectorError: with what is wrong, and where.
    """
    if len(content) > MOST_JSON:
        raise CollectorError(
            f"A JSON file may have {MOST_JSON >> 20} MB. Give larger ones as CSV, which is read row by row.",
            permanent=True,
        )
    # What is small in a file can be large in memory: an empty object takes thirty times its two characters.
    if content.count(b"{") + content.count(b"[") > _MOST_OBJECTS or content.count(b",") > _MOST_PARTS:
        raise CollectorError(f"The file has more than {_MOST_OBJECTS:,} things in it. Give it as CSV.", permanent=True)
    try:
        document = json.loads(content.removeprefix(_MARK))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise CollectorError(f"The file is no JSON: it breaks at {where}.", permanent=True) from None
    except (ValueError, RecursionError):
        raise CollectorError(
            "The file is no JSON that can be read: it is nested too deep, is not UTF-8 or has an endless number.",
            permanent=True,
        ) from None
    if not isinstance(document, dict):
        raise CollectorError('The file must be one object: {"format": 1, "secrets": […]}.', permanent=True)
    check_names(document, {"format": "", NEXT: "", **dict.fromkeys(SECTIONS, "")}, "The key")
    if document.get("format", 1) != 1:
        raise CollectorError("format: this product reads format 1.", permanent=True)
    lists: dict[str, list[Any]] = {}
    for section, known in SECTIONS.items():
        items = [] if document.get(section) is None else document[section]
        if not isinstance(items, list):
            raise CollectorError(f"{section}: not a list.", permanent=True)
        for place, item in enumerate(items):
            if isinstance(item, dict):
                check_names(item, known, f"{section}[{place}]: the key")
        lists[section] = items
    return lists


def _items(lists: Mapping[str, list[Any]]) -> Iterator[Entry]:
    # A grant refers to a principal, which is told before it.
    for section in ("principals", "secrets", "grants"):
        for place, item in enumerate(lists[section]):
            where = f"{section}[{place}]"
            if isinstance(item, dict):
                yield Entry(section, where, {column(name): value for name, value in item.items()})
            else:
                yield Entry(section, where, {}, "not an object")


def _rows(handle: BinaryIO) -> Iterator[Entry]:
    separator, columns = check_head(handle.read(MOST_HEAD))
    handle.seek(0)
    reader = csv.reader(
        _lines(TextIOWrapper(handle, encoding="utf-8-sig", newline="")), delimiter=separator, strict=True
    )
    number = 1
    try:
        next(reader)
        for number, cells in enumerate(reader, 2):
            if len(cells) == len(columns):
                yield Entry("secrets", f"row {number}", dict(zip(columns, cells, strict=True)))
            elif cells:
                yield Entry("secrets", f"row {number}", {}, f"{len(cells)} cells where the header has {len(columns)}")
    except csv.Error:
        raise CollectorError(
            f"After row {number} the file is no CSV: a quote does not end, or a cell is longer than any name. What "
            "came before was kept."
        ) from None
    except UnicodeDecodeError:
        raise CollectorError(
            f"Somewhere after row {number} the file is not UTF-8. Save it as CSV UTF-8. What came before was kept."
        ) from None


def _lines(handle: TextIOWrapper) -> Iterator[str]:
    while line := handle.readline(_MOST_LINE):
        if len(line) == _MOST_LINE:
            raise csv.Error("line too long")
        yield line


def _opened(path: Path) -> BinaryIO:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise CollectorError(f"The file cannot be read: {error.strerror}. Check it, and collect again.") from error
    handle = os.fdopen(descriptor, "rb")
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_BYTES:
        handle.close()
        what = f"larger than {MOST_BYTES >> 20} MB" if stat.S_ISREG(found.st_mode) else "not a file"
        raise CollectorError(f"What is to be read is {what}.", permanent=True)
    return handle


__all__ = [
    "MOST_BYTES",
    "MOST_HEAD",
    "MOST_JSON",
    "Entry",
    "check_head",
    "entries",
    "is_json",
    "next_page",
    "parse_json",
]
