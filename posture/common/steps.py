"""Named points in long work that tests can arm, to prove that a crash there loses nothing.

`POSTURE_STEP=batch:2:kill` kills the process at the second pass of the point `batch`; `raise` and `stop` (SIGSTOP)
are the other acts. Without the variable a step costs one dictionary look-up.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

STEPS = ("claim", "assets", "fetch", "batch", "finish", "committed", "sweep")
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
    if _passes[name] != int(number):
        return
    if act == "raise":
        raise StepFault(f"step {name}")
    os.kill(os.getpid(), signal.SIGKILL if act == "kill" else signal.SIGSTOP)
