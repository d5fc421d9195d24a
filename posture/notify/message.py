"""What is told: plain text, bounded, one line each, with a link that stays in the product (SECURITY D6)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

KEY, SUBJECT, LINE, LINES, ADDRESS = 200, 150, 500, 40, 500
"""The most characters of a key, a subject, a line and an address, and the most lines."""
_KEPT_INVISIBLE = "\u200c\u200d"
"""Joiners, which several scripts write words with; every other invisible character only deceives."""


@dataclass(frozen=True)
class Message:
    """One thing to tell. The caller answers for what it says: no secret value, nothing the people may not see."""

    kind: str
    """A registered kind, such as `incident.opened`."""
    key: str
    """What is told once per person: `incident:42:opened:1`."""
    subject: str
    lines: tuple[str, ...]
    """Sentences of plain text."""
    url: str = ""
    """A path within the product, such as `/incidents/42/`."""
    urgent: bool = False
    """Whether it skips digest and quiet hours, for people who let it."""


def bounded(message: Message) -> Message:
    """Return the message as it may be stored and sent: no control characters, no longer than the bounds.

    Raises:
        ValueError: its key is too long or empty, or its address leads out of the product.
    """
    if not message.key or len(message.key) > KEY or one_line(message.key, KEY) != message.key:
        raise ValueError(f"A message's key has 1 to {KEY} visible characters.")
    return Message(
        kind=message.kind,
        key=message.key,
        subject=one_line(message.subject, SUBJECT) or "Secrets posture",
        lines=_few([one_line(line, LINE) for line in message.lines]),
        url=_path(message.url),
        urgent=message.urgent,
    )


def one_line(text: str, most: int) -> str:
    """Return a text on one line: white space tidied, nothing invisible, cut where it is too long."""
    told = " ".join(_visible(text).split())
    return told if len(told) <= most else f"{told[: most - 1].rstrip()}…"


def _visible(text: str) -> str:
    # Control characters become spaces, so that what stood on two lines stays two words; the rest goes.
    return "".join(
        each
        if each.isprintable() or each in _KEPT_INVISIBLE
        else " "
        if unicodedata.category(each) in ("Cc", "Zl", "Zp", "Zs")
        else ""
        for each in text
    )


def _few(lines: list[str]) -> tuple[str, ...]:
    told = [line for line in lines if line]
    if len(told) <= LINES:
        return tuple(told)
    return (*told[: LINES - 1], f"And {len(told) - LINES + 1} more lines, which the page shows.")


def _path(url: str) -> str:
    if not url:
        return ""
    foreign = not url.startswith("/") or url.startswith("//") or "\\" in url
    if foreign or len(url) > ADDRESS or not (url.isascii() and url.isprintable()) or " " in url:
        raise ValueError("A message's address is a path within the product, such as /incidents/42/.")
    return url
