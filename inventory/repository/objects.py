"""Commits, tags and trees parsed as bytes, one object at a time, so that a bad one hides no other (G22)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from inventory.repository.text import path_text

_SECONDS = re.compile(rb"\d{1,18}")
_ZONE = re.compile(rb"[+-](?:0\d|1[0-4])[0-5]\d")
_TEXT_LIMIT = 300
# Year 9999; later than that no calendar of ours goes.
_LAST_SECOND = 253_402_300_799
_BAD_NAME = re.compile(rb"\.{0,2}|\.git|git~1|\.g.{0,6}it[. ]*", re.IGNORECASE | re.DOTALL)
_SUSPECT_NAME = re.compile(rb"\0(?:\.{0,2}\0|\.[gG]|[gG][iI][tT]~)")
# The second branch swallows all that follows the first malformed byte, so that junk costs linear time.
_ENTRY = {size: re.compile(rb"([0-7]{1,7}) ([^\0]*)\0(.{%d})|.+" % size, re.DOTALL) for size in (20, 32)}


@dataclass(frozen=True, slots=True)
class Person:
    """Who an object says made it, and when."""

    name: str
    email: str
    seconds: int
    sound: bool

    @property
    def at(self) -> datetime:
        """The time in UTC; the beginning of 1970 when the object says none that exists."""
        return datetime.fromtimestamp(self.seconds, UTC)


@dataclass(frozen=True, slots=True)
class Commit:
    """What we need of a commit; `flaw` says what is wrong with it, if anything."""

    tree: bytes | None
    parents: tuple[bytes, ...]
    author: Person
    committer: Person
    flaw: str


def parse_person(line: bytes) -> Person:
    """Read `Name <email> seconds zone`, whatever stands there."""
    before, _, after = line.rpartition(b">")
    name, bracket, email = before.rpartition(b"<")
    if not bracket:
        return Person(path_text(line[:_TEXT_LIMIT]), "", 0, sound=False)
    seconds, _, zone = after.strip().partition(b" ")
    known = _SECONDS.fullmatch(seconds) is not None and int(seconds) <= _LAST_SECOND
    return Person(
        path_text(name.strip()[:_TEXT_LIMIT]),
        path_text(email[:_TEXT_LIMIT]),
        int(seconds) if known else 0,
        sound=known and _ZONE.fullmatch(zone) is not None,
    )


def parse_commit(content: bytes, oid_size: int) -> Commit:
    """Read a commit's header, line by line, and say what is wrong instead of raising."""
    tree: bytes | None = None
    parents: list[bytes] = []
    people: dict[bytes, Person] = {}
    flaw = ""
    for line in content.partition(b"\n\n")[0].split(b"\n"):
        key, _, value = line.partition(b" ")
        if key in (b"tree", b"parent"):
            oid = _oid(value, oid_size)
            if oid is None:
                flaw = flaw or f"malformed {key.decode()}"
            elif key == b"parent":
                parents.append(oid)
            elif tree is None:
                tree = oid
        elif key in (b"author", b"committer") and key not in people:
            people[key] = parse_person(value)
            if not people[key].sound:
                flaw = flaw or f"malformed {key.decode()} or date"
    nobody = Person("", "", 0, sound=False)
    if tree is None or len(people) < 2:
        flaw = flaw or "incomplete header"
    author = people.get(b"author", nobody)
    committer = people.get(b"committer", nobody)
    if not committer.seconds and author.seconds:
        committer = Person(committer.name, committer.email, author.seconds, sound=False)
    return Commit(tree, tuple(parents), author, committer, flaw)


def parse_tag(content: bytes, oid_size: int) -> tuple[bytes | None, Person]:
    """Return what an annotated tag points at, and its tagger."""
    target: bytes | None = None
    tagger = Person("", "", 0, sound=False)
    for line in content.partition(b"\n\n")[0].split(b"\n"):
        key, _, value = line.partition(b" ")
        if key == b"object" and target is None:
            target = _oid(value, oid_size)
        elif key == b"tagger":
            tagger = parse_person(value)
    return target, tagger


def _oid(text: bytes, oid_size: int) -> bytes | None:
    if re.fullmatch(rb"[0-9a-f]{%d}" % (2 * oid_size), text):
        return bytes.fromhex(text.decode())
    return None


def tree_entries(content: bytes, oid_size: int) -> tuple[list[tuple[bytes, bytes, bytes]], int]:
    """Return (mode, name, object id) of a tree, and how many of its bytes make no entry."""
    entries = _ENTRY[oid_size].findall(content)
    if entries and not entries[-1][0]:
        entries.pop()
    if not entries:
        return [], len(content)
    modes, names, _ = zip(*entries, strict=True)
    used = len(b"".join(modes)) + len(b"".join(names)) + len(entries) * (2 + oid_size)
    return entries, len(content) - used


def bad_names(names: Sequence[bytes]) -> int:
    """Return how many of these names git would refuse to check out; we only count them."""
    joined = b"\0".join((b"", *names, b""))
    if b"/" not in joined and not _SUSPECT_NAME.search(joined):
        return 0
    return sum(1 for name in names if b"/" in name or _BAD_NAME.fullmatch(name))


def gitlinks(entries: list[tuple[bytes, bytes, bytes]]) -> Iterator[bytes]:
    """Yield the names of entries that stand for submodules."""
    return (name for mode, name, _ in entries if mode.startswith(b"16"))
