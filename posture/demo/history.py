"""A git history in memory, and the fast-import stream that makes it real."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

MAIN = "main"


@dataclass(frozen=True)
class Author:
    """Who a commit is by."""

    name: str
    email: str


@dataclass(frozen=True)
class Submodule:
    """A commit of another repository, standing at a path."""

    commit: str


Content = str | Submodule
Changes = dict[str, Content | None]
"""Path → new content, or None where the file is deleted."""


@dataclass(frozen=True)
class _Commit:
    mark: int
    branch: str
    author: Author
    at: datetime
    message: str
    parents: tuple[int, ...]
    changes: Changes


@dataclass(frozen=True)
class _Tag:
    name: str
    mark: int
    author: Author
    at: datetime
    message: str


@dataclass
class History:
    """Commits, branches and tags of one repository, written in the order of their dates."""

    _commits: list[_Commit] = field(default_factory=list)
    _tags: list[_Tag] = field(default_factory=list)
    _tips: dict[str, int] = field(default_factory=dict)
    _trees: dict[str, dict[str, Content]] = field(default_factory=lambda: {MAIN: {}})
    _forks: dict[str, dict[str, Content]] = field(default_factory=dict)
    _last: dict[str, datetime] = field(default_factory=dict)

    def has(self, branch: str) -> bool:
        """Say whether the branch is there now."""
        return branch in self._trees

    def tree(self, branch: str = MAIN) -> dict[str, Content]:
        """Return the files at the tip of `branch`; not to be changed."""
        return self._trees[branch]

    def text(self, path: str, branch: str = MAIN) -> str:
        """Return a text file at the tip of `branch`, or nothing where there is none."""
        content = self._trees[branch].get(path, "")
        return content if isinstance(content, str) else ""

    def branch(self, name: str) -> None:
        """Start a branch at the tip of the default branch."""
        self._trees[name] = dict(self._trees[MAIN])
        self._forks[name] = dict(self._trees[MAIN])
        self._tips[name] = self._tips[MAIN]
        self._last[name] = self._last[MAIN]

    def commit(self, message: str, author: Author, at: datetime, changes: Changes, branch: str = MAIN) -> None:
        """Add a commit; what changes nothing is left out, as git itself would refuse it."""
        real = {path: new for path, new in changes.items() if self._trees[branch].get(path) != new}
        if real:
            parents = (self._tips[branch],) if branch in self._tips else ()
            self._add(branch, author, at, message, parents, real)

    def merge(self, name: str, message: str, author: Author, at: datetime) -> None:
        """Merge branch `name` into the default branch with a merge commit, and delete it."""
        before, after = self._forks.pop(name), self._trees.pop(name)
        changes: Changes = {path: new for path, new in after.items() if before.get(path) != new}
        changes |= {path: None for path in before if path not in after}
        parents = (self._tips[MAIN], self._tips.pop(name))
        self._add(MAIN, author, max(at, self._last[name]), message, parents, changes)

    def tag(self, name: str, author: Author, at: datetime, message: str) -> None:
        """Tag the tip of the default branch with an annotated tag."""
        self._tags.append(_Tag(name, self._tips[MAIN], author, max(at, self._last[MAIN]), message))

    def _add(
        self, branch: str, author: Author, at: datetime, message: str, parents: tuple[int, ...], changes: Changes
    ) -> None:
        at = max(at, self._last.get(branch, at))
        self._commits.append(_Commit(len(self._commits) + 1, branch, author, at, message, parents, changes))
        self._tips[branch], self._last[branch] = len(self._commits), at
        for path, content in changes.items():
            if content is None:
                self._trees[branch].pop(path, None)
            else:
                self._trees[branch][path] = content

    def stream(self, *, onto: str | None = None) -> bytes:
        """Return the history as input of `git fast-import`; `onto` is the ref that the first commit continues."""
        out: list[bytes] = [b"feature done\n"]
        blobs: dict[str, int] = {}
        offset = len(self._commits)
        for commit in self._commits:
            lines = [self._change(path, content, blobs, offset, out) for path, content in commit.changes.items()]
            # Branches are written to a scratch ref while they grow; only those that remain get their own below.
            out.append(f"commit refs/scratch/{commit.branch}\nmark :{commit.mark}\n".encode())
            out.append(f"committer {_stamp(commit.author, commit.at)}\n".encode())
            out.append(_data(commit.message))
            if not commit.parents and onto:
                out.append(f"from {onto}^0\n".encode())
            for keyword, parent in zip(("from", "merge"), commit.parents, strict=False):
                out.append(f"{keyword} :{parent}\n".encode())
            out.extend(lines)
            out.append(b"\n")
        for branch, mark in self._tips.items():
            out.append(f"reset refs/heads/{branch}\nfrom :{mark}\n\n".encode())
        for tag in self._tags:
            out.append(f"tag {tag.name}\nfrom :{tag.mark}\ntagger {_stamp(tag.author, tag.at)}\n".encode())
            out.append(_data(tag.message))
        scratch = {commit.branch for commit in self._commits}
        out.extend(f"reset refs/scratch/{branch}\nfrom {'0' * 40}\n\n".encode() for branch in sorted(scratch))
        out.append(b"done\n")
        return b"".join(out)

    @staticmethod
    def _change(path: str, content: Content | None, blobs: dict[str, int], offset: int, out: list[bytes]) -> bytes:
        """Return the stream's line for one changed file, adding its blob to `out` the first time it is met."""
        if content is None:
            return f"D {path}\n".encode()
        if isinstance(content, Submodule):
            return f"M 160000 {content.commit} {path}\n".encode()
        if content not in blobs:
            blobs[content] = offset + len(blobs) + 1
            out.append(f"blob\nmark :{blobs[content]}\n".encode() + _data(content))
        mode = "100755" if path.endswith((".sh", "gradlew")) else "100644"
        return f"M {mode} :{blobs[content]} {path}\n".encode()


def _stamp(author: Author, at: datetime) -> str:
    return f"{author.name} <{author.email}> {int(at.timestamp())} {at.strftime('%z')}"


def _data(text: str) -> bytes:
    body = text.encode()
    return b"data %d\n%b\n" % (len(body), body)
