"""What people do on the inventory's pages: collect now, retry, add a source, give things to a team."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from inventory.models import Read, Run, Source
from tests.factories import (
    AssetFactory,
    EngineerFactory,
    ExposureFactory,
    LeaderFactory,
    MembershipFactory,
    ReadFactory,
    RunFactory,
    SourceFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def engineer(client):
    user = EngineerFactory()
    client.force_login(user)
    return user


def said(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


# Collect now, retry -----------------------------------------------------------------------------------------


def test_collect_now_opens_a_run_and_leads_to_it(client, engineer):
    source = SourceFactory()

    response = client.post(reverse("inventory:source-collect", args=[source.pk]))

    run = source.runs.get()
    assert response["Location"] == reverse("inventory:run", args=[run.pk])
    assert (run.trigger, run.status) == (Run.Trigger.PERSON, Run.Status.QUEUED)


def test_collect_now_twice_leads_to_the_run_that_is_under_way(client, engineer):
    source = SourceFactory()

    first = client.post(reverse("inventory:source-collect", args=[source.pk]))
    second = client.post(reverse("inventory:source-collect", args=[source.pk]))

    assert first["Location"] == second["Location"]
    assert source.runs.count() == 1


def test_a_dead_read_is_queued_again(client, engineer):
    read = ReadFactory(status=Read.Status.DEAD, attempt=3, error="Given up.")

    response = client.post(reverse("inventory:read-retry", args=[read.pk]))

    read.refresh_from_db()
    assert (read.status, read.attempt) == (Read.Status.QUEUED, 0)
    assert "queued again" in said(response)


def test_a_retry_beside_a_newer_run_says_that_it_is_read_anyway(client, engineer):
    read = ReadFactory(status=Read.Status.DEAD)
    RunFactory(source=read.asset.source, status=Run.Status.RUNNING)

    response = client.post(reverse("inventory:read-retry", args=[read.pk]))

    read.refresh_from_db()
    assert read.status == Read.Status.DEAD
    assert "newer collection" in said(response)


def test_only_a_dead_or_failed_read_offers_a_retry(client, engineer):
    run = RunFactory()
    dead, fine = ReadFactory(run=run, status="dead"), ReadFactory(run=run, status="complete")

    content = client.get(reverse("inventory:run", args=[run.pk])).content.decode()

    assert reverse("inventory:read-retry", args=[dead.pk]) in content
    assert reverse("inventory:read-retry", args=[fine.pk]) not in content


# Adding a source --------------------------------------------------------------------------------------------


@pytest.fixture
def roots(settings, tmp_path):
    root = tmp_path / "git"
    (root / "repository" / ".git").mkdir(parents=True)
    settings.REPOSITORY_ROOTS = [root]
    return root


def add(client, **fields):
    data = {"name": "main", "interval": "3600", "credential": "", "config-path": "", "config-url": ""} | fields
    return client.post(reverse("inventory:source-add") + "?kind=repositories", data)


def test_a_folder_under_a_root_becomes_a_source(client, engineer, roots):
    response = add(client, **{"config-path": str(roots)})

    source = Source.objects.get()
    assert response["Location"] == reverse("inventory:source", args=[source.pk])
    assert (source.kind, source.config) == ("repositories", {"path": str(roots)})


@pytest.mark.parametrize("how", ["path", "url", "link", "dots"])
def test_a_folder_outside_the_roots_is_refused_however_it_is_written(client, engineer, roots, tmp_path, how):
    outside = tmp_path / "elsewhere"
    (outside / ".git").mkdir(parents=True)
    (roots / "link").symlink_to(outside)
    given = {
        "path": {"config-path": str(outside)},
        "url": {"config-url": f"file://{outside}"},
        "link": {"config-path": str(roots / "link")},
        "dots": {"config-path": f"{roots}/../elsewhere"},
    }[how]

    response = add(client, **given)

    assert response.status_code == 400
    assert "Choose a folder under" in response.content.decode()
    assert not Source.objects.exists()


def test_without_roots_no_folder_can_be_added_and_the_page_says_what_to_do(client, engineer, settings, tmp_path):
    settings.REPOSITORY_ROOTS = []

    response = add(client, **{"config-path": str(tmp_path)})

    assert response.status_code == 400
    assert "manage.py collect --path" in response.content.decode()


@pytest.mark.parametrize("reference", ["env:SECRET_KEY", "file:/etc/shadow", "file:../secret_key", "ghp_x", "env:HOME"])
def test_w16_a_reference_outside_the_rules_is_refused(client, engineer, roots, reference):
    response = add(client, **{"config-path": str(roots), "credential": reference})

    assert response.status_code == 400
    assert not Source.objects.exists()


def test_a_name_that_is_taken_and_a_missing_one_are_explained(client, engineer, roots):
    SourceFactory(name="main")

    taken = add(client, **{"config-path": str(roots)})
    missing = add(client, **{"config-path": str(roots), "name": ""})

    assert "already a source named" in taken.content.decode()
    assert missing.status_code == 400
    assert 'aria-invalid="true"' in missing.content.decode()


def test_a_leader_is_told_who_adds_sources(client, roots):
    client.force_login(LeaderFactory())

    response = add(client, **{"config-path": str(roots)})

    assert response.status_code == 403
    assert "Security engineers" in response.content.decode()
    assert not Source.objects.exists()


def test_w4_a_form_sets_nothing_but_its_own_fields(client, engineer, roots):
    add(
        client,
        **{"config-path": str(roots), "enabled": "", "id": "77", "config-extra": "x", "next_due_at": "2000-01-01"},
    )

    source = Source.objects.get()
    assert source.enabled
    assert source.pk != 77
    assert set(source.config) == {"path"}


# Giving things to a team ------------------------------------------------------------------------------------


def assign(client, team, assets=(), exposures=(), query=""):
    data = {"asset": [row.pk for row in assets], "exposure": [row.pk for row in exposures], "team": team}
    return client.post(reverse("inventory:unowned") + query, data)


def ticked(response):
    return {
        row for name in ("assets", "exposures") for row in response.context[name] if getattr(row, "is_chosen", False)
    }


def test_the_queue_holds_what_nobody_owns_each_thing_once(client, engineer):
    asset = AssetFactory(team=None)
    ExposureFactory(asset=asset, team=None)
    lonely = ExposureFactory(asset__team=TeamFactory(), team=None)
    ExposureFactory(asset__team=TeamFactory())

    context = client.get(reverse("inventory:unowned")).context

    assert list(context["assets"]) == [asset]
    assert context["assets"][0].exposure_count == 1
    assert list(context["exposures"]) == [lonely]


def test_selected_rows_are_given_to_a_team(client, engineer):
    team = TeamFactory(slug="payments", name="Payments")
    asset, exposure = AssetFactory(team=None), ExposureFactory(team=None)

    response = assign(client, "payments", [asset], [exposure])

    asset.refresh_from_db()
    exposure.refresh_from_db()
    assert asset.team == exposure.team == team
    assert engineer.name in asset.owner_reason
    assert "1 asset and 1 exposure are now owned by Payments" in said(response)


@pytest.mark.parametrize("typed", ["payments", "Payments and billing", " payments  AND billing ", "x (payments)"])
def test_a_team_is_known_by_its_name_in_any_case_by_its_slug_and_by_what_is_suggested(client, engineer, typed):
    team = TeamFactory(slug="payments", name="Payments and billing")
    asset = AssetFactory(team=None)

    assign(client, typed, [asset])

    asset.refresh_from_db()
    assert asset.team == team


def test_what_is_suggested_for_each_team_means_that_team(client, engineer):
    teams = [TeamFactory(name="Platform", slug=slug) for slug in ("platform-eu", "platform-us")]
    asset = AssetFactory(team=None)

    suggested = client.get(reverse("inventory:unowned")).context["teams"]
    assign(client, suggested[1], [asset])

    asset.refresh_from_db()
    assert asset.team == teams[1]


def test_w3_one_id_that_does_not_exist_and_nothing_is_assigned(client, engineer):
    TeamFactory(slug="payments")
    asset = AssetFactory(team=None)

    response = client.post(reverse("inventory:unowned"), {"asset": [asset.pk, asset.pk + 999], "team": "payments"})

    asset.refresh_from_db()
    assert asset.team is None
    assert "no longer there" in response.content.decode()


WRONG = [
    ("", "Choose a team"),
    ("nobody-knows\x00", "There is no team"),
    ("pay", "Which team is meant: Payments (payments) or Payroll (payroll)?"),
    ("Twins", "Which team is meant: Twins (twins-a) or Twins (twins-b)?"),
]


@pytest.mark.parametrize(("team", "reason"), WRONG)
def test_w2_a_team_that_is_not_clear_is_asked_for_with_ticks_and_filter_kept(client, engineer, team, reason):
    for name, slug in [("Payments", "payments"), ("Payroll", "payroll"), ("Twins", "twins-a"), ("Twins", "twins-b")]:
        TeamFactory(name=name, slug=slug)
    asset, other = AssetFactory(team=None, name="halden/web"), AssetFactory(team=None, name="halden/web-2")
    exposure = ExposureFactory(asset__team=TeamFactory(), team=None, path="web.env")
    AssetFactory(team=None, name="elsewhere")

    response = assign(client, team, [asset], [exposure], "?q=web")

    asset.refresh_from_db()
    assert asset.team is None
    assert response.status_code == 400
    assert reason in response.content.decode()
    assert set(response.context["assets"]) == {asset, other}
    assert ticked(response) == {asset, exposure}
    assert response.content.decode().count(" checked>") == 2
    assert [chip.value for chip in response.context["selection"].chips] == ["web"]
    assert 'action="/unowned/?q=web"' in response.content.decode()


def test_an_empty_selection_says_what_to_do_and_keeps_the_team(client, engineer):
    TeamFactory(slug="payments")

    content = assign(client, "payments", query=f"?source={AssetFactory(team=None).source_id}").content.decode()

    assert "Tick at least one row" in content
    assert 'value="payments"' in content


def test_after_assigning_the_filter_is_still_on(client, engineer):
    TeamFactory(slug="payments")

    response = assign(client, "payments", [AssetFactory(team=None, name="web")], query="?q=web")

    assert response["Location"] == reverse("inventory:unowned") + "?q=web"


def test_the_queue_is_narrowed_by_name_path_and_source(client, engineer):
    asset = AssetFactory(team=None, name="halden/web")
    exposure = ExposureFactory(asset__team=TeamFactory(), team=None, path="deploy/web.env")
    AssetFactory(team=None, name="other")

    named = client.get(reverse("inventory:unowned"), {"q": "web"}).context
    of_source = client.get(reverse("inventory:unowned"), {"source": asset.source_id}).context

    assert (named["assets"], named["exposures"]) == ([asset], [exposure])
    assert (of_source["assets"], of_source["exposures"]) == ([asset], [])
    assert client.get(reverse("inventory:unowned"), {"team": "x"}).status_code == 400


def test_w3_a_lead_gives_themselves_nothing_by_its_number(client):
    team = TeamFactory(slug="payments")
    asset = AssetFactory(team=None)
    client.force_login(MembershipFactory(team=team, role="lead").user)

    response = assign(client, "payments", [asset])

    asset.refresh_from_db()
    assert response.status_code == 404
    assert asset.team is None
