"""Names that were told before a value was found that stands in them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetoldRecord:
    """Names that earlier reads told and that are told otherwise now, since a value was found that stands in them.

    They are paths, authors and e-mail addresses of exposures. Sent before any exposure of the read, so that no
    place is told under two names.
    """

    texts: Mapping[str, str]
    """`text_digest` of the name as it was told → the name as it is told now."""


def text_digest(text: str) -> str:
    """Return the key by which a stored name is found again without being repeated."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
