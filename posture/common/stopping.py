"""Tells the processes of one worker that it is asked to stop, so that a long unit is given back at once.

The flag is one byte of memory shared with the pool's children, which are forked later. It costs no system call to read.
"""

from __future__ import annotations

import mmap

_flag = mmap.mmap(-1, 1)


def stop() -> None:
    """Ask every process of this worker to stop."""
    _flag[0] = 1


def is_stopping() -> bool:
    """Say whether the worker is asked to stop."""
    return _flag[0] == 1
