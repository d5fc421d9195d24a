"""Anchors: the head of the chain, written outside the database, so that a cut or rewritten chain is found (D4)."""

from __future__ import annotations

import json
import logging
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

logger = logging.getLogger(__name__)

FILE = "anchors.jsonl"
EVERY_SECONDS = 60.0
EVERY_EVENTS = 1000
_TAIL_BYTES = 4096


class AnchorError(ValueError):
    """What should be an anchor is none; the message says what one looks like."""


@dataclass(frozen=True)
class Anchor:
    """An event that was the last one at some time."""

    sequence: int
    digest: str
    at: str = ""
    key_id: str = ""


def anchor_file() -> Path:
    """Return the file of this installation's anchors."""
    return Path(settings.AUDIT_ANCHOR_DIR) / FILE


def anchor_when_due(anchor: Anchor) -> bool:
    """Write an anchor where the last one is old enough or far enough behind; says whether it did.

    The act is committed by now, so a full disk stops nobody; it is logged, and the state of the trail shows the age.
    """
    try:
        return write_anchor(anchor) if _is_due(anchor.sequence) else False
    except (OSError, AnchorError) as error:
        logger.error("The audit anchor could not be written: %s", getattr(error, "strerror", None) or error)
        return False


def write_anchor(anchor: Anchor) -> bool:
    """Append an anchor, unless one as new is there; the log gets it too, so that it stands in two places.

    Raises:
        OSError: the file cannot be written.
        AnchorError: its last line is no anchor.
    """
    newest = newest_anchor()
    if newest is not None and newest.sequence >= anchor.sequence:
        return False
    path = anchor_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = json.dumps(asdict(anchor), separators=(",", ":")) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # One write, so that two processes do not mix their lines.
        os.write(descriptor, line.encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    logger.info("Audit anchor: event %d is %s, key %s", anchor.sequence, anchor.digest, anchor.key_id)
    return True


def newest_anchor() -> Anchor | None:
    """Return the last anchor of the file, or nothing.

    Raises:
        OSError: the file cannot be read.
        AnchorError: its last line is no anchor.
    """
    try:
        with anchor_file().open("rb") as handle:
            end = handle.seek(0, os.SEEK_END)
            handle.seek(max(0, end - _TAIL_BYTES))
            lines = handle.read().splitlines()
    except FileNotFoundError:
        return None
    return _parsed(lines[-1].decode("utf-8", "replace"), str(anchor_file())) if lines else None


def read_anchors(path: Path) -> list[Anchor]:
    """Return the anchors of a file, by their place in the chain.

    Raises:
        OSError: it cannot be read.
        AnchorError: a line is no anchor.
    """
    with path.open(encoding="utf-8", errors="replace") as lines:
        found = [_parsed(line, f"{path} line {number}") for number, line in enumerate(lines, 1) if line.strip()]
    return sorted(found, key=lambda anchor: anchor.sequence)


def given_anchors(text: str) -> list[Anchor]:
    """Return what a person names as an anchor: a file, or `SEQUENCE:DIGEST` as the log shows it.

    Raises:
        OSError: the file cannot be read.
        AnchorError: it is neither.
    """
    sequence, colon, digest = text.partition(":")
    if colon and sequence.isascii() and sequence.isdigit():
        return [_checked(int(sequence), digest.strip().lower(), {}, "--anchor")]
    return read_anchors(Path(text))


def _parsed(line: str, where: str) -> Anchor:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _no_anchor(where) from error
    if not isinstance(found, dict):
        raise _no_anchor(where)
    return _checked(found.get("sequence"), found.get("digest"), found, where)


def _checked(sequence: Any, digest: Any, rest: dict[str, Any], where: str) -> Anchor:
    right = isinstance(sequence, int) and 0 < sequence < 2**63 and isinstance(digest, str) and len(digest) == 64
    if not right or set(digest) - set("0123456789abcdef"):
        raise _no_anchor(where)
    return Anchor(sequence, digest, str(rest.get("at", ""))[:40], str(rest.get("key_id", ""))[:12])


def _no_anchor(where: str) -> AnchorError:
    return AnchorError(f"{where} is no anchor. One is the number of an event, a colon and the 64 hex digits of it.")


def _is_due(sequence: int) -> bool:
    try:
        age = time.time() - anchor_file().stat().st_mtime
    except FileNotFoundError:
        return True
    if not 0 <= age < EVERY_SECONDS:
        return True
    newest = newest_anchor()
    return newest is None or sequence - newest.sequence >= EVERY_EVENTS
