"""The webhooks that the server's operator set: a file names them, no page and no API does (SECURITY P3).

Their addresses and keys are credentials: the file holds the names of these, and they are read when something is sent.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings

from posture.common.credential_reference import BadReference, check_reference
from posture.common.env import SettingError

FORMATS = ("slack", "signed")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_KIND = re.compile(r"[a-z][a-z0-9_.]{0,98}(\.\*)?")
_FIELDS = {"format", "url", "key", "kinds"}


@dataclass(frozen=True)
class Webhook:
    """One place that is told."""

    name: str
    format: str
    url: str
    """The name of the credential that holds the address."""
    key: str = ""
    """The name of the credential that signs, for the signed format."""
    kinds: tuple[str, ...] = ()
    """Which kinds it is told, `incident.*` for all of a slice; none means all."""

    def takes(self, kind: str) -> bool:
        """Say whether it is told of a kind."""
        return not self.kinds or any(
            kind == each or (each.endswith(".*") and kind.startswith(each[:-1])) for each in self.kinds
        )


def webhooks() -> Mapping[str, Webhook]:
    """Return the webhooks by name, as the file was when this process first asked.

    Raises:
        SettingError: the file can't be used.
    """
    return read_webhooks(settings.WEBHOOKS_PATH)


@lru_cache(maxsize=8)
def read_webhooks(path: str) -> Mapping[str, Webhook]:
    """Read the file of webhooks.

    Raises:
        SettingError: it can't be used; the message repeats nothing of it but names.
    """
    if not path:
        return MappingProxyType({})
    try:
        tables = tomllib.loads(Path(path).expanduser().read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingError(f"The file that POSTURE_WEBHOOKS_PATH names cannot be read: {error.strerror}.") from None
    except ValueError:
        raise SettingError("The file that POSTURE_WEBHOOKS_PATH names is not TOML; the README shows one.") from None
    return MappingProxyType({name: _webhook(name, table) for name, table in tables.items()})


def _webhook(name: str, table: Any) -> Webhook:
    if not _NAME.fullmatch(name) or not isinstance(table, dict):
        raise SettingError("A webhook is a table with a name such as [security-chat]: small letters, digits, hyphens.")
    if unknown := set(table) - _FIELDS:
        raise SettingError(
            f"The webhook {name} has {len(unknown)} unknown entries; known are {', '.join(sorted(_FIELDS))}."
        )
    if table.get("format") not in FORMATS:
        raise SettingError(f"The webhook {name} needs a format: {' or '.join(FORMATS)}.")
    kinds = table.get("kinds", [])
    if not isinstance(kinds, list) or not all(isinstance(each, str) and _KIND.fullmatch(each) for each in kinds):
        raise SettingError(f'The kinds of the webhook {name} are a list such as ["incident.*"].')
    signed = table["format"] == "signed"
    if ("key" in table) is not signed:
        raise SettingError(f"The webhook {name}: a key goes with the signed format, and only with that.")
    return Webhook(
        name,
        table["format"],
        _reference(name, "url", table.get("url")),
        _reference(name, "key", table["key"]) if signed else "",
        tuple(kinds),
    )


def _reference(name: str, field: str, given: Any) -> str:
    try:
        if isinstance(given, str) and given and not given.startswith("vault:"):
            return check_reference(given)
    except BadReference:
        pass
    raise SettingError(
        f"The {field} of the webhook {name} is the name of a credential: env:POSTURE_CREDENTIAL_NAME or file:NAME."
    )
