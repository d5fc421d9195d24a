from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.services.spread import work_out_spread
from posture.accounts.models import Team
from posture.pipeline import advance
from posture.scoring.card import costs
from posture.scoring.models import Snapshot
from posture.scoring.queries import facts_of
from posture.scoring.services import take_snapshots
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    ExposureFactory,
    HoldingFactory,
    PrincipalFactory,
    SecretFactory,
    SnapshotFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


def read_asset(**more):
    now = timezone.now()
    return AssetFactory(last_read_at=now, last_complete_at=now, owner_due=False, **more)


def facts(team):
    return facts_of([team], timezone.now())[team.pk]


def test_one_item_per_credential_and_team_however_many_places():
    team = TeamFactory()
    credential = CredentialFactory()
    for _ in range(3):
        ExposureFactory(credential=credential, asset=read_asset(team=team))
    ExposureFactory(credential=credential, asset=read_asset(team=TeamFactory()))

    assert [item.id for item in facts(team).exposures] == [str(credential.pk)]


def test_w27_how_severe_it_is_follows_from_the_teams_own_places():
    credential = CredentialFactory(weak=True, severity="critical")
    own = ExposureFactory(credential=credential, asset=read_asset(team=TeamFactory()), severity="low")
    ExposureFactory(credential=credential, asset=read_asset(team=TeamFactory()), severity="critical")

    assert [item.severity for item in facts(own.asset.team).exposures] == ["low"]


def test_w27_equal_items_stand_in_the_order_of_the_teams_own_places():
    team = TeamFactory()
    known_for_long = CredentialFactory()
    first = ExposureFactory(asset=read_asset(team=team))
    ExposureFactory(credential=known_for_long, asset=first.asset)

    items = [gain.item for gain in costs(facts(team))]

    assert items == [str(first.credential_id), str(known_for_long.pk)]


def test_the_most_visible_place_of_the_team_counts_and_not_known_counts_as_organisation():
    team = TeamFactory()
    credential = CredentialFactory()
    ExposureFactory(credential=credential, asset=read_asset(team=team, visibility="restricted"))
    ExposureFactory(credential=credential, asset=read_asset(team=team, visibility="unknown"))
    assert facts(team).exposures[0].visibility == "unknown"

    ExposureFactory(credential=credential, asset=read_asset(team=team, visibility="public"))

    assert facts(team).exposures[0].visibility == "public"


def test_what_is_gone_is_not_open_and_a_dead_value_in_history_costs_nothing():
    team = TeamFactory()
    asset = read_asset(team=team)
    ExposureFactory(asset=asset, gone_at=timezone.now())
    ExposureFactory(asset=asset, place="history", credential__validity="invalid")
    live = ExposureFactory(asset=asset, place="history", credential__validity="unknown")

    assert [item.id for item in facts(team).exposures] == [str(live.credential_id)]


def test_a_team_of_which_nothing_was_read_is_not_assessed_and_one_without_findings_is_clean():
    unread, clean = TeamFactory(), TeamFactory()
    AssetFactory(team=unread)
    read_asset(team=clean)

    assert facts(unread).exposures is None
    assert facts(clean).exposures == ()


def test_a_source_that_went_silent_lowers_confidence_and_clears_nothing(settings):
    team = TeamFactory()
    old = timezone.now() - timedelta(hours=settings.FRESHNESS_HOURS + 1)
    asset = read_asset(team=team)
    ExposureFactory(asset=asset)
    before = facts(team)
    type(asset).objects.filter(pk=asset.pk).update(last_complete_at=old, last_read_at=old)

    after = facts(team)

    assert after.exposures == before.exposures
    assert (before.confidence.assets_fresh, after.confidence.assets_fresh) == (1, 0)


def test_size_counts_what_a_store_has_held_for_ninety_days_by_its_own_date_or_else_by_first_sight():
    team = TeamFactory()
    vault = read_asset(team=team, kind="vault")
    now = timezone.now()
    for created, seen in ((200, 1), (10, 200), (None, 100), (None, 10)):
        SecretFactory(
            asset=vault,
            created_at=None if created is None else now - timedelta(days=created),
            first_seen_at=now - timedelta(days=seen),
        )
    SecretFactory(asset=read_asset(team=TeamFactory(), kind="vault"), first_seen_at=now - timedelta(days=300))

    assert facts(team).owned_credentials == 2


def test_what_a_store_says_it_holds_no_more_counts_for_another_ninety_days():
    team = TeamFactory()
    vault = read_asset(team=team, kind="vault")
    now = timezone.now()
    for gone in (10, 100):
        SecretFactory(asset=vault, first_seen_at=now - timedelta(days=300), gone_at=now - timedelta(days=gone))

    assert facts(team).owned_credentials == 1


def test_size_counts_by_the_team_of_the_secret_and_of_the_identity_not_of_their_store():
    own, other = TeamFactory(), TeamFactory()
    shared = read_asset(team=other, kind="mount")
    long_ago = timezone.now() - timedelta(days=300)
    for _ in range(2):
        SecretFactory(asset=shared, team=own, first_seen_at=long_ago)
    PrincipalFactory(asset=shared, team=own, first_seen_at=long_ago)
    PrincipalFactory(asset=shared, team=own)

    assert (facts(own).owned_credentials, facts(own).owned_identities) == (2, 1)
    assert (facts(other).owned_credentials, facts(other).owned_identities) == (0, 0)


