"""Who put which value where, and when, and whether it still stands: worked out over commits and trees.

A commit introduces a (path, blob) that none of its parents has. It removes a (path, value) that its
first parent has and it does not.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from inventory.collector import BlobRecord, Evidence, ExposureRecord, FindingRecord
from inventory.detection.paths import excluded_path, is_guess
from inventory.repository.nodes import EMPTY, UNKNOWN, Nodes, leaf
from inventory.repository.objects import Person, parse_commit, parse_tag
from inventory.repository.reader import ObjectReader
from inventory.repository.text import path_text

_CHUNK = 2_000
_MOST_WRAPPINGS = 16
MOST_EXPOSURES = 200_000
"""Places of values in one repository; what is more is counted, so that a flood cannot fill the database (G37)."""
MOST_STEPS = 20_000_000
"""Differences looked at in one read; a hostile history cannot take longer (G28)."""

Moment = tuple[int, bytes, int]
"""Committer's second, commit id, blob index: the order of introductions."""


@dataclass(frozen=True, slots=True)
class Tip:
    """What a reference names, and what is left of it when tags are unwrapped."""

    oid: bytes
    target: bytes
    kind: str
    """Type of the target, empty when it cannot be read."""
    seconds: int
    """When it was tagged, 0 when it was not."""


def unwrap(reader: ObjectReader, refs: Mapping[bytes, tuple[bytes, str]], oid_size: int) -> dict[bytes, Tip]:
    """Follow annotated tags, each distinct one once, a bounded number of times; return a tip for each reference."""
    tips = {oid: Tip(oid, oid, kind, 0) for oid, kind in refs.values()}
    for _ in range(_MOST_WRAPPINGS):
        wrapped = [tip for tip in tips.values() if tip.kind == "tag"]
        if not wrapped:
            break
        targets: list[tuple[Tip, bytes | None, int]] = []
        for tip, (_, _, content) in zip(wrapped, reader.read([tip.target for tip in wrapped]), strict=True):
            target, tagger = parse_tag(content or b"", oid_size)
            targets.append((tip, target, tip.seconds or tagger.seconds))
        kinds = reader.kinds({target for _, target, _ in targets if target})
        for tip, target, seconds in targets:
            tips[tip.oid] = Tip(tip.oid, target or tip.oid, kinds.get(target or b"", ""), seconds)
    return {name: tips[oid] for name, (oid, _) in refs.items()}


@dataclass(slots=True)
class Place:
    """What is known of one value at one path."""

    first: Moment | None = None
    latest: Moment | None = None
    removed: Moment | None = None


@dataclass
class Found:
    """The blobs with findings, by index, so that a small number stands for each."""

    index: dict[bytes, int] = field(default_factory=dict)
    values: list[dict[str, FindingRecord]] = field(default_factory=list)

    def add(self, record: BlobRecord) -> None:
        """Take a blob in, once; of a value that it holds several times the first place counts, the first sure one."""
        oid = bytes.fromhex(record.blob)
        if oid in self.index or not record.findings:
            return
        self.index[oid] = len(self.values)
        values: dict[str, FindingRecord] = {}
        for finding in record.findings:
            known = values.get(finding.fingerprint)
            if known is None or (is_guess(known.rule) and not is_guess(finding.rule)):
                values[finding.fingerprint] = finding
        self.values.append(values)


