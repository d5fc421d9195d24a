"""What was stored before a value was found that stands in its name is renamed, and stays the row that it is."""

import secrets

import pytest
from django.core.management import call_command

from inventory.models import Exposure
from inventory.name_records import RetoldRecord, text_digest
from inventory.repository.scrub import REDACTED
from inventory.sync.names import NameWriter, known_texts
from tests.factories import AssetFactory, ExposureFactory
from tests.repositories import Repository, github_token

pytestmark = pytest.mark.django_db


def retell(asset, texts):
    writer = NameWriter(asset)
    assert writer.take(RetoldRecord({text_digest(text): now for text, now in texts.items()}))
    writer.write()
    assert not writer.waiting


def test_w32_a_name_told_anew_replaces_the_stored_one_everywhere_and_the_row_stays():
    exposure = ExposureFactory(path="d/Vx.env", first_author="Vx", first_email="Vx@x.example", latest_author="Vx")
    elsewhere = ExposureFactory(path="d/Vx.env")

    retell(exposure.asset, {"d/Vx.env": "d/…env", "Vx": "…", "Vx@x.example": "…@x.example"})

    row = Exposure.objects.get(pk=exposure.pk)
    assert (row.path, row.path_digest) == ("d/…env", text_digest("d/…env"))
    assert (row.first_author, row.first_email, row.latest_author) == ("…", "…@x.example", "…")
    assert not any("Vx" in text for text in known_texts(exposure.asset))
    elsewhere.refresh_from_db()
    assert elsewhere.path == "d/Vx.env"


def test_two_places_of_a_value_that_get_one_name_become_one_row():
    asset = AssetFactory()
    kept = ExposureFactory(asset=asset, path="d/….env")
    ExposureFactory(asset=asset, credential=kept.credential, path="d/Vx.env")
    ExposureFactory(asset=asset, credential=kept.credential, path="d/Vy.env")
    other = ExposureFactory(asset=asset, path="d/Vx.env")

    retell(asset, {"d/Vx.env": "d/….env", "d/Vy.env": "d/….env"})

    assert set(Exposure.objects.filter(path="d/….env").values_list("pk", flat=True)) == {kept.pk, other.pk}
    assert not Exposure.objects.exclude(path="d/….env").exists()


@pytest.mark.slow
def test_w32_a_value_found_later_leaves_the_names_stored_before(tmp_path, settings, tmp_path_factory):
    settings.WORKSPACE_DIR = tmp_path / "mirrors"
    settings.FINGERPRINT_KEY_FILE = tmp_path / "fingerprint.key"
    settings.WORKSPACE_DIR.mkdir()
    cache = tmp_path_factory.getbasetemp() / "engine"
    cache.mkdir(exist_ok=True)
    (settings.WORKSPACE_DIR / "engine").symlink_to(cache)
    value = f"vT7x{secrets.token_hex(4)}Rk8W"
    repository = Repository(tmp_path / "code" / "service")
    repository.commit({f"old-{value}.env": f"GITHUB_TOKEN={github_token()}\n", "kept.txt": "x\n"})
    repository.git("mv", f"old-{value}.env", f"new-{value}.env")
    repository.commit({})
    call_command("collect", "--path", str(tmp_path / "code"), "--json")
    before = {row.path.split("-")[0]: row for row in Exposure.objects.all()}
    assert before.keys() == {"old", "new"}
    repository.commit({"settings.env": f"DB_PASSWORD={value}\n"})

    call_command("collect", "--path", str(tmp_path / "code"), "--json")

    after = {row.path.split("-")[0]: row for row in Exposure.objects.exclude(path="settings.env")}
    assert {name: row.path for name, row in after.items()} == {name: f"{name}-{REDACTED}.env" for name in before}
    assert {row.pk for row in after.values()} == {row.pk for row in before.values()}
    assert all(row.gone_at is None for row in after.values())
    assert (after["old"].place, after["new"].place) == ("history", "tip")
