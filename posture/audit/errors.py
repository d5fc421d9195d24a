"""Why something could not be written down."""

from __future__ import annotations


class AuditUnavailable(Exception):
    """The trail cannot be written, so that what was asked for must not happen; answered with 503 (SECURITY P1)."""


class OutsideTransaction(RuntimeError):
    """`record` was called outside a transaction: the act and its event could come apart. A fault of the caller."""

    def __init__(self) -> None:
        super().__init__("Call record() inside transaction.atomic(), together with what it tells of.")


class EntryRefused(ValueError):
    """What should be recorded has a part that does not fit; names the part and never what it holds."""
