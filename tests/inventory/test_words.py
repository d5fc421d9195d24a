"""What pages say in words: of each thing what it is, and nothing that does not hold for it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import Version
from tests.factories import (
    AssetFactory,
    EngineerFactory,
    ExposureFactory,
    GrantFactory,
    PrincipalFactory,
    SecretFactory,
    SourceFactory,
    TeamFactory,
    VersionFactory,
)
from tests.inventory.test_pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client):
    """Return what a page says to a security engineer."""
    client.force_login(EngineerFactory())
    return lambda name, *parts: text(client.get(reverse(f"inventory:{name}", args=parts)))


def test_settings_of_a_source_are_told_in_words(read):
    config = {"url": "https://vault.example", "namespace": "", "fingerprint": True, "concurrency": 4}
    page = read("source", SourceFactory(kind="vault", config=config).pk)

    assert "<dt>Fingerprints</dt><dd><code>yes</code>" in page
    assert "not set" in page
    assert "True" not in page


def test_whether_the_world_can_read_it_is_asked_of_repositories_not_of_stores(read):
    AssetFactory(kind="vault", name="store")
    assert "Not known" not in read("assets").split("<tbody")[1]

    AssetFactory(kind="repository", name="code")

    assert read("assets").split("<tbody")[1].count("Not known") == 1


def test_an_unowned_store_says_how_many_secrets_wait_with_it(read):
    store = AssetFactory(kind="mount")
    for team in (None, None, TeamFactory()):
        SecretFactory(asset=store, team=team)
    SecretFactory(asset=store, gone_at=timezone.now())
    for _ in range(3):
        ExposureFactory(asset=store)

    assert "Mount, 2 stored secrets" in read("unowned")


def test_a_store_without_identities_of_its_own_is_not_said_to_keep_none(read):
    store = AssetFactory(kind="mount", source__kind="vault", last_complete_at=timezone.now())
    assert "that it keeps itself" not in read("asset", store.pk)

    PrincipalFactory(asset=store)

    assert "that it keeps itself" in read("asset", store.pk)


def test_a_change_of_a_source_is_told_without_repositories_where_it_has_none(read):
    page = read("source-edit", SourceFactory(kind="vault", config={"url": "https://vault.example"}).pk)

    assert "What the new place does not hold is marked as gone" in page
    assert "Repositories" not in page.split("What a change does")[1]


def test_a_matrix_names_what_is_not_known_within_its_sentences(read):
    for names in (["production", ""], [""]):
        PrincipalFactory(reads_in=names)

    page = read("reuse")

    assert "in production and an environment that is not known" in page
    assert "in not known" not in page


def test_kinds_of_limits_read_as_words(read):
    assert "Human password, the only factor" in read("policies")


def test_kinds_of_sources_are_told_apart_though_one_has_a_comma(read):
    assert "Any store, from a file; " in read("help")


def test_where_no_value_of_a_store_was_read_no_reuse_is_counted_as_none(read):
    PrincipalFactory(reads_in=["production"])
    row = VersionFactory()

    page = read("reuse")

    assert "reuse is not known" in page
    assert page.count("not known</span>") >= 3
    assert "0 values" not in page

    Version.objects.filter(pk=row.pk).update(read_key="0123456789ab")

    assert "0 values in several stored secrets" in read("reuse")


def test_where_nothing_was_collected_nothing_has_an_owner(read):
    assert "Everything has an owner" not in read("unowned")

    AssetFactory(team=TeamFactory())

    assert "Everything has an owner" in read("unowned")


def test_who_reads_only_under_a_condition_is_not_among_those_who_can(read):
    store = AssetFactory(kind="vault")
    secret = SecretFactory(asset=store, path="kv/db", readers=1)
    for condition in ("", "only from the office"):
        GrantFactory(principal=PrincipalFactory(asset=store), condition=condition)

    assert "1 identity can read it, 1 more under a condition" in read("secret", secret.pk)
