"""What Kubernetes refuses, and what is not known then: its own texts name people and places, and are not passed on."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.collector import Record, SkipRecord


class Refused(Exception):
    """One thing that the API does not hand out, here or to this credential; the rest goes on."""

    def __init__(self, status: int, why: str = "") -> None:
        super().__init__(why or _why(status))
        self.status = status
        self.why = str(self)
        self.midway = False
        """Whether a part of the list came before."""

    @property
    def is_none(self) -> bool:
        """Whether it says that the server knows no such kind at all; midway through a list it cannot mean that."""
        return self.status in (404, 405, 501) and not self.midway


def _why(status: int) -> str:
    if status == 403:
        return "Kubernetes does not allow it (403)"
    if status in (404, 405, 501):
        return f"Kubernetes does not offer it ({status})"
    if status == 406:
        return "Kubernetes does not tell it without the values (406)"
    if status == 410:
        return "Kubernetes forgot the list before it was read (410)"
    return f"Kubernetes refused it ({status})" if status < 500 else f"Kubernetes failed to answer ({status})"


def unless_refused(records: Iterator[Record], what: str, *, optional: bool = False) -> Iterator[Record]:
    """Yield records; where Kubernetes refuses the rest, say so in their place.

    Only of `optional` kinds a server may have none. Each has secrets, accounts and roles, so that "not found" there
    comes from something in between, and what was known must not be taken for gone.
    """
    try:
        yield from records
    except Refused as refused:
        yield SkipRecord(refused.why, what, partial=not (optional and refused.is_none))


__all__ = ["Refused", "unless_refused"]
