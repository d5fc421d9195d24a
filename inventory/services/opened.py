"""Has values rated again when what they open may have changed, though nothing about their own places did."""

from __future__ import annotations

from inventory.login_pairs import secrets_beside
from inventory.models import Credential, Holding

AT_ONCE = 500


def rate_again_what_lets_in(source: int) -> int:
    """Mark the values that let somebody of this source in, whose rights were counted anew; returns how many.

    They are few beside all others: an issuer's own records are the only ones that say whom a value lets in.
    """
    # Records that are gone too: what they let in is let in no longer.
    held = Holding.objects.filter(version__secret__asset__source=source)
    known = set(held.exclude(version__secret__logs_in_as="").order_by().values_list("credential", flat=True))
    judged = Credential.objects.filter(validity_secret__asset__source=source).exclude(validity_secret__logs_in_as="")
    known |= set(judged.values_list("pk", flat=True))
    marked = sorted(known | {secret for secret, _ in secrets_beside(known)})
    for start in range(0, len(marked), AT_ONCE):
        Credential.objects.filter(pk__in=marked[start : start + AT_ONCE]).update(severity_due=True)
    return len(marked)