class History:
    """The commits of one read, each with the node of its tree."""

    def __init__(self, reader: ObjectReader, nodes: Nodes, found: Found, oid_size: int) -> None:
        self.reader = reader
        self.nodes = nodes
        self.found = found
        self.oid_size = oid_size
        self.flaws: Counter[str] = Counter()
        self.places: dict[tuple[bytes, str], Place] = {}
        self.dropped = 0
        self.unlisted: dict[tuple[str, str], str] = {}
        """Places of values that are counted instead of told, with what they are."""
        self.truncated = False
        self.commits = 0
        """How many were walked."""
        self.tips: dict[bytes, int] = {}
        """Nodes of references that lead to no commit."""
        self._steps = 0
        self._index: dict[bytes, int] = {}
        self._node = array("q")
        self._seconds = array("q")
        self._parents: list[tuple[int, ...] | int] = []

    def _number(self, oid: bytes) -> int:
        number = self._index.get(oid)
        if number is None:
            number = self._index[oid] = len(self._node)
            self._node.append(UNKNOWN)
            self._seconds.append(-1)
            self._parents.append(())
        return number

    def load(self, commits: Iterable[bytes], progress: Callable[[int], None] = lambda done: None) -> list[bytes]:
        """Read commits and their trees; return the parents named by them that have not been read."""
        unread: dict[bytes, None] = {}
        chunk: list[bytes] = []
        for oid in commits:
            chunk.append(oid)
            if len(chunk) == _CHUNK:
                self._load_chunk(chunk, unread)
                chunk = []
                progress(len(self._node))
        self._load_chunk(chunk, unread)
        return [oid for oid in unread if self._seconds[self._index[oid]] == -1]

    def _load_chunk(self, oids: list[bytes], unread: dict[bytes, None]) -> None:
        trees: list[tuple[int, bytes]] = []
        for oid, kind, content in self.reader.read(oids):
            number = self._number(oid)
            if self._seconds[number] >= 0:
                continue
            self._seconds[number] = 0
            if kind != "commit" or content is None:
                self.flaws["commit missing or unreadable"] += 1
                continue
            commit = parse_commit(content, self.oid_size)
            if commit.flaw:
                self.flaws[f"commit with {commit.flaw}"] += 1
            self._seconds[number] = commit.committer.seconds
            parents = tuple(self._number(parent) for parent in commit.parents)
            self._parents[number] = parents[0] if len(parents) == 1 else parents
            for parent in commit.parents:
                if self._seconds[self._index[parent]] == -1:
                    unread[parent] = None
            if commit.tree:
                trees.append((number, commit.tree))
        self.nodes.resolve(tree for _, tree in trees)
        for number, tree in trees:
            self._node[number] = self.nodes.of_tree(tree)

    def add_tip(self, name: bytes, tip: Tip) -> None:
        """Give a tree or a blob that a reference names directly the place of a commit without parents."""
        if tip.kind == "tree":
            self.nodes.resolve([tip.target])
            node = self.nodes.of_tree(tip.target)
        else:
            blob = self.found.index.get(tip.target)
            node = EMPTY if blob is None else self.nodes.make(((name, leaf(blob)),))
        self.tips[name] = node
        if node != EMPTY:
            self._attribute_one(tip.oid, tip.seconds, node, [])

    def has(self, oid: bytes) -> bool:
        """Say whether a commit was loaded, readable or not."""
        number = self._index.get(oid)
        return number is not None and self._seconds[number] >= 0

    def node(self, oid: bytes) -> int:
        """Return the node of a commit or a tip that was loaded."""
        number = self._index.get(oid)
        return UNKNOWN if number is None else self._node[number]

    def _known_parents(self, number: int) -> list[int]:
        """Return the nodes of the nearest ancestors whose trees are known; a broken commit is looked through."""
        nodes: list[int] = []
        seen: set[int] = set()
        stack = [number]
        while stack:
            parents = self._parents[stack.pop()]
            for parent in (parents,) if isinstance(parents, int) else parents:
                if parent in seen or len(seen) > 1_000:
                    continue
                seen.add(parent)
                if self._node[parent] == UNKNOWN:
                    stack.append(parent)
                else:
                    nodes.append(self._node[parent])
        return nodes

    def attribute(self, oids: Iterable[bytes]) -> None:
        """Note what each of these loaded commits introduces and removes."""
        oids = list(oids)
        self.commits = len(oids)
        for oid in oids:
            number = self._index[oid]
            node = self._node[number]
            if node == UNKNOWN:
                continue
            parents = self._known_parents(number)
            if node in parents and (len(parents) == 1 or node == parents[0]):
                continue
            if self._steps > MOST_STEPS:
                self.truncated = True
                return
            self._attribute_one(oid, self._seconds[number], node, parents)

    def _attribute_one(self, oid: bytes, seconds: int, node: int, parents: list[int]) -> None:
        self.truncated |= self.nodes.truncated(node)
        for path, blob in self.nodes.added(node, parents):
            self._steps += 1
            moment = (seconds, oid, blob)
            for fingerprint in self.found.values[blob]:
                place = self._place(path, fingerprint)
                if place:
                    place.first = moment if place.first is None else min(place.first, moment)
                    place.latest = moment if place.latest is None else max(place.latest, moment)
        if not parents:
            return
        for path, blob in self.nodes.added(parents[0], [node]):
            self._steps += 1
            now = self.nodes.blob_at(node, path)
            still = self.found.values[now] if now is not None else {}
            for fingerprint in self.found.values[blob]:
                if fingerprint not in still:
                    place = self._place(path, fingerprint)
                    if place:
                        moment = (seconds, oid, blob)
                        place.removed = moment if place.removed is None else max(place.removed, moment)

    def _place(self, path: bytes, fingerprint: str) -> Place | None:
        key = (path, fingerprint)
        place = self.places.get(key)
        if place is None:
            if len(self.places) >= MOST_EXPOSURES:
                self.dropped += 1
                return None
            place = self.places[key] = Place()
        return place

    def only_removed(self) -> bool:
        """Say whether a value was removed whose introduction this read did not see."""
        return any(place.first is None for place in self.places.values())

    def exposures(self, *, whole: bool) -> Iterator[ExposureRecord]:
        """Yield every place with its evidence, `whole` when all commits were walked.

        Authors are read only now, of the commits that count.
        """
        moments = {m[1] for place in self.places.values() for m in (place.first, place.latest, place.removed) if m}
        people: dict[bytes, Person] = {}
        for oid, kind, content in self.reader.read(sorted(moments)):
            if kind == "tag":
                people[oid] = parse_tag(content or b"", self.oid_size)[1]
            elif kind == "commit" and content is not None:
                people[oid] = parse_commit(content, self.oid_size).author
        blobs = list(self.found.index)
        for (path, fingerprint), place in self.places.items():
            if place.first is None or place.latest is None:
                continue

            def evidence(moment: Moment, fingerprint: str = fingerprint) -> Evidence:
                seconds, oid, blob = moment
                who = people.get(oid) or Person("", "", 0, sound=False)
                when = Person("", "", seconds, sound=True).at
                line = self.found.values[blob][fingerprint].line
                return Evidence(oid.hex(), who.name, who.email, when, blobs[blob].hex(), line)

            rule = self.found.values[place.latest[2]][fingerprint].rule
            if self._not_listed(path_text(path), fingerprint, rule):
                continue
            yield ExposureRecord(
                path=path_text(path),
                fingerprint=fingerprint,
                rule=rule,
                first=evidence(place.first),
                latest=evidence(place.latest),
                removed=evidence(place.removed) if place.removed else None,
                whole=whole,
            )

    def standing(self, nodes: Iterable[int]) -> set[tuple[str, str]]:
        """Return (path, fingerprint) of all that stands in these trees."""
        places = [
            (path_text(path), fingerprint, finding.rule)
            for path, blob in self.nodes.union(nodes)
            for fingerprint, finding in self.found.values[blob].items()
        ]
        for place in places:
            self._not_listed(*place)
        return {(path, fingerprint) for path, fingerprint, _rule in places}

    def _not_listed(self, path: str, fingerprint: str, rule: str) -> bool:
        """Say whether such a place is only counted, and count it."""
        why = excluded_path(rule, path)
        if why:
            self.unlisted[path, fingerprint] = why
        return why is not None
