"""Managed is what a store still has: what was deleted or destroyed there again protects nobody."""

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.dossier import dossier
from inventory.models import Asset, Credential, Exposure, Secret, Version
from inventory.services import work_out_severities
from tests.factories import EngineerFactory, ExposureFactory, HoldingFactory, MembershipFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaked():
    """A value that stands in a repository and in the current version of a secret."""
    holding = HoldingFactory(version__secret__path="kv/pay", version__secret__asset__kind="mount")
    ExposureFactory(credential=holding.credential)
    return holding


def destroyed(version):
    Version.objects.filter(pk=version.pk).update(state=Version.State.DESTROYED)


def deleted(version):
    Secret.objects.filter(pk=version.secret_id).update(gone_at=timezone.now())


def retired(version):
    Asset.objects.filter(pk=version.secret.asset_id).update(gone_at=timezone.now())


AWAY = pytest.mark.parametrize("taken_away", [deleted, retired, destroyed])


@AWAY
def test_the_inventorys_words_follow_what_the_store_still_has(leaked, taken_away):
    assert list(Credential.objects.managed()) == list(Credential.objects.current()) == [leaked.credential]
    assert not Credential.objects.unmanaged().exists()

    taken_away(leaked.version)

    assert not Credential.objects.managed().exists()
    assert not Credential.objects.current().exists()
    assert not Credential.objects.superseded().exists()
    assert list(Credential.objects.unmanaged()) == [leaked.credential]


@AWAY
def test_every_page_and_the_api_say_the_same(client, leaked, taken_away):
    user = EngineerFactory()
    client.force_login(user)

    def told():
        overview = client.get(reverse("dashboards:overview"), follow=True).context["page"].figures.unmanaged
        listed = len(client.get(reverse("inventory:credentials"), {"managed": "no"}).context["rows"])
        (row,) = client.get("/api/v1/credentials/").json()["results"]
        fact = dossier(user, Credential.objects.get()).facts[0]
        return overview, listed, row["managed"], row["current"], fact.words

    assert told() == (0, 0, True, True, "Yes")

    taken_away(leaked.version)

    overview, listed, managed, current, words = told()
    assert (overview, listed, managed, words) == (1, 1, False, "No longer")
    assert not current


@pytest.mark.parametrize("weak", [False, True])
@pytest.mark.parametrize("taken_away", [deleted, retired])
def test_it_is_rated_as_what_a_store_had_and_no_longer_as_a_current_value(leaked, taken_away, weak):
    Credential.objects.update(weak=weak)
    work_out_severities()
    exposure = Exposure.objects.get()
    assert "current value of a stored secret" in exposure.severity_reason

    taken_away(leaked.version)
    Credential.objects.update(severity_due=True)
    work_out_severities()

    exposure.refresh_from_db()
    assert "current value of a stored secret" not in exposure.severity_reason
    assert exposure.severity == "medium"


def test_its_page_says_since_when_its_place_in_the_store_is_gone(client, leaked):
    deleted(leaked.version)
    client.force_login(EngineerFactory())
    address = client.get(reverse("inventory:credentials")).context["rows"][0].opaque

    page = client.get(reverse("inventory:credential", args=[address])).content.decode()

    assert "kv/pay held it, and is gone from its store since" in page
    assert page.count("gone since") == 1


def test_a_store_of_others_that_still_has_it_counts_though_the_own_one_does_not(leaked):
    team = TeamFactory()
    deleted(leaked.version)
    Secret.objects.filter(pk=leaked.version.secret_id).update(team=team)
    user = MembershipFactory(team=team).user
    assert dossier(user, Credential.objects.get()).facts[0].words == "No longer"

    HoldingFactory(credential=leaked.credential, version__secret__asset__team=TeamFactory())

    assert dossier(user, Credential.objects.get()).facts[0].evidence == "A store that you cannot see holds it."


def test_what_only_a_store_had_and_has_no_more_is_listed_no_more(client):
    holding = HoldingFactory()
    client.force_login(EngineerFactory())
    assert len(client.get(reverse("inventory:credentials")).context["rows"]) == 1

    deleted(holding.version)

    assert not client.get(reverse("inventory:credentials")).context["rows"]