def test_a_store_in_which_nothing_was_found_exposed_is_no_repository_that_was_searched():
    team = TeamFactory()
    read_asset(team=team, kind="mount")

    assert facts(team).exposures is None


@pytest.mark.parametrize(("days", "owned"), [(0, 1), (100, 0)])
def test_a_store_that_went_away_keeps_the_size_of_a_team_for_ninety_days(days, owned):
    team = TeamFactory()
    now = timezone.now()
    gone = now - timedelta(days=days)
    vault = read_asset(team=team, kind="vault", gone_at=gone)
    SecretFactory(asset=vault, first_seen_at=now - timedelta(days=300))

    assert facts(team).owned_credentials == owned


def test_a_critical_past_its_deadline_is_overdue():
    team = TeamFactory()
    asset = read_asset(team=team)
    ExposureFactory(asset=asset, credential__severity="critical", first_seen_at=timezone.now() - timedelta(days=2))

    assert facts(team).exposures[0].overdue


def test_facts_of_many_teams_take_a_fixed_number_of_queries(django_assert_num_queries):
    teams = [TeamFactory() for _ in range(10)]
    for team in teams:
        exposure = ExposureFactory(asset=read_asset(team=team))
        vault = read_asset(team=team, kind="mount")
        for _ in range(2):
            HoldingFactory(credential=exposure.credential, version__secret__asset=vault)
        PrincipalFactory(asset=vault)
        work_out_spread([exposure.credential_id])

    with django_assert_num_queries(9):
        found = facts_of(teams, timezone.now())

    assert [(len(each.credentials), len(each.identities)) for each in found.values()] == [(2, 2)] * len(teams)


def test_a_day_has_one_score_per_input_and_a_new_input_adds_a_row():
    team = TeamFactory()
    asset = read_asset(team=team)
    assert take_snapshots() == 1
    assert take_snapshots() == 0
    assert Snapshot.objects.filter(team=team).get().score == 100

    ExposureFactory(asset=asset, credential__severity="high")
    Team.objects.update(score_due=True)
    take_snapshots()

    first, second = Snapshot.objects.filter(team=team).order_by("pk")
    assert (first.score, second.score) == (100, 47.24)
    assert second.card["gains"][0]["gain"] == pytest.approx(52.76)
    assert Snapshot.objects.newest_per_team().get() == second
    assert Snapshot.objects.of_organisation().count() == 2


def test_a_new_day_has_a_score_of_its_own_also_where_nothing_changed():
    team = SnapshotFactory(team__score_due=False, day=timezone.now().date() - timedelta(days=1)).team

    assert take_snapshots() == 1

    assert Snapshot.objects.filter(team=team, day=timezone.now().date()).exists()


def test_marks_that_are_set_again_without_a_change_add_no_row():
    TeamFactory()
    take_snapshots()
    Team.objects.update(score_due=True)

    take_snapshots()

    assert Snapshot.objects.count() == 2


def test_a_crash_while_scoring_loses_no_mark(monkeypatch):
    from posture.scoring import services

    TeamFactory()
    monkeypatch.setattr(services, "_take_organisation", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take_snapshots()

    assert Team.objects.get().score_due
    assert not Snapshot.objects.exists()


def test_a_crash_after_some_teams_keeps_these_and_the_marks_of_the_others(monkeypatch):
    from posture.scoring import services

    first, second = TeamFactory(), TeamFactory()
    monkeypatch.setattr(services, "TEAMS_AT_ONCE", 1)
    real = services.facts_of
    with monkeypatch.context() as crashing:
        crashing.setattr(services, "facts_of", lambda teams, now: 1 / 0 if second in teams else real(teams, now))
        with pytest.raises(ZeroDivisionError):
            take_snapshots()

    assert [row.team for row in Snapshot.objects.all()] == [first]
    assert list(Team.objects.filter(score_due=True)) == [second]
    assert take_snapshots() == 1
    assert Snapshot.objects.of_organisation().get().card["teams"] == 2


def test_what_nobody_owns_lowers_the_organisations_confidence():
    read_asset(team=TeamFactory())
    take_snapshots()
    sure = Snapshot.objects.of_organisation().first().confidence
    read_asset(team=None)
    Team.objects.update(score_due=True)

    take_snapshots()

    assert Snapshot.objects.of_organisation().first().confidence < sure


def test_the_pipeline_brings_owner_severity_and_score_up_to_date_and_then_rests():
    team = TeamFactory(slug="payments", handles=["@halden/payments"])
    asset = AssetFactory(codeowners="* @halden/payments\n", last_read_at=timezone.now())
    ExposureFactory(asset=asset, team=None)

    done = advance()

    assert {name: count for name, count in done.items() if count} == {
        "work_out_owners": 1,
        "judge_validity": 1,
        "work_out_severities": 1,
        "open_incidents": 1,
        "take_snapshots": 1,
    }
    assert Snapshot.objects.filter(team=team).get().score < 100
    assert set(advance().values()) == {0}
