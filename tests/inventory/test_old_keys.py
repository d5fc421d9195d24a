"""Keys that were stored when a value in a name was still kept."""

import importlib
import secrets

import pytest
from django.apps import apps

from inventory.models import Holding, Version
from inventory.sync import path_digest
from tests.factories import ExposureFactory, HoldingFactory

pytestmark = pytest.mark.django_db


def test_d1_old_keys_that_may_be_values_are_taken_out_and_read_again():
    token = secrets.token_hex(20)
    odd = HoldingFactory(key=f"accounts.{token}.password", version__read_key="0123456789ab")
    plain = HoldingFactory(key="db.hosts.12.AWS_SECRET_KEY:4", version__read_key="0123456789ab")
    live = ExposureFactory(place="live", path=f"configmap/settings#{token}")

    importlib.import_module("inventory.migrations.0009_read_odd_keys_again").clean(apps, None)

    assert dict(Holding.objects.values_list("pk", "key")) == {odd.pk: f"[redacted {odd.pk}]", plain.pk: plain.key}
    assert list(Version.objects.filter(read_key="")) == [odd.version]
    live.refresh_from_db()
    assert (live.path, live.path_digest) == (f"configmap/settings#[redacted {live.pk}]", path_digest(live.path))
