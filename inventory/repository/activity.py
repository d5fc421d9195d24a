"""Notices when a group of processes does nothing any more, such as a git that waits on a pipe that nobody fills."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_SAMPLES = 20
"""So often is looked while the group may stand still."""
_LEAST_STEP = 2.0
"""Seconds of silence that always count, since whoever asks may wait about a second in between."""
_SESSION = 3
_TICKS = slice(11, 13)
"""Places of the session and of the processor time in `/proc/PID/stat`, counted after the process's name."""


class Activity:
    """Watches the processes of one session by what they computed, read and wrote."""

    def __init__(self, session: int, seconds: float) -> None:
        self._session = session
        self._seconds = seconds
        self._pause = seconds / _SAMPLES
        self._looked = time.monotonic()
        self._quiet = 0.0
        self._before: dict[str, tuple[str, ...]] = {}

    def heard(self) -> None:
        """Note that they said something."""
        self._quiet = 0.0

    def stands_still(self) -> bool:
        """Say whether nothing was done for as long as is allowed; looks only now and then, so ask often."""
        passed = time.monotonic() - self._looked
        if passed < self._pause:
            return False
        self._looked += passed
        now = dict(_work(self._session))
        if now != self._before or not now:
            self._before, self._quiet = now, 0.0
        else:
            # Our own pauses, such as a stopped machine, are no fault of theirs.
            self._quiet += min(passed, max(2 * self._pause, _LEAST_STEP))
        return self._quiet >= self._seconds


def _work(session: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what each process and thread of a session did so far; where the system does not tell, nothing."""
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (place / "stat").read_text().rpartition(")")[2].split()
            if int(fields[_SESSION]) != session:
                continue
            yield place.name, tuple(fields[_TICKS])
            with suppress(OSError):
                yield f"{place.name} io", tuple((place / "io").read_text().split())
            for thread in (place / "task").iterdir():
                with suppress(OSError):
                    yield f"{place.name} {thread.name}", tuple((thread / "schedstat").read_text().split()[:1])
