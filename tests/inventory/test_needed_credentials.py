"""Kinds of sources that read nothing without a credential say so before one is added, in the browser and in a file."""

from html import unescape

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from inventory.collector import CollectorError, collectors
from inventory.models import Source
from inventory.services import add_source, change_source
from tests.factories import EngineerFactory, SourceFactory

pytestmark = pytest.mark.django_db

NAMED = "env:POSTURE_CREDENTIAL_STORE"
VAULT = {"url": "https://vault.example:8200"}


@pytest.fixture
def engineer(client):
    user = EngineerFactory()
    client.force_login(user)
    return user


@pytest.fixture
def vault():
    """A vault that was added before a credential was asked for."""
    return SourceFactory(name="kv", kind="vault", config=VAULT)


def change(source, **fields):
    kept = {"name": source.name, "config": source.config, "interval": source.interval, "enabled": source.enabled}
    return change_source(source=source, **(kept | fields))


def test_every_store_but_one_told_by_a_file_needs_a_credential():
    needing = {slug for slug, collector in collectors().items() if collector.needed_credential}

    assert needing == {"aws", "azure", "google", "kubernetes", "vault"}


@pytest.mark.parametrize("kind", [slug for slug, collector in collectors().items() if collector.needed_credential])
def test_it_is_not_added_without_one_and_the_refusal_says_what_it_holds(kind):
    holds = collectors()[kind].needed_credential

    with pytest.raises(CollectorError) as refused:
        add_source(name="new", kind=kind, config={}, operator=True)

    assert f"name one that holds {holds}" in str(refused.value)
    assert not Source.objects.exists()


def test_the_form_asks_for_it_says_what_it_holds_and_refuses_at_its_field(client, engineer):
    address = reverse("inventory:source-add") + "?kind=vault"

    asked = unescape(client.get(address).content.decode())
    refused = client.post(address, {"name": "kv", "interval": "3600", "config-url": VAULT["url"]})

    assert "It holds a Vault token, or the role_id and secret_id of an AppRole as JSON." in asked
    assert 'Name of the credential that opens it <span class="muted">(optional)' not in asked
    assert refused.status_code == 400
    assert "Nothing can be read without one." in refused.context["form"].errors["credential"][0]
    assert not Source.objects.exists()


def test_a_folder_is_still_added_without_one(tmp_path):
    assert add_source(name="code", kind="repositories", config={"path": str(tmp_path)}, operator=True).pk


def test_the_organisation_as_code_refuses_it_too(tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    settings.QUEUE_DIR = settings.DATA_DIR / "queue"
    settings.FINGERPRINT_KEY_FILE = settings.DATA_DIR / "fingerprint.key"
    file = tmp_path / "organisation.yaml"
    file.write_text("sources: [{name: kv, kind: vault, config: {url: 'https://vault.example:8200'}}]")

    with pytest.raises(CommandError, match="read with a credential only"):
        call_command("apply", str(file), "--yes")

    assert not Source.objects.exists()


def test_one_that_has_none_takes_one_is_switched_off_and_keeps_on_in_no_other_way(vault):
    with pytest.raises(CollectorError, match="read with a credential only"):
        change(vault, name="renamed")

    assert change(vault, enabled=False).enabled is False
    assert change(vault, credential=NAMED).credential == NAMED


def test_a_credential_is_not_taken_away_from_one_that_needs_it(client, engineer, vault):
    Source.objects.update(credential=NAMED)
    sent = {"name": "kv", "interval": str(vault.interval), "enabled": "on", "config-url": VAULT["url"]}

    refused = client.post(reverse("inventory:source-edit", args=[vault.pk]), sent)

    assert refused.status_code == 400
    assert "credential" in refused.context["form"].errors
    assert Source.objects.get().credential == NAMED


def test_another_place_may_be_named_first_and_its_credential_after(client, engineer, vault):
    Source.objects.update(credential=NAMED)
    sent = {"name": "kv", "interval": str(vault.interval), "enabled": "on", "credential": NAMED}

    client.post(reverse("inventory:source-edit", args=[vault.pk]), sent | {"config-url": "https://other.example:8200"})

    assert Source.objects.get().config["url"] == "https://other.example:8200"
    assert Source.objects.get().credential == ""
