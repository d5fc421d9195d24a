"""What the demo organisation consists of, as plain data without any secret value, for whoever sets it up."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Role(StrEnum):
    """What a person of the demo may do; the words are those of the product's own roles."""

    LEADER = "leader"
    ENGINEER = "engineer"
    LEAD = "lead"
    DEVELOPER = "developer"


class Where(StrEnum):
    """Where in its repository a planted secret stands, in the words of the collectors."""

    TIP = "tip"
    REF = "ref"
    HISTORY = "history"


@dataclass(frozen=True)
class Person:
    """Somebody of the organisation; `champion` marks a team's security champion."""

    name: str
    email: str
    role: Role
    champion: bool = False


@dataclass(frozen=True)
class Team:
    """One team, its place in the tree and its people."""

    slug: str
    name: str
    parent: str | None
    handles: tuple[str, ...]
    """How CODEOWNERS files name it."""
    members: tuple[Person, ...]

    @property
    def champion(self) -> Person | None:
        """The team's security champion, if it has one."""
        return next((person for person in self.members if person.champion), None)


@dataclass(frozen=True)
class OwnershipRule:
    """What an asset is given by its name: a team, and what the severity of its findings depends on."""

    match: str
    """A kind (`repository`, `mount`, `secret`, `principal`) and a pattern of names; a repository's has no `.git`."""
    team: str
    tier: str | None = None
    environment: str | None = None
    visibility: str | None = None


@dataclass(frozen=True)
class Repository:
    """One repository as it ought to come out of a collection."""

    name: str
    visibility: str
    team: str | None
    """The owning team by ownership rule or CODEOWNERS, or nobody."""
    note: str = ""
    """What is special about it: empty, shallow, with a submodule."""


@dataclass(frozen=True)
class Planted:
    """One place where a fake secret was put, without its value."""

    repository: str
    path: str
    kind: str
    """A hint at the rule that should find it, such as `stripe-secret-key`."""
    where: Where
    name: str
    """The same for all places of one value; it says nothing of the value itself."""


@dataclass(frozen=True)
class Decoy:
    """A file that looks as if it held secrets and holds none, so that nothing may be found in it."""

    repository: str
    path: str
    reason: str


@dataclass(frozen=True)
class Source:
    """What the demo collects from, in the fields of a source."""

    name: str
    kind: str
    config: dict[str, str]
    interval: str


@dataclass(frozen=True)
class DemoOrganisation:
    """The whole demo organisation, for the command that writes it to the database and for tests."""

    slug: str
    name: str
    root: Path
    """The folder that holds the bare repositories."""
    people: tuple[Person, ...]
    """Those above the teams: the security leader and engineers."""
    teams: tuple[Team, ...]
    rules: tuple[OwnershipRule, ...]
    repositories: tuple[Repository, ...]
    sources: tuple[Source, ...]
    planted: tuple[Planted, ...] = field(default=())
    decoys: tuple[Decoy, ...] = field(default=())


class DemoError(Exception):
    """The demo organisation cannot be made; the message says why and what to do."""
