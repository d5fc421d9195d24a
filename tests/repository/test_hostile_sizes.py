"""Repositories that want to exhaust the machine (SECURITY 2c), read in the limited child."""

from __future__ import annotations

import hashlib
import os
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from inventory.collector import BlobRecord, CollectorError, DoneRecord, ReadContext, SkipRecord
from inventory.repository.supervising import read_in_child
from tests.repository import packs
from tests.repository.workbench import Reading, Repository, Workbench, new_secret, secret_file

Make = Callable[..., Repository]


def read_measured(workbench: Workbench, path: Path) -> tuple[Reading, int]:
    """Read in a child and return the records with the child's peak of anonymous memory in MiB."""
    peak = 0

    def measure() -> None:
        nonlocal peak
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (entry / "cmdline").exists():
                peak = max(peak, _child_memory(entry))

    context = ReadContext(
        workspace=workbench.workspace,
        key_file=workbench.key_file,
        cursor={},
        known_blobs=lambda: iter(()),
        alive=measure,
        limits=workbench.limits,
    )
    records = []
    for record in read_in_child(workbench.target(path), context):
        measure()
        records.append(record)
    return Reading(records, workbench.key), peak >> 10


def _child_memory(entry: Path) -> int:
    try:
        if b"inventory.repository.child" not in (entry / "cmdline").read_bytes():
            return 0
        if f"PPid:\t{os.getpid()}\n" not in (status := (entry / "status").read_text()):
            return 0
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")), 0)


@pytest.mark.slow
def test_g28_a_git_bomb_is_read_within_bounds_and_its_secret_found(
    workbench: Workbench, repository: Repository
) -> None:
    bombed, beside = new_secret(), new_secret()
    oid, mode = repository.store(secret_file(bombed)), "100644"
    for _ in range(10):
        oid, mode = repository.tree([(mode, b"f%d" % number, oid) for number in range(10)]), "40000"
    good = repository.store(secret_file(beside))
    tree = repository.tree([("40000", b"bomb", oid), ("100644", b"good.txt", good)])
    first = repository.raw_commit(tree)
    after = repository.tree([("40000", b"bomb", oid), ("100644", b"other.txt", good)])
    repository.git("update-ref", "refs/heads/main", repository.raw_commit(after, [first]))

    began = time.monotonic()
    reading, memory = read_measured(workbench, repository.path)

    assert time.monotonic() - began < 30  # Some 2 s on a machine that does nothing else.
    assert memory < 300
    assert len(reading.exposures(bombed)) == 1
    assert reading.place(beside, "other.txt") == "tip"
    assert reading.place(beside, "good.txt") == "history"
    assert reading.skips["paths truncated"] == 1
    assert reading.partial


