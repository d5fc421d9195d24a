"""Keeps a few programs running together: restarts what dies, stops all of them in time, leaves nothing behind."""

from __future__ import annotations

import ctypes
import os
import selectors
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from posture.common.child import Child, Program

_PR_SET_CHILD_SUBREAPER = 36
_TURN_SECONDS = 0.2
# TERM lets work finish; after these many seconds a program is told to drop it, and after the limit it is killed.
# Together they stay well below the ten seconds within which a stop is promised.
GRACE_SECONDS = 5.5
LIMIT_SECONDS = 7.5
# One stop may arrive twice at once, from `make` and from whoever stopped it; a person needs longer to ask again.
SECOND_THOUGHT_SECONDS = 1.0
# A program that never came up is not tried for ever: something is wrong that a restart does not mend.
START_ATTEMPTS = 4


class Supervisor:
    """Runs programs until a signal asks it to stop."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        environment: Mapping[str, str],
        folder: Path,
        log_folder: Path,
        say: Callable[[str], None],
    ) -> None:
        self._children = [Child(program, environment, folder, log_folder) for program in programs]
        self._unready = [child for child in self._children if child.program.is_ready]
        self._given_up: set[Child] = set()
        self._selector = selectors.DefaultSelector()
        self._say = say
        self._asked_at: float | None = None
        self._at_once = False
        self._said: dict[str, float] = {}

    def run(self, is_ready: Callable[[], bool], when_ready: Callable[[], None]) -> int:
        """Start everything, call `when_ready` once, and return the exit code after a stop was asked for."""
        # Grandchildren whose parent died come to us instead of to init, so that they can be ended too.
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
        before = self._take_signals()
        code = 0
        try:
            for child in self._children:
                # What is not essential must not make the first page late; it starts after that.
                if child.program.essential:
                    self._start(child)
            ready = False
            while self._asked_at is None:
                self._turn()
                self._restart(ready)
                self._greet()
                if not ready and (ready := is_ready()):
                    when_ready()
        except StartError as error:
            self._say(str(error))
            code = 1
        finally:
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)
        return code

    def _take_signals(self) -> dict[int, signal._HANDLER]:
        """Let Ctrl-C, TERM and a closed terminal ask for a stop; `nohup` keeps its meaning."""

        def ask(number: int, frame: FrameType | None) -> None:
            now = time.monotonic()
            if self._asked_at is None:
                self._asked_at = now
            elif now - self._asked_at > SECOND_THOUGHT_SECONDS:
                self._at_once = True

        # A shell's background job starts with INT ignored, and is still to be stopped by it.
        wanted = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            wanted.append(signal.SIGHUP)
        return {number: signal.signal(number, ask) for number in wanted}

    def _start(self, child: Child) -> None:
        child.start()
        self._selector.register(child.output, selectors.EVENT_READ, child)

    def _turn(self) -> None:
        """Wait a moment for output, file it, and show the errors in it."""
        for key, _ in self._selector.select(_TURN_SECONDS):
            child: Child = key.data
            messages = child.read()
            if messages is None:
                self._selector.unregister(key.fd)
            for message in messages or []:
                self._show(child, message)

    def _show(self, child: Child, message: str) -> None:
        """Show an error once a minute, however often it is logged."""
        text, now = f"{child.program.name}: {message} (see {child.log.path})", time.monotonic()
        if now - self._said.get(text, -60.0) >= 60.0:
            self._said = {known: when for known, when in self._said.items() if now - when < 60.0} | {text: now}
            self._say(text)

    def _restart(self, was_ready: bool) -> None:
        """Start again what died, after a pause that grows."""
        for child in self._children:
            if child.process is not None and not child.running:
                how, program = self._bury(child), child.program
                never_came_up = child in self._unready if program.is_ready else not was_ready
                if never_came_up and child.starts >= START_ATTEMPTS:
                    why = (
                        f"{program.name} does not start ({how}, {child.starts} times). "
                        f"The reason is at the end of {child.log.path}"
                    )
                    if program.essential:
                        raise StartError(why)
                    self._say(f"{why}. The rest runs on without it.")
                    self._given_up.add(child)
                else:
                    self._say(f"{program.name} ended by itself ({how}) and is started again; see {child.log.path}")
            elif child.process is None and self._may_start(child, was_ready):
                self._start(child)

    def _may_start(self, child: Child, was_ready: bool) -> bool:
        wanted = child not in self._given_up and (was_ready or child.program.essential)
        return wanted and time.monotonic() >= child.restart_at

    def _greet(self) -> None:
        """Do what waits for a program to serve, once."""
        for child in [each for each in self._unready if each.running]:
            if child.program.is_ready and child.program.is_ready():
                self._unready.remove(child)
                if child.program.when_ready:
                    child.program.when_ready()

    def _bury(self, child: Child) -> str:
        with suppress(KeyError):  # It closed its output before it ended.
            self._selector.unregister(child.output)
        how = child.bury()
        end_orphans({child.process.pid for child in self._children if child.process is not None})
        return how

    def _stop(self) -> None:
        """End everything: TERM at once, then in a hurry, then by force. A second signal skips the waiting."""
        started, hurried = time.monotonic(), False
        for child in self._children:
            child.signal(signal.SIGTERM)
        while any(child.running for child in self._children):
            self._turn()
            waited = time.monotonic() - started
            if self._at_once or waited > LIMIT_SECONDS:
                break
            if waited > GRACE_SECONDS and not hurried:
                hurried = True
                for child in self._children:
                    child.signal(child.program.hurry)
        for child in self._children:
            child.signal_group(signal.SIGKILL)
            if child.process is not None:
                self._bury(child)
        self._selector.close()


class StartError(Exception):
    """A program ends each time it is started."""


def end_orphans(known: set[int]) -> None:
    """End and bury what came to us because its parent died; all but the `known` children are such."""
    while orphans := our_children() - known:
        for pid in orphans:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


def our_children() -> set[int]:
    """Return the processes whose parent we are."""
    ours = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError):
            # The name, in brackets, may hold anything; the parent is the second field after it.
            if int(stat.read_text(errors="replace").rpartition(")")[2].split()[1]) == os.getpid():
                ours.add(int(stat.parent.name))
    return ours
