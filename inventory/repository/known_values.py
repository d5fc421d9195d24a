"""The values that a read has found, searched for in names: as they are, percent-encoded, or split by slashes.

A value shorter than `SHORTEST`, of fewer bits than `LEAST_BITS`, or of nothing but letters and shorter than
`SHORTEST_WORD`, is left alone: it is a word that stands in many names anyway ("test", "postgres"), and taking it out
would hide the names and give the value away.
"""

from __future__ import annotations

import re
from array import array

from posture.common.fingerprint import entropy_bits

SHORTEST = 8
"""Bytes of the shortest value that is taken out of names, slashes not counted."""
SHORTEST_WORD = 16
"""The same of a value that has letters only."""
LEAST_BITS = 20.0
"""Length times Shannon entropy per byte below which a value is left in names."""
MOST_TRIES = 2_000
"""Comparisons that one text may cost besides its own length; a text made to cost more is taken for a value."""

# A slash, or a byte that was percent-encoded once or several times (%2F, %252F).
_FOLDED = re.compile(rb"/|%(?:25)*([0-9A-Fa-f]{2})")

Span = tuple[int, int]


def fold(text: bytes) -> bytes:
    """Return the text without slashes and with percent-encoded bytes decoded, so that one search finds every way."""
    return _FOLDED.sub(_unfolded, text)


def _unfolded(found: re.Match[bytes]) -> bytes:
    byte = bytes.fromhex(found[1].decode()) if found[1] else b"/"
    return b"" if byte == b"/" else byte


def _places(text: bytes) -> tuple[array[int], array[int]]:
    """Return for each byte of the folded text where it begins and ends in the text."""
    starts, ends = array("I"), array("I")
    at = 0
    for found in _FOLDED.finditer(text):
        starts.extend(range(at, found.start()))
        ends.extend(range(at + 1, found.start() + 1))
        if _unfolded(found):
            starts.append(found.start())
            ends.append(found.end())
        at = found.end()
    starts.extend(range(at, len(text)))
    ends.extend(range(at + 1, len(text) + 1))
    return starts, ends


class KnownValues:
    """A set of values; a search costs the same however many there are."""

    def __init__(self) -> None:
        self._values: set[bytes] = set()
        self._lengths: dict[bytes, list[int]] = {}
        """First bytes → the lengths of the values that begin so, the longest first."""

    def __len__(self) -> int:
        return len(self._values)

    def add(self, value: bytes) -> bool:
        """Take a value in; return whether it is a new one that names are searched for."""
        folded = fold(value.strip())
        if folded in self._values or len(folded) < (SHORTEST_WORD if folded.isalpha() else SHORTEST):
            return False
        if entropy_bits(folded) < LEAST_BITS:
            return False
        self._values.add(folded)
        lengths = self._lengths.setdefault(folded[:SHORTEST], [])
        if len(folded) not in lengths:
            lengths.append(len(folded))
            lengths.sort(reverse=True)
        return True

    def spans(self, text: bytes) -> list[Span]:
        """Return where values stand in a text, in order and apart from each other, the longest at each place."""
        if not self._values or len(text) < SHORTEST:
            return []
        folded = fold(text)
        found: list[Span] = []
        tries = MOST_TRIES + len(folded)
        behind = 0
        for start in range(len(folded) - SHORTEST + 1):
            lengths = self._lengths.get(folded[start : start + SHORTEST])
            if lengths is None or start < behind:
                continue
            tries -= len(lengths)
            if tries < 0:
                return [(0, len(text))]
            for length in lengths:
                if folded[start : start + length] in self._values:
                    behind = start + length
                    found.append((start, behind))
                    break
        if not found:
            return []
        starts, ends = _places(text)
        return [(starts[first], ends[last - 1]) for first, last in found]
