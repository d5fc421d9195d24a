"""Refinements for passwords inside addresses and connection strings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

import regex

from inventory.detection.plausibility import is_placeholder, is_reference, plausible_password, plausible_weak_password
from inventory.detection.provider import Format
from inventory.detection.randomness import looks_random
from inventory.detection.rule import Secret

_USER = regex.compile(rb"://([^:]*):")
_HOST = regex.compile(rb"[A-Za-z0-9.*_%\[\]:-]{1,253}")
# Hosts that only name the speaker's own machine, or are kept free for examples (RFC 2606, RFC 6761).
_NOWHERE = regex.compile(
    rb"(?i)(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|(?:.*\.)?example(?:\.\w+)?|(?:.*\.)?(?:test|invalid|localhost|local)"
    rb"|host|hostname|server|myserver|myhost|proxy|foo|bar|db|my[-_]?\w*|some[-_]?\w*|your[-_.]?[\w.-]*)(?::\d+|:)?\Z"
)
_EXPRESSION = regex.compile(rb"[*+?]\)|\(\?|\[\^|\.\*|\\[\w.]")


def refine_url(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take the password of an address unless it, its user or its host shows that the address is an illustration."""
    start, end = match.span("value")
    raw = content[start:end]
    user_match = _USER.search(match[0])
    user = user_match[1] if user_match else b""
    host = _HOST.match(content, end + 1, min(len(content), end + 260))
    if _EXPRESSION.search(match[0]) or is_reference(user) or is_reference(raw) or b"$" in user:
        return
    value = unquote_to_bytes(raw)
    if is_placeholder(value) or any(byte >= 0x7F or byte < 0x20 for byte in value):
        return
    somewhere = host is not None and _NOWHERE.match(host[0]) is None
    if looks_random(value) or (somewhere and _meant(value, user, form)):
        yield Secret(start, end, value)


def _meant(value: bytes, user: bytes, form: Format) -> bool:
    """Say whether a password that is no random string is still one: not the user's name, not a word."""
    if value.lower() == user.lower() or len(value) < 5:
        return False
    if form.slug == "database-url":
        return True
    return plausible_password(value) or plausible_weak_password(value)


def refine_connection(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take the password of a connection string unless it is a word or a reference."""
    if plausible_password(match["value"]) or plausible_weak_password(match["value"]):
        yield Secret(*match.span("value"))
