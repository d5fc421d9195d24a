"""Stored cards, made by the code that stores them."""

from posture.scoring.card import explain
from posture.scoring.facts import ExposureFacts, Facts, Known
from posture.scoring.organisation import Standing, organisation


def card(*credentials, team="own"):
    """Return a team's card on which these credentials cost points."""
    exposures = tuple(
        ExposureFacts(
            id=str(each.pk),
            severity="critical",
            validity="valid",
            visibility="public",
            self_reported_within_deadline=False,
            overdue=True,
        )
        for each in credentials
    )
    known = Known(assets=1, assets_fresh=1, facts=1, facts_known=1)
    return explain(Facts(team=team, owned_credentials=10, confidence=known, exposures=exposures))


def whole_card(*cards):
    """Return the organisation's card from those of its teams."""
    return organisation([Standing.from_json(each) for each in cards], items=2, items_owned=1).as_json()
