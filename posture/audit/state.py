"""What is known of the chain without reading it: kept by the checks, told on every page of those who see everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from posture.audit.anchors import Anchor, anchor_file, newest_anchor, read_anchors, write_anchor
from posture.audit.chain import Keys, load_keys, moment
from posture.audit.errors import AuditUnavailable
from posture.audit.guard import missing_guards
from posture.audit.models import Event, Head, Verification
from posture.audit.verify import Place, Verdict, verify

WHOLE_EVERY = timedelta(days=1)
OLD = timedelta(hours=1)
"""A check is asked for every few minutes; one as old as this says nothing of now."""
UNGUARDED = (
    "Have the triggers made again: `manage.py migrate audit 0001`, then `manage.py migrate audit`. Find out who took "
    "them away."
)


class Standing(Enum):
    """What can be said of the chain."""

    GOOD = "good"
    BROKEN = "broken"
    OLD = "not checked of late"
    UNKNOWN = "not checked yet"


@dataclass(frozen=True)
class AuditState:
    """What the last check found, for pages and the API."""

    standing: Standing
    verified_at: datetime | None = None
    whole_at: datetime | None = None
    sequence: int = 0
    first_bad: int | None = None
    problem: str = ""

    @property
    def alarming(self) -> bool:
        """Whether it must be told on every page; before the first check there is nothing to tell."""
        return self.standing in (Standing.BROKEN, Standing.OLD)


def audit_state() -> AuditState:
    """Return what is known of the chain, in one query."""
    found = Verification.objects.filter(pk=Verification.ONLY).first()
    if found is None:
        return AuditState(Standing.UNKNOWN)
    standing = Standing.GOOD if found.ok else Standing.BROKEN
    if found.ok and timezone.now() - found.verified_at > OLD:
        standing = Standing.OLD
    return AuditState(
        standing, found.verified_at, found.whole_at, found.sequence, found.first_bad, found.problem.strip()
    )


def check_chain(*, whole: bool = False) -> Verdict:
    """Check what is new, or once a day everything, and keep what came of it.

    Raises:
        AuditUnavailable: it cannot be checked: the key or the anchors cannot be read.
    """
    known = Verification.objects.filter(pk=Verification.ONLY).first()
    now = timezone.now()
    # Once something is wrong, only a whole check may call it right again.
    tail = known is not None and known.ok and known.whole_at is not None and now - known.whole_at < WHOLE_EVERY
    start = Place(known.sequence, known.digest) if known is not None and tail and not whole else None
    try:
        verdict = judged(kept_anchors(), start=start)
    except AuditUnavailable as error:
        _keep(Verdict(False, 0, start or Place(), problem=str(error)), at=now, whole=False)
        raise
    _keep(verdict, at=now, whole=start is None)
    return verdict


def judged(anchors: list[Anchor], *, start: Place | None = None) -> Verdict:
    """Check the chain against anchors, and that the database still refuses changes.

    Raises:
        AuditUnavailable: the key cannot be read.
    """
    verdict = verify(_keys(), anchors, start=start)
    missing = missing_guards(connection)
    if verdict.ok and missing:
        problem = f"the database no longer refuses changes: {', '.join(missing)} is missing or off"
        return Verdict(False, verdict.events, verdict.last, verdict.anchors, None, problem, UNGUARDED)
    return verdict


def kept_anchors() -> list[Anchor]:
    """Return the anchors of this installation.

    Raises:
        AuditUnavailable: the file is there and cannot be read.
    """
    try:
        return read_anchors(anchor_file())
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise AuditUnavailable(f"The anchors cannot be read: {error}") from error


def anchor_what_is_new() -> bool:
    """Write an anchor of the head, unless one is there; says whether it did.

    Raises:
        OSError: the file cannot be written.
        AnchorError: its last line is no anchor.
    """
    newest = newest_anchor()
    head = Head.objects.filter(pk=Head.ONLY, sequence__gt=newest.sequence if newest else 0).first()
    if head is None:
        return False
    event = Event.objects.filter(pk=head.sequence).only("at", "key_id").first()
    if event is None:
        return False
    return write_anchor(Anchor(head.sequence, head.digest, moment(event.at), event.key_id))


def _keys() -> Keys:
    try:
        return load_keys(Path(settings.AUDIT_KEY_FILE), create=not Event.objects.exists())
    except FileNotFoundError as error:
        raise AuditUnavailable(
            f"The key of the audit trail {settings.AUDIT_KEY_FILE} is missing. Restore it from backup."
        ) from error
    except (OSError, ValueError) as error:
        raise AuditUnavailable(str(error)) from error


def _keep(verdict: Verdict, *, at: datetime, whole: bool) -> None:
    found = {
        "verified_at": at,
        "ok": verdict.ok,
        "first_bad": verdict.first_bad,
        "problem": verdict.problem[:1000],
    }
    if verdict.ok:
        found |= {"sequence": verdict.last.sequence, "digest": verdict.last.digest}
    if whole:
        found["whole_at"] = at
    with transaction.atomic():
        Verification.objects.update_or_create(pk=Verification.ONLY, defaults=found)
