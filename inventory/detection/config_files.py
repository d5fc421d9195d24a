"""Refinements for formats that certain programs keep credentials in."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

import regex

from inventory.detection.assignment import name_around, names_a_type
from inventory.detection.base64_text import decode_base64
from inventory.detection.plausibility import (
    common_reasons,
    implausible_token,
    is_code,
    is_reference,
    plausible_password,
    plausible_secret,
    plausible_weak_password,
)
from inventory.detection.provider import Format
from inventory.detection.randomness import entropy, looks_random
from inventory.detection.rule import CONTEXT_AFTER, CONTEXT_BEFORE, Secret

_PRINTABLE = regex.compile(rb"[\x20-\x7e\r\n\t]{4,}")
_DOCUMENT = regex.compile(rb"(?m)^[ \t]*---[ \t]*\r?$|^[ \t]*(?:-[ \t]+)?[\"']?apiVersion[\"']?:")
_DATA = regex.compile(rb"(?m)^([ \t]*)(?:-[ \t]+)?[\"']?(data|stringData)[\"']?:[ \t]*(?:#.*)?\r?\n")
_ENTRY = regex.compile(rb"([ \t]+)[\"']?([\w./-]{1,253})[\"']?:[ \t]*(.*?)[ \t]*\r?(?:\n|\Z)")
_BLANK = regex.compile(rb"[ \t]*(?:#.*)?\r?\n")
_KIND = regex.compile(rb"(?mi)^[ \t]*(?:-[ \t]+)?[\"']?kind[\"']?:[ \t]*[\"']?secret[\"']?[ \t]*\r?$")
_STANDS_IN = regex.compile(
    rb"(?i)\A(?:true|false|<[^<>]+>|[x*.]+|change-?_?me|replace-?_?me|placeholder|todo)\Z|EXAMPLE(?:KEY)?\Z"
)
_FILLED_IN = regex.compile(rb"\A(?:\$[A-Za-z_({]|<%|ENC[\[(]|@\w)|\{\{[^{}]*\}\}|\$\{[\w.:-]+\}|\$\([\w.]+\)")
_BASE64 = regex.compile(rb"[A-Za-z0-9+/]+={0,2}")
_QUOTED = regex.compile(rb"\"([^\"]*)\"|'([^']*)'|([^\s#]*)")
_HARMLESS_KEY = regex.compile(
    rb"(?i)(?:user(?:name)?|host(?:name)?|port|url|uri|name(?:space)?|email|id|type|region|endpoint|ca\.crt|tls\.crt|.*\.(?:crt|pub))\Z"
)


def refine_authorization(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take the credential of an Authorization header if it is one that was issued."""
    value = match["value"]
    if content[match.end() : match.end() + 1] in b"({[" and match.end() < len(content):
        return
    if names_a_type(content, *name_around(content, match.start())):
        return
    basic = _user_and_password(value)
    if basic is not None:
        if _is_login(basic):
            yield Secret(match.start("value"), match.end("value"), basic.partition(b":")[2])
    elif plausible_secret(value):
        yield Secret(*match.span("value"))


def refine_login(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take a registry login: base64 of user and password, or a token that the registry issued."""
    value = match["value"]
    basic = _user_and_password(value)
    if basic is not None:
        if _is_login(basic):
            yield Secret(match.start("value"), match.end("value"), basic.partition(b":")[2])
    elif looks_random(value) and not implausible_token(value) and not is_reference(value):
        yield Secret(*match.span("value"))


def _user_and_password(value: bytes) -> bytes | None:
    decoded = decode_base64(value)
    user, colon, password = decoded.partition(b":")
    if colon and user and password and _PRINTABLE.fullmatch(decoded) and b" " not in user:
        return decoded
    return None


def _is_login(basic: bytes) -> bool:
    user, _colon, password = basic.partition(b":")
    return user != password and len(password) >= 5 and not common_reasons(password)


def refine_option(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take the value of a command-line option unless it is a variable, a path or a word."""
    value = match["value"]
    if plausible_password(value) or (b":" in match[0][: -len(value)] and plausible_weak_password(value)):
        yield Secret(*match.span("value"))


def refine_given(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take a value in a place that holds nothing but secrets, unless it stands for one kept elsewhere."""
    value = match["value"]
    if is_reference(value) or is_code(value) or implausible_token(value) or len(set(value)) < 3:
        return
    yield Secret(*match.span("value"))


def refine_ide_password(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take a password that an IDE hid, as what it is, so that copies join."""
    start, end = match.span("value")
    hidden = [int(content[at : at + 4], 16) for at in range(start, end, 4)]
    value = bytes((number ^ 0xDFAA) & 0xFF for number in hidden)
    if _PRINTABLE.fullmatch(value):
        yield Secret(start, end, value)


def refine_hash(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take a password hash unless its salt or sum is visibly made up."""
    value = match[0]
    if entropy(value) > 3.5 and not implausible_token(value):
        yield Secret(*match.span())


def refine_manifest(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take every value of a Kubernetes Secret, decoded where the manifest keeps it in base64."""
    begin, end = _document(content, match.start(), match.end())
    for section in _DATA.finditer(content, begin, end):
        yield from _entries(content, section.end(), end, len(section[1]), section[2] == b"data")


def _document(content: bytes, start: int, end: int) -> tuple[int, int]:
    """Return the YAML document, or the item of a list, in which the match stands."""
    lowest, highest = max(0, start - CONTEXT_BEFORE), min(len(content), end + CONTEXT_AFTER)
    begin, opened = lowest, False
    for mark in _DOCUMENT.finditer(content, lowest, start):
        opened = b"apiVersion" in mark[0]
        begin = mark.start() if opened else mark.end()
    for mark in _DOCUMENT.finditer(content, end, highest):
        if opened or b"apiVersion" not in mark[0]:
            return begin, mark.start()
        opened = True  # The kind stood before the version of the same document.
    return begin, highest


def _entries(content: bytes, at: int, end: int, indent: int, encoded: bool) -> Iterator[Secret]:
    while at < end:
        blank = _BLANK.match(content, at, end)
        if blank is not None:
            at = blank.end()
            continue
        entry = _ENTRY.match(content, at, end)
        if entry is None or len(entry[1]) <= indent:
            return
        at = entry.end()
        start, stop = entry.span(3)
        if entry[3][:1] in (b"|", b">"):
            start, stop = at, _block_end(content, at, end, len(entry[1]))
            at = stop
        else:
            scalar = _QUOTED.match(content, start, stop)
            start, stop = scalar.span(scalar.lastindex) if scalar and scalar.lastindex else (start, start)
        if not _HARMLESS_KEY.match(entry[2]):
            yield from _entry_value(content, start, stop, encoded)


def _block_end(content: bytes, at: int, end: int, indent: int) -> int:
    """Return where a block scalar ends: at the first line that is not indented more than its key."""
    while at < end:
        newline = content.find(b"\n", at, end)
        line = content[at : newline if newline >= 0 else end]
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        at = newline + 1 if newline >= 0 else end
    return at


def _entry_value(content: bytes, start: int, stop: int, encoded: bool) -> Iterator[Secret]:
    text = content[start:stop]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    if not text or _FILLED_IN.search(text):
        return
    value = text
    if encoded:
        packed = b"".join(text.split())
        if not _BASE64.fullmatch(packed):
            return
        try:
            value = base64.b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
        except (binascii.Error, ValueError):
            return
    value = value.strip()
    if len(value) >= 6 and not _FILLED_IN.search(value) and not value.isdigit() and not _STANDS_IN.search(value):
        yield Secret(start, start + len(text), value)
