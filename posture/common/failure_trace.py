"""Where a fault of this product happened, without its words: these may quote what a stranger or a store said (D1)."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

_ROOT = Path(__file__).resolve().parents[2]
_MOST_LINKS = 10
# The words of these are the machine's or the database server's own, and whoever reads the log needs them.
_PLAIN = frozenset({"OperationalError", "InterfaceError"})
_MOST_WORDS = 300


def trace_of(error: BaseException) -> str:
    """Return the kinds of an error and its causes, each with the lines of ours that led to it."""
    return "\nbecause of ".join(_told(each) for each in _chain(error))


def install() -> None:
    """Have this process end with such a trace on its stderr, whatever thread or destructor an error comes from."""
    sys.excepthook = _say
    threading.excepthook = lambda given: _say(given.exc_type, given.exc_value, given.exc_traceback)
    sys.unraisablehook = lambda given: _say(given.exc_type, given.exc_value, given.exc_traceback)


def _say(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    print(trace_of(error) if error is not None else kind.__name__, file=sys.stderr)


def _chain(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    seen: set[int] = set()
    while current is not None and id(current) not in seen and len(seen) < _MOST_LINKS:
        seen.add(id(current))
        yield current
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _told(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__, limit=-200) if error.__traceback__ else []
    lines = [f"  at {_place(frame)}" for frame in frames if _is_ours(frame)]
    if frames and not _is_ours(frames[-1]):
        lines.append(f"  at {_place(frames[-1])}")
    return "\n".join([f"{type(error).__name__}{_words(error)}", *lines])


def _words(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f": {error.strerror}"
    if type(error).__name__ in _PLAIN:
        return f": {str(error).partition(chr(10))[0][:_MOST_WORDS]}"
    return ""


def _is_ours(frame: traceback.FrameSummary) -> bool:
    # An environment of packages may lie in the product's own folder.
    return frame.filename.startswith(f"{_ROOT}/") and "/site-packages/" not in frame.filename


def _place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    shown = path.relative_to(_ROOT) if _is_ours(frame) else "/".join(path.parts[-3:])
    return f"{shown}:{frame.lineno} in {frame.name}"


__all__ = ["install", "trace_of"]
