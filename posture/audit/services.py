"""Writing to the trail: inside the transaction of the act, or the act does not happen (SECURITY P1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from posture.audit.anchors import Anchor, anchor_when_due
from posture.audit.chain import Keys, Link, load_keys, moment
from posture.audit.entry import JSON, Checked, Entry, check
from posture.audit.errors import AuditUnavailable, EntryRefused, OutsideTransaction
from posture.audit.models import Event, Head

__all__ = ["JSON", "AuditUnavailable", "Entry", "EntryRefused", "OutsideTransaction", "record", "record_many"]


class Actor(Protocol):
    """A person, as far as the trail knows people: accounts lie above it."""

    @property
    def pk(self) -> Any:
        """Return their number."""


def record(entry: Entry, *, actor: Actor | None) -> Event:
    """Write down one act in the caller's transaction; `actor` None is the product itself.

    Call it last: whoever records holds the head of the chain until the transaction ends.

    Raises:
        OutsideTransaction: there is no transaction to share.
        EntryRefused: a part of the entry does not fit.
        AuditUnavailable: it cannot be written; let it rise, so that the act is undone.
    """
    return record_many([entry], actor=actor)[0]


def record_many(entries: Iterable[Entry], *, actor: Actor | None) -> list[Event]:
    """Write down many acts of one actor under one lock; as `record` otherwise."""
    if not connection.in_atomic_block:
        raise OutsideTransaction
    checked = [check(entry) for entry in entries]
    if not checked:
        return []
    try:
        head = _locked_head()
        keys = _keys(first=head.sequence == 0)
        at = timezone.now()
        events = _chained(checked, head, at=at, actor=None if actor is None else actor.pk, keys=keys)
        if len(events) == 1:
            events[0].save(force_insert=True)
        else:
            Event.objects.bulk_create(events)
        Head.objects.filter(pk=Head.ONLY).update(sequence=events[-1].sequence, digest=events[-1].digest)
    except DatabaseError as error:
        raise AuditUnavailable("What was asked for could not be written to the audit trail.") from error
    last = Anchor(events[-1].sequence, events[-1].digest, moment(at), keys.writing)
    transaction.on_commit(lambda: anchor_when_due(last), robust=True)
    return events


def writing_keys(path: Path) -> Keys:
    """Return the keys of a file, read anew only when it changed.

    Raises:
        OSError: the file cannot be read.
        ValueError: the file holds no keys, or others may read it.
    """
    found = path.stat()
    return _read(path, found.st_mtime_ns, found.st_mode, found.st_ino)


@lru_cache(maxsize=2)
def _read(path: Path, *_: int) -> Keys:
    return load_keys(path)


def _keys(*, first: bool) -> Keys:
    """Return the keys; only the very first event makes them, so that a lost key is noticed and not replaced."""
    path = Path(settings.AUDIT_KEY_FILE)
    try:
        if first and not path.exists():
            return load_keys(path, create=True)
        return writing_keys(path)
    except FileNotFoundError as error:
        raise AuditUnavailable(
            f"The key of the audit trail {path} is missing. Restore it from backup, or copy it from the machine "
            "that wrote the first event."
        ) from error
    except (OSError, ValueError) as error:
        raise AuditUnavailable(str(error)) from error


def _locked_head() -> Head:
    """Return the head, locked until the transaction ends; SQLite's transactions are IMMEDIATE and write alone."""
    head = Head.objects.select_for_update().filter(pk=Head.ONLY).first()
    if head is None:
        if Event.objects.exists():
            raise AuditUnavailable("The head of the audit trail is gone. Run verify-audit; restore it from backup.")
        Head.objects.bulk_create([Head(pk=Head.ONLY)], ignore_conflicts=True)
        head = Head.objects.select_for_update().get(pk=Head.ONLY)
    return head


def _chained(checked: list[Checked], head: Head, *, at: datetime, actor: int | None, keys: Keys) -> list[Event]:
    """Return the next events of the chain, each bound to the one before."""
    events, previous, written = [], head.digest, moment(at)
    for sequence, entry in enumerate(checked, head.sequence + 1):
        link = Link(sequence, written, actor, **vars(entry), previous=previous, key_id=keys.writing)
        digest = keys.digest(link)
        events.append(
            Event(
                sequence=sequence,
                at=at,
                actor_id=actor,
                **vars(entry),
                previous=previous,
                digest=digest,
                key_id=keys.writing,
            )
        )
        previous = digest
    return events
