"""The process in which one repository is read: limited, free of Django, dead as soon as its parent is.

Started as `python -m inventory.repository.child`; a job and the known blobs come in on stdin, records go out
on stdout.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from inventory.collector import BlobRecord, CollectorError, DoneRecord, ProgressRecord, Record
from inventory.detection.hyperscan_engine import load_engine
from inventory.repository.command import GitFailed
from inventory.repository.foreign import Refused
from inventory.repository.job import Job, Limits
from inventory.repository.reading import read_repository
from inventory.repository.scrub import Scrubber
from inventory.repository.wire import ask_known_line, ask_texts_line, blob_from, encode, error_line
from posture.common import failure_trace
from posture.common.fingerprint import FingerprintKey, load_key
from posture.common.secret_value import SecretValue

_PR_SET_PDEATHSIG = 1
_FLUSH_SECONDS = 0.5
_CPU_GRACE = 5
_NO_MEMORY = "Reading needs more memory than a read may use. Raise its memory limit."


def limit(limits: Limits) -> None:
    """Bound this process and every git that it starts."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # At the hard limit of processor time the kernel kills; a little before, it tells why.
        last = bound + _CPU_GRACE if what == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else bound
        resource.setrlimit(what, (bound, last))
    # Past the file-size limit git shall get an error that it reports, not a signal.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def die_with(parent: int) -> None:
    """End this process and its gits when the parent ends, however it ends."""
    signal.signal(signal.SIGTERM, lambda *_: _end_group())
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        _end_group()


def _end_group() -> None:
    os.killpg(os.getpgrp(), signal.SIGKILL)


def watch(stdin: IO[bytes]) -> Callable[[], bytes]:
    """End everything at the end of stdin: the parent holds its other end open as long as it lives.

    Returns what gives the next line that the parent writes, and waits for it.
    """
    descriptor = stdin.fileno()
    lines: SimpleQueue[bytes] = SimpleQueue()

    def wait() -> None:
        # Past the buffered reader: a thread that holds its lock would delay the interpreter's end by a second.
        begun = b""
        while chunk := os.read(descriptor, 1 << 16):
            *whole, begun = (begun + chunk).split(b"\n")
            for line in whole:
                lines.put(line)
        _end_group()

    try:
        threading.Thread(target=wait, daemon=True).start()
    except RuntimeError as error:
        raise MemoryError from error  # All that a thread can lack here is memory for its stack.
    return lines.get


class Output:
    """Writes records as lines, flushed often enough for people who wait."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._flushed = 0.0

    def emit(self, record: Record) -> None:
        """Send a record."""
        self._stream.writelines(encode(record))
        now = time.monotonic()
        if isinstance(record, ProgressRecord | DoneRecord) or now - self._flushed > _FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Send what is buffered."""
        self._stream.flush()
        self._flushed = time.monotonic()

    def line(self, line: bytes) -> None:
        """Send a line that is no record."""
        self._stream.write(line)
        self.flush()


def known_blobs(stdin: IO[bytes], output: Output) -> Iterator[BlobRecord]:
    """Ask the parent for the blobs in which something was found before."""
    output.line(ask_known_line())
    while (line := stdin.readline()) not in (b"", b"\n"):
        yield blob_from(json.loads(line))


def known_texts(next_line: Callable[[], bytes], output: Output) -> Iterator[str]:
    """Ask the parent for the names that earlier reads told."""
    output.line(ask_texts_line())
    while line := next_line():
        yield from json.loads(line)


def main() -> int:
    """Read the job, read the repository, and say in one line why if that fails."""
    stdin = sys.stdin.buffer
    output = Output(sys.stdout.buffer)
    try:
        job, credential = Job.from_line(stdin.readline())
    except (TypeError, ValueError, KeyError):
        # A worker that was started before an update speaks to code that was installed by it.
        output.line(error_line("The worker runs older code than is installed. Restart it.", permanent=False))
        return 1
    limits = Limits(**job.limits)
    if os.getpgrp() == os.getpid():
        die_with(job.parent)
    limit(limits)
    try:
        key = load_key(Path(job.key_file))
        blobs = list(known_blobs(stdin, output))
        next_line = watch(stdin)
        Path(job.workspace).mkdir(mode=0o700, parents=True, exist_ok=True)
        scrubber = Scrubber(load_engine(Path(job.engine_cache)))
    except OSError as error:
        output.line(error_line(storage_message(error), permanent=False))
        return 1
    except MemoryError:
        output.line(error_line(_NO_MEMORY, permanent=False))
        return 1
    except ValueError as error:
        output.line(error_line(str(error), permanent=True))  # Our own words: the key or a format is not right.
        return 1
    source = partial(known_texts, next_line, output)
    return read_it(job, key, scrubber, output, blobs, credential, source)


def read_it(
    job: Job,
    key: FingerprintKey,
    scrubber: Scrubber,
    output: Output,
    blobs: list[BlobRecord],
    credential: SecretValue | None,
    texts: Callable[[], Iterator[str]] = lambda: iter(()),
) -> int:
    """Read the repository; what goes wrong is told without any value, since git repeats what strangers wrote."""

    def emit(record: Record) -> None:
        output.emit(scrubber.record(record))

    def tell(text: str, *, permanent: bool) -> int:
        output.line(error_line(scrubber.text(text), permanent=permanent))
        return 1

    try:
        read_repository(job, scrubber, key, emit, lambda: blobs, credential, texts)
    except CollectorError as error:
        return tell(str(error), permanent=error.permanent)
    except Refused as refused:
        return tell(str(refused), permanent=True)
    except MemoryError:
        return tell(_NO_MEMORY, permanent=False)
    except GitFailed as failed:
        return tell(f"Git could not read the mirror: {failed.message[:300]}. It is tried again later.", permanent=False)
    except OSError as error:
        return tell(storage_message(error), permanent=False)
    except ValueError:
        # Its words may quote the repository's content, so none of them is told.
        return tell(
            "Something in this repository could not be understood. Check it with `git fsck`; "
            "if that finds nothing, report it as a fault of this product.",
            permanent=True,
        )
    return 0


def storage_message(error: OSError) -> str:
    """Say what to do about a data folder that cannot be written."""
    place = error.filename or "the data folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk of the data folder is full ({place}). Free some space, then collect again."
    if error.errno == errno.EFBIG:
        return f"A file ({place}) would be larger than a read may write. Raise the limit, then collect again."
    if error.errno == errno.EROFS:
        return f"The data folder is read-only ({place}). Make it writable, then collect again."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"{place} may not be read or written by this user. Change its permissions, then collect again."
    return (
        f"{error.strerror or 'Input or output failed'} ({place}). Check the disk and the data folder, then try again."
    )


if __name__ == "__main__":
    failure_trace.install()
    sys.exit(main())
