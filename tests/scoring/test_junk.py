"""What whoever may push can do to a team's score with real rows: bring junk, date it, take it away again."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.models import Exposure
from posture.scoring.card import gains, score
from posture.scoring.queries import facts_of
from tests.factories import AssetFactory, CredentialFactory, ExposureFactory, TeamFactory
from tests.scoring.stores import secret, store

pytestmark = pytest.mark.django_db

seldom = settings(max_examples=12, deadline=None, derandomize=True)
SEVERITIES = st.sampled_from(["critical", "high", "medium", "low", "info"])
PLACES = st.sampled_from(["tip", "ref", "history"])
EXPOSED = st.fixed_dictionaries(
    {
        "severity": SEVERITIES,
        "validity": st.sampled_from(["valid", "invalid", "unknown"]),
        "place": PLACES,
        "committed": st.integers(0, 3000),
        "seen": st.sampled_from([0, 89, 91, 400]),
    }
)
HONEST, JUNK = st.lists(EXPOSED, min_size=1, max_size=5), st.lists(EXPOSED, min_size=1, max_size=12)


@contextmanager
def read_repository(*, stores=False):
    """A repository that was read, whose rows are gone again afterwards; with `stores`, of a team that has some."""
    with transaction.atomic():
        now = timezone.now()
        asset = AssetFactory(team=TeamFactory(), last_read_at=now, last_complete_at=now)
        if stores:
            secret(store(asset.team), 120)
        yield asset
        transaction.set_rollback(True)


def expose(asset, each, **more):
    now = timezone.now()
    return ExposureFactory(
        asset=asset,
        credential=CredentialFactory(severity=each["severity"], validity=each["validity"]),
        place=each["place"],
        first_at=now - timedelta(days=each["committed"]),
        first_seen_at=now - timedelta(days=each["seen"]),
        **more,
    )


def facts(asset):
    return facts_of([asset.team], timezone.now())[asset.team_id]


def points(asset):
    return score(facts(asset)).score


@seldom
@given(HONEST, JUNK, st.booleans())
def test_j_junk_of_any_date_age_and_severity_never_raises_the_score(honest, junk, stores):
    with read_repository(stores=stores) as asset:
        for each in honest:
            expose(asset, each)
        before = points(asset)

        for each in junk:
            expose(asset, each)

        assert points(asset) <= before
        assert facts(asset).size == 10


@seldom
@given(HONEST, JUNK, st.booleans())
def test_j_junk_that_is_gone_again_leaves_the_score_as_it_was(honest, junk, stores):
    with read_repository(stores=stores) as asset:
        for each in honest:
            expose(asset, each)
        before = score(facts(asset)).as_json()

        brought = [expose(asset, each) for each in junk]
        Exposure.objects.filter(pk__in=[row.pk for row in brought]).update(gone_at=timezone.now())

        assert score(facts(asset)).as_json() == before


@seldom
@given(HONEST, st.booleans())
def test_closing_any_exposure_gains_what_was_said_and_never_lowers(honest, stores):
    with read_repository(stores=stores) as asset:
        rows = {str(row.credential_id): row for row in [expose(asset, each) for each in honest]}
        before = points(asset)

        for gain in gains(facts(asset)):
            if gain.pillar != "exposure":
                continue
            row = rows[gain.item]
            Exposure.objects.filter(pk=row.pk).update(gone_at=timezone.now())
            assert points(asset) - before == pytest.approx(gain.gain, abs=0.006)
            Exposure.objects.filter(pk=row.pk).update(gone_at=None)


def test_j_publishable_keys_are_no_knowledge_either():
    with read_repository() as asset:
        asset.last_complete_at = None
        asset.save()
        expose(asset, {"severity": "high", "validity": "unknown", "place": "tip", "committed": 1, "seen": 1})
        before = facts(asset).confidence

        for _ in range(30):
            expose(asset, {"severity": "info", "validity": "valid", "place": "tip", "committed": 900, "seen": 900})

        assert facts(asset).confidence == before
