"""Judging whether values are still accepted, from what was collected; the newest word counts, whoever said it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from inventory.issuer_records import KEY_IDS, IssuerRecords, beside_key_ids
from inventory.models import Asset, Credential
from inventory.models.secrets import Validity, ValidityBy
from inventory.validity import Word, judge

BATCH = 500
_FIELDS = (
    *("validity", "validity_at", "validity_by", "validity_reason", "validity_secret_id", "validity_until"),
    "accepted_at",
)


def judge_validity() -> int:
    """Judge every value of which something was learned or forgotten since; returns how many.

    It comes before the severities, whose marks stand for a change of places and stores too.
    """
    records = IssuerRecords()
    _mark_forgotten()
    _mark_read(records)
    judged, last = 0, 0
    while True:
        with transaction.atomic():
            due = Credential.objects.filter(Q(validity_due=True) | Q(severity_due=True), pk__gt=last)
            batch = list(due.select_for_update().order_by("pk")[:BATCH])
            if not batch:
                return judged
            _judge(batch, records)
        judged, last = judged + len(batch), batch[-1].pk


def learn_validity(*, credential: int, validity: str, at: datetime, by: str, reason: str) -> bool:
    """Take note of what a person or a live check says of a value; says whether it is the newest word.

    The reason is shown to whoever sees the credential: it names no place, and no part of the value. What is said of a
    guessable value that stands with several teams is not kept, since one would learn of the other by it (SECURITY W27).
    """
    with transaction.atomic():
        row = Credential.objects.select_for_update().get(pk=credential)
        newer = row.validity in (Validity.VALID, Validity.INVALID) and row.validity_at and row.validity_at > at
        if newer or not IssuerRecords().known([row])[row.pk].told_apart:
            return False
        row.validity, row.validity_at, row.validity_by = Validity(validity), at, ValidityBy(by)
        row.validity_reason, row.validity_secret, row.validity_until = reason[:500], None, None
        if row.validity == Validity.VALID:
            row.accepted_at = max(filter(None, (row.accepted_at, at)))
        row.severity_due = True
        row.save(update_fields=[*(name.removesuffix("_id") for name in _FIELDS), "severity_due"])
    return True


def _mark_forgotten() -> None:
    """Mark what was not read again in time."""
    Credential.objects.filter(validity_until__lt=timezone.now()).update(validity_due=True)


def _mark_read(records: IssuerRecords) -> None:
    """Mark what hangs on the access keys of accounts that were read, and is not held by anything of theirs.

    What a store's secrets hold was marked when these were written.
    """
    assets = list(Asset.objects.filter(validity_due=True).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(assets), BATCH):
        some = assets[start : start + BATCH]
        with transaction.atomic():
            # Cleared first: a read that ends meanwhile sets it again.
            Asset.objects.filter(pk__in=some).update(validity_due=False)
            names = sorted(records.named_in(some))
            for at in range(0, len(names), BATCH):
                _mark(Credential.objects.filter(fingerprint__in=names[at : at + BATCH], rule__in=KEY_IDS))


def _mark(key_ids: Iterable[Credential]) -> None:
    numbers = {row.pk for row in key_ids}
    marked = sorted(numbers | beside_key_ids(numbers))
    for start in range(0, len(marked), BATCH):
        Credential.objects.filter(pk__in=marked[start : start + BATCH]).update(validity_due=True)


def _judge(batch: list[Credential], records: IssuerRecords) -> None:
    now, fresh = timezone.now(), timedelta(hours=settings.FRESHNESS_HOURS)
    known = records.known(batch)
    changed = []
    for row in batch:
        word = judge(known[row.pk], now, fresh)
        before = {name: getattr(row, name) for name in _FIELDS}
        if _counts(word, row):
            _take(word, row)
        if before != {name: getattr(row, name) for name in _FIELDS}:
            changed.append(row)
            row.incident_due = True
            # Only whether it is valid decides how severe it is, not as of when.
            row.severity_due = row.severity_due or before["validity"] != row.validity
    names = [name.removesuffix("_id") for name in _FIELDS]
    Credential.objects.bulk_update(changed, [*names, "severity_due", "incident_due"])
    Credential.objects.filter(pk__in=[row.pk for row in batch], validity_due=True).update(validity_due=False)


def _counts(word: Word, row: Credential) -> bool:
    """Say whether what was collected is newer than what a person or a live check said."""
    if row.validity_by in ("", ValidityBy.INVENTORY) or row.validity_at is None:
        return True
    return word.decides and word.at is not None and word.at > row.validity_at


def _take(word: Word, row: Credential) -> None:
    row.validity, row.validity_at, row.validity_by = Validity(word.verdict), word.at, ValidityBy.INVENTORY
    row.validity_reason, row.validity_secret_id, row.validity_until = word.reason[:500], word.secret, word.until
    if row.validity == Validity.VALID and word.at is not None:
        row.accepted_at = max(filter(None, (row.accepted_at, word.at)))
