"""How random a value looks: Shannon entropy and likeness to words."""

from __future__ import annotations

import math
from collections import Counter


def entropy(value: bytes) -> float:
    """Shannon entropy per byte, in bits (0 to 8)."""
    total = len(value)
    if not total:
        return 0.0
    return -sum(count / total * math.log2(count / total) for count in Counter(value).values())
