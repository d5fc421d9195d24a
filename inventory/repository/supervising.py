"""Starts the child that reads a repository, turns its lines into records, and ends it with all its gits."""

from __future__ import annotations

import logging
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

import inventory
from inventory.collector import BlobRecord, CollectorError, DoneRecord, ReadContext, Record
from inventory.repository.activity import Activity
from inventory.repository.job import Job, Limits
from inventory.repository.mirror import Target
from inventory.repository.text import STDERR_LIMIT, message_text
from inventory.repository.wire import MOST_LINE_BYTES, Decoder, encode, texts_lines
from posture.common.credential_reference import BadReference, resolve

logger = logging.getLogger(__name__)
_ALIVE_SECONDS = 1.0
STALL_SECONDS = 120.0
"""So long may a read do nothing at all, neither compute nor read nor write, before it is ended (G15)."""
_CHUNK = 1 << 18
_ROOT = Path(inventory.__file__).resolve().parent.parent


def read_in_child(
    target: Target, context: ReadContext, engine_cache: Path | None = None
) -> Generator[Record, None, None]:
    """Yield the records of one repository, read by a child that is gone when this generator ends.

    Raises:
        CollectorError: the child says why, or it was ended by a limit.
    """
    job = Job.of(
        target,
        workspace=context.workspace,
        engine_cache=engine_cache,
        key_file=context.key_file,
        cursor=context.cursor,
        limits=context.limits,
        network=context.network,
    )
    child = _Child(job, context, _credential(target, context))
    try:
        yield from child.records()
    finally:
        child.end()


def _credential(target: Target, context: ReadContext) -> bytes:
    """Fetch the credential that the source names, for an address that can take one."""
    if not context.credential or target.foreign:
        return b""
    if not target.url.startswith("https://"):
        raise CollectorError(
            "An ssh address is opened by the key of the user that the worker runs as. Remove the credential.",
            permanent=True,
        )
    try:
        return resolve(context.credential, context.credential_dir or context.workspace).reveal()
    except BadReference as error:
        raise CollectorError(str(error), permanent=True) from error


class _Child:
    def __init__(self, job: Job, context: ReadContext, credential: bytes) -> None:
        self._context = context
        self._deadline = time.monotonic() + Limits(**job.limits).wall_seconds
        self._said = b""
        self._told = 0.0
        self._done = False
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "inventory.repository.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            cwd="/",
            start_new_session=True,
        )
        self._activity = Activity(self._process.pid, STALL_SECONDS)
        self._write(job.to_line(credential))

    def _write(self, line: bytes) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def _alive(self) -> None:
        if time.monotonic() - self._told > _ALIVE_SECONDS:
            self._context.alive()
            self._told = time.monotonic()

    def records(self) -> Iterator[Record]:
        decoder = Decoder()
        for line in self._lines():
            kind, record = decoder.decode(line)
            if kind == "known?":
                self._send_known(self._context.known_blobs())
            elif kind == "texts?":
                for answer in texts_lines(self._context.known_texts()):
                    self._write(answer)
                    self._alive()
            elif kind == "error":
                assert isinstance(record, list)
                raise CollectorError(record[0], permanent=record[1])
            elif record is not None and not isinstance(record, list):
                self._done = isinstance(record, DoneRecord)
                yield record
        if not self._done:
            raise self._ended()

    def _send_known(self, blobs: Iterator[BlobRecord]) -> None:
        for blob in blobs:
            for line in encode(blob):
                self._write(_payload(line))
            self._alive()
        self._write(b"\n")

    def _lines(self) -> Iterator[bytes]:
        """Yield the child's lines, renewing the lease also while it is silent."""
        stdout, stderr = self._process.stdout, self._process.stderr
        assert stdout is not None
        assert stderr is not None
        pending = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            selector.register(stderr, selectors.EVENT_READ)
            while stdout in (key.fileobj for key in selector.get_map().values()):
                self._alive()
                if time.monotonic() > self._deadline:
                    raise CollectorError(
                        "Reading took longer than a read may take, and was stopped. Raise its time limit."
                    )
                if self._activity.stands_still():
                    raise CollectorError(
                        f"Reading stood still for {STALL_SECONDS:.0f} s and was stopped: something that git opened "
                        "never answers. Check the repository for pipes and devices, and its disk, then collect again."
                    )
                for key, _ in selector.select(_ALIVE_SECONDS):
                    self._activity.heard()
                    chunk = os.read(key.fd, _CHUNK)
                    if not chunk:
                        selector.unregister(key.fileobj)
                    elif key.fileobj is stderr:
                        self._said = (self._said + chunk)[:STDERR_LIMIT]
                    else:
                        pending += chunk
                        *lines, rest = pending.split(b"\n")
                        pending = rest
                        if len(pending) > MOST_LINE_BYTES:
                            raise CollectorError(
                                "Reading gave a record that is too long, and was stopped.", permanent=True
                            )
                        for line in lines:
                            yield bytes(line)

    def _ended(self) -> CollectorError:
        """Say why a child ended without saying so itself."""
        code = self._process.wait(timeout=10)
        said = message_text(self._said)
        if said:
            logger.warning("The reading process said: %s", said)
        if code == -signal.SIGXCPU:
            return CollectorError("Reading took more processor time than a read may use. Raise its limit.")
        if code < 0:
            name = signal.Signals(-code).name
            return CollectorError(
                f"The reading process was ended ({name}), perhaps for lack of memory. It is tried again later."
            )
        return CollectorError(f"The reading process ended with code {code}. Its last words are in the log.")

    def end(self) -> None:
        """Kill the whole group, so that no git outlives the read."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
        self._process.wait()


def _payload(line: bytes) -> bytes:
    """Return the payload of an encoded blob record as a line of its own."""
    return line[line.index(b",") + 1 : line.rindex(b"]")] + b"\n"


def _environment() -> dict[str, str]:
    """Return a closed environment: nothing of the server's secrets reaches the child or git."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(_ROOT),
        "PYTHONUTF8": "1",
        "GIT_PYTHON_REFRESH": "quiet",
        "LC_ALL": "C.UTF-8",
    }
