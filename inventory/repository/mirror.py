"""Our own bare copy of a repository: cloned by the reference command, kept, updated, locked, remade when damaged."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from git import Git as GitPython

from inventory.collector import CollectorError
from inventory.repository.clone_errors import advice_on, connection_broke
from inventory.repository.command import UPLOAD_PACK, Git, GitFailed
from inventory.repository.foreign import Foreign, Refused
from inventory.repository.heads import Heads, read_heads
from inventory.repository.holding import Changed, Held, held
from inventory.repository.reader import check
from inventory.repository.salvage import salvage

_MOST_PACKS = 64
"""So many packs from so many updates make reading slow; then a fresh clone is cheaper."""
_LOCK_SECONDS = 20.0
_NOTE = "posture.json"
_TRIES = 3
"""So often is a folder copied that changes meanwhile, as one does that is tidied up, before it is refused."""
FREE_FLOOR = 256 << 20
"""Bytes that stay free on the disk of the mirrors."""


@dataclass(frozen=True)
class Target:
    """What to mirror: a repository on disk, or an address."""

    external_id: str
    url: str
    foreign: Foreign | None


@dataclass(frozen=True)
class State:
    """What a folder's own files say before it is mirrored; of an address nothing is known."""

    heads: Heads | None
    digest: str

    @classmethod
    def of(cls, target: Target) -> State:
        """Read the state of a target."""
        if target.foreign is None:
            return cls(None, "")
        heads = read_heads(target.foreign.git_dir, working=target.foreign.working)
        return cls(heads, heads.digest(target.foreign.git_dir))


@dataclass
class Mirror:
    """A mirror that is ready to be read, and how it came about."""

    path: Path
    refs: dict[bytes, tuple[bytes, str]]
    """Full name → (object id, object type)."""
    default_ref: bytes
    oid_size: int
    fresh: bool
    """Made by this read, so that every object in it is reachable or salvaged."""
    salvaged: str = ""
    """Why the reference clone failed, when what could be read was gathered object by object."""
    unreadable: int = 0
    shallow: bool = False
    notes: tuple[str, ...] = ()


