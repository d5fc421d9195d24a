"""Real git repositories made on the spot, and reading them as the collector does."""

from __future__ import annotations

import os
import secrets
import string
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inventory.collector import (
    AssetFactsRecord,
    BlobRecord,
    DoneRecord,
    ExposureRecord,
    Record,
    SkipRecord,
    StandingRecord,
)
from inventory.detection.hyperscan_engine import HyperscanEngine
from inventory.exposure_merge import exposure_fields
from inventory.repository.foreign import locate, refuse_borrowed_objects
from inventory.repository.job import Job
from inventory.repository.mirror import Target
from inventory.repository.reading import read_repository
from posture.common.fingerprint import FingerprintKey
from posture.common.secret_value import SecretValue

_FIRST_DAY = 1_700_000_000


def new_secret() -> str:
    """Make a fake value that one format finds by its prefix."""
    return "gh" + "p_" + "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(36))


def secret_file(value: str, lines_before: int = 0) -> bytes:
    """Return a file that holds the value on the line after so many others."""
    return b"# nothing here\n" * lines_before + f"token: {value}\n".encode()


class Repository:
    """A repository to be filled by a test."""

    def __init__(self, path: Path, *, bare: bool = False, init: bool = True) -> None:
        self.path = path
        self.clock = _FIRST_DAY
        path.mkdir(parents=True, exist_ok=True)
        if init:
            self.git("init", "--quiet", "--initial-branch=main", *(["--bare"] if bare else []))

    @property
    def git_dir(self) -> Path:
        return self.path / ".git" if (self.path / ".git").exists() else self.path

    def git(self, *arguments: str, content: bytes = b"", check: bool = True, **variables: str) -> bytes:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_AUTHOR_NAME": "Ann",
            "GIT_AUTHOR_EMAIL": "ann@example.com",
            "GIT_COMMITTER_NAME": "Cem",
            "GIT_COMMITTER_EMAIL": "cem@example.com",
            "GIT_AUTHOR_DATE": f"{self.clock} +0000",
            "GIT_COMMITTER_DATE": f"{self.clock} +0000",
            **variables,
        }
        done = subprocess.run(
            ["git", *arguments], cwd=self.path, env=environment, input=content, capture_output=True, check=False
        )
        if check and done.returncode:
            raise AssertionError(f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def commit(self, files: Mapping[str | bytes, bytes | str | None], message: str = "Change", **variables: str) -> str:
        """Write the files (none deletes), commit, and return the commit's id. Each commit is an hour later."""
        self.clock += 3600
        for name, content in files.items():
            place = os.path.join(os.fsencode(self.path), name.encode() if isinstance(name, str) else name)
            if content is None:
                os.unlink(place)
                continue
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "wb") as handle:
                handle.write(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message", message, **variables)
        return self.head()

    def head(self, ref: str = "HEAD") -> str:
        return self.git("rev-parse", ref).decode().strip()

    def store(self, content: bytes, kind: str = "blob") -> str:
        """Put an object in as it is, well-formed or not."""
        return self.git("hash-object", "-w", "--literally", "-t", kind, "--stdin", content=content).decode().strip()

    def tree(self, entries: Iterable[tuple[str, bytes, str]]) -> str:
        """Store a tree of (mode, name, object id), whatever the names are."""
        raw = b"".join(mode.encode() + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries)
        return self.store(raw, "tree")

    def raw_commit(self, tree: str, parents: Iterable[str] = (), *, author: str = "", committer: str = "") -> str:
        """Store a commit whose author and committer lines may be anything."""
        self.clock += 3600
        usual = f"Ann <ann@example.com> {self.clock} +0000"
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author {author or usual}", f"committer {committer or usual}", "", "Raw\n"]
        return self.store("\n".join(lines).encode(), "commit")

    def tree_of(self, commit: str) -> str:
        return self.head(f"{commit}^{{tree}}")


@dataclass
class Reading:
    """The records of one read, sorted by kind."""

    records: list[Record]
    key: FingerprintKey

    def of(self, kind: type[Any]) -> list[Any]:
        return [record for record in self.records if isinstance(record, kind)]

    @property
    def done(self) -> DoneRecord:
        last = self.records[-1]
        assert isinstance(last, DoneRecord)
        return last

    @property
    def standing(self) -> StandingRecord:
        (standing,) = self.of(StandingRecord)
        return standing

    @property
    def facts(self) -> AssetFactsRecord:
        (facts,) = self.of(AssetFactsRecord)
        return facts

    @property
    def skips(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for skip in self.of(SkipRecord):
            counts[skip.reason] = counts.get(skip.reason, 0) + skip.count
        return counts

    @property
    def partial(self) -> bool:
        return any(skip.partial for skip in self.of(SkipRecord))

    def _fingerprint(self, secret: str) -> str:
        return self.key.fingerprint(SecretValue(secret))

    def exposures(self, secret: str) -> dict[str, ExposureRecord]:
        """Return the exposures of a value by path."""
        wanted = self._fingerprint(secret)
        return {record.path: record for record in self.of(ExposureRecord) if record.fingerprint == wanted}

    def place(self, secret: str, path: str) -> str:
        """Say where a value at a path stands: tip, ref, history, or nowhere when it was not found."""
        pair = (path, self._fingerprint(secret))
        if pair in self.standing.tip:
            return "tip"
        if pair in self.standing.refs:
            return "ref"
        return "history" if path in self.exposures(secret) else "nowhere"


@dataclass
class Workbench:
    """Reads repositories in this process, keeping between reads what the inventory would keep."""

    workspace: Path
    engine: HyperscanEngine
    key: FingerprintKey
    key_file: Path
    cursors: dict[str, dict[str, Any]] = field(default_factory=dict)
    blobs: dict[str, dict[str, BlobRecord]] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)

    def target(self, path: Path, root: Path | None = None) -> Target:
        foreign = locate(path, root or path)
        assert foreign is not None
        refuse_borrowed_objects(foreign.git_dir)
        return Target(str(path), "", foreign)

    def job(self, target: Target, cursor: Mapping[str, Any]) -> Job:
        return Job.of(target, workspace=self.workspace, key_file=self.key_file, cursor=cursor, limits=self.limits)

    def read(self, repository: Repository | Path, *, again: bool = True) -> Reading:
        """Read a repository; with `again` on top of what its last read left."""
        path = repository if isinstance(repository, Path) else repository.path
        target = self.target(path)
        known = self.blobs.setdefault(target.external_id, {})
        cursor = self.cursors.get(target.external_id, {}) if again else {}
        records: list[Record] = []
        read_repository(
            self.job(target, cursor), self.engine, self.key, records.append, lambda: iter(list(known.values()))
        )
        reading = Reading(records, self.key)
        for record in reading.of(BlobRecord):
            known[record.blob] = record
        self.cursors[target.external_id] = dict(reading.done.cursor)
        return reading

    def fresh(self, workspace: Path) -> Workbench:
        """Return a workbench that knows nothing yet."""
        return Workbench(workspace, self.engine, self.key, self.key_file, limits=self.limits)


class Inventory:
    """What a sync makes of readings: the exposures of one asset with their evidence and where they stand."""

    def __init__(self, merge: Callable[..., None]) -> None:
        self._merge = merge
        self.rows: dict[tuple[str, str], dict[str, Any]] = {}

    def apply(self, reading: Reading) -> None:
        seen = set()
        for record in reading.of(ExposureRecord):
            place = (record.path, record.fingerprint)
            seen.add(place)
            if place in self.rows:
                row = _Row(self.rows[place])
                self._merge(row, record, replace=record.whole)
                self.rows[place] = vars(row)
            else:
                self.rows[place] = exposure_fields(record)
        if reading.done.full:
            self.rows = {place: row for place, row in self.rows.items() if place in seen}
        for standing in reading.of(StandingRecord):
            for place, row in self.rows.items():
                row["place"] = "tip" if place in standing.tip else "ref" if place in standing.refs else "history"


class _Row:
    def __init__(self, fields: dict[str, Any]) -> None:
        vars(self).update(fields)
