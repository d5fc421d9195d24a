"""Trying a source's connection from its page."""

from html import unescape

import pytest
from django.urls import reverse

from inventory.collector import Ability, CollectorError, collectors
from inventory.services import add_source
from tests.factories import EngineerFactory, LeaderFactory
from tests.inventory.test_pages import text
from tests.scripted import ScriptedCollector

pytestmark = pytest.mark.django_db


@pytest.fixture
def engineer(client):
    client.force_login(EngineerFactory())


def tried(client, source):
    return client.post(reverse("inventory:source-test", args=[source.pk]))


def test_a_source_says_what_its_rights_allow_and_what_is_missing(client, engineer, scripted, source, monkeypatch):
    abilities = [
        Ability("List mounts", True, "every store"),
        Ability("Read policies", False, "who may do what", "Add sys/policies."),
        Ability("List tokens", None, "live tokens"),
    ]
    monkeypatch.setattr(ScriptedCollector, "probe", lambda self, context: abilities)

    page = text(tried(client, source))

    for words in ("List mounts", "every store", "Add sys/policies.", "not tried"):
        assert words in page


def test_what_cannot_be_tried_is_told_with_what_to_do(client, engineer, scripted, source):
    scripted.assets = [CollectorError("There is no such place. Name another one.")]

    answer = tried(client, source)

    assert answer.status_code == 400
    assert "Name another one" in answer.content.decode()


def test_w26_a_fault_of_ours_repeats_no_word_of_an_answer(client, engineer, scripted, source):
    scripted.assets = [RuntimeError("body with a token in it")]

    page = tried(client, source).content.decode()

    assert "body with a token" not in page
    assert "A fault in this product" in page


def test_a_folder_says_how_many_repositories_it_holds(client, engineer, tmp_path):
    (tmp_path / "a" / ".git").mkdir(parents=True)
    source = add_source(name="here", kind="repositories", config={"path": str(tmp_path)}, operator=True)

    assert tried(client, source).status_code in (200, 400)
    assert not source.runs.exists()


def test_leaders_try_nothing(client, scripted, source):
    client.force_login(LeaderFactory())

    assert tried(client, source).status_code == 403


@pytest.mark.parametrize("kind", ["repositories", "vault"])
def test_the_form_of_a_kind_shows_its_fields_and_the_least_rights(client, engineer, kind):
    page = unescape(client.get(reverse("inventory:source-add"), {"kind": kind}).content.decode())

    assert "The least rights it needs" in page
    for said in (collectors()[kind].least_rights, *collectors()[kind].cannot_know):
        assert said in page
    assert 'aria-current="page"' in page
