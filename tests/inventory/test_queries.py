"""Reads across models tell a viewer what is theirs to know, and nothing of a weak value in other hands."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.dossier import dossier
from inventory.models import Credential, Exposure, Run
from inventory.queries import (
    asset_figures,
    exposure_figures,
    hidden_places,
    is_silent,
    managed_among,
    managed_condition,
    reads_to_show,
    run_progress,
    sources_health,
    standings,
)
from posture.accounts.visibility import visible
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    ExposureFactory,
    HoldingFactory,
    LeaderFactory,
    MembershipFactory,
    ReadFactory,
    RunFactory,
    SourceFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory(name="Payments")


@pytest.fixture
def member(team):
    return MembershipFactory(team=team).user


def shared(team, **credential):
    """A credential that stands in one place of the team and in two of others, and in a store of others."""
    made = CredentialFactory(**credential)
    ExposureFactory(credential=made, team=team)
    ExposureFactory.create_batch(2, credential=made, team=TeamFactory(name="Logistics"))
    HoldingFactory(credential=made, version__secret__asset__team=TeamFactory())
    return made


def test_places_of_others_are_counted_and_not_named(team, member):
    credential = shared(team)

    assert hidden_places(member, credential) == 3
    assert hidden_places(LeaderFactory(), credential) == 0


def test_w27_places_of_others_are_not_even_counted_for_a_weak_value(team, member):
    assert hidden_places(member, shared(team, weak=True)) == 0


def test_a_secret_with_several_versions_is_one_place(team, member):
    credential = CredentialFactory()
    ExposureFactory(credential=credential, team=team)
    holding = HoldingFactory(credential=credential)
    HoldingFactory(credential=credential, version__secret=holding.version.secret)

    assert hidden_places(member, credential) == 1


def test_managed_is_told_of_a_strong_value_whoever_holds_it(team, member):
    credential = shared(team)

    assert managed_among(member, [credential.pk]) == {credential.pk}
    assert Credential.objects.filter(managed_condition(member, "pk")).count() == 1


def test_w27_managed_is_not_told_of_a_weak_value_that_others_hold(team, member):
    credential = shared(team, weak=True)

    assert managed_among(member, [credential.pk]) == set()
    assert not Credential.objects.filter(managed_condition(member, "pk")).exists()
    assert managed_among(LeaderFactory(), [credential.pk]) == {credential.pk}


def test_w27_a_weak_value_in_ones_own_store_is_managed(team, member):
    holding = HoldingFactory(credential__weak=True, version__secret__asset__team=team)

    assert managed_among(member, [holding.credential_id]) == {holding.credential_id}


def test_standings_count_only_what_the_viewer_sees(team, member):
    credential = shared(team)

    mine, all_ = (
        standings(member, [credential.pk])[credential.pk],
        standings(LeaderFactory(), [credential.pk])[credential.pk],
    )

    assert (mine.places, mine.teams) == (1, ["Payments"])
    assert (all_.places, all_.teams) == (3, ["Logistics", "Payments"])


def test_figures_count_what_decides(team):
    ExposureFactory(team=team, credential__validity="valid", place="tip")
    ExposureFactory(team=None, credential__validity="invalid", place="history")
    ExposureFactory(team=team, credential__validity="check_failed", place="ref")

    figures = exposure_figures(Exposure.objects.all())

    assert (figures.total, figures.valid, figures.validity_unknown) == (3, 1, 1)
    assert (figures.tip, figures.history, figures.unowned) == (1, 1, 1)


def test_asset_figures_call_late_whatever_was_not_read_in_time(team):
    now = timezone.now()
    AssetFactory(team=team, last_complete_at=now, last_status="complete")
    AssetFactory(team=team, last_complete_at=now - timedelta(days=9), last_status="partial")
    AssetFactory(team=None)
    from inventory.models import Asset

    figures = asset_figures(Asset.objects.all())

    assert (figures.total, figures.fresh, figures.late, figures.never) == (3, 1, 2, 1)
    assert (figures.partial, figures.unowned) == (1, 1)


@pytest.mark.parametrize(
    ("interval", "hours", "silent"),
    [(3600, 1, False), (3600, 3, True), (900, 0.9, False), (900, 1.1, True), (86400, 30, False)],
)
def test_a_source_is_silent_after_twice_its_interval_and_an_hour_at_least(interval, hours, silent):
    now = timezone.now()
    source = SourceFactory(interval=interval)

    assert is_silent(source, now - timedelta(hours=hours), now) is silent


def test_a_source_that_is_switched_off_is_not_silent():
    now = timezone.now()

    assert not is_silent(SourceFactory(enabled=False), now - timedelta(days=99), now)


def test_a_failing_source_is_silent_however_often_it_ran():
    now = timezone.now()
    source = SourceFactory(created_at=now - timedelta(days=3))
    RunFactory(source=source, status="failed", finished_at=now)

    health = sources_health(LeaderFactory())

    assert [each.is_silent for each in health] == [True]
    assert health[0].last_read_at is None
    assert health[0].run.status == Run.Status.FAILED


def test_sources_are_not_for_members(member):
    SourceFactory()

    assert sources_health(member) == []


def test_a_run_is_counted_by_what_became_of_its_reads():
    run = RunFactory(status="running")
    for status in ("queued", "running", "complete", "complete", "partial", "failed", "dead"):
        ReadFactory(run=run, status=status)

    progress = run_progress(run)

    assert (progress.total, progress.done, progress.failed, progress.waiting) == (7, 5, 2, 1)


def test_of_a_run_what_needs_a_look_comes_first():
    run = RunFactory(status="running")
    for status in ("complete", "queued", "partial", "failed", "dead", "running"):
        ReadFactory(run=run, status=status)

    assert [read.status for read in reads_to_show(run)] == [
        "running",
        "dead",
        "failed",
        "partial",
        "queued",
        "complete",
    ]


# The four facts ---------------------------------------------------------------------------------------------


def facts(user, credential):
    return {fact.label: fact for fact in dossier(user, credential).facts}


def test_what_nobody_asked_is_not_known_and_never_good():
    credential = ExposureFactory().credential

    fact = facts(LeaderFactory(), credential)["Valid"]

    assert (fact.answer, fact.tone) == ("unknown", "")
    assert "Take it for valid" in fact.evidence


@pytest.mark.parametrize(
    ("validity", "answer", "tone"),
    [
        ("valid", "yes", "bad"),
        ("invalid", "no", "good"),
        ("cannot_check", "unknown", ""),
        ("check_failed", "unknown", ""),
    ],
)
def test_the_glyph_answers_and_the_tone_judges(validity, answer, tone):
    credential = ExposureFactory(credential__validity=validity).credential

    fact = facts(LeaderFactory(), credential)["Valid"]

    assert (fact.answer, fact.tone) == (answer, tone)


def test_a_young_commit_does_not_make_a_value_fresh():
    credential = ExposureFactory(first_at=timezone.now() - timedelta(days=3)).credential

    fact = facts(LeaderFactory(), credential)["Fresh"]

    assert fact.answer == "unknown"
    assert fact.words == "At least 3 d old"


def test_a_commit_past_the_limit_proves_that_a_value_is_old():
    credential = ExposureFactory(first_at=timezone.now() - timedelta(days=300)).credential

    assert facts(LeaderFactory(), credential)["Fresh"].answer == "no"


def test_a_store_that_says_when_it_was_made_makes_it_fresh():
    holding = HoldingFactory(version__created_at=timezone.now() - timedelta(days=3))

    assert facts(LeaderFactory(), holding.credential)["Fresh"].answer == "yes"


def test_only_an_older_version_is_superseded_and_bad():
    holding = HoldingFactory(version__state="superseded")

    fact = facts(LeaderFactory(), holding.credential)["Managed"]

    assert (fact.words, fact.tone) == ("Superseded", "bad")


def test_a_place_without_a_team_makes_it_owned_in_part(team):
    credential = ExposureFactory(team=team).credential
    ExposureFactory(credential=credential, team=None)

    assert facts(LeaderFactory(), credential)["Owned"].words == "In part"


def test_w27_a_store_of_others_is_told_of_a_strong_value_only(team, member):
    strong, weak = shared(team), shared(team, weak=True)

    assert facts(member, strong)["Managed"].answer == "yes"
    assert facts(member, weak)["Managed"].answer == "unknown"


def test_w27_a_guessable_value_that_no_store_holds_is_told_alike(team, member):
    held_by_others, held_by_nobody = shared(team, weak=True), ExposureFactory(team=team, credential__weak=True)

    told = [facts(member, each)["Managed"] for each in (held_by_others, held_by_nobody.credential)]

    assert told[0] == told[1]
    assert facts(LeaderFactory(), held_by_nobody.credential)["Managed"].answer == "no"


def test_the_history_names_who_put_it_there_and_who_took_it_away(team, member):
    exposure = ExposureFactory(
        team=team,
        first_author="Tomas Ek",
        removed_at=timezone.now(),
        removed_author="Mira Kos",
        removed_commit="a" * 40,
    )

    events = dossier(member, exposure.credential).events

    assert {"Tomas Ek", "Mira Kos"} <= {event.actor for event in events}
    assert events == sorted(events, key=lambda event: event.at, reverse=True)


def test_w6_the_history_holds_nothing_of_other_teams(team, member):
    credential = shared(team)
    ExposureFactory(credential=credential, team=TeamFactory(), first_author="Somebody Else", path="theirs/secret.py")

    found = dossier(member, credential)

    assert len(found.exposures) == 1
    assert all(event.actor != "Somebody Else" and "theirs" not in event.path for event in found.events)


def test_every_row_of_a_dossier_passes_the_rule(team, member):
    credential = shared(team)
    seen = set(visible(Exposure.objects.all(), member))

    assert set(dossier(member, credential).exposures) <= seen
