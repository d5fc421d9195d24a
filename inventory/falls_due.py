"""What falls due when, and who changes it: for the calendar, and for the list that its bars lead to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils import timezone

from inventory.filters import Choices, Filter
from inventory.store_records import SecretKind

CERTIFICATE, ITSELF, HAND = "certificate", "itself", "hand"
RENEWALS: Choices = ((HAND, "Changed by hand"), (CERTIFICATE, "Certificate"), (ITSELF, "Changed by itself"))
_CERTIFICATE = Q(kind=SecretKind.CERTIFICATE)
_ITSELF = Q(auto_rotated=True)


def renewal() -> Case:
    """Return who changes a secret, as one of three words; a certificate is renewed, whoever does it."""
    return Case(
        When(_CERTIFICATE, then=Value(CERTIFICATE)),
        When(_ITSELF, then=Value(ITSELF)),
        default=Value(HAND),
        output_field=CharField(),
    )


def coming(rows: QuerySet[Any], now: datetime) -> QuerySet[Any]:
    """Keep what is still to fall due and is not exempt; what is late already is told apart."""
    kept: QuerySet[Any] = rows.filter(due_at__gte=now).exclude(exempt_until__gte=timezone.localdate(now))
    return kept


def due_filter(address: QueryDict) -> Filter:
    """Return the filter by the days within which something falls due, set by the calendar: 2026-11-23..2026-11-29."""
    value = address.get("due", "")
    texts = value.split("..")
    days = [_day(text) for text in texts]
    known = len(texts) == 2 and all(day or not text for day, text in zip(days, texts, strict=True))
    start, end = days if known else (None, None)

    def narrow(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        kept = coming(queryset, timezone.now())
        if start:
            kept = kept.filter(due_at__gte=_begin(start))
        return kept.filter(due_at__lt=_begin(end + timedelta(days=1))) if end else kept

    return Filter("due", "Falls due", narrow, [(value, _words(start, end))] if known else [], "hidden")


def renewal_filter() -> Filter:
    """Return the filter by who changes a secret, that the calendar sets."""

    def narrow(queryset: QuerySet[Any], values: list[str]) -> QuerySet[Any]:
        by_itself = ~_CERTIFICATE & _ITSELF
        by_hand = ~_CERTIFICATE & (Q(auto_rotated=None) | Q(auto_rotated=False))
        kept = {CERTIFICATE: _CERTIFICATE, ITSELF: by_itself, HAND: by_hand}
        return queryset.filter(reduce(or_, (kept[each] for each in values)))

    return Filter("renewal", "Renewed", narrow, RENEWALS, "hidden")


def _words(start: date | None, end: date | None) -> str:
    if start and end:
        return f"{start:%d %b %Y} to {end:%d %b %Y}"
    return f"until {end:%d %b %Y}" if end else f"from {start:%d %b %Y} on" if start else "at all"


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    # Within what every database can compare.
    return found if found and 1 < found.year < 9999 else None


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


__all__ = ["CERTIFICATE", "HAND", "ITSELF", "coming", "due_filter", "renewal", "renewal_filter"]
