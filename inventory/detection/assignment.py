"""Refinements for settings: which name is given which value, in whatever syntax, and whether it is a secret."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any, NamedTuple

import regex

from inventory.detection.key_name import Named, announces, is_about_tests
from inventory.detection.plausibility import plausible_password, plausible_secret, plausible_weak_password
from inventory.detection.provider import Format
from inventory.detection.rule import Secret

LONGEST_VALUE = 512
"""What runs on for longer is no value that a person gave a name, but data."""
_LONGEST_NAME = 64
_LONGEST_PREFIX = 256
_NAME_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_NAME_TAIL = regex.compile(rb"[\w.-]{0,64}")
_SIGN = regex.compile(rb"\\{0,3}[\"']?[ \t]{0,32}(?:=>|:=|=|:)[ \t]{0,32}(?:base64:)?")
_QUOTE_BEFORE = regex.compile(rb"\\{0,3}[\"'`]\Z")
_UNQUOTED_END = regex.compile(rb"[\s\"'`<>;,&|)\]}\\]")
_LINE_END = regex.compile(rb"[\r\n]|[ \t]+#|[ \t]+//|[ \t]+;|\\n|\\r")
# What may stand before a name in files that only hold settings.
_SETTING_LINE = regex.compile(
    rb"\s*(?:(?:export|set|setx|ENV|ARG|declare -x|[-+*#;]+|//|[\w.-]*:)[ \t]+)*[-+#;]*\s*[\"']?\Z"
)
_FIRST_ITEM = regex.compile(rb"\([ \t]{0,4}\\{0,3}[\"'`]\Z")
_BRACKETS = regex.compile(rb"[()\[\]{}]")
_IDENTIFIER = regex.compile(rb"[&*]?[A-Za-z_-][A-Za-z_.-]*")


class Setting(NamedTuple):
    """A name and the value given to it."""

    name: bytes
    start: int
    end: int
    quoted: bool
    line: bool
    """Whether it is a line of its own, as in dotenv, INI, YAML and properties files."""
    spaced: bool
    """Whether the equals sign stands between spaces, as it does in code."""
    listed: bool = False
    """Whether name and value may be two items of a longer list."""


def name_around(content: bytes, at: int) -> tuple[int, int]:
    """Return the whole name of which the match found a part."""
    start = at
    lowest = max(0, at - _LONGEST_NAME)
    while start > lowest and content[start - 1] in _NAME_BYTES:
        start -= 1
    tail = _NAME_TAIL.match(content, at)
    return start, tail.end() if tail else at


def names_a_type(content: bytes, start: int, end: int) -> bool:
    """Say whether a name in quotes is the last part of a type's (`"AWS::IAM::AccessKey"`), which has no value."""
    return content[max(0, start - 2) : start] == b"::" and content[end : end + 1] in (b'"', b"'")


def _whole_name(content: bytes, at: int) -> bytes:
    start, end = name_around(content, at)
    return content[start:end]


def read_setting(content: bytes, match: Any, wanted: Named) -> Setting | None:
    """Read the setting whose beginning the match shows, if its whole name announces what is wanted.

    Its value begins where the match's group does and ends where the syntax around it says.
    """
    name_start, name_end = name_around(content, match.start())
    name = content[name_start:name_end]
    if announces(name) is not wanted or names_a_type(content, name_start, name_end):
        return None  # Most names do, so this comes first.
    at = match.start("value")
    if at < 0:
        sign = _SIGN.match(content, name_end)
        at = sign.end() if sign else match.end()
    quote = _QUOTE_BEFORE.search(content, max(name_end, at - 4), at)
    between = content[name_end : quote.start() if quote else at]
    if quote is not None and not between:
        return None  # The quote closes the name.
    if quote is not None:
        end = _closing(content, at, quote[0])
        listed = b"," in between and _FIRST_ITEM.search(content, max(0, name_start - 8), name_start) is None
        return Setting(name, at, end, True, False, False, listed) if end > at else None
    own_line = _stands_alone(content, name_start)
    limit = min(len(content), at + LONGEST_VALUE)
    stop = (_LINE_END if own_line else _UNQUOTED_END).search(content, at, limit)
    if stop is None and limit < len(content):
        return None
    end = stop.start() if stop else limit
    spaced = between.startswith(b" ") and (b"=" in between or not own_line)
    if own_line:
        value = content[at:end].rstrip()
        if value.endswith((b";", b",", b"{", b"(")):
            own_line = value.endswith(b",")  # Code, unless it is a list of settings.
            value = value.rstrip(b";,")
        if b" " in value:
            return None
        end = at + len(value)
    return Setting(name, at, end, False, own_line, spaced)