@pytest.mark.slow
def test_g28_a_lattice_of_trees_is_read_within_bounds(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    left = right = repository.store(secret_file(secret))
    mode = "100644"
    for depth in range(60):
        one = repository.tree([(mode, b"a", left), (mode, b"b", right)])
        two = repository.tree([(mode, b"b", left), (mode, b"c%d" % depth, right)])
        left, right, mode = one, two, "40000"
    repository.git("update-ref", "refs/heads/main", repository.raw_commit(left))

    reading, memory = read_measured(workbench, repository.path)

    assert memory < 300
    assert reading.exposures(secret)
    assert reading.partial


def test_g28_a_very_deep_tree_is_no_recursion(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    objects = []
    oid, mode = bytes.fromhex(repository.store(secret_file(secret))), b"100644"
    for _ in range(1000):
        content = mode + b" d\0" + oid
        oid, mode = packs.oid("tree", content), b"40000"
        objects.append(packs.header(packs.TREE, len(content)) + zlib.compress(content))
    repository.git("unpack-objects", "-q", content=packs.pack(objects))
    repository.git("update-ref", "refs/heads/main", repository.raw_commit(oid.hex()))

    reading = workbench.read(repository)

    assert [path.count("/") for path in reading.exposures(secret)] == [999]


@pytest.mark.slow
@pytest.mark.parametrize("levels", [5, 6])
def test_g29_a_delta_bomb_is_stopped_and_the_next_repository_is_fine(
    workbench: Workbench, make_repository: Make, levels: int
) -> None:
    secret = new_secret()
    bomb, good = make_repository("bomb"), make_repository("good")
    good.commit({"a.txt": secret_file(secret)})
    bomb.commit({"a.txt": secret_file(secret)})
    content = packs.delta_bomb(levels)
    assert len(content) < 20_000
    _plant(bomb, content)
    workbench.limits = {"memory_bytes": 1 << 30}

    began = time.monotonic()
    reading, memory = read_measured(workbench, bomb.path)

    assert time.monotonic() - began < 120
    assert memory < 300
    assert reading.partial
    assert reading.place(secret, "a.txt") == "tip"
    after, _ = read_measured(workbench, good.path)
    assert after.place(secret, "a.txt") == "tip"
    assert not after.partial


def _plant(repository: Repository, content: bytes) -> None:
    """Put a pack in whose index is made by hand, since no git could make it; a branch leads to its blobs."""
    folder = repository.git_dir / "objects/pack"
    name = hashlib.sha1(content).hexdigest()
    (folder / f"pack-{name}.pack").write_bytes(content)
    false = [hashlib.sha1(b"%d" % number).digest() for number in range(struct.unpack(">I", content[8:12])[0])]
    offsets = _offsets(content)
    rows = sorted(zip(false, offsets, strict=True))
    fan = b"".join(struct.pack(">I", sum(1 for row in rows if row[0][0] <= first)) for first in range(256))
    index = b"\xfftOc\0\0\0\x02" + fan + b"".join(row[0] for row in rows) + b"\0\0\0\0" * len(rows)
    index += b"".join(struct.pack(">I", row[1]) for row in rows) + content[-20:]
    (folder / f"pack-{name}.idx").write_bytes(index + hashlib.sha1(index).digest())
    tree = repository.tree([("100644", b"bomb", false[-1].hex())])
    repository.git("update-ref", "refs/heads/bomb", repository.raw_commit(tree))


def _offsets(content: bytes) -> list[int]:
    offsets, at = [], 12
    while at < len(content) - 20:
        offsets.append(at)
        kind = content[at] >> 4 & 7
        while content[at] & 0x80:
            at += 1
        at += 1
        if kind == packs.OFFSET_DELTA:
            while content[at] & 0x80:
                at += 1
            at += 1
        inflater = zlib.decompressobj()
        inflater.decompress(content[at:])
        at = len(content) - len(inflater.unused_data)
    return offsets


@pytest.mark.slow
def test_g29_the_limits_are_what_stops_a_delta_bomb(repository: Repository) -> None:
    # The control: with room for it, git unpacks the same few bytes to a gibibyte.
    objects = packs.delta_bomb(5)

    repository.git("index-pack", "--stdin", content=objects)
    sizes = repository.git("cat-file", "--batch-all-objects", "--batch-check=%(objectsize)").split()

    assert max(int(size) for size in sizes) == 1 << 30


def test_g31_of_a_file_above_the_cap_head_and_tail_are_scanned(workbench: Workbench, repository: Repository) -> None:
    workbench.limits = {"blob_bytes": 100_000, "edge_bytes": 10_000}
    head, middle, tail = new_secret(), new_secret(), new_secret()
    filler = b"0123456789\n" * 10_000
    content = secret_file(head) + filler + secret_file(middle) + filler + secret_file(tail)
    repository.commit({"big.txt": content, "small.txt": secret_file(head)})

    reading = workbench.read(repository)

    assert reading.exposures(head)["big.txt"].first.line == 1
    assert reading.exposures(tail)["big.txt"].first.line == 20_003
    assert not reading.exposures(middle)
    assert reading.skips == {"file too large": 1}
    assert reading.partial
    assert reading.exposures(head)["small.txt"]


@pytest.mark.slow
def test_g31_two_gibibytes_in_one_file_stay_within_300_mb(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    size = (2 << 30) + 1
    line = secret_file(secret)
    deflater = zlib.compressobj(6)
    zeros = bytes(1 << 20)
    digest = hashlib.sha1(f"blob {size}\0".encode() + line)
    body = deflater.compress(line)
    left = size - len(line)
    while left:
        part = zeros[: min(left, len(zeros))]
        digest.update(part)
        body += deflater.compress(part)
        left -= len(part)
    body += deflater.flush()
    repository.git("index-pack", "--stdin", content=packs.pack([packs.header(packs.BLOB, size) + body]))
    small = repository.store(secret_file(secret, 3))
    tree = repository.tree([("100644", b"big.bin", digest.hexdigest()), ("100644", b"small.txt", small)])
    repository.git("update-ref", "refs/heads/main", repository.raw_commit(tree))

    reading, memory = read_measured(workbench, repository.path)

    assert memory < 300
    assert reading.exposures(secret)["big.bin"].first.line == 1
    assert reading.exposures(secret)["small.txt"].first.line == 4
    assert reading.skips == {"file too large": 1}


def test_g37_a_flood_of_findings_in_a_file_is_cut_and_said(workbench: Workbench, repository: Repository) -> None:
    repository.commit({"flood.txt": "".join(f"token: {new_secret()}\n" for _ in range(1200))})

    reading = workbench.read(repository)

    (blob,) = reading.of(BlobRecord)
    assert len(blob.findings) == 1000
    assert reading.partial
    assert any(isinstance(record, SkipRecord) for record in reading.records)


def test_a_read_that_takes_too_long_is_stopped_with_words(workbench: Workbench, repository: Repository) -> None:
    repository.commit({"a.txt": "clean\n"})
    workbench.limits = {"wall_seconds": 0}

    with pytest.raises(CollectorError, match="longer than a read may take"):
        read_measured(workbench, repository.path)


def test_a_child_reads_what_this_process_reads(workbench: Workbench, repository: Repository) -> None:
    secret = new_secret()
    repository.commit({"a <b>\n.txt": secret_file(secret)})
    repository.commit({"a <b>\n.txt": None, "b.txt": secret_file(secret, 1)})

    here = workbench.read(repository)
    reading, memory = read_measured(workbench.fresh(workbench.workspace.parent / "second"), repository.path)

    kinds = (BlobRecord, DoneRecord)
    assert [r for r in reading.records if isinstance(r, kinds)] == [r for r in here.records if isinstance(r, kinds)]
    assert reading.exposures(secret) == here.exposures(secret)
    assert reading.standing == here.standing
    assert memory < 300
