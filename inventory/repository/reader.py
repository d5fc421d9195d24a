"""Streams objects out of our own mirror through `git cat-file`, surviving the ones that git dies of."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO

from inventory.repository.command import Git, Process

_WINDOW = 1_000
"""Requests written before their answers are read: 1,000 ids fit into the pipe, so neither side can block the other."""
MOST_OBJECT_BYTES = 64 << 20
"""Commits and trees above this are not held in memory but counted as unreadable."""
_CHUNK = 1 << 20


class ObjectReader:
    """Answers questions for commits, trees and tags, many at a time, in the order asked."""

    def __init__(self, git: Git, mirror: Path) -> None:
        self._git = git
        self._mirror = mirror
        self._process: Process | None = None

    def __enter__(self) -> ObjectReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        if self._process:
            self._process.close(kill=True)
            self._process = None

    def read(self, oids: Sequence[bytes]) -> Iterator[tuple[bytes, str, bytes | None]]:
        """Yield (object id, type, content) for each; the content is nothing when it cannot be read."""
        position = 0
        while position < len(oids):
            window = oids[position : position + _WINDOW]
            for oid, kind, content in self._window(window):
                position += 1
                yield oid, kind, content

    def kinds(self, oids: Iterable[bytes]) -> dict[bytes, str]:
        """Return the type of each of these objects that the mirror has."""
        return {oid: kind for oid, (kind, _) in check(self._git, self._mirror, oids).items()}

    def _window(self, oids: Sequence[bytes]) -> Iterator[tuple[bytes, str, bytes | None]]:
        if self._process is None:
            self._process = self._git.start(["cat-file", "--batch"], directory=self._mirror, stdin=-1)
        process = self._process
        assert process.stdin is not None
        try:
            process.stdin.write(b"".join(oid.hex().encode() + b"\n" for oid in oids))
            process.stdin.flush()
        except BrokenPipeError:
            self._stop()
            yield oids[0], "", None
            return
        for oid in oids:
            header = process.stdout.readline().split()
            if not header:
                self._stop()
                yield oid, "", None
                return  # Whatever is left of the window is asked again of a new process.
            if len(header) != 3:
                yield oid, "", None
                continue
            content = _body(process.stdout, int(header[2]))
            yield oid, header[1].decode(), content


def _body(stream: IO[bytes], size: int) -> bytes | None:
    if size <= MOST_OBJECT_BYTES:
        body = stream.read(size + 1)
        return body[:-1] if len(body) == size + 1 else None
    left = size + 1
    while left and (chunk := stream.read(min(left, _CHUNK))):
        left -= len(chunk)
    return None


@dataclass(frozen=True, slots=True)
class Content:
    """A blob as far as it is scanned: all of it, or head and tail."""

    oid: bytes
    size: int
    parts: tuple[tuple[bytes, int], ...]
    """(bytes, number of lines before them). Empty when the blob could not be read."""
    whole: bool


class BlobList:
    """The blobs to read, in a file that becomes git's stdin, so that a million of them cost no memory."""

    def __init__(self, scratch: Path, oid_size: int) -> None:
        self._file = TemporaryFile(dir=scratch, buffering=_CHUNK)  # noqa: SIM115 - closed by __exit__
        self._width = 2 * oid_size + 1
        self._sizes = array("Q")

    def __len__(self) -> int:
        return len(self._sizes)

    def __enter__(self) -> BlobList:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, oid_hex: bytes, size: int) -> None:
        """Note one blob."""
        self._file.write(oid_hex + b"\n")
        self._sizes.append(size)

    def contents(self, git: Git, mirror: Path, *, cap: int, edge: int) -> Iterator[Content]:
        """Yield each blob; of one above `cap` bytes only the first and last `edge` bytes."""
        self._file.flush()
        done = 0
        while done < len(self._sizes):
            os.lseek(self._file.fileno(), done * self._width, os.SEEK_SET)
            process = git.start(["cat-file", "--batch", "--buffer"], directory=mirror, stdin=self._file)
            try:
                for content in self._stream(process.stdout, done, cap, edge):
                    done += 1
                    yield content
                    if not content.parts and not content.whole:
                        break  # Git may have died of this one; go on after it.
            finally:
                process.close(kill=True)

    def _stream(self, stream: IO[bytes], start: int, cap: int, edge: int) -> Iterator[Content]:
        for index in range(start, len(self._sizes)):
            size = self._sizes[index]
            header = stream.readline().split()
            if len(header) != 3:
                yield Content(self._oid(index), size, (), whole=False)
                return
            oid = bytes.fromhex(header[0].decode())
            if size <= cap:
                body = stream.read(size + 1)
                complete = len(body) == size + 1
                yield Content(oid, size, ((body[:size], 0),) if complete else (), whole=complete)
            else:
                parts = _edges(stream, size, edge)
                yield Content(oid, size, parts, whole=False)

    def _oid(self, index: int) -> bytes:
        return bytes.fromhex(os.pread(self._file.fileno(), self._width - 1, index * self._width).decode())


def _edges(stream: IO[bytes], size: int, edge: int) -> tuple[tuple[bytes, int], ...]:
    """Stream past the middle of a big blob, counting its lines."""
    head = stream.read(edge)
    lines = head.count(b"\n")
    left = size - 2 * edge
    while left > 0:
        chunk = stream.read(min(left, _CHUNK))
        if not chunk:
            return ()
        lines += chunk.count(b"\n")
        left -= len(chunk)
    tail = stream.read(edge + 1)
    return ((head, 0), (tail[:-1], lines)) if len(tail) == edge + 1 else ()


def list_all(git: Git, mirror: Path) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield (object id in hex, type, size) of everything in the mirror, in pack order, which reads fastest."""
    command = ["cat-file", "--batch-all-objects", "--unordered", "--buffer", "--batch-check"]
    for line in git.lines(command, directory=mirror):
        parts = line.split(b" ")
        if len(parts) == 3:
            yield parts[0], parts[1], int(parts[2])


def list_new(git: Git, mirror: Path, new: Iterable[bytes], old: Iterable[bytes]) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield (object id in hex, type, size) of what the new tips reach and the old ones do not."""
    with git.input_file(revisions(new, old)) as tips, TemporaryFile(dir=git.scratch) as listed:
        command = ["rev-list", "--objects", "--no-object-names", "--missing=allow-any", "--stdin"]
        for line in git.lines(command, directory=mirror, stdin=tips):
            listed.write(line + b"\n")
        listed.flush()
        os.lseek(listed.fileno(), 0, os.SEEK_SET)
        for line in git.lines(["cat-file", "--batch-check", "--buffer"], directory=mirror, stdin=listed):
            parts = line.split(b" ")
            if len(parts) == 3:
                yield parts[0], parts[1], int(parts[2])


def check(git: Git, mirror: Path, oids: Iterable[bytes]) -> dict[bytes, tuple[str, int]]:
    """Return type and size of each of these objects that the mirror has."""
    found: dict[bytes, tuple[str, int]] = {}
    with git.input_file(oid.hex().encode() for oid in oids) as handle:
        for line in git.lines(["cat-file", "--batch-check", "--buffer"], directory=mirror, stdin=handle):
            parts = line.split(b" ")
            if len(parts) == 3:
                found[bytes.fromhex(parts[0].decode())] = (parts[1].decode(), int(parts[2]))
    return found


def revisions(new: Iterable[bytes], old: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines that tell `rev-list --stdin` where to start and where to stop; ids only (G6)."""
    yield from (oid.hex().encode() for oid in new)
    yield from (b"^" + oid.hex().encode() for oid in old)
