"""The organisation as code: reads a YAML file of teams, ownership rules and sources, and says what is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from inventory.models.assets import Tier, Visibility
from inventory.ownership import Match, OwnershipError

MOST_BYTES = 5 * 2**20
_INTERVAL = re.compile(r"(\d{1,6})\s*([smhd]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|[^@\s]+@localhost")


class DeclarationError(Exception):
    """The file cannot be used; the message names the place in it and what to write instead."""


@dataclass(frozen=True)
class TeamEntry:
    """One team of the file."""

    slug: str
    name: str
    parent: str | None
    handles: tuple[str, ...]
    members: Mapping[str, str]
    """E-mail address → lead or developer."""


@dataclass(frozen=True)
class RuleEntry:
    """One ownership rule of the file; its place in the list is its order."""

    match: str
    team: str | None
    tier: str
    environment: str
    visibility: str


@dataclass(frozen=True)
class SourceEntry:
    """One source of the file."""

    name: str
    kind: str
    config: Mapping[str, Any]
    interval: int
    credential: str


@dataclass(frozen=True)
class Declaration:
    """All that the file names; None where it does not speak about that part at all."""

    teams: tuple[TeamEntry, ...] | None = None
    ownership: tuple[RuleEntry, ...] | None = None
    sources: tuple[SourceEntry, ...] | None = None


@dataclass
class _Reader:
    """Reads one mapping and remembers which keys it was asked for, so that a typing error is not overlooked."""

    place: str
    raw: Mapping[str, Any]
    asked: set[str] = field(default_factory=set)

    def text(self, key: str, *, required: bool = False, default: str = "") -> str:
        self.asked.add(key)
        value = self.raw.get(key)
        if value is None:
            if required:
                raise DeclarationError(f"{self.place} needs {key!r}.")
            return default
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            raise DeclarationError(f"{self.place}: {key!r} must be text.")
        return str(value).strip()

    def choice(self, key: str, allowed: list[str]) -> str:
        value = self.text(key)
        if value and value not in allowed:
            raise DeclarationError(f"{self.place}: {key!r} is {value!r}. Write one of: {', '.join(allowed)}.")
        return value

    def rows(self, key: str) -> list[_Reader]:
        self.asked.add(key)
        value = self.raw.get(key) or []
        if not isinstance(value, list):
            raise DeclarationError(f"{self.place}: {key!r} must be a list.")
        return [_reader(f"{self.place}, {key} {number}", row) for number, row in enumerate(value, 1)]

    def end(self) -> None:
        unknown = sorted(set(map(str, self.raw)) - self.asked)
        if unknown:
            known = ", ".join(sorted(self.asked))
            raise DeclarationError(f"{self.place} does not know {unknown[0]!r}. It knows: {known}.")


def _reader(place: str, raw: Any) -> _Reader:
    if not isinstance(raw, Mapping):
        raise DeclarationError(f"{place} must be a mapping of names to values.")
    return _Reader(place, raw)


def read_declaration(content: str) -> Declaration:
    """Read the file's text.

    Raises:
        DeclarationError: it is not YAML, or something in it is unknown, missing, of the wrong type or named twice.
    """
    if len(content) > MOST_BYTES:
        raise DeclarationError(f"The file is larger than {MOST_BYTES // 2**20} MiB.")
    try:
        raw = yaml.safe_load(content)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise DeclarationError(f"The file is not YAML{where}.") from error
    top = _reader("The file", raw or {})
    found = Declaration(
        teams=_teams(top) if "teams" in top.raw else None,
        ownership=_rules(top) if "ownership" in top.raw else None,
        sources=_sources(top) if "sources" in top.raw else None,
    )
    top.asked |= {"teams", "ownership", "sources"}
    top.end()
    return found


def _teams(top: _Reader) -> tuple[TeamEntry, ...]:
    teams = []
    for row in top.rows("teams"):
        slug = row.text("slug", required=True)
        if not _SLUG.fullmatch(slug):
            raise DeclarationError(f"{row.place}: the slug {slug!r} may hold small letters, digits and hyphens only.")
        row.asked.add("handles")
        handles = row.raw.get("handles") or []
        if not isinstance(handles, list) or not all(isinstance(each, str) for each in handles):
            raise DeclarationError(f"{row.place}: 'handles' must be a list of CODEOWNERS handles.")
        teams.append(
            TeamEntry(slug, row.text("name", default=slug), row.text("parent") or None, tuple(handles), _members(row))
        )
        row.end()
    _once("team", [team.slug for team in teams])
    return tuple(teams)


def _members(row: _Reader) -> dict[str, str]:
    members = {}
    for member in row.rows("members"):
        email = member.text("email", required=True).lower()
        if not _EMAIL.fullmatch(email):
            raise DeclarationError(f"{member.place}: {email!r} is not an e-mail address.")
        members[email] = member.choice("role", ["lead", "developer"]) or "developer"
        member.end()
    return members


def _rules(top: _Reader) -> tuple[RuleEntry, ...]:
    rules = []
    for row in top.rows("ownership"):
        match = row.text("match", required=True)
        try:
            Match.parse(match)
        except OwnershipError as error:
            raise DeclarationError(f"{row.place}: {error}") from error
        rules.append(
            RuleEntry(
                match,
                row.text("team") or None,
                row.choice("tier", Tier.values),
                row.text("environment"),
                row.choice("visibility", Visibility.values),
            )
        )
        row.end()
    _once("ownership rule", [rule.match for rule in rules])
    return tuple(rules)


def _sources(top: _Reader) -> tuple[SourceEntry, ...]:
    sources = []
    for row in top.rows("sources"):
        row.asked.add("config")
        config = row.raw.get("config") or {}
        if not isinstance(config, Mapping):
            raise DeclarationError(f"{row.place}: 'config' must be a mapping.")
        sources.append(
            SourceEntry(
                row.text("name", required=True),
                row.text("kind", required=True),
                {str(key): value for key, value in config.items()},
                read_interval(row.text("interval", default="1h"), row.place),
                row.text("credential"),
            )
        )
        row.end()
    _once("source", [source.name for source in sources])
    return tuple(sources)


def read_interval(text: str, place: str) -> int:
    """Return an interval such as `15m`, `2h` or `1d` in seconds.

    Raises:
        DeclarationError: it is not one, or is shorter than a minute.
    """
    found = _INTERVAL.fullmatch(text)
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if seconds < 60:
        raise DeclarationError(f"{place}: write the interval as 15m, 2h or 1d, a minute or more.")
    return seconds


def _once(what: str, names: list[str]) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DeclarationError(f"The {what} {twice!r} stands in the file twice.")