def _stands_alone(content: bytes, at: int) -> bool:
    """Say whether nothing but what introduces a setting stands on the line before the name."""
    lowest = max(0, at - _LONGEST_PREFIX)
    newline = content.rfind(b"\n", lowest, at)
    if newline < 0 and lowest > 0:
        return False
    return _SETTING_LINE.match(content[newline + 1 : at]) is not None


def _closing(content: bytes, at: int, quote: bytes) -> int:
    """Return where a quoted value ends: at the same quote with the same backslashes, on the same line; else 0."""
    limit = min(len(content), at + LONGEST_VALUE)
    newline = content.find(b"\n", at, limit)
    limit = newline if newline >= 0 else limit
    end = content.find(quote, at, limit)
    while len(quote) == 1 and end > at and content[end - 1] == 0x5C and content[end - 2] != 0x5C:
        end = content.find(quote, end + 1, limit)
    return max(end, 0)


def refine_secret(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take the value of a secret, token or key if a machine made it."""
    setting = read_setting(content, match, Named.SECRET)
    if setting is None:
        return
    value = content[setting.start : setting.end]
    if not setting.quoted and (
        _BRACKETS.search(value) or b"badge" in content[max(0, setting.start - 80) : setting.start]
    ):
        return
    if plausible_secret(value):
        yield Secret(setting.start, setting.end)


def refine_password(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take the value of a password if it is hard enough to be meant."""
    setting = read_setting(content, match, Named.PASSWORD)
    if setting is None:
        return
    value = content[setting.start : setting.end]
    if not setting.quoted and (_IDENTIFIER.fullmatch(value) or (setting.spaced and not setting.line)):
        return  # A variable or a type looks the same.
    if plausible_password(value):
        yield Secret(setting.start, setting.end)


def refine_weak_password(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take the value of a password that a person chose, where the syntax shows that it is a value."""
    setting = read_setting(content, match, Named.PASSWORD)
    if setting is None or is_about_tests(setting.name):
        return
    value = content[setting.start : setting.end]
    if setting.listed or (not setting.quoted and (setting.spaced or not setting.line)):
        return
    if plausible_weak_password(value) and not plausible_password(value):
        yield Secret(setting.start, setting.end)


def _reads_as_secret(name: bytes, value: bytes) -> bool:
    """Judge a value whose syntax is certain by its name alone."""
    kind = announces(name)
    if kind is Named.PASSWORD:
        return plausible_password(value) or plausible_weak_password(value)
    return kind is Named.SECRET and plausible_secret(value)


def refine_element(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take the text of an XML element if the element's name, or a name in its attributes, announces a secret."""
    text = match["value"]
    start = match.start("value")
    if content.endswith(b"<![CDATA[", max(0, start - 9), start):
        text = text.removesuffix(b"]]")
    start += len(text) - len(text.lstrip())
    text = text.strip()
    value = html.unescape(text.decode("latin-1")).encode("latin-1", "replace")
    if _reads_as_secret(_whole_name(content, match.start()), value):
        yield Secret(start, start + len(text), value)


def refine_named_value(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take the value that stands in a field beside the field with the name."""
    if _reads_as_secret(_whole_name(content, match.start()), match["value"]):
        yield Secret(*match.span("value"))


def refine_chosen(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take a value in a place for passwords, if it is a password rather than a word."""
    if plausible_password(match["value"]) or plausible_weak_password(match["value"]):
        yield Secret(*match.span("value"))


def refine_argument(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take the second argument of a call that takes a user and a password."""
    if plausible_password(match["value"]):
        yield Secret(*match.span("value"))
