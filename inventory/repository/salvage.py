"""Saving what can be read of a repository that git cannot clone: objects missing (G2), packs or objects corrupt.

Nothing is taken at its word: every object goes through `index-pack`, which names it by the hash of its content (G18).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from inventory.repository.command import Git, GitFailed
from inventory.repository.heads import packs
from inventory.repository.plain_files import read_small

_TYPES = {b"commit": 1, b"tree": 2, b"blob": 3, b"tag": 4}
_HEADER = re.compile(rb"(commit|tree|blob|tag) (\d{1,12})\0")
_MOST_LOOSE_BYTES = 512 << 20
"""A loose object above this is left out and counted: it is held in memory to be packed."""
_CHUNK = 1 << 20


def salvage(git: Git, source: Path, target: Path, floor: int) -> int:
    """Fill a new bare repository with all objects of `source` that can be read; return how many could not.

    Raises:
        GitFailed: not even an empty repository could be made.
    """
    config = read_small(source / "config") or b""
    sha256 = re.search(rb"(?im)^\s*objectformat\s*=\s*\"?sha256", config) is not None
    git.run(
        ["init", "--quiet", "--bare", "--template=", f"--object-format={'sha256' if sha256 else 'sha1'}", str(target)]
    )
    target.chmod(0o700)
    unreadable = 0
    with PackWriter(git.scratch, sha256=sha256) as gathered:
        unreadable += _gather_loose(source / "objects", gathered)
        for pack in packs(source):
            try:
                _index(git, pack, target)
            except GitFailed:
                unreadable += _gather_pack(git, pack, gathered, sha256=sha256)
        gathered.feed(git, target)
    return unreadable


def _index(git: Git, pack: Path, target: Path) -> None:
    """Let git hash a foreign pack's objects into our repository, and make its own index."""
    descriptor = os.open(pack, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as handle:
        git.run(["index-pack", "--stdin"], directory=target, stdin=handle)


def _gather_loose(objects: Path, gathered: PackWriter) -> int:
    unreadable = 0
    for folder in sorted(objects.iterdir()):
        if not re.fullmatch(r"[0-9a-f]{2}", folder.name) or folder.is_symlink() or not folder.is_dir():
            continue
        for file in folder.iterdir():
            if re.fullmatch(r"[0-9a-f]{38}(?:[0-9a-f]{24})?", file.name):
                unreadable += not _gather_one(file, gathered)
    return unreadable


def _gather_one(file: Path, gathered: PackWriter) -> bool:
    compressed = read_small(file, _MOST_LOOSE_BYTES)
    if not compressed:
        return False
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(compressed, _MOST_LOOSE_BYTES)
    except zlib.error:
        return False
    header = _HEADER.match(content)
    if not header or not inflater.eof or len(content) - header.end() != int(header[2]):
        return False
    gathered.add(header[1], memoryview(content)[header.end() :])
    return True


def _gather_pack(git: Git, pack: Path, gathered: PackWriter, *, sha256: bool) -> int:
    """Read a corrupt pack object by object from a copy of our own; its index only says where to try."""
    aside = git.scratch / "aside"
    shutil.rmtree(aside, ignore_errors=True)
    git.run(
        ["init", "--quiet", "--bare", "--template=", f"--object-format={'sha256' if sha256 else 'sha1'}", str(aside)]
    )
    index = pack.with_suffix(".idx")
    if index.is_symlink() or not index.is_file():
        return 1
    oid_size = 32 if sha256 else 20
    for file in (pack, index):
        shutil.copyfile(file, aside / "objects/pack" / file.name, follow_symlinks=False)
    _match_to_index(aside / "objects/pack" / pack.name, aside / "objects/pack" / index.name, oid_size)
    try:
        with git.input_file(_indexed(index, oid_size)) as wanted:
            return _read_each(git, aside, wanted, 2 * oid_size + 1, gathered)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _match_to_index(pack: Path, index: Path, oid_size: int) -> None:
    """Give our copy of a pack the beginning and the end that its index expects, or git opens none of a cut-off one."""
    listed = index.read_bytes() if index.stat().st_size < _MOST_LOOSE_BYTES else b""
    if len(listed) < 1032 + 2 * oid_size:
        return
    checksum = listed[-2 * oid_size : -oid_size]
    index.chmod(0o600)
    pack.chmod(0o600)
    with open(pack, "r+b") as handle:
        handle.write(struct.pack(">4sI", b"PACK", 2) + listed[1028:1032])
        handle.seek(0, os.SEEK_END)
        if handle.tell() >= oid_size:
            handle.seek(-oid_size, os.SEEK_END)
            if handle.read(oid_size) == checksum:
                return
        handle.write(checksum)


def _indexed(index: Path, oid_size: int) -> Iterator[bytes]:
    """Yield the object ids that a pack index (version 2) lists."""
    with open(index, "rb") as handle:
        head = handle.read(8 + 1024)
        if head[:8] != b"\xfftOc\x00\x00\x00\x02" or len(head) < 1032:
            return
        (count,) = struct.unpack(">I", head[-4:])
        for _ in range(min(count, index.stat().st_size // oid_size)):
            yield handle.read(oid_size).hex().encode()


def _read_each(git: Git, aside: Path, wanted: IO[bytes], width: int, gathered: PackWriter) -> int:
    """Ask git for every object, starting it again after each one that it dies of."""
    total = os.fstat(wanted.fileno()).st_size // width
    unreadable = done = 0
    while done < total:
        os.lseek(wanted.fileno(), done * width, os.SEEK_SET)
        process = git.start(["cat-file", "--batch"], directory=aside, stdin=wanted)
        try:
            for read in _read_some(process.stdout, total - done, gathered):
                done += 1
                unreadable += not read
        finally:
            process.close(kill=True)
    return unreadable


def _read_some(stream: IO[bytes], most: int, gathered: PackWriter) -> Iterator[bool]:
    """Yield for each object in turn whether it was read, and end after one that git may have died of."""
    for _ in range(most):
        header = stream.readline().split()
        if len(header) != 3:
            yield False
            if header:
                continue  # Git knows no such object and goes on.
            return
        size = int(header[2])
        body = stream.read(size + 1) if size <= _MOST_LOOSE_BYTES else b""
        if len(body) != size + 1:
            yield False
            return
        gathered.add(header[1], memoryview(body)[:size])
        yield True


class PackWriter:
    """Writes whole objects into a pack of our own, for `index-pack` to hash."""

    def __init__(self, scratch: Path, *, sha256: bool) -> None:
        self._file = TemporaryFile(dir=scratch)  # noqa: SIM115 - closed by __exit__
        self._sha256 = sha256
        self._count = 0
        self._file.write(struct.pack(">4sII", b"PACK", 2, 0))

    def __enter__(self) -> PackWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, kind: bytes, content: bytes | memoryview) -> None:
        """Append one object."""
        size = len(content)
        first = (_TYPES[kind] << 4) | (size & 15)
        size >>= 4
        header = bytearray()
        while size:
            header.append(first | 0x80)
            first, size = size & 0x7F, size >> 7
        header.append(first)
        self._file.write(header)
        self._file.write(zlib.compress(content, 1))
        self._count += 1

    def feed(self, git: Git, target: Path) -> None:
        """Finish the pack and let git index it in `target`."""
        if not self._count:
            return
        self._file.seek(0)
        self._file.write(struct.pack(">4sII", b"PACK", 2, self._count))
        self._file.seek(0)
        digest = hashlib.sha256() if self._sha256 else hashlib.sha1(usedforsecurity=False)
        while chunk := self._file.read(_CHUNK):
            digest.update(chunk)
        self._file.write(digest.digest())
        self._file.flush()
        self._file.seek(0)
        git.run(["index-pack", "--stdin"], directory=target, stdin=self._file)
