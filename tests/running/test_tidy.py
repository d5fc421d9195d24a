from datetime import timedelta

import pytest
from django.utils import timezone

from posture.accounts.models import SignInLink
from posture.accounts.services import make_sign_in_link
from posture.tasks import tidy
from tests.factories import SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_d8_mirrors_of_a_source_that_is_gone_are_deleted_and_the_others_stay(settings, tmp_path):
    settings.WORKSPACE_DIR = tmp_path
    kept, gone = SourceFactory(), SourceFactory()
    for folder in (f"source-{kept.pk}", f"source-{gone.pk}", "engine"):
        (tmp_path / folder / "mirror.git").mkdir(parents=True)
    gone.delete()

    tidy()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["engine", f"source-{kept.pk}"]


def test_links_that_can_no_longer_be_used_are_forgotten_and_fresh_ones_stay(settings, tmp_path):
    settings.WORKSPACE_DIR = tmp_path
    make_sign_in_link(user=UserFactory())
    make_sign_in_link(user=UserFactory())
    old = SignInLink.objects.first()
    SignInLink.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(days=30))

    tidy()

    assert SignInLink.objects.count() == 1
