"""What somebody in a browser may not decide: a place inside the network (W11), a credential's host (W15)."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse

from inventory.collector import CollectorError
from inventory.models import CredentialBinding, Source
from inventory.services import add_source, change_source, collection, remove_source
from posture.common.origin import origin_of
from tests.factories import EngineerFactory, SourceFactory

pytestmark = pytest.mark.django_db
REFERENCE = "env:POSTURE_CREDENTIAL_GIT"
HOME, EVIL = "https://git.example.com/team/app.git", "https://evil.example.net/x"


@pytest.fixture
def engineer(client):
    user = EngineerFactory()
    client.force_login(user)
    return user


def add(url, **more):
    return add_source(name=url, kind="repositories", config={"url": url}, **more)


def change(source, url=None, credential=None, **more):
    return change_source(
        source=source,
        name=source.name,
        config={"url": url or source.config["url"]},
        interval=3600,
        credential=source.credential if credential is None else credential,
        **more,
    )


def post(client, url, credential="", source=None):
    where = reverse("inventory:source-edit", args=[source.pk]) if source else reverse("inventory:source-add")
    data = {"name": source.name if source else url, "interval": "3600", "credential": credential, "config-url": url}
    return client.post(where + ("" if source else "?kind=repositories"), data | {"enabled": "on"})


def reach(source):
    return collection.context(source, cursor={}, alive=lambda: None).network


# W11: who may name a place inside.


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://10.0.0.8:8443/x",
        "ssh://git@192.168.1.1/x",
        "git@169.254.169.254:x",
        "https://localhost/x",
    ],
)
def test_w11_an_address_inside_is_refused_in_the_browser_by_naming_the_setting(client, engineer, url):
    answer = post(client, url)

    assert answer.status_code == 400
    assert "POSTURE_INTERNAL_HOSTS" in answer.content.decode()
    assert not Source.objects.exists()


def test_w11_a_source_cannot_be_turned_inside_in_the_browser(client, engineer):
    source = add(HOME)

    answer = post(client, "https://127.0.0.1/x", source=source)

    assert answer.status_code == 400
    source.refresh_from_db()
    assert source.config == {"url": HOME}


def test_w11_a_host_in_the_setting_may_be_added_in_the_browser(client, engineer, settings):
    settings.INTERNAL_HOSTS = ("10.0.0.0/8",)

    assert post(client, "https://10.0.0.8/x").status_code == 302

    assert reach(Source.objects.get()).internal == ("10.0.0.0/8",)


def test_w11_a_place_that_was_named_in_the_browser_is_judged_at_each_read(client, engineer, settings):
    settings.CA_FILE, settings.SSH_CONFIG = "/ca.pem", "/ssh"
    post(client, HOME)

    network = reach(Source.objects.get())

    assert (network.anywhere, network.ca_file, network.ssh_config) == (False, "/ca.pem", "/ssh")


def test_w11_a_file_that_is_applied_may_name_a_place_inside(tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    settings.QUEUE_DIR = settings.DATA_DIR / "queue"
    settings.FINGERPRINT_KEY_FILE = settings.DATA_DIR / "fingerprint.key"
    file = tmp_path / "organisation.yaml"
    file.write_text("sources: [{name: main, kind: repositories, config: {url: 'https://10.0.0.8/x'}}]")

    call_command("apply", str(file), "--yes")

    assert reach(Source.objects.get()).anywhere


def test_w11_a_place_keeps_its_rights_only_while_it_stays(client, engineer):
    source = add("https://10.0.0.8/x", operator=True)

    renamed = change(source)
    assert reach(renamed).anywhere

    moved = change(source, HOME)
    assert not reach(moved).anywhere


def test_w11_applying_again_gives_a_place_from_the_browser_the_operators_rights():
    source = add("https://git.corp.example/x")

    assert reach(change(source, operator=True)).anywhere


# W11: who may have a credential travel in clear.

IN_CLEAR = {
    "vault": {"url": "http://store.example.com:8200"},
    "kubernetes": {"url": "http://store.example.com:6443"},
    "generic": {"url": "http://store.example.com/list.csv"},
    "aws": {"endpoint": "http://store.example.com"},
    "google": {"endpoint": "http://store.example.com", "projects": "payments-prod"},
}


def add_in_clear(kind, **more):
    return add_source(name=kind, kind=kind, config=IN_CLEAR[kind], credential="env:POSTURE_CREDENTIAL_STORE", **more)


@pytest.mark.parametrize("kind", IN_CLEAR)
def test_w11_over_http_a_store_is_added_only_by_an_operator(kind):
    with pytest.raises(
        CollectorError, match=r"travel to store\.example\.com in clear.*https://.*POSTURE_INTERNAL_HOSTS"
    ):
        add_in_clear(kind)
    assert not Source.objects.exists()

    assert add_in_clear(kind, operator=True).placed_by_operator


@pytest.mark.parametrize("kind", IN_CLEAR)
def test_w11_over_http_a_store_is_added_in_the_browser_where_the_operator_names_its_host(kind, settings):
    settings.INTERNAL_HOSTS = ("store.example.com",)

    assert not add_in_clear(kind).placed_by_operator


def test_w11_the_form_says_why_a_credential_is_not_sent_in_clear(client, engineer):
    answer = client.post(
        reverse("inventory:source-add") + "?kind=vault",
        {"name": "v", "interval": "3600", "credential": REFERENCE, "config-url": IN_CLEAR["vault"]["url"]},
    )

    assert answer.status_code == 400
    assert "the credential would travel to store.example.com in clear" in answer.content.decode()


def test_w11_a_store_is_not_turned_to_http_in_the_browser():
    source = add_source(name="v", kind="vault", config={"url": "https://store.example.com"}, credential=REFERENCE)
    told = {"source": source, "name": "v", "config": IN_CLEAR["vault"], "interval": 3600}

    with pytest.raises(CollectorError, match="in clear"):
        change_source(**told)

    assert change_source(**told, credential=REFERENCE + "_2", operator=True).config["url"].startswith("http://")


# W15: a credential is sent only where it was first named for.


def test_w15_a_credential_of_another_host_is_refused_with_what_to_do(client, engineer):
    add(HOME, credential=REFERENCE)

    answer = post(client, EVIL, REFERENCE)

    assert answer.status_code == 400
    said = answer.content.decode()
    assert "is not sent to https://evil.example.net:443" in said
    assert "manage.py apply" in said
    assert Source.objects.count() == 1


def test_w15_the_same_host_may_use_it_again():
    add(HOME, credential=REFERENCE)

    assert add("https://git.example.com:443/team/other.git", credential=REFERENCE).credential == REFERENCE


@pytest.mark.parametrize("url", ["https://git.example.com:8443/x", "https://git.example.com.evil.net/x"])
def test_w15_another_port_or_a_longer_name_is_another_host(url):
    add(HOME, credential=REFERENCE)

    with pytest.raises(CollectorError, match="is not sent to"):
        add(url, credential=REFERENCE)


def test_w15_editing_in_two_steps_does_not_set_it_free(client, engineer):
    source = add(HOME, credential=REFERENCE)

    post(client, EVIL, REFERENCE, source=source)  # Changes the place and drops the credential.
    source.refresh_from_db()
    assert (source.config["url"], source.credential) == (EVIL, "")
    answer = post(client, EVIL, REFERENCE, source=source)

    assert answer.status_code == 400
    source.refresh_from_db()
    assert source.credential == ""


def test_w15_removing_its_source_does_not_set_it_free():
    remove_source(source=add(HOME, credential=REFERENCE))

    with pytest.raises(CollectorError, match="is not sent to"):
        add(EVIL, credential=REFERENCE)


def test_w15_an_operator_may_have_it_sent_to_one_more_host_and_then_both_may_use_it():
    add(HOME, credential=REFERENCE)
    add("https://git2.example.com/x", credential=REFERENCE, operator=True)

    add("https://git2.example.com/y", credential=REFERENCE)
    add("https://git.example.com/y", credential=REFERENCE)

    with pytest.raises(CollectorError, match="is not sent to"):
        add(EVIL, credential=REFERENCE)


def test_w15_a_refused_source_binds_nothing():
    add(HOME, credential=REFERENCE)
    with pytest.raises(CollectorError):
        add_source(name=HOME, kind="repositories", config={"url": EVIL}, credential="env:POSTURE_CREDENTIAL_OTHER")

    assert [str(binding) for binding in CredentialBinding.objects.all()] == [f"{REFERENCE} for {origin_of(HOME)}"]


def test_w15_a_folder_binds_nothing(tmp_path):
    add_source(name="folder", kind="repositories", config={"path": str(tmp_path)}, credential=REFERENCE)

    assert not CredentialBinding.objects.exists()


def test_w15_credentials_in_use_before_are_bound_by_the_migration():
    SourceFactory(config={"url": HOME}, credential=REFERENCE)
    SourceFactory(config={"path": "/srv"}, credential=REFERENCE)
    SourceFactory(config={"url": "ssh://git@host.example/x"})

    import_module("inventory.migrations.0003_bind_credentials_in_use").bind(apps, None)

    binding = CredentialBinding.objects.get()
    assert (binding.reference, binding.origin) == (REFERENCE, origin_of(HOME))


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Git.Example.com/x", "https://git.example.com:443"),
        ("ssh://git@host.example:2222/x", "ssh://host.example:2222"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]:443"),
        ("/srv/git", ""),
        ("https://host:port/x", ""),
        ("", ""),
    ],
)
def test_an_origin_is_written_one_way(url, origin):
    assert origin_of(url) == origin