class Mirrors:
    """The mirrors of one source, in a folder of its own."""

    def __init__(self, workspace: Path, git: Git, *, floor: int = FREE_FLOOR) -> None:
        self.folder = workspace / "mirrors"
        self.git = git
        self.floor = floor

    def _path(self, external_id: str) -> Path:
        """Name the mirror by a hash: the repository's own name never reaches a path."""
        name = hashlib.sha256(external_id.encode("utf-8", "surrogateescape")).hexdigest()[:40]
        return self.folder / f"{name}.git"

    @contextmanager
    def locked(self, target: Target) -> Iterator[Path]:
        """Hold the mirror of a target, so that two runners never share one.

        Raises:
            CollectorError: another read holds it.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(target.external_id)
        with open(path.with_suffix(".lock"), "w", encoding="ascii") as handle:
            deadline = time.monotonic() + _LOCK_SECONDS
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise CollectorError(
                            "Another read of this repository is under way. It is tried again later."
                        ) from None
                    time.sleep(0.2)
            for left in self.folder.glob(f"{path.stem}.part*"):
                shutil.rmtree(left, ignore_errors=True)
            yield path

    def remove(self, path: Path) -> None:
        """Delete a mirror; by renaming it first, so that a crash leaves no half of one."""
        if path.exists():
            part = path.with_suffix(".part-old")
            shutil.rmtree(part, ignore_errors=True)
            path.rename(part)
            shutil.rmtree(part, ignore_errors=True)

    def prepare(self, target: Target, state: State, path: Path) -> Mirror:
        """Bring the mirror up to date, or make it.

        Raises:
            CollectorError: the source cannot be read, or there is no room.
            Refused: a folder is not what was checked any more.
        """
        heads, digest = state.heads, state.digest
        note = _read_note(path)
        if not note or not self._usable(path, note, heads):
            self.remove(path)
            note = {}
        fresh = not note
        if not note or not digest or note.get("state") != digest:
            note, fresh = self._bring(target, path, note, heads)
        note["state"] = digest
        _write_note(path, note)
        return self._describe(path, note, heads, fresh=fresh)

    def _bring(
        self, target: Target, path: Path, note: dict[str, Any], heads: Heads | None
    ) -> tuple[dict[str, Any], bool]:
        """Update or make the mirror from a folder that is held, so that nothing else is copied instead (G20, G21)."""
        for tries_left in reversed(range(_TRIES)):
            try:
                with held(target.foreign) if target.foreign else nullcontext() as holding:
                    if note:
                        return self._renew(target, path, note, heads, holding)
                    return self._make(target, path, heads, holding), True
            except Changed:
                self.remove(path)
                note = {}
                if not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")

    def _usable(self, path: Path, note: dict[str, Any], heads: Heads | None) -> bool:
        """Say whether updating will do: few packs, the same shallow boundary."""
        packs = path / "objects/pack"
        if not packs.is_dir() or sum(1 for name in os.listdir(packs) if name.endswith(".pack")) > _MOST_PACKS:
            return False
        return heads is None or note.get("shallow", "") == hashlib.sha256(heads.shallow).hexdigest()

    def _renew(
        self, target: Target, path: Path, note: dict[str, Any], heads: Heads | None, holding: Held | None
    ) -> tuple[dict[str, Any], bool]:
        if not note.get("salvaged"):
            self._demand_room(None)
            try:
                if holding:
                    # Until the folder is found unchanged, the mirror counts for nothing, also after a crash.
                    (path / _NOTE).unlink(missing_ok=True)
                fetched = self._fetch(target, path, heads, holding)
                if holding:
                    self._verify(holding, path)
                return {**note, **fetched}, False
            except GitFailed as failed:
                _refuse_no_room(failed)
                if target.foreign is None and (connection_broke(failed.message) or not self._answers(target)):
                    raise _unreachable(target, failed, self.git) from failed
        self.remove(path)
        return self._make(target, path, heads, holding), True

    def _verify(self, holding: Held, copy: Path) -> None:
        try:
            holding.verify()
        except Refused:
            self.remove(copy)
            raise

    def _source(self, target: Target, holding: Held | None) -> str:
        return str(holding.path) if holding else target.url

    def _remote_options(self, target: Target) -> list[str]:
        return [f"--upload-pack={UPLOAD_PACK}"] if target.foreign else []

    def _fetch(self, target: Target, path: Path, heads: Heads | None, holding: Held | None) -> dict[str, Any]:
        command = ["fetch", "--quiet", "--prune", "--no-recurse-submodules", "--no-auto-gc", "--no-write-fetch-head"]
        command += ["--update-shallow", "--force", *self._remote_options(target), "--", self._source(target, holding)]
        self.git.run([*command, "+refs/*:refs/*"], directory=path)
        return self._heads_note(target, path, heads, holding)

    def _heads_note(self, target: Target, path: Path, heads: Heads | None, holding: Held | None) -> dict[str, Any]:
        """Learn where HEAD points, and bring the commit of a detached one."""
        if heads is None:
            said = self.git.run(["ls-remote", "--symref", "--", target.url, "HEAD"])
            first = said.split(b"\n", 1)[0]
            name = first[5:].split(b"\t")[0] if first.startswith(b"ref: refs/") else b""
            return {"head": os.fsdecode(name), "shallow": ""}
        if heads.detached:
            command = ["fetch", "--quiet", "--no-recurse-submodules", "--no-auto-gc", "--no-write-fetch-head"]
            command += ["--update-shallow", *self._remote_options(target), "--", self._source(target, holding)]
            self.git.run([*command, "+HEAD:refs/posture/head"], directory=path)
        return {"shallow": hashlib.sha256(heads.shallow).hexdigest()}

    def _make(self, target: Target, path: Path, heads: Heads | None, holding: Held | None) -> dict[str, Any]:
        self._demand_room(target)
        part = path.with_suffix(".part-new")
        shutil.rmtree(part, ignore_errors=True)
        command = ["clone", "--quiet", "--no-local", "--mirror", "--template=", *self._remote_options(target)]
        try:
            self.git.run([*command, "--", self._source(target, holding), str(part)])
            part.chmod(0o700)
            note = self._heads_note(target, part, heads, holding)
        except GitFailed as failed:
            shutil.rmtree(part, ignore_errors=True)
            _refuse_no_room(failed)
            if holding is None or heads is None:
                raise _unreachable(target, failed, self.git) from failed
            note = self._salvage(holding, part, heads, failed)
        if holding:
            self._verify(holding, part)
        _write_note(part, note)
        part.rename(path)
        return note

    def _salvage(self, holding: Held, part: Path, heads: Heads, failed: GitFailed) -> dict[str, Any]:
        """Gather every object that can be read, each hashed anew, when a clone is not to be had."""
        reason = holding.named(_short(failed.message)) or "cloning failed"
        try:
            unreadable = salvage(self.git, holding.path, part, self.floor)
        except GitFailed as again:
            shutil.rmtree(part, ignore_errors=True)
            _refuse_no_room(again)
            raise CollectorError(
                f"The repository cannot be cloned ({reason}) nor read object by object "
                f"({holding.named(_short(again.message))}). Run `git fsck` in it and restore what is missing.",
            ) from again
        if not any((part / "objects/pack").glob("*.pack")):
            shutil.rmtree(part, ignore_errors=True)
            raise CollectorError(
                f"Nothing in this repository could be read ({reason}). Run `git fsck` in it and restore what is "
                "missing, or remove it."
            )
        return {
            "salvaged": reason,
            "unreadable": unreadable,
            "shallow": hashlib.sha256(heads.shallow).hexdigest(),
        }

    def _demand_room(self, target: Target | None) -> None:
        """Refuse to begin where the disk has too little room; without a target, for what is new only."""
        needed = self.floor
        if target and target.foreign:
            packs = target.foreign.git_dir / "objects/pack"
            if packs.is_dir():
                needed += sum(entry.stat(follow_symlinks=False).st_size for entry in os.scandir(packs))
        free = shutil.disk_usage(self.folder).free
        if free < needed:
            raise CollectorError(
                f"The disk of the data folder has {free >> 20} MiB free, and mirroring this repository needs "
                f"{needed >> 20} MiB. Free some space or move the data folder, then collect again."
            )

    def _answers(self, target: Target) -> bool:
        try:
            self.git.run(["ls-remote", "--", target.url, "HEAD"])
        except GitFailed:
            return False
        return True

    def _describe(self, path: Path, note: dict[str, Any], heads: Heads | None, *, fresh: bool) -> Mirror:
        salvaged = str(note.get("salvaged", ""))
        oid_size = (
            32 if self.git.run(["rev-parse", "--show-object-format"], directory=path).strip() == b"sha256" else 20
        )
        wanted = dict(heads.refs) if heads else {}
        notes: list[str] = []
        if salvaged:
            refs = self._typed(path, {**wanted, **({b"HEAD": heads.head} if heads and heads.detached else {})})
        else:
            refs = self._listed(path)
        missing = len(wanted.keys() - refs.keys())
        if missing:
            notes.append(f"{missing} references point at objects that are not there")
        return Mirror(
            path=path,
            refs=refs,
            default_ref=_default_ref(refs, heads, os.fsencode(str(note.get("head", "")))),
            oid_size=oid_size,
            fresh=fresh,
            salvaged=salvaged,
            unreadable=int(note.get("unreadable", 0)),
            shallow=bool(heads.shallow) if heads else (path / "shallow").exists(),
            notes=tuple(notes),
        )

    def _listed(self, path: Path) -> dict[bytes, tuple[bytes, str]]:
        """List our own mirror's references through GitPython, in our closed environment."""
        printed = GitPython(str(path)).execute(
            ["git", "--git-dir=.", "for-each-ref", "--format=%(objectname) %(objecttype) %(refname)"],
            env=self.git.environment,
            stdout_as_string=False,
            with_extended_output=False,
        )
        refs: dict[bytes, tuple[bytes, str]] = {}
        for line in bytes(printed).split(b"\n"):
            oid, _, rest = line.partition(b" ")
            kind, _, name = rest.partition(b" ")
            if name:
                refs[name] = (bytes.fromhex(oid.decode()), kind.decode())
        return refs

    def _typed(self, path: Path, refs: dict[bytes, bytes]) -> dict[bytes, tuple[bytes, str]]:
        """Ask the mirror of what type each reference's object is; leave out those that it lacks."""
        kinds = check(self.git, path, {bytes.fromhex(oid.decode()) for oid in refs.values()})
        named = ((name, bytes.fromhex(oid.decode())) for name, oid in refs.items())
        return {name: (oid, kinds[oid][0]) for name, oid in named if oid in kinds}


