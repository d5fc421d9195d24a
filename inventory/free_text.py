"""What people write in their own words is kept for years, and must not hold a secret value (SECURITY D1).

Reasons, comments and answers are where a value gets pasted: "it was …, I rotated it". They are refused, not redacted,
so that whoever wrote it says it again in words, and nothing of it was stored.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings

from inventory.detection.engine import Engine
from inventory.detection.hyperscan_engine import load_engine


class HoldsValue(ValueError):
    """The text looks as if it held a secret value; the words say what to do, and nothing of the value."""

    def __init__(self) -> None:
        super().__init__(
            "This looks as if it held a secret value, so it was not kept. Say it without the value: what it is and "
            "where it stands is enough."
        )


@cache
def _engine() -> Engine:
    """Return the scanner of this process, made when somebody first writes something."""
    return load_engine(settings.DATA_DIR / "engine")  # Where collectors keep their compiled formats too.


def refuse_values(*texts: str) -> None:
    """Refuse words in which the scanner that judges repositories finds a value.

    Raises:
        HoldsValue: it does.
    """
    for text in texts:
        if text and _engine().scan(text.encode("utf-8", "replace")):
            raise HoldsValue
