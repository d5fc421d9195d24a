"""Path patterns as CODEOWNERS files and ownership rules use them, matched in bounded time.

`*` and `?` stay within a segment, `**` spans segments, a leading or inner slash anchors the pattern at the
root, a trailing one means a folder, and what is under a matched folder is matched too. No regular
expression is made from a pattern, since patterns are written by strangers: segments are matched left to
right with one place to come back to, and every comparison is paid from a budget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# "Any one character" inside a literal piece: a git path never holds it.
_ANY = "\0"


class TooCostlyError(Exception):
    """Matching would take more steps than it may; the caller decides without the pattern."""


class Budget:
    """Steps that may still be spent on one question, counted, so that the answer never depends on the clock."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Take steps away.

        Raises:
            TooCostlyError: none are left.
        """
        self.left -= steps
        if self.left < 0:
            raise TooCostlyError


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern for one segment: the literal pieces between its stars."""

    pieces: tuple[str, ...]

    @property
    def literal(self) -> str | None:
        """The only text that matches, if there is only one."""
        return self.pieces[0] if len(self.pieces) == 1 and _ANY not in self.pieces[0] else None

    def matches(self, text: str, budget: Budget) -> bool:
        """Say whether the whole segment matches."""
        budget.spend(1 + (len(text) * sum(map(len, self.pieces)) >> 8))
        first, last = self.pieces[0], self.pieces[-1]
        if len(self.pieces) == 1:
            return len(text) == len(first) and _stands_at(first, text, 0)
        place, end = len(first), len(text) - len(last)
        if place > end or not _stands_at(first, text, 0) or not _stands_at(last, text, end):
            return False
        for piece in self.pieces[1:-1]:
            place = _find(piece, text, place, end)
            if place < 0:
                return False
            place += len(piece)
        return True


def _stands_at(piece: str, text: str, place: int) -> bool:
    if _ANY not in piece:
        return text.startswith(piece, place)
    return all(want in (_ANY, have) for want, have in zip(piece, text[place : place + len(piece)], strict=True))


def _find(piece: str, text: str, start: int, end: int) -> int:
    if _ANY not in piece:
        return text.find(piece, start, end)
    return next((place for place in range(start, end - len(piece) + 1) if _stands_at(piece, text, place)), -1)


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A pattern for a whole path: one glob per segment, None where any number of segments may stand."""

    globs: tuple[Glob | None, ...]

    def matches(self, parts: Sequence[str], budget: Budget) -> bool:
        """Say whether the path, given as its segments, matches."""
        globs = self.globs
        at = place = retry = 0
        star = -1
        while place < len(parts):
            glob = globs[at] if at < len(globs) else None
            if at < len(globs) and glob is None:
                if at == len(globs) - 1:
                    return True
                star, retry = at, place
                at += 1
            elif glob is not None and glob.matches(parts[place], budget):
                at += 1
                place += 1
            elif star < 0:
                return False
            else:
                retry += 1
                at, place = star + 1, retry
        return all(each is None for each in globs[at:])


# What lies in a folder at any depth: one segment, then any number.
INSIDE: tuple[Glob | None, ...] = (Glob(("", "")), None)


def compile_pattern(text: str, *, below: bool = True) -> PathPattern:
    """Return the pattern; with `below`, what lies under a matched folder is matched too.

    A pattern that ends in `/*` speaks about the files right in a folder only, as on GitHub.
    """
    segments = _segments(text)
    folder_only = segments[-1] == "" and len(segments) > 1
    anchored = len(segments) - folder_only > 1
    globs = [None if segment == "**" else _glob(segment) for segment in segments if segment]
    if not anchored and globs[:1] != [None]:
        globs.insert(0, None)
    if globs and globs[-1] is None:
        globs[-1:] = INSIDE  # `docs/**` is everything in docs, not docs itself.
    elif folder_only and below:
        globs += INSIDE
    elif below and not (anchored and segments[-1] == "*"):
        globs.append(None)
    return PathPattern(tuple(globs))


def _segments(text: str) -> list[str]:
    """Split at slashes; a backslash before a slash is dropped."""
    return text.replace("\\/", "/").split("/")


def _glob(segment: str) -> Glob:
    pieces = [""]
    characters = iter(segment)
    for character in characters:
        if character == "*":
            # Two stars within a segment are one.
            if pieces[-1] or len(pieces) == 1:
                pieces.append("")
        elif character == "?":
            pieces[-1] += _ANY
        else:
            pieces[-1] += next(characters, character) if character == "\\" else character
    return Glob(tuple(pieces))
