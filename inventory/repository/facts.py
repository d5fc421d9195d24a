"""What the tip of the default branch tells of a repository: its owners file, its submodules, its last commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory.repository.nodes import links_in
from inventory.repository.objects import parse_commit, tree_entries
from inventory.repository.reader import ObjectReader
from inventory.repository.text import path_text

_CODEOWNERS = ((b".github", b"CODEOWNERS"), (b"CODEOWNERS",), (b"docs", b"CODEOWNERS"), (b".gitlab", b"CODEOWNERS"))
"""Places in the order in which the hosts look: GitHub's, then GitLab's own."""
_CODEOWNERS_BYTES = 1 << 20
_MOST_TREES = 50_000


@dataclass
class TipFacts:
    """Facts of one commit's tree."""

    codeowners: str = ""
    links: int = 0
    """How many submodules it has."""
    last_commit: datetime | None = None


def tip_facts(reader: ObjectReader, tip: bytes, oid_size: int) -> TipFacts:
    """Read the facts at a commit, each distinct tree once and no more than a bounded number of them."""
    facts = TipFacts()
    _, kind, content = next(iter(reader.read([tip])))
    if kind != "commit" or content is None:
        return facts
    commit = parse_commit(content, oid_size)
    if commit.committer.sound:
        facts.last_commit = commit.committer.at
    if commit.tree is None:
        return facts
    facts.codeowners = _codeowners(reader, commit.tree, oid_size)
    facts.links = _count_links(reader, commit.tree, oid_size)
    return facts


def _codeowners(reader: ObjectReader, tree: bytes, oid_size: int) -> str:
    for place in _CODEOWNERS:
        at = tree
        for name in place:
            _, kind, content = next(iter(reader.read([at])))
            if kind != "tree" or content is None:
                break
            found = [oid for _, entry, oid in tree_entries(content, oid_size)[0] if entry == name]
            if not found:
                break
            at = found[0]
        else:
            _, kind, content = next(iter(reader.read([at])))
            if kind == "blob" and content is not None:
                return path_text(content[:_CODEOWNERS_BYTES])
    return ""


def _count_links(reader: ObjectReader, tree: bytes, oid_size: int) -> int:
    links = 0
    seen = {tree}
    level = [tree]
    while level and len(seen) < _MOST_TREES:
        below: list[bytes] = []
        for _, kind, content in reader.read(level):
            if kind != "tree" or content is None:
                continue
            links += len(links_in(content, oid_size))
            for mode, _, oid in tree_entries(content, oid_size)[0]:
                if mode.lstrip(b"0") == b"40000" and oid not in seen:
                    seen.add(oid)
                    below.append(oid)
        level = below
    return links
