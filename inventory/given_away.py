"""What a repository's CODEOWNERS gives to a team that has nothing to do with the repository's own."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import F, Q

from inventory.models import Exposure
from inventory.models.assets import OwnershipKind
from posture.accounts.models import Team
from posture.accounts.visibility import with_descendants


def given_away() -> Q:
    """Return the condition of exposures that a line gives to neither the repository's team nor one above or below it.

    Whoever may write to a repository writes its CODEOWNERS (SECURITY G27): it is accepted, and never unseen.
    """
    by_line = Q(owner_kind=OwnershipKind.CODEOWNERS, team__isnull=False, asset__team__isnull=False)
    pairs = (
        Exposure.objects.filter(by_line)
        .exclude(team=F("asset__team"))
        .order_by()
        .values_list("asset__team", "team")
        .distinct()
    )
    parents = list(Team.objects.order_by().values_list("pk", "parent_id"))
    strangers: dict[int, set[int]] = defaultdict(set)
    for own, other in pairs:
        if other not in with_descendants([own], parents) and own not in with_descendants([other], parents):
            strangers[own].add(other)
    condition = Q(pk__in=[])
    for own, others in strangers.items():
        condition |= Q(asset__team=own, team__in=others)
    return by_line & condition
