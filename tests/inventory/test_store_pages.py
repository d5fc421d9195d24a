"""Pages of stores speak of secrets and identities, never of commits, branches and histories."""

import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.management.commands.collect import Command, totals
from tests.factories import AssetFactory, LeaderFactory, PrincipalFactory, ReadFactory, RunFactory, SecretFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(client):
    user = LeaderFactory()
    client.force_login(user)
    return user


def test_the_page_of_a_store_counts_what_the_lists_behind_its_links_hold(client, leader):
    store = AssetFactory(kind="access", source__kind="vault", last_complete_at=timezone.now())
    for _ in range(2):
        SecretFactory(asset=store)
    SecretFactory(asset=store, gone_at=timezone.now())
    PrincipalFactory(asset=store)
    ReadFactory(asset=store, counts={"secrets": 2, "principals": 1, "requests": 9})

    page = client.get(reverse("inventory:asset", args=[store.pk])).content.decode()

    assert "Logins and tokens" in page
    for name, number in (("secrets", 2), ("principals", 1)):
        link = f"{reverse(f'inventory:{name}')}?asset={store.pk}"
        told = re.search(rf'href="{re.escape(link)}"><span class="label">[^<]+</span><span class="value ">(\d+)', page)
        assert told
        assert int(told[1]) == len(client.get(link).context["rows"]) == number
    assert "2 stored secrets, 1 identity" in page
    for of_git in ("Nothing stands here", "No exposure that you can see", "New commits", "does not say who can read"):
        assert of_git not in page


def test_a_run_of_a_store_tells_no_commits_and_no_repositories(client, leader):
    run = RunFactory(source__kind="vault", counts={"repositories": 3, "commits": 0, "blobs": 0, "skipped": 0})
    ReadFactory(run=run, asset__source=run.source, counts={"secrets": 2, "principals": 0})

    page = client.get(reverse("inventory:run", args=[run.pk])).content.decode()

    assert "3 assets" in page
    assert "2 stored secrets" in page
    for of_git in ("3 repositories", "commit", "nothing new"):
        assert of_git not in page


def test_the_command_tells_stores_apart_from_repositories():
    run = RunFactory(source__kind="vault", counts={"repositories": 3, "commits": 0, "blobs": 0, "skipped": 0})
    ReadFactory(run=run, asset__source=run.source, counts={"secrets": 2, "principals": 1})
    said = io.StringIO()

    Command(stdout=said)._tell([run], totals([run], 1.5))

    assert "3 assets, 2 stored secrets, 1 identity, 0 things skipped, in 1.5 s." in said.getvalue()
