"""A machine identity that may do far more than its work needs."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from inventory.models import Principal
from inventory.severity import Rated, Severity
from inventory.store_records import PrincipalKind
from posture.incidents.trigger import Trigger


class OverPrivileged(Trigger):
    """A workload or token has admin rights or a wildcard over secrets, and is not exempt.

    People with admin rights are judged by the score alone. Rights that are not known open nothing.
    """

    slug = "over-privileged"
    label = "More rights than it needs"
    about = "principal"

    def met(self) -> QuerySet[Any]:
        """Return machines with admin rights or a wildcard that can still be used."""
        usable = (Q(enabled=None) | Q(enabled=True)) & (Q(expires_at=None) | Q(expires_at__gte=timezone.now()))
        subject = Q(exempt_until=None) | Q(exempt_until__lt=timezone.localdate())
        machines = Principal.objects.present().filter(kind__in=[PrincipalKind.WORKLOAD, PrincipalKind.TOKEN])
        return machines.filter(Q(admin=True) | Q(wildcard=True), usable, subject)

    def ended(self) -> Q:
        """Say that it is over when its rights are known to be less, or nobody can use it any more."""
        less = Q(admin=False, wildcard=False)
        return less | Q(enabled=False) | Q(expires_at__lt=timezone.now()) | Q(gone_at__isnull=False)

    def rate(self, row: Any) -> Rated:
        """Rate it by what it opens."""
        what = "admin rights" if row.admin else "a wildcard over secrets"
        environments = set(row.reads_in or ())
        if "production" in environments:
            return Rated(Severity.CRITICAL, f"A machine with {what} opens production.")
        if len(environments - {""}) > 1:
            return Rated(Severity.HIGH, f"A machine with {what} opens several environments.")
        return Rated(Severity.MEDIUM, f"A machine has {what}.")

    def proof(self, row: Any) -> str:
        """Say why it can no longer do so."""
        if row.gone_at:
            return "The store no longer knows it."
        return "It cannot be used any more." if row.enabled is False else "Its rights are neither admin nor a wildcard."

    def remedy(self) -> str:
        """Say what to do."""
        return "Grant it the paths that it uses and no others; then take the broad rule away."


TRIGGER = OverPrivileged()
