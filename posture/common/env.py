"""Reading of the environment: every setting is a `POSTURE_*` variable, or the same name with `_FILE`."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from posture.common.inside import is_range

# A last part that is a number would make it an address, and those are ranges.
_HOST_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)*(?![0-9]+$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


class SettingError(Exception):
    """A setting in the environment cannot be used; the message says which and what to write instead."""


@dataclass(frozen=True)
class Variable:
    """One documented variable; the README's table is compared with this list by a test."""

    name: str
    default: str
    help: str


VARIABLES: dict[str, Variable] = {}


def text(name: str, default: str, help_text: str) -> str:
    """Return the variable's text, from `NAME` or from the file that `NAME_FILE` names.

    Raises:
        SettingError: the file cannot be read.
    """
    VARIABLES[name] = Variable(name, default, help_text)
    file_name = os.environ.get(f"{name}_FILE")
    if file_name:
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingError(f"{name}_FILE names {file_name}, which cannot be read: {error.strerror}.") from error
    return os.environ.get(name, default)


def number(name: str, default: int, help_text: str, *, least: int = 0) -> int:
    """Return the variable as a whole number of at least `least`.

    Raises:
        SettingError: it is not such a number.
    """
    raw = text(name, str(default), help_text)
    if not raw.strip().isdigit() or int(raw) < least:
        raise SettingError(f"{name} is {raw!r}. Write a whole number of at least {least}.")
    return int(raw)


def flag(name: str, default: bool, help_text: str) -> bool:
    """Return the variable as yes or no.

    Raises:
        SettingError: it is neither.
    """
    raw = text(name, "yes" if default else "no", help_text).strip().lower()
    if raw in {"1", "yes", "true", "on"}:
        return True
    if raw in {"0", "no", "false", "off", ""}:
        return False
    raise SettingError(f"{name} is {raw!r}. Write yes or no.")


def names(name: str, default: str, help_text: str, *, separator: str = ",") -> list[str]:
    """Return the variable as a list of non-empty parts."""
    return [part.strip() for part in text(name, default, help_text).split(separator) if part.strip()]


def hosts(name: str, help_text: str) -> tuple[str, ...]:
    """Return the variable as host names, addresses and ranges.

    Raises:
        SettingError: one is none of these; a range must begin at its first address, so that none is meant too wide.
    """
    entries = tuple(entry.lower().rstrip(".") for entry in names(name, "", help_text))
    for entry in entries:
        if not is_range(entry) and not _HOST_NAME.fullmatch(entry):
            raise SettingError(f"{name} has {entry!r}. Write a host name, an address or a range such as 10.2.0.0/16.")
    return entries
