"""CODEOWNERS files as GitHub reads them, with GitLab's sections, in bounded time and memory.

The last line that fits a path decides. A line that GitHub would skip is skipped and told in `problems`;
a file beyond GitHub's size or 100,000 lines that name owners counts as absent, and says so. Sections give
their default owners to lines without any; the last fitting line of the whole file still decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from inventory.path_pattern import INSIDE, Budget, Glob, PathPattern, TooCostlyError, compile_pattern

# GitHub does not load a larger file (GitHub Docs, "About code owners").
MAX_BYTES = 3_000_000
MAX_RULES = 100_000
MAX_PATTERN = 1_000
MAX_OWNERS = 50
MAX_PROBLEMS = 100
MAX_PATH = 16_384
# One comparison of a segment is one step; some 25 ms at worst.
MAX_STEPS = 50_000

_OWNER = re.compile(r"@{1,2}[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*|[^\s@]+@[^\s@]+")
_SECTION = re.compile(r"\^?\[[^\]]{1,255}\](?:\[\d{1,4}\])?(?=\s|$)")
_EVERYTHING = frozenset({"*", "**", "/**", "**/*", "/**/*"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line that names who owns what a pattern matches; nobody, where it names none."""

    number: int
    pattern: str
    owners: tuple[str, ...]

    def __str__(self) -> str:
        return f"CODEOWNERS line {self.number}: {' '.join((self.pattern, *self.owners))}"


@dataclass(slots=True)
class _Slot:
    """The last line that speaks about a name itself and what is under it, and the last about a folder of that name."""

    anything: int = -1
    folder: int = -1

    def best(self, *, folder: bool) -> int:
        return max(self.anything, self.folder) if folder else self.anything


