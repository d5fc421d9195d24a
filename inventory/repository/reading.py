"""One read of one repository: mirror it, scan what is new, attribute what was found, say what stands."""

from __future__ import annotations

import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inventory.collector import (
    AssetFactsRecord,
    BlobRecord,
    CollectorError,
    DoneRecord,
    ProgressRecord,
    Record,
    StandingRecord,
)
from inventory.name_records import RetoldRecord, text_digest
from inventory.repository.askpass import answering
from inventory.repository.attribution import Found, History, Tip, unwrap
from inventory.repository.command import Git, GitFailed
from inventory.repository.connection import git_for
from inventory.repository.cursor import VERSION, pack_tips, refs_digest, unpack_tips, usable
from inventory.repository.facts import TipFacts, tip_facts
from inventory.repository.job import Job, Limits
from inventory.repository.mirror import Mirror, Mirrors, State
from inventory.repository.nodes import Nodes
from inventory.repository.reader import ObjectReader, check, list_all, list_new, revisions
from inventory.repository.scanning import BlobScanner, MirrorDamagedError, Scanned, Scanner
from inventory.repository.skips import SCAN, STATE, WALK, Skips
from inventory.repository.text import path_text
from posture.common.fingerprint import FingerprintKey
from posture.common.secret_value import SecretValue

logger = logging.getLogger(__name__)
Emit = Callable[[Record], None]
KnownBlobs = Callable[[], Iterable[BlobRecord]]
KnownTexts = Callable[[], Iterable[str]]


def read_repository(
    job: Job,
    engine: Scanner,
    key: FingerprintKey,
    emit: Emit,
    known: KnownBlobs,
    credential: SecretValue | None = None,
    texts: KnownTexts = lambda: iter(()),
) -> None:
    """Read one repository and emit its records, ending with a `DoneRecord`.

    Raises:
        CollectorError: it cannot be read, with what to do.
    """
    target = job.target
    state = State.of(target)
    cursor = job.cursor
    if state.digest and cursor.get("state") == state.digest and usable(cursor, engine.rule_set, key.key_id):
        # Nothing moved in the folder since the last read, so that git need not even be started.
        emit_unchanged(cursor, emit)
        return
    workspace = Path(job.workspace)
    workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
    limits = Limits(**job.limits)
    with tempfile.TemporaryDirectory(prefix="read-", dir=workspace) as scratch:
        git = git_for(job, Path(scratch))
        mirrors = Mirrors(workspace, git, floor=limits.free_bytes)
        emit(ProgressRecord("Waiting for the mirror", 0, 1))
        with mirrors.locked(target) as path:
            for _ in range(2):
                emit(ProgressRecord("Updating the mirror", 0, 1))
                with answering(git, credential) if credential else nullcontext():
                    mirror = mirrors.prepare(target, state, path)
                try:
                    RepositoryRead(job, state, limits, git, mirror, engine, key, emit, known, texts).run()
                    return
                except MirrorDamagedError:
                    logger.warning("A mirror lacks objects and is made anew")
                    mirrors.remove(path)
    raise CollectorError("The mirror of this repository was damaged again right after it was made. Check the disk.")


def emit_unchanged(cursor: Mapping[str, Any], emit: Emit) -> None:
    """Say that nothing is new, and once more what is still not read."""
    skips = Skips()
    skips.carry(cursor.get("skips", []), {SCAN, WALK, STATE})
    for skip in skips.records():
        emit(skip)
    emit(DoneRecord(dict(cursor), full=False, counts={"commits": 0, "blobs": 0, "bytes": 0}))


@dataclass
class Plan:
    """What has to be read again, given what the last read left."""

    same: bool
    """Same rules and key: blobs read before need not be read again."""
    rescan: bool
    rewound: bool
    """Something that was reachable is no longer."""
    old: list[bytes]
    """Tips of the last read that the mirror still has."""


