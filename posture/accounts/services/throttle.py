"""Slows guessing at passwords: so many failures for one account or from one address, then a pause."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from posture.accounts.models import SignInCounter

# ASVS 5.0 6.3.1 asks for a limit and leaves the figures to us.
LIMIT = 10
WINDOW = timedelta(minutes=15)
_KEPT = timedelta(days=1)


def keys(*, email: str, address: str) -> list[str]:
    """Return the two counters of an attempt; an IPv6 address counts with its whole /64, which one customer holds."""
    return [_key("account", email.strip().lower()), _key("address", _network(address))]


def take(counters: list[str]) -> bool:
    """Count an attempt before it is made; False where one of the counters is full.

    Counting first, by a conditional update, lets exactly `LIMIT` parallel attempts through.
    """
    now = timezone.now()
    with transaction.atomic():
        SignInCounter.objects.filter(started_at__lt=now - _KEPT).delete()
        taken = 0
        for key in sorted(counters):  # One order for all, so that two attempts cannot wait for each other.
            SignInCounter.objects.bulk_create([SignInCounter(key=key, count=0, started_at=now)], ignore_conflicts=True)
            counter = SignInCounter.objects.filter(key=key)
            counter.filter(started_at__lte=now - WINDOW).update(count=0, started_at=now)
            taken += counter.filter(count__lt=LIMIT).update(count=F("count") + 1)
    return taken == len(counters)


def give_back(counters: list[str]) -> None:
    """Take back an attempt that succeeded: only failures count, and an own account resets nobody's counter."""
    SignInCounter.objects.filter(key__in=counters, count__gt=0).update(count=F("count") - 1)


def _key(kind: str, what: str) -> str:
    return salted_hmac(f"accounts.throttle.{kind}", what, algorithm="sha256").hexdigest()


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(int(parsed) >> 64)
    return str(parsed)
