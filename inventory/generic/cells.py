"""What one cell of a file says: a text, a day, yes or no. A cell that says none of it is refused, never repeated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

MOST_TEXT = 1000
_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})
# Systems write such days where they have none: the beginning of the epoch, of the calendar, of a spreadsheet.
_FIRST_YEAR = 1990
_SKEW = timedelta(days=1)
SEPARATOR = "|"


class Unfit(ValueError):
    """A cell does not hold what its column is for. The message completes "created_at: …"."""


def text(value: Any, most: int = MOST_TEXT) -> str:
    """Return a text as it stands; nothing where there is none."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unfit("not a text")
    if len(value) > most:
        raise Unfit(f"longer than {most} characters")
    if "\x00" in value or (not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value)):
        raise Unfit("holds a character that no name can have (NUL or half of one)")
    return value


def word(value: Any, known: tuple[str, ...], default: str = "") -> str:
    """Return one of the known words, however its capitals are written."""
    said = text(value).strip().lower()
    if not said:
        return default
    if said not in known:
        raise Unfit(f"not one of {', '.join(known)}")
    return said


def words(value: Any, most: int = 500) -> tuple[str, ...]:
    """Return the parts of a list, or of a text with a | between them."""
    if value is None or value == "":
        return ()
    parts = value.split(SEPARATOR) if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise Unfit("not a list")
    if len(parts) > most:
        raise Unfit(f"more than {most} of them")
    return tuple(filter(None, (text(each).strip() for each in parts)))


def flag(value: Any) -> bool | None:
    """Return yes, no, or None where the file does not say."""
    if value is None or isinstance(value, bool):
        return value
    said = text(value).strip().lower()
    if said in _YES:
        return True
    if said in _NO:
        return False
    if said:
        raise Unfit("not yes or no")
    return None


def number(value: Any) -> int | None:
    """Return a count, or None where the file does not say."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1_000_000_000:
        raise Unfit("not a number of things")
    return value


def day(value: Any, now: datetime | None = None) -> tuple[datetime | None, str]:
    """Return a moment in UTC and, where it is not known, why. With `now`, it must have come already."""
    said = value.strip() if isinstance(value, str) else value
    if said is None or said == "":
        return None, "the file does not say"
    if not isinstance(said, str):
        raise Unfit("not a date; write it as 2026-01-31 or 2026-01-31T12:00:00Z")
    try:
        found = datetime.fromisoformat(said)
        if found.year < _FIRST_YEAR:
            return None, f"the file says a day before {_FIRST_YEAR}, which systems write where they have none"
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit("not a date; write it as 2026-01-31 or 2026-01-31T12:00:00Z") from None
    if now is not None and found > now + _SKEW:
        return None, "the file says a day that is still to come"
    return found, ""


__all__ = ["SEPARATOR", "Unfit", "day", "flag", "number", "text", "word", "words"]