@dataclass
class Codeowners:
    """A file that was read: its lines in order, and an index so that a question costs little however many there are."""

    lines: list[Line] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What was not used, with line and reason; at most 100."""
    _everything: int = -1
    _paths: dict[str, _Slot] = field(default_factory=dict)
    _names: dict[str, _Slot] = field(default_factory=dict)
    _extensions: dict[str, _Slot] = field(default_factory=dict)
    _under: dict[str, list[tuple[int, PathPattern]]] = field(default_factory=dict)

    @property
    def catch_all(self) -> Line | None:
        """The last line that fits every path: who owns the repository as a whole."""
        return self.lines[self._everything] if self._everything >= 0 else None

    def line_for(self, path: str) -> Line | None:
        """Return the line that decides about a path, or none.

        Raises:
            TooCostlyError: the file is too hostile to be evaluated for this path.
        """
        path = path.strip("/")
        if len(path) > MAX_PATH:
            raise TooCostlyError
        parts = path.split("/")
        prefixes = list(_prefixes(path, parts))
        best = max(self._everything, self._by_name(parts, prefixes))
        budget = Budget(MAX_STEPS)
        for prefix in ("", *prefixes):
            for index, pattern in reversed(self._under.get(prefix, ())):
                if index <= best:
                    break
                if pattern.matches(parts, budget):
                    best = index
                    break
        return self.lines[best] if best >= 0 else None

    def _by_name(self, parts: list[str], prefixes: list[str]) -> int:
        best = -1
        for place, (name, prefix) in enumerate(zip(parts, prefixes, strict=True)):
            extension = name.rpartition(".")[2] if "." in name else ""
            for slots, key in ((self._paths, prefix), (self._names, name), (self._extensions, extension)):
                slot = slots.get(key)
                if slot:
                    best = max(best, slot.best(folder=place < len(parts) - 1))
        return best

    def add(self, line: Line) -> None:
        """Put a line behind those that are there, where questions will find it."""
        index = len(self.lines)
        self.lines.append(line)
        if line.pattern in _EVERYTHING:
            self._everything = index
            return
        pattern = compile_pattern(line.pattern)
        folder = pattern.globs[-2:] == INSIDE
        globs = pattern.globs[:-2] if folder else pattern.globs[:-1]
        slots, key = self._slot_of(globs) if folder or pattern.globs[-1:] == (None,) else (None, "")
        if slots is not None:
            slot = slots.setdefault(key, _Slot())
            if folder:
                slot.folder = index
            else:
                slot.anything = index
            return
        prefix: list[str] = []
        for glob in pattern.globs:
            if glob is None or glob.literal is None:
                break
            prefix.append(glob.literal)
        self._under.setdefault("/".join(prefix), []).append((index, pattern))

    def _slot_of(self, globs: tuple[Glob | None, ...]) -> tuple[dict[str, _Slot] | None, str]:
        """Return the table and key that answer for a pattern, where a look-up is as good as matching."""
        anywhere = globs[:1] == (None,)
        if anywhere:
            globs = globs[1:]
        literals = [glob.literal for glob in globs if glob and glob.literal is not None]
        if not globs or (anywhere and len(globs) > 1):
            return None, ""
        if len(literals) == len(globs):
            return (self._names if anywhere else self._paths), "/".join(literals)
        only = globs[0]
        if anywhere and only and len(only.pieces) == 2 and only.pieces[0] == "":
            dot, extension = only.pieces[1][:1], only.pieces[1][1:]
            if dot == "." and extension and "." not in extension and "\0" not in extension:
                return self._extensions, extension
        return None, ""

    def _tell(self, problem: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)


def _prefixes(path: str, parts: list[str]) -> Iterator[str]:
    end = -1
    for part in parts:
        end += len(part) + 1
        yield path[:end]


def parse(text: str) -> Codeowners:
    """Read a CODEOWNERS file; what cannot be used is told in `problems`, never raised."""
    found = Codeowners()
    if len(text.encode("utf-8", "surrogateescape")) > MAX_BYTES:
        found._tell("The file is larger than 3 MB: GitHub ignores such a file, and so it is here.")
        return found
    defaults: tuple[str, ...] = ()
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        stripped = raw.strip()
        if not stripped or stripped.startswith("#"):
            continue
        section = _SECTION.match(stripped)
        words = _words(stripped[section.end() :] if section else stripped)
        owners = tuple(words if section else words[1:])
        problem = _problem("" if section else words[0], owners)
        if problem:
            found._tell(f"Line {number} is skipped: {problem}")
        elif section:
            defaults = owners
        elif len(found.lines) == MAX_RULES:
            unused = Codeowners()
            unused._tell(f"The file has more than {MAX_RULES:,} lines that name owners, and is not used.")
            return unused
        else:
            found.add(Line(number, words[0], owners or defaults))
    return found


def _problem(pattern: str, owners: tuple[str, ...]) -> str:
    if pattern.startswith("!"):
        return "patterns that begin with an exclamation mark are not supported."
    if len(pattern) > MAX_PATTERN or "\0" in pattern:
        return f"the pattern is longer than {MAX_PATTERN:,} characters or no path can match it."
    if pattern and not pattern.strip("/\\"):
        return "the pattern names nothing."
    if len(owners) > MAX_OWNERS:
        return f"it names more than {MAX_OWNERS} owners."
    if not all(len(owner) <= 320 and _OWNER.fullmatch(owner) for owner in owners):
        return "an owner is no @name, no @organisation/team and no e-mail address."
    return ""


def _words(line: str) -> list[str]:
    """Split at white space that is not escaped, up to a comment."""
    if "\\" not in line:
        words = line.split()
        comment = next((place for place, word in enumerate(words) if word.startswith("#")), len(words))
        return words[:comment]
    words, word = [], ""
    characters = iter(line)
    for character in characters:
        if character == "\\":
            following = next(characters, "")
            # Other escapes stay for the pattern, which knows what a star is.
            word += following if following in (" ", "\t", "#") else character + following
        elif character.isspace():
            words += [word] if word else []
            word = ""
        elif character == "#" and not word:
            break
        else:
            word += character
    return words + ([word] if word else [])
