"""Refinement for settings inside base64: whole configuration files are often carried that way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import regex

from inventory.detection.base64_text import decode_base64
from inventory.detection.provider import Format
from inventory.detection.rule import CONTEXT_AFTER, CONTEXT_BEFORE, Refine, Rule, Secret

_BASE64_BYTES = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_RUN = regex.compile(rb"[A-Za-z0-9+/]+={0,2}")
_TEXT = regex.compile(rb"[\x20-\x7e\r\n\t]{12,}")


def refine_with(settings: Sequence[Rule]) -> Refine:
    """Return a refinement that decodes the run around a match and judges the settings in it like plain ones."""

    def refine(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
        start = match.start()
        lowest = max(0, start - CONTEXT_BEFORE + 1)
        while start > lowest and content[start - 1] in _BASE64_BYTES:
            start -= 1
        run = _RUN.match(content, start, min(len(content), match.end() + CONTEXT_AFTER))
        text = decode_base64(run[0]) if run else b""
        if run is None or not _TEXT.fullmatch(text):
            return
        for rule in settings:
            for inner in rule.compiled.finditer(text):
                for secret in rule.refine(text, inner, rule.format):
                    value = text[secret.start : secret.end] if secret.value is None else secret.value
                    yield Secret(run.start(), run.end(), value)
                    return  # One run is one place, so it can hold one finding.

    return refine
