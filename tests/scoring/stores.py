"""Stores that were read, for tests of what a score makes of them."""

from datetime import timedelta

from django.utils import timezone

from inventory.services import work_out_due
from inventory.services.spread import work_out_spread
from posture.scoring.queries import facts_of
from tests.factories import AssetFactory, CredentialFactory, HoldingFactory, SecretFactory


def ago(days):
    # A moment more than whole days, so that nothing is due to the microsecond.
    return timezone.now() - timedelta(days=days, minutes=5)


def store(team, **more):
    now = timezone.now()
    return AssetFactory(team=team, kind="mount", last_read_at=now, last_complete_at=now, owner_due=False, **more)


def secret(asset, days=10, **more):
    """A secret that was made so many days ago, with the limit that its policy gives it."""
    row = SecretFactory(asset=asset, created_at=None if days is None else ago(days), kind="api-key", **more)
    work_out_due()
    row.refresh_from_db()
    return row


def held_in(*secrets, **more):
    """A value that current versions of these secrets hold."""
    credential = CredentialFactory(**more)
    for each in secrets:
        HoldingFactory(version__secret=each, credential=credential)
    work_out_spread([credential.pk])
    return credential


def facts(team):
    return facts_of([team], timezone.now())[team.pk]
