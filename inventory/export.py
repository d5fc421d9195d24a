"""CSV that spreadsheets take as text: no cell starts a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

# What makes a spreadsheet calculate, also in full width, which some of them fold (SECURITY W10).
FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20|%")


def safe_cell(value: Any) -> str:
    """Return a value as a cell that is shown and never calculated."""
    text = "" if value is None else str(value)
    # Lone surrogates can't be encoded; NUL ends the file for some readers.
    text = text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")
    return f"'{text}" if text.lstrip(" \u00a0\ufeff\u200b").startswith(FORMULA_STARTS) else text


class _Echo:
    def write(self, line: str) -> str:
        return line


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield a CSV file line by line, so that an export of any length needs no memory."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    # The mark tells spreadsheets that the file is UTF-8.
    yield "\ufeff" + str(writer.writerow(head))
    for row in rows:
        yield str(writer.writerow([safe_cell(value) for value in row]))