class RepositoryRead:
    """The steps of one read over one mirror."""

    def __init__(
        self,
        job: Job,
        state: State,
        limits: Limits,
        git: Git,
        mirror: Mirror,
        engine: Scanner,
        key: FingerprintKey,
        emit: Emit,
        known: KnownBlobs,
        texts: KnownTexts,
    ) -> None:
        self.cursor = job.cursor
        self.state = state
        self.limits = limits
        self.git = git
        self.mirror = mirror
        self.engine = engine
        self.key = key
        self.emit = emit
        self.known = known
        self.texts = texts
        self.skips = Skips()
        self.gave_up = False
        self.unwrapped: dict[bytes, Tip] = {}
        self.tips = {name: oid for name, (oid, _) in mirror.refs.items()}
        # A set of ids, so that sixty thousand references to few commits cost little.
        self.new = list(dict.fromkeys(self.tips.values()))

    def run(self) -> None:
        """Read what is new and emit it."""
        if self._unchanged():
            emit_unchanged({**self.cursor, "state": self.state.digest}, self.emit)
            return
        plan = self._plan()
        found = Found()
        scanned = self._scan(plan, found)
        with ObjectReader(self.git, self.mirror.path) as reader:
            self.unwrapped = unwrap(reader, self.mirror.refs, self.mirror.oid_size)
            full, commits = self._attribute(plan, reader, found)
            tip = self.unwrapped.get(self.mirror.default_ref)
            facts = tip_facts(reader, tip.target, self.mirror.oid_size) if tip else TipFacts()
        self._note_state(facts)
        total = self._total_commits(plan, scanned, commits)
        lfs = scanned.lfs + (0 if plan.rescan else int(self.cursor.get("lfs", 0)))
        self.emit(self._facts(facts, total, lfs))
        for skip in self.skips.records():
            self.emit(skip)
        counts = {"commits": scanned.commits, "blobs": scanned.blobs, "bytes": scanned.bytes}
        self.emit(DoneRecord(self._next_cursor(total, lfs), full=full, counts=counts))

    def _unchanged(self) -> bool:
        cursor = self.cursor
        if not usable(cursor, self.engine.rule_set, self.key.key_id) or (self.mirror.salvaged and self.mirror.fresh):
            return False
        return (
            cursor.get("refs") == refs_digest(self.tips, self.mirror.default_ref)
            and bool(cursor.get("salvaged")) == bool(self.mirror.salvaged)
            and bool(cursor.get("shallow")) == self.mirror.shallow
        )

    def _plan(self) -> Plan:
        same = usable(self.cursor, self.engine.rule_set, self.key.key_id)
        if not same:
            return Plan(same=False, rescan=True, rewound=True, old=[])
        if (
            self.mirror.salvaged
            or self.cursor.get("salvaged")
            or bool(self.cursor.get("shallow")) != self.mirror.shallow
        ):
            return Plan(same=True, rescan=True, rewound=True, old=[])
        before = unpack_tips(self.cursor.get("tips", ""), self.mirror.oid_size)
        kinds = {oid: kind for oid, (kind, _) in check(self.git, self.mirror.path, before).items()}
        commits = [oid for oid, kind in kinds.items() if kind in ("commit", "tag")]
        gone_objects = any(kind not in ("commit", "tag") and oid not in self.new for oid, kind in kinds.items())
        rewound = len(kinds) < len(before) or gone_objects or self._reaches_more(commits)
        return Plan(same=True, rescan=False, rewound=rewound, old=list(kinds))

    def _reaches_more(self, old: list[bytes]) -> bool:
        """Say whether the old tips reach a commit that the new ones do not."""
        if not old:
            return False
        with self.git.input_file(revisions(old, self.new)) as tips:
            return bool(
                self.git.run(["rev-list", "--max-count=1", "--stdin"], directory=self.mirror.path, stdin=tips).strip()
            )

    def _scan(self, plan: Plan, found: Found) -> Scanned:
        if plan.same:
            for record in self.known():
                if all(finding.key_id == self.key.key_id for finding in record.findings):
                    found.add(record)
        if not plan.rescan:
            self.skips.carry(self.cursor.get("skips", []), {SCAN})
        listing = (
            list_all(self.git, self.mirror.path)
            if plan.rescan
            else list_new(self.git, self.mirror.path, self.new, plan.old)
        )
        scanner = BlobScanner(self.git, self.mirror, self.engine, self.key, self.limits, self.skips, self.emit)
        scanned = scanner.scan(listing)
        for record in scanned.records:
            found.add(record)
        if not plan.same:
            self._forget(found)
        if not plan.rescan:
            scanner.recall(self.known())
        self._retell(plan, scanned)
        return scanned

    def _retell(self, plan: Plan, scanned: Scanned) -> None:
        """Send the names told before once more if a value was found that none of those reads knew."""
        before = set() if plan.rescan else {each.fingerprint for blob in self.known() for each in blob.findings}
        if any(each.fingerprint not in before for blob in scanned.records for each in blob.findings):
            self.emit(RetoldRecord({text_digest(text): text for text in self.texts()}))

    def _forget(self, found: Found) -> None:
        """Send blobs in which other rules or another key once found something, and now nothing is found."""
        for record in self.known():
            if bytes.fromhex(record.blob) not in found.index:
                self.emit(BlobRecord(record.blob, record.size, ()))

    def _attribute(self, plan: Plan, reader: ObjectReader, found: Found) -> tuple[bool, int]:
        """Emit exposures and standing; return whether all were emitted, and how many commits were walked."""
        if not found.index:
            self.emit(StandingRecord(frozenset(), frozenset()))
            return plan.rewound, 0
        flaws: Counter[str] = Counter()

        def count(flaw: str, times: int) -> None:
            flaws[flaw] += times

        nodes = Nodes(reader, self.mirror.oid_size, found.index, count)
        full = plan.rewound
        history = self._walk(reader, nodes, found, [] if full else plan.old)
        if not full and (history.only_removed() or self.gave_up):
            # Evidence of an introduction lies in commits of former reads, so everything is attributed anew.
            full = True
            history = self._walk(reader, nodes, found, [])
        for exposure in history.exposures(whole=full):
            self.emit(exposure)
        self.emit(self._standing(history))
        if not full:
            self.skips.carry(self.cursor.get("skips", []), {WALK})
        self._note_walk(history, flaws)
        for what, places in Counter(history.unlisted.values()).items():
            self.skips.add(STATE, what, "", places, partial=False)
        return full, history.commits

    def _walk(self, reader: ObjectReader, nodes: Nodes, found: Found, old: list[bytes]) -> History:
        history = History(reader, nodes, found, self.mirror.oid_size)
        total = int(self.cursor.get("commits", 0))

        def progress(done: int) -> None:
            self.emit(ProgressRecord("Reading history", done, max(done, total)))

        walked: list[bytes] = []
        unread = history.load(self._noted(self._commits(old), walked), progress)
        tips = [tip.target for tip in self.unwrapped.values() if tip.kind == "commit"]
        if old:
            history.load(unread)  # The boundary, and below the old tips: only compared with.
            history.load(oid for oid in dict.fromkeys(tips) if not history.has(oid))
        elif not self.mirror.shallow:
            unread += [oid for oid in tips if not history.has(oid)]
            while unread:
                unread = history.load(self._noted(dict.fromkeys(unread), walked), progress)
        for name, tip in self.unwrapped.items():
            if tip.kind in ("tree", "blob"):
                history.add_tip(name, tip)
        history.attribute(walked)
        return history

    def _noted(self, oids: Iterable[bytes], walked: list[bytes]) -> Iterator[bytes]:
        for oid in oids:
            walked.append(oid)
            yield oid

    def _commits(self, old: list[bytes]) -> Iterator[bytes]:
        """Yield the commits that the tips reach; of a walk that git gives up, as far as it came."""
        with self.git.input_file(revisions(self.new, old)) as tips:
            try:
                for line in self.git.lines(["rev-list", "--stdin"], directory=self.mirror.path, stdin=tips):
                    yield bytes.fromhex(line.decode())
            except GitFailed as failed:
                self.gave_up = True
                logger.info("git gave up walking (code %s); walking on by ourselves", failed.code)

    def _standing(self, history: History) -> StandingRecord:
        def node(name: bytes) -> int:
            return history.tips[name] if name in history.tips else history.node(self.unwrapped[name].target)

        default = self.mirror.default_ref
        tip = [node(default)] if default in self.tips else []
        others = {node(name) for name in self.tips if name != default}
        return StandingRecord(frozenset(history.standing(tip)), frozenset(history.standing(others)))

    def _note_walk(self, history: History, flaws: Counter[str]) -> None:
        for flaw, count in [*flaws.items(), *history.flaws.items()]:
            hides = "missing" in flaw or "malformed tree" in flaw or "nowhere" in flaw
            self.skips.add(WALK, flaw, "objects of the history that are damaged", count, partial=hides)
        if history.truncated:
            self.skips.add(WALK, "paths truncated", "trees with too many paths: each secret is shown at one of them")
        self.skips.add(
            WALK, "too many places", "places of values beyond what is stored for one repository", history.dropped
        )

    def _note_state(self, facts: TipFacts) -> None:
        mirror = self.mirror
        if mirror.salvaged:
            what = f"objects that are missing or damaged; the rest was read ({mirror.salvaged})"
            self.skips.add(STATE, "damaged repository", what, max(1, mirror.unreadable, self._count_missing()))
        if mirror.shallow:
            self.skips.add(STATE, "shallow clone", "older history is not here; run `git fetch --unshallow` there")
        for note in mirror.notes:
            self.skips.add(STATE, "missing reference", note)
        if facts.links:
            what = "submodules, each of which is a repository of its own"
            self.skips.add(STATE, "submodule", what, facts.links, partial=False)
        if not mirror.refs:
            self.skips.add(STATE, "empty repository", "it has no commits yet", partial=False)
        elif not mirror.default_ref:
            self.skips.add(
                STATE, "HEAD points nowhere", "no default branch is known; nothing counts as its tip", partial=False
            )

    def _count_missing(self) -> int:
        """Return how many objects are named by others and not there, as far as git can walk."""
        command = ["rev-list", "--objects", "--no-object-names", "--missing=print", "--stdin"]
        missing = 0
        with self.git.input_file(revisions(self.new, [])) as tips:
            try:
                for line in self.git.lines(command, directory=self.mirror.path, stdin=tips):
                    missing += line.startswith(b"?")
            except GitFailed as failed:
                logger.info("git gave up counting what is missing (code %s)", failed.code)
        return missing

    def _total_commits(self, plan: Plan, scanned: Scanned, walked: int) -> int:
        if not plan.rewound:
            return int(self.cursor.get("commits", 0)) + scanned.commits
        if walked or not plan.rescan:
            return walked
        return scanned.commits

    def _facts(self, facts: TipFacts, commits: int, lfs: int) -> AssetFactsRecord:
        attributes = {
            "shallow": self.mirror.shallow,
            "damaged": bool(self.mirror.salvaged),
            "submodules": facts.links,
            "lfs": lfs,
            "commits": commits,
            "refs": len(self.tips),
            "last_commit": facts.last_commit.isoformat() if facts.last_commit else None,
        }
        tip = self.tips.get(self.mirror.default_ref, b"")
        return AssetFactsRecord(path_text(self.mirror.default_ref), tip.hex(), facts.codeowners, attributes)

    def _next_cursor(self, commits: int, lfs: int) -> dict[str, object]:
        return {
            "version": VERSION,
            "rules": self.engine.rule_set,
            "key_id": self.key.key_id,
            "state": self.state.digest,
            "refs": refs_digest(self.tips, self.mirror.default_ref),
            "tips": pack_tips(self.tips.values()),
            "salvaged": bool(self.mirror.salvaged),
            "shallow": self.mirror.shallow,
            "commits": commits,
            "lfs": lfs,
            "skips": self.skips.to_cursor(),
        }
