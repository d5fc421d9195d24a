"""What the values of a secret are called, as it may be shown: people put tokens and passwords into names too.

A document such as `{"accounts": {"<token>": {...}}}` has a value where a name belongs. Such a part stands as
`[redacted 1]`, numbered in the order of the secret's names, so that two of them stay two.
"""

from __future__ import annotations

import re

from inventory.detection.engine import Engine
from inventory.detection.plausibility import plausible_password, plausible_secret

MOST_PART = 100
"""What is longer is no name."""
_WITHIN = re.compile(r"[\s/:@,;=|]+")
# Words with a number (`id_ed25519`, `eu-west-1`, `K8S_TOKEN`, `2024-06-01`) are names, however odd their letters.
_SPOKEN = re.compile(r"(?:\A|[-_./:@ ]+)(?:[A-Za-z]{1,12}\d{0,5}|[A-Za-z]\d{1,2}[A-Za-z]|\d{1,4})(?=[-_./:@ ]|\Z)")
_JUMBLED = re.compile(r"(?:[A-Za-z]+\d+){3}")
_USUAL = re.compile(r"[\w./:@ -]*", re.ASCII)


class HeldNames:
    """The names of the values of one version of a secret."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._numbers: dict[str, int] = {}

    def shown(self, name: str) -> str:
        """Return a name of parts joined by dots, without any part that is or holds a value."""
        content = name.encode("utf-8", "replace")
        name = content.decode()
        for finding in self._engine.scan(content):
            found = content[finding.start : finding.end].decode("utf-8", "replace")
            name = name.replace(found, self._hidden(found))
        name = ".".join(self._hidden(part) if _is_value(part) else part for part in name.split("."))
        return self._hidden(name) if _reads_like_value(name) else name

    def _hidden(self, text: str) -> str:
        return f"[redacted {self._numbers.setdefault(text, len(self._numbers) + 1)}]"


def _is_value(part: str) -> bool:
    if len(part) > MOST_PART or not part.isprintable():
        return True
    return any(map(_reads_like_value, (part, *_WITHIN.split(part))))


def _reads_like_value(text: str) -> bool:
    content = text.encode()
    if plausible_secret(content):
        return _SPOKEN.sub("", text) != ""
    if _JUMBLED.search(text):
        return True
    # In letters and digits alone a password that a person chose looks like any name.
    return _USUAL.fullmatch(text) is None and plausible_password(content)


__all__ = ["HeldNames"]
