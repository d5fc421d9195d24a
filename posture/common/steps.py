"""Named points in long work that tests can arm, to prove that a crash there loses nothing.

`POSTURE_STEP=batch:2:kill` kills the process at the second pass of the point `batch`; `raise`, `stop` (SIGSTOP)
and `sleep` (1 s) are the other acts. With `POSTURE_STEP_ONCE` naming a file, only the process that removes the
file has the fault. Without the variable a step costs one dictionary look-up.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path

STEPS = ("claim", "assets", "fetch", "batch", "finish", "committed", "sweep", "count")
_passes: Counter[str] = Counter()


class StepFault(Exception):
    """The fault that an armed step raises."""


def step(name: str) -> None:
    """Pass the point called `name`, or fail there when a test armed it.

    Raises:
        StepFault: the step is armed to raise.
    """
    armed = os.environ.get("POSTURE_STEP")
    if not armed:
        return
    point, number, act = armed.split(":")
    if point != name:
        return
    _passes[name] += 1
    if _passes[name] != int(number) or not _is_ours():
        return
    if act == "raise":
        raise StepFault(f"step {name}")
    if act == "sleep":
        time.sleep(1)
        return
    os.kill(os.getpid(), signal.SIGKILL if act == "kill" else signal.SIGSTOP)


def _is_ours() -> bool:
    once = os.environ.get("POSTURE_STEP_ONCE")
    if once is None:
        return True
    try:
        Path(once).unlink()
    except FileNotFoundError:
        return False
    return True
