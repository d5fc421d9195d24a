"""Trees reduced to the files that matter, each distinct one kept once.

A node stands for a tree as far as it leads to a blob with findings. Trees that differ elsewhere only
are the same node, so that two commits compare by one number, and a tree of ten thousand million paths
(G28) is a handful of nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from inventory.repository.objects import bad_names, gitlinks, tree_entries
from inventory.repository.reader import ObjectReader

EMPTY = 0
UNKNOWN = -1
"""The node of a commit whose tree is not known."""
MOST_PATHS = 50_000
"""Paths to findings that one tree may have; above it each node and blob is followed once."""
_SATURATED = 1 << 60
_TREE_MODES = frozenset((b"40000", b"040000"))

Entry = tuple[bytes, int]
"""A name with what it leads to: a node (even number) or a blob (odd number, twice its index plus one)."""
Pair = tuple[bytes, int]
"""A path with the index of the blob that stands there."""


def leaf(blob: int) -> int:
    """Return the number that stands for a blob in an entry."""
    return 2 * blob + 1


class Nodes:
    """Reads each distinct tree of a mirror once and answers which findings stand where."""

    def __init__(
        self, reader: ObjectReader, oid_size: int, blobs: Mapping[bytes, int], count: Callable[[str, int], None]
    ) -> None:
        self._reader = reader
        self._oid_size = oid_size
        self._blobs = blobs
        self._count = count
        self._of_tree: dict[bytes, int] = {}
        self._entries: list[tuple[Entry, ...]] = [()]
        self._paths: list[int] = [0]
        self._interned: dict[tuple[Entry, ...], int] = {(): EMPTY}
        self._pairs: dict[int, frozenset[Pair]] = {}

    def make(self, entries: tuple[Entry, ...]) -> int:
        """Return the node with these entries, the same number for the same entries."""
        known = self._interned.get(entries)
        if known is not None:
            return known
        node = 2 * len(self._entries)
        self._interned[entries] = node
        self._entries.append(entries)
        paths = sum(1 if to & 1 else self._paths[to >> 1] for _, to in entries)
        self._paths.append(min(paths, _SATURATED))
        return node

    def resolve(self, trees: Iterable[bytes]) -> None:
        """Read these trees and all below them that are not known yet, level by level."""
        parsed: dict[bytes, list[tuple[bytes, bytes | int]]] = {}
        roots = [tree for tree in dict.fromkeys(trees) if tree not in self._of_tree]
        level: list[bytes] = roots
        while level:
            below: dict[bytes, None] = {}
            for oid, kind, content in self._reader.read(level):
                if kind != "tree" or content is None:
                    self._count("tree missing or unreadable", 1)
                    parsed[oid] = []
                    continue
                parsed[oid] = interesting = self._parse(content)
                for _, to in interesting:
                    if isinstance(to, bytes) and to not in self._of_tree:
                        below[to] = None
            level = [oid for oid in below if oid not in parsed]
        for root in roots:
            self._reduce(root, parsed)

    def _parse(self, content: bytes) -> list[tuple[bytes, bytes | int]]:
        """Return the entries that lead somewhere: to a tree, or to a blob with findings."""
        entries, junk = tree_entries(content, self._oid_size)
        if junk:
            self._count("malformed tree", 1)
        if not entries:
            return []
        # Of hundreds of thousands of trees most hold nothing of interest, so whole columns are looked at first.
        modes, names, oids = zip(*entries, strict=True)
        if (bad := bad_names(names)) > 0:
            self._count("entry with a name that git refuses", bad)
        blobs = self._blobs
        if blobs.keys().isdisjoint(oids):
            if not _TREE_MODES.isdisjoint(modes):
                return [(name, oid) for mode, name, oid in entries if mode in _TREE_MODES]
            return []
        return [
            (name, oid if mode in _TREE_MODES else leaf(blobs[oid]))
            for mode, name, oid in entries
            if mode in _TREE_MODES or oid in blobs
        ]

    def _reduce(self, root: bytes, parsed: dict[bytes, list[tuple[bytes, bytes | int]]]) -> None:
        """Turn parsed trees into nodes, children first, without recursion."""
        stack = [root]
        while stack:
            tree = stack[-1]
            if tree in self._of_tree:
                stack.pop()
                continue
            todo = [to for _, to in parsed[tree] if isinstance(to, bytes) and to not in self._of_tree]
            if todo:
                stack.extend(todo)
                continue
            entries = ((name, self._of_tree[to] if isinstance(to, bytes) else to) for name, to in parsed[tree])
            self._of_tree[tree] = self.make(tuple(entry for entry in entries if entry[1] != EMPTY))
            stack.pop()

    def of_tree(self, tree: bytes) -> int:
        """Return the node of a resolved tree."""
        return self._of_tree[tree]

    def truncated(self, node: int) -> bool:
        """Say whether a tree leads to more paths than are followed."""
        return node > 0 and self._paths[node >> 1] > MOST_PATHS

    def pairs(self, node: int) -> frozenset[Pair]:
        """Return every path below a node, with its blob; of too many, one path for each blob."""
        known = self._pairs.get(node)
        if known is None:
            if len(self._pairs) >= 8:
                self._pairs.clear()
            known = self._pairs[node] = frozenset(self._walk(node))
        return known

    def _walk(self, node: int) -> Iterator[Pair]:
        if node <= 0:
            return
        once = self.truncated(node)
        seen: set[int] = set()
        stack: list[Entry] = [(b"", node)]
        while stack:
            prefix, at = stack.pop()
            for name, to in self._entries[at >> 1]:
                if once and to in seen:
                    continue
                seen.add(to) if once else None
                path = prefix + b"/" + name if prefix else name
                if to & 1:
                    yield path, to >> 1
                else:
                    stack.append((path, to))

    def union(self, nodes: Iterable[int]) -> set[Pair]:
        """Return all pairs below several nodes, each subtree at a place looked at once."""
        found: set[Pair] = set()
        seen: set[Entry] = set()
        stack: list[Entry] = []
        for node in nodes:
            if self.truncated(node):
                found |= self.pairs(node)
            elif node > 0:
                stack.append((b"", node))
        while stack:
            place = stack.pop()
            if place in seen:
                continue
            seen.add(place)
            prefix, at = place
            for name, to in self._entries[at >> 1]:
                path = prefix + b"/" + name if prefix else name
                if to & 1:
                    found.add((path, to >> 1))
                else:
                    stack.append((path, to))
        return found

    def added(self, node: int, others: Sequence[int]) -> Iterable[Pair]:
        """Return the pairs of a tree that none of the other trees has."""
        if node <= 0 or node in others:
            return ()
        if self.truncated(node) or any(self.truncated(other) for other in others):
            return self.pairs(node).difference(*(self.pairs(other) for other in others))
        return self._differences(node, others)

    def _differences(self, node: int, others: Sequence[int]) -> Iterator[Pair]:
        stack: list[tuple[bytes, int, tuple[int, ...]]] = [(b"", node, tuple(other for other in others if other > 0))]
        while stack:
            prefix, at, against = stack.pop()
            tables = [dict(self._entries[other >> 1]) for other in against]
            for name, to in self._entries[at >> 1]:
                there = [found for table in tables if (found := table.get(name)) is not None]
                if to in there:
                    continue
                path = prefix + b"/" + name if prefix else name
                if to & 1:
                    yield path, to >> 1
                else:
                    stack.append((path, to, tuple(found for found in there if not found & 1)))

    def blob_at(self, node: int, path: bytes) -> int | None:
        """Return the blob that stands at a path, or nothing."""
        if node <= 0:
            return None
        if self.truncated(node):
            return next((blob for place, blob in self.pairs(node) if place == path), None)
        at = node
        for name in path.split(b"/"):
            if at & 1:
                return None
            found = dict(self._entries[at >> 1]).get(name)
            if found is None:
                return None
            at = found
        return at >> 1 if at & 1 else None


def links_in(content: bytes, oid_size: int) -> list[bytes]:
    """Return the names of submodules in a tree."""
    return list(gitlinks(tree_entries(content, oid_size)[0]))
