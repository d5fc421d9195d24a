"""Reads the part of HCL that policies are written in: blocks, assignments, lists, strings; pure and bounded.

HCL's first version, as Vault and OpenBao read policies. Expressions and functions have no place there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

DEEPEST = 16
MOST_TOKENS = 500_000
_TOKEN = re.compile(
    r"""(?P<space>[\s,;\ufeff]+)
    |(?P<comment>\#[^\n]*|//[^\n]*|/\*(?s:.*?)\*/)
    |(?P<string>"(?:[^"\\\n]|\\.)*")
    |(?P<heredoc><<-?(?P<mark>[A-Za-z_]\w{0,63})[^\S\n]*\n)
    |(?P<sign>[{}\[\]=:])
    |(?P<word>[^\s,;{}\[\]="\#<:]+)
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a"}


class HCLError(ValueError):
    """A text that is no HCL; the message quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Items:
    """What an object holds, in its order: the keys of a block or assignment, and its value. Keys may repeat."""

    pairs: tuple[tuple[tuple[str, ...], Any], ...]


class MalformedHCL(HCLError):
    """A text that is no HCL from some line on; `before` is what could be read."""

    def __init__(self, message: str, before: Items) -> None:
        super().__init__(message)
        self.before = before


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


def parse_hcl(text: str) -> Items:
    """Return what a text holds.

    Raises:
        MalformedHCL: it is no HCL from some line on.
    """
    pairs: list[tuple[tuple[str, ...], Any]] = []
    tokens = _Tokens(text)
    try:
        while tokens.next is not None:
            pairs.append(_pair(tokens, 0))
    except HCLError as error:
        raise MalformedHCL(str(error), Items(tuple(pairs))) from None
    return Items(tuple(pairs))


def _pair(tokens: _Tokens, depth: int) -> tuple[tuple[str, ...], Any]:
    keys: list[str] = []
    while (token := tokens.next) is not None and token.kind in ("string", "word", "heredoc"):
        keys.append(tokens.take().text)
    if token is None or not keys:
        raise tokens.unreadable()
    if token.text in ("=", ":"):
        tokens.take()
        return tuple(keys), _value(tokens, depth + 1)
    if token.text == "{":
        return tuple(keys), _value(tokens, depth + 1)
    raise tokens.unreadable()


def _value(tokens: _Tokens, depth: int) -> Any:
    if depth > DEEPEST:
        raise HCLError(f"it is nested more than {DEEPEST} deep")
    token = tokens.take()
    if token.kind in ("string", "word", "heredoc"):
        return token.text
    if token.text == "{":
        pairs = []
        while not tokens.at("}"):
            pairs.append(_pair(tokens, depth))
        tokens.take()
        return Items(tuple(pairs))
    if token.text == "[":
        values = []
        while not tokens.at("]"):
            values.append(_value(tokens, depth + 1))
        tokens.take()
        return values
    raise tokens.unreadable(token.line)


class _Tokens:
    """A text's tokens, one looked at ahead."""

    def __init__(self, text: str) -> None:
        self._rest = _scan(text)
        self._line = 1
        self.next: _Token | None = None
        self._advance()

    def take(self) -> _Token:
        """Return the next token and go on."""
        token = self.next
        if token is None:
            raise HCLError("it ends in the middle")
        self._advance()
        return token

    def at(self, sign: str) -> bool:
        """Say whether a sign is next."""
        if self.next is None:
            raise HCLError("it ends in the middle")
        return self.next.kind == "sign" and self.next.text == sign

    def unreadable(self, line: int = 0) -> HCLError:
        """Return the failure of the token that is next."""
        return HCLError(f"line {line or self._line} cannot be read")

    def _advance(self) -> None:
        self.next = next(self._rest, None)
        if self.next is not None:
            self._line = self.next.line
            if self.next.kind == "bad":
                raise self.unreadable()


def _scan(text: str) -> Iterator[_Token]:
    at, line, count = 0, 1, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        count += 1
        if found is None or count > MOST_TOKENS:
            yield _Token("bad", "", line)
            return
        kind, taken = found.lastgroup or "", found.group()
        at = found.end()
        if found.group("heredoc"):
            mark = found.group("mark")
            end = re.compile(rf"^[^\S\n]*{re.escape(mark)}[^\S\n]*$", re.MULTILINE).search(text, at)
            if end is None:
                yield _Token("bad", "", line)
                return
            yield _Token("heredoc", text[at : end.start()], line)
            taken, at = text[found.start() : end.end()], end.end()
        elif kind == "string":
            yield _Token("string", _ESCAPE.sub(_unescaped, taken[1:-1]), line)
        elif kind in ("sign", "word"):
            yield _Token(kind, taken, line)
        line += taken.count("\n")


def _unescaped(found: re.Match[str]) -> str:
    said = found.group(1)
    if said[0] in "uU" and len(said) > 1:
        number = int(said[1:], 16)
        return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else "\ufffd"
    return _SHORT.get(said, said)


__all__ = ["HCLError", "Items", "MalformedHCL", "parse_hcl"]
