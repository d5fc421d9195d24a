"""Changing a source from its page, and removing it."""

from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from inventory.models import Asset, Credential, Exposure, Source
from tests.factories import (
    AssetFactory,
    EngineerFactory,
    ExposureFactory,
    LeaderFactory,
    ReadFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def engineer(client):
    user = EngineerFactory()
    client.force_login(user)
    return user


@pytest.fixture
def roots(settings, tmp_path):
    root = tmp_path / "git"
    (root / "repository" / ".git").mkdir(parents=True)
    settings.REPOSITORY_ROOTS = [root]
    return root


@pytest.fixture
def source(tmp_path):
    """A source of a folder that the web may not add, as the command line makes it."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return SourceFactory(
        name="main", config={"path": str(folder)}, credential="env:POSTURE_CREDENTIAL_GIT", interval=7200
    )


def page(source, name="edit"):
    return reverse(f"inventory:source-{name}", args=[source.pk])


def change(client, source, **fields):
    data = {
        "name": source.name,
        "interval": str(source.interval),
        "credential": source.credential,
        "enabled": "on",
        "config-path": source.config.get("path", ""),
        "config-url": source.config.get("url", ""),
    }
    return client.post(page(source), {key: value for key, value in (data | fields).items() if value is not None})


def said(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_the_form_shows_what_is_set(client, engineer, source):
    form = client.get(page(source)).context["form"]

    assert form["name"].value() == "main"
    assert form["config-path"].value() == source.config["path"]
    assert form["credential"].value() == "env:POSTURE_CREDENTIAL_GIT"
    assert str(form["interval"].value()) == "7200"
    assert form["enabled"].value() is True


def test_what_is_not_the_place_changes_without_the_folder_being_allowed(client, engineer, source, roots):
    response = change(client, source, name="renamed", interval="86400", enabled=None)

    source.refresh_from_db()
    assert response["Location"] == reverse("inventory:source", args=[source.pk])
    assert (source.name, source.interval, source.enabled) == ("renamed", 86400, False)
    assert source.credential == "env:POSTURE_CREDENTIAL_GIT"
    assert "switched off" in said(response)


def test_a_source_is_switched_on_again(client, engineer, source):
    Source.objects.update(enabled=False)

    change(client, source)

    source.refresh_from_db()
    assert source.enabled
    assert source.interval == 7200


def test_another_place_drops_the_credential_and_says_so(client, engineer, source, roots):
    response = change(client, source, **{"config-path": str(roots)})

    source.refresh_from_db()
    assert source.config == {"path": str(roots)}
    assert source.credential == ""
    assert "credential was taken away" in said(response)


def test_another_place_may_name_another_credential(client, engineer, source, roots):
    change(client, source, **{"config-path": str(roots), "credential": "env:POSTURE_CREDENTIAL_OTHER"})

    source.refresh_from_db()
    assert source.credential == "env:POSTURE_CREDENTIAL_OTHER"


@pytest.mark.parametrize("address", ["path", "url"])
def test_another_folder_must_be_under_a_root(client, engineer, source, roots, tmp_path, address):
    outside = tmp_path / "outside"
    outside.mkdir()
    place = {
        "path": {"config-path": str(outside)},
        "url": {"config-path": "", "config-url": f"file://{outside}"},
    }[address]

    response = change(client, source, **place)

    before = source.config
    source.refresh_from_db()
    assert response.status_code == 400
    assert "Choose a folder under" in response.content.decode()
    assert source.config == before


def test_w16_a_reference_outside_the_rules_is_refused(client, engineer, source):
    response = change(client, source, credential="env:SECRET_KEY")

    source.refresh_from_db()
    assert response.status_code == 400
    assert source.credential == "env:POSTURE_CREDENTIAL_GIT"


def test_the_name_of_another_source_is_refused_at_its_field(client, engineer, source):
    SourceFactory(name="taken", config={"path": "/srv/other"})

    response = change(client, source, name="taken")

    assert response.status_code == 400
    assert "already a source named" in str(response.context["form"].errors["name"])
    assert 'aria-describedby="id_name-help id_name-error"' in response.content.decode()


@pytest.fixture
def vanished(source):
    Path(source.config["path"]).rmdir()
    return source


def test_a_source_whose_folder_is_gone_is_still_renamed_and_switched_off(client, engineer, vanished):
    renamed = change(client, vanished, name="renamed")
    vanished.refresh_from_db()
    off = change(client, vanished, enabled=None)

    vanished.refresh_from_db()
    assert (renamed.status_code, off.status_code) == (302, 302)
    assert (vanished.name, vanished.enabled) == ("renamed", False)


def test_a_source_whose_folder_is_gone_is_not_switched_on(client, engineer, vanished):
    Source.objects.update(enabled=False)
    vanished.refresh_from_db()

    response = change(client, vanished)

    vanished.refresh_from_db()
    assert response.status_code == 400
    assert "does not exist" in response.content.decode()
    assert not vanished.enabled


def test_a_folder_that_another_source_collects_is_refused_with_its_name(client, engineer, source, roots):
    SourceFactory(name="everything", config={"path": str(roots)})

    response = change(client, source, **{"config-path": str(roots / "repository")})

    assert response.status_code == 400
    assert "which the source &#x27;everything&#x27; collects already" in response.content.decode()


def test_w4_the_form_sets_nothing_but_its_own_fields(client, engineer, source):
    change(client, source, kind="other", next_due_at="2000-01-01", id="77")

    after = Source.objects.get(pk=source.pk)
    assert (after.kind, after.next_due_at) == (source.kind, source.next_due_at)


def test_removal_says_what_goes_with_it_and_asks_first(client, engineer, source):
    for asset in AssetFactory.create_batch(2, source=source):
        ExposureFactory(asset=asset)
    ExposureFactory(asset=asset)
    ExposureFactory()

    content = client.get(page(source, "remove")).content.decode()

    assert "2 assets and 3 exposures" in content
    assert Source.objects.filter(pk=source.pk).exists()


def test_removal_takes_its_assets_and_exposures_and_leaves_the_rest(client, engineer, source):
    gone = ExposureFactory(asset__source=source)
    ReadFactory(asset=gone.asset)
    kept = ExposureFactory(credential=gone.credential)
    Credential.objects.update(severity_due=False)

    response = client.post(page(source, "remove"))

    assert response["Location"] == reverse("inventory:sources")
    assert not Source.objects.filter(pk=source.pk).exists()
    assert list(Exposure.objects.all()) == [kept]
    assert list(Asset.objects.all()) == [kept.asset]
    # It stands in fewer places now, which may make it less severe.
    assert Credential.objects.get().severity_due


@pytest.mark.parametrize("name", ["edit", "remove"])
def test_a_leader_is_offered_neither_and_told_who_may(client, source, name):
    client.force_login(LeaderFactory())

    content = client.get(reverse("inventory:source", args=[source.pk])).content.decode()
    response = client.post(page(source, name))

    assert page(source, name) not in content
    assert response.status_code == 403
    assert Source.objects.filter(pk=source.pk).exists()
