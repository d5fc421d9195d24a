"""Keeps requests below a number a minute: a quota that is used up would stop everybody who shares it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

BURST = 50
"""So many requests may be sent at once after a pause."""


class Pace:
    """Lets a number of requests a minute through, from several threads."""

    def __init__(self, a_minute: int, alive: Callable[[], None] = lambda: None) -> None:
        self._each = 60 / a_minute
        self._alive = alive
        self._free, self._asked_at = float(BURST), time.monotonic()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when it is this request's turn."""
        with self._lock:
            now = time.monotonic()
            self._free = min(self._free + (now - self._asked_at) / self._each, BURST) - 1
            self._asked_at = now
            turn = now - min(self._free, 0) * self._each
        while (left := turn - time.monotonic()) > 0:
            self._alive()
            time.sleep(min(left, 1))


__all__ = ["BURST", "Pace"]