def _default_ref(refs: dict[bytes, tuple[bytes, str]], heads: Heads | None, remote_head: bytes) -> bytes:
    """Name the reference whose tip counts: in a working clone its origin's HEAD, else main, master or HEAD."""
    if heads is None:
        choices = [remote_head]
    elif heads.working:
        choices = [heads.origin_head, b"refs/heads/main", b"refs/heads/master", heads.head]
    else:
        choices = [heads.head]
    if heads and heads.detached:
        choices += [b"refs/posture/head", b"HEAD"]
    return next((name for name in choices if name in refs), b"")


def _read_note(path: Path) -> dict[str, Any]:
    try:
        note = json.loads((path / _NOTE).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def _write_note(path: Path, note: dict[str, Any]) -> None:
    part = path / f"{_NOTE}.part"
    part.write_text(json.dumps(note), encoding="utf-8")
    part.rename(path / _NOTE)


def _short(message: str) -> str:
    """Return the telling line of what git said."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    telling = [
        line for line in lines if line.lower().startswith(("fatal:", "error:", "remote: fatal:", "remote: error:"))
    ]
    return (telling or lines or [""])[0][:300].rstrip(".")


def _refuse_no_room(failed: GitFailed) -> None:
    if os.strerror(errno.ENOSPC) in failed.message or os.strerror(errno.EDQUOT) in failed.message:
        raise CollectorError("The disk of the data folder is full. Free some space, then collect again.") from failed
    if os.strerror(errno.EROFS) in failed.message:
        raise CollectorError("The data folder is read-only. Make it writable, then collect again.") from failed
    if os.strerror(errno.EFBIG) in failed.message:
        raise CollectorError(
            "Its mirror would have a file larger than a read may write. Raise the limit, then collect again."
        ) from failed


def _unreachable(target: Target, failed: GitFailed, git: Git) -> CollectorError:
    place = target.url or "the repository"
    return CollectorError(
        f"Git cannot clone {place}: {_short(failed.message) or f'it ended with code {failed.code}'}. "
        f"{advice_on(failed.message, with_credential=git.answering)}"
    )
