"""Reads the settings of a store's source, as forms and files give them: what all store collectors ask alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from inventory.collector import CollectorError, ConfigField

MOST_AT_ONCE = 16
FINGERPRINT = ConfigField(
    "fingerprint",
    "Fingerprints",
    "Read values, one at a time, to recognise them elsewhere. Only their fingerprints are kept.",
    kind="boolean",
    default=False,
)
"""Whether values are read; a collector that does more with it describes it in its own words."""
CONCURRENCY = ConfigField(
    "concurrency",
    "Requests at once",
    f"How many at the same time, 1 to {MOST_AT_ONCE}.",
    kind="number",
    default=4,
)
_YES, _NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")


@dataclass(frozen=True, slots=True)
class Settings:
    """What somebody configured, read by the fields that a collector has."""

    given: Mapping[str, Any]
    fields: Mapping[str, ConfigField]

    @classmethod
    def of(cls, config: Mapping[str, Any], fields: Iterable[ConfigField]) -> Settings:
        """Take a configuration.

        Raises:
            CollectorError: it names what is no field.
        """
        known = {field.name: field for field in fields}
        if unknown := sorted(map(str, set(config) - set(known))):
            raise wrong(f"Unknown settings: {', '.join(unknown)}. Give {', '.join(known)}.")
        return cls(config, known)

    def text(self, name: str) -> str:
        """Return a text without what surrounds it."""
        return str(self.given.get(name) or "").strip()

    def listed(self, name: str) -> list[str]:
        """Return what a field names, each once."""
        return listed(self.given.get(name))

    def yes(self, name: str) -> bool:
        """Return whether something is switched on, else what the field says by itself.

        Raises:
            CollectorError: it is neither yes nor no.
        """
        given = self.given.get(name)
        if given in (None, ""):
            return bool(self.fields[name].default)
        if isinstance(given, bool):
            return given
        said = str(given).strip().lower()
        if said not in _YES + _NO:
            raise wrong(f"{self._called(name)} is yes or no.")
        return said in _YES

    def number(self, name: str, most: int = MOST_AT_ONCE) -> int:
        """Return a number of at least one, else the one that the field says by itself.

        Raises:
            CollectorError: it is none, or more than `most`.
        """
        given = self.given.get(name)
        try:
            number = int(self.fields[name].default if given in (None, "") else given)
        except (OverflowError, TypeError, ValueError):
            number = 0
        if not 1 <= number <= most:
            raise wrong(f"{self._called(name)} is a number from 1 to {most}.")
        return number

    def _called(self, name: str) -> str:
        """Return how a form and how a file calls a field."""
        return f"{self.fields[name].label} ({name})"


def listed(given: Any) -> list[str]:
    """Return what a list names, each once."""
    return list(dict.fromkeys(filter(None, re.split(r"[,\s]+", as_text(given)))))


def as_text(given: Any) -> str:
    """Return a list as text: a form gives text, a file may give a list."""
    return ", ".join(map(str, given)) if isinstance(given, list | tuple) else str(given or "").strip()


def parts_of(address: str, schemes: tuple[str, ...] = ("http", "https")) -> SplitResult | None:
    """Return the parts of an address; None where it names no host, an impossible port or another scheme."""
    try:
        parts = urlsplit(address)
        fine = parts.scheme in schemes and parts.hostname and (parts.port or 1)
    except ValueError:
        return None
    return parts if fine else None


def host_alone(address: str, schemes: tuple[str, ...] = ("http", "https")) -> str:
    """Return an address of host and port, written one way; empty where it is none, or where more stands in it."""
    parts = parts_of(address, schemes)
    if parts is None or parts.username is not None or parts.query or parts.fragment or parts.path.rstrip("/"):
        return ""
    return f"{parts.scheme}://{parts.netloc.lower()}"


def wrong(message: str) -> CollectorError:
    """Return the error of a setting that cannot be; trying again does not help."""
    return CollectorError(message, permanent=True)


__all__ = [
    "CONCURRENCY",
    "FINGERPRINT",
    "MOST_AT_ONCE",
    "Settings",
    "as_text",
    "host_alone",
    "listed",
    "parts_of",
    "wrong",
]
