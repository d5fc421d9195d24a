"""The facts that scores are made from, for many teams in a fixed number of queries.

What a repository holds is debt and never size. Whoever may push writes the dates of commits, brings as many
values as they like and takes them away again, so none of that may make a team look larger than it is: not the
date of a commit, not a value that a read no longer sees (which is no proof that it was retired), not what is
public by design. A value that has stood for 90 days in sight counts no more: junk of small severity would
dilute the debt of what matters, and closing it would take its size away with it and lower the score. What a
team owns is told by its stores, by their own dates.

For the same reason rotation and least privilege are assessed where stores were collected that hold, or held,
something of the team's. Then an exposed credential that no store holds has an age too: at least since it was
first seen. Else leaking one young credential would make a pillar out of nothing, and closing it would end it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from inventory.models import Asset, Credential, Exposure, Principal, Secret
from posture.accounts.models import Team
from posture.scoring.exposure_facts import Exposed, exposed_facts
from posture.scoring.facts import Facts, Known, RemediationFacts
from posture.scoring.identity_facts import IDENTITIES, Identities, identity_facts, unowned_facts
from posture.scoring.incident_facts import incident_facts
from posture.scoring.stored_facts import Stored, stored_facts, unowned_ages

SEARCHED = "repository"
"""The kind of asset in which values are looked for everywhere, so that finding none says something."""


def facts_of(teams: Collection[Team], now: datetime) -> dict[int, Facts]:
    """Return the facts of each team by its id, as they are now; nine queries whatever the number of teams."""
    ids = [team.pk for team in teams]
    counts = {row["team"]: row for row in _asset_counts(ids, now)}
    exposed, stored, identities = exposed_facts(ids, now), stored_facts(ids, now), identity_facts(ids, now)
    handled = incident_facts(ids, now)
    return {
        team.pk: _facts(
            team,
            counts.get(team.pk, {"assets": 0, "fresh": 0, "searched": 0}),
            # Taken out, so that nothing is kept twice.
            exposed.pop(team.pk, Exposed()),
            stored.pop(team.pk, Stored()),
            identities.pop(team.pk, Identities()),
            handled.get(team.pk),
        )
        for team in teams
    }


def _facts(
    team: Team,
    counts: dict[str, int],
    exposed: Exposed,
    stored: Stored,
    principals: Identities,
    handled: RemediationFacts | None,
) -> Facts:
    # A team of which nothing was ever read has no evidence, which is not the same as having no exposure.
    looked = counts["searched"] > 0 or bool(exposed.exposures)
    return Facts(
        team=team.slug,
        owned_credentials=stored.owned,
        owned_identities=principals.owned,
        confidence=Known(
            assets=counts["assets"],
            assets_fresh=counts["fresh"],
            facts=exposed.asked + stored.asked + principals.asked,
            facts_known=exposed.known + stored.known + principals.known,
        ),
        credentials=(*stored.credentials, *exposed.unmanaged) if stored.looked else None,
        identities=tuple(principals.identities) if principals.looked else None,
        exposures=tuple(exposed.exposures) if looked else None,
        remediation=handled,
    )


def _asset_counts(ids: list[int], now: datetime) -> Iterator[Any]:
    since = now - timedelta(hours=settings.FRESHNESS_HOURS)
    rows = Asset.objects.present().filter(team__in=ids).values("team")
    yield from rows.annotate(
        assets=Count("pk"),
        fresh=Count("pk", filter=Q(last_complete_at__gte=since)),
        searched=Count("pk", filter=Q(last_read_at__isnull=False, kind=SEARCHED)),
    ).order_by()


def ownership_counts() -> tuple[int, int]:
    """Return how many things should have an owner, and how many do: assets, exposures, secrets and identities."""
    things = (
        Asset.objects.present(),
        Exposure.objects.present(),
        Secret.objects.present(),
        Principal.objects.present().filter(kind__in=IDENTITIES),
    )
    counts = [rows.aggregate(all=Count("pk"), owned=Count("pk", filter=Q(team__isnull=False))) for rows in things]
    return sum(each["all"] for each in counts), sum(each["owned"] for each in counts)


def unowned_known(now: datetime) -> Known:
    """Return how much is known of what belongs to no team."""
    since = now - timedelta(hours=settings.FRESHNESS_HOURS)
    counts = Asset.objects.unowned().aggregate(
        assets=Count("pk"), fresh=Count("pk", filter=Q(last_complete_at__gte=since))
    )
    open_now = Credential.objects.filter(exposures__team=None, exposures__gone_at=None).distinct().count()
    (ages, ages_known), (rights, rights_known) = unowned_ages(), unowned_facts(now)
    return Known(
        assets=counts["assets"],
        assets_fresh=counts["fresh"],
        facts=open_now + ages + rights,
        facts_known=open_now + ages_known + rights_known,
    )
