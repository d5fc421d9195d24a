"""How git is started, always: closed environment, constant options, limits, a capped and cleaned stderr."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO

from inventory.repository.text import STDERR_LIMIT, message_text

# SECURITY 2d. The window limits keep mapped packs inside the address-space limit; above the big-file threshold
# git streams an object instead of holding it.
_OPTIONS = (
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "transfer.bundleURI=false"),
    *("-c", "http.followRedirects=false"),
    *("-c", "http.lowSpeedLimit=1000"),
    *("-c", "protocol.version=2"),
    *("-c", "credential.helper="),
    *("-c", "core.packedGitWindowSize=32m"),
    *("-c", "core.packedGitLimit=256m"),
    *("-c", "core.bigFileThreshold=32m"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
)
# Git empties these variables for the other side of a local clone, so they are set once more in its command line;
# otherwise grafts and hidden references of the folder would hide history from us.
UPLOAD_PACK = (
    "GIT_GRAFT_FILE=/dev/null GIT_NO_REPLACE_OBJECTS=1 GIT_NO_LAZY_FETCH=1 git -c core.hooksPath=/dev/null "
    "-c core.attributesFile=/dev/null -c core.fsmonitor=false -c transfer.hideRefs=!refs "
    "-c uploadpack.hideRefs=!refs -c uploadpack.allowFilter=false "
    "-c core.packedGitWindowSize=32m -c core.packedGitLimit=256m -c core.bigFileThreshold=32m "
    "-c pack.windowMemory=64m -c pack.threads=2 upload-pack"
)


class GitFailed(Exception):
    """Git ended with an error; `message` is what it said, cleaned."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message or f"git ended with code {code}")
        self.message = message
        self.code = code


class Process:
    """A running git whose stdout is read by us and whose stderr is drained, capped and kept."""

    def __init__(
        self, command: list[str], environment: dict[str, str], directory: Path, stdin: int | IO[bytes]
    ) -> None:
        self._process = subprocess.Popen(
            command,
            env=environment,
            cwd=directory,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=1 << 20,
            # Python would give git back the signal of a file that grows too large, and git would die without a word.
            restore_signals=False,
        )
        assert self._process.stdout is not None
        self.stdout: IO[bytes] = self._process.stdout
        self.stdin = self._process.stdin
        self._said = b""
        self._drain = threading.Thread(target=self._keep_stderr, daemon=True)
        self._drain.start()

    def _keep_stderr(self) -> None:
        assert self._process.stderr is not None
        while chunk := os.read(self._process.stderr.fileno(), 65536):
            if len(self._said) < STDERR_LIMIT:
                self._said += chunk[: STDERR_LIMIT - len(self._said)]

    def close(self, *, kill: bool = False) -> GitFailed | None:
        """End it and return why it failed, or nothing when it went well."""
        if kill:
            self._process.kill()
        if self.stdin is not None:
            with suppress(BrokenPipeError):
                self.stdin.close()
        self.stdout.close()
        code = self._process.wait()
        self._drain.join(timeout=5)
        if self._process.stderr is not None:
            self._process.stderr.close()
        return GitFailed(message_text(self._said), code) if code else None


SLOW_SECONDS = 90
"""A server that sends less than 1000 bytes a second for so long is given up (G35), before a read counts as stalled."""


class Git:
    """Starts git for one read, with a home folder and a global configuration that only we write."""

    def __init__(
        self,
        scratch: Path,
        *,
        trusted: Iterable[Path] = (),
        protocol: str = "none",
        options: Iterable[str] = (),
        ssh: str = "ssh -oBatchMode=yes",
        slow_seconds: int = SLOW_SECONDS,
    ) -> None:
        self.scratch = scratch
        self.answering = False
        """Whether git is handed a credential when it asks for one."""
        self.options = [*_OPTIONS, "-c", f"http.lowSpeedTime={slow_seconds}", *options]
        home = scratch / "home"
        home.mkdir(mode=0o700, exist_ok=True)
        configuration = scratch / "gitconfig"
        configuration.write_bytes(b"".join(_safe_directory(path) for path in trusted))
        self.environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(configuration),
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_GRAFT_FILE": "/dev/null",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "/bin/false",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_ALLOW_PROTOCOL": protocol,
            "GIT_SSH_COMMAND": ssh,
            "GIT_SSH_VARIANT": "ssh",
        }

    def start(
        self, arguments: list[str], *, directory: Path | None = None, stdin: int | IO[bytes] = subprocess.DEVNULL
    ) -> Process:
        """Start git in one of our own folders; the first argument is the subcommand."""
        place = ["--git-dir=."] if directory else []
        return Process(["git", *self.options, *place, *arguments], self.environment, directory or self.scratch, stdin)

    def run(
        self, arguments: list[str], *, directory: Path | None = None, stdin: int | IO[bytes] = subprocess.DEVNULL
    ) -> bytes:
        """Run git to its end and return what it printed (short answers only).

        Raises:
            GitFailed: with what git said.
        """
        process = self.start(arguments, directory=directory, stdin=stdin)
        printed = process.stdout.read()
        failed = process.close()
        if failed:
            raise failed
        return printed

    def lines(
        self, arguments: list[str], *, directory: Path, stdin: int | IO[bytes] = subprocess.DEVNULL
    ) -> Iterator[bytes]:
        """Yield the lines that git prints, without their ends.

        Raises:
            GitFailed: after the last line, when git ended with an error.
        """
        process = self.start(arguments, directory=directory, stdin=stdin)
        finished = False
        try:
            for line in process.stdout:
                yield line.rstrip(b"\n")
            finished = True
        finally:
            failed = process.close(kill=not finished)
        if failed:
            raise failed

    @contextmanager
    def input_file(self, lines: Iterable[bytes]) -> Iterator[BinaryIO]:
        """Give the lines as a file to be a process's stdin: no pipe to fill, so no deadlock."""
        with TemporaryFile(dir=self.scratch) as handle:
            handle.writelines(line + b"\n" for line in lines)
            handle.seek(0)
            yield handle


def _safe_directory(path: Path) -> bytes:
    """Return the lines that let git read exactly this folder although somebody else owns it."""
    raw = os.fsencode(path)
    quoted = raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n").replace(b"\t", b"\\t")
    return b'[safe]\n\tdirectory = "' + quoted + b'"\n'
