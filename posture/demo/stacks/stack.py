"""What kind of code a repository holds, and how such code grows, as templates that read like that code.

Templates are written about a `thing` in an app called `app-name`; every repository puts its own nouns
and name there. `Thing`, `things`, `app_name` and `App Title` follow the same way.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One commit of a feature: files that are new, and text added to files that are there."""

    message: str
    files: Mapping[str, str] = field(default_factory=dict)
    append: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fix:
    """One later commit that changes a line or two of a feature's file."""

    message: str
    path: str
    old: str
    new: str


Manifest = Callable[[str, str, Mapping[str, str]], dict[str, str]]
"""Name, version and dependencies of an app → its package and lock files."""


@dataclass(frozen=True)
class Stack:
    """A kind of repository."""

    start: Mapping[str, str]
    """The files of the first commits."""
    feature: tuple[Step, ...]
    fixes: tuple[Fix, ...]
    dependencies: Mapping[str, str]
    manifest: Manifest
    test_command: str
    """What its workflow runs."""
    image: str | None = None
    """Base image of its Dockerfile, where it has one."""


def fill(template: str, *, app: str, thing: str = "") -> str:
    """Put a repository's name and a noun into a template."""
    text = template.replace("app-name", app).replace("app_name", app.replace("-", "_"))
    text = text.replace("App Title", app.replace("-", " ").capitalize())
    if thing:
        for word, noun in (("things", plural(thing)), ("thing", thing)):
            text = re.sub(rf"(?<![a-z]){word}(?![a-z])", noun, text)
            text = re.sub(rf"{word.capitalize()}(?![a-z])", noun.capitalize(), text)
    return text


def plural(noun: str) -> str:
    """Return the plural of a regular noun."""
    if noun.endswith("y"):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def digest(*parts: str, algorithm: str = "sha256") -> bytes:
    """Return the made-up digest of a package file, the same whenever it is asked for."""
    return hashlib.new(algorithm, "\0".join(parts).encode()).digest()
