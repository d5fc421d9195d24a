"""The interface of the scanner: bytes in, findings out. What lies behind it may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from posture.common.secret_value import SecretValue


@dataclass(frozen=True, slots=True)
class Finding:
    """One secret in one piece of content. It holds the value, so it never leaves the collector."""

    rule: str
    """Slug of the format that matched."""
    value: SecretValue
    start: int
    """Offset of the value's first byte in the content."""
    end: int
    line: int
    """1-based line of the first byte."""
    end_line: int
    confidence: str


class Engine(Protocol):
    """A scanner over all formats, safe to reuse for any number of blobs, in one process."""

    rules: Mapping[str, str]
    """Format slug → digest of all that decides what it finds."""
    rule_set: str
    """One digest of the whole, to be stored beside what was scanned with it."""

    def scan(self, content: bytes) -> list[Finding]:
        """Return the findings in `content`, in order of offset, each value once per place.

        What is found depends on the content only, never on a path, so that it can be remembered per blob.
        """
        ...
