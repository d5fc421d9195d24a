"""Whatever changes what a score reads marks the teams that own it, also where they own nothing else of the store."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Exemption, Principal, Secret, Source
from inventory.services import (
    count_readers,
    remove_source,
    work_out_due,
    work_out_owners,
    work_out_severities,
)
from inventory.services.policies import approve_exemption, change_policy
from inventory.store_records import PrincipalKind, PrincipalRecord
from posture.accounts.models import Team
from tests.factories import (
    EngineerFactory,
    GrantFactory,
    HoldingFactory,
    LeaderFactory,
    PrincipalFactory,
    SecretFactory,
    TeamFactory,
)
from tests.inventory.test_store_sync import collect, stored
from tests.inventory.test_sync import script
from tests.scripted import done

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory()


def forget():
    Team.objects.update(score_due=False)


def marked():
    return set(Team.objects.filter(score_due=True))


def given_to(team, *rows):
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(team=team, owner_kind="hand")
    forget()


@pytest.mark.parametrize("kind", ["secret", "principal"])
def test_what_a_complete_read_does_not_see_any_more_marks_its_team(scripted, source, team, kind):
    who = PrincipalRecord("app/pay", PrincipalKind.WORKLOAD, "pay")
    script(scripted, stored("pay/db"), who, done())
    collect(source)
    given_to(team, Secret.objects.get() if kind == "secret" else Principal.objects.get())
    script(scripted, *([who] if kind == "secret" else [stored("pay/db")]), done())

    collect(source)

    assert marked() == {team}


def test_a_read_that_sees_nothing_any_more_has_readers_counted_again(scripted, source, team):
    script(scripted, stored("pay/db"), done())
    collect(source)
    count_readers()
    script(scripted, done())

    collect(source)

    assert Source.objects.owing_readers().exists()


@pytest.mark.parametrize("make", [SecretFactory, PrincipalFactory])
def test_a_store_that_goes_away_marks_the_teams_of_what_it_held(scripted, source, team, make):
    script(scripted, done(), asset="kept")
    script(scripted, done(), asset="left")
    collect(source)
    given_to(team, make(asset=source.assets.get(external_id="left")))
    scripted.assets.remove("left")

    collect(source)

    assert team in marked()


@pytest.mark.parametrize("make", [SecretFactory, PrincipalFactory])
def test_removing_a_source_marks_the_teams_of_what_it_held(team, make):
    row = make()
    given_to(team, row)

    remove_source(source=row.asset.source)

    assert marked() == {team}


def test_rights_that_were_counted_again_mark_the_teams_of_the_identities(team):
    GrantFactory(principal__team=team)
    Source.objects.owe_readers()
    forget()

    count_readers()

    assert marked() == {team}


def test_a_value_that_another_team_stores_too_marks_both(team):
    held = HoldingFactory(version__secret__team=team)
    work_out_severities()
    other = TeamFactory()
    forget()
    HoldingFactory(version__secret__team=other, credential=held.credential)
    type(held.credential).objects.update(severity_due=True)

    work_out_severities()

    assert marked() == {team, other}


def test_a_new_policy_marks_every_team_since_windows_and_limits_are_all_teams(team):
    forget()

    change_policy(
        rows=[],
        unused_human_days=30,
        unused_machine_days=30,
        most_readers={},
        note="stricter",
        by=EngineerFactory(),
        based_on=0,
    )

    assert marked() == {team}


def test_a_limit_that_was_worked_out_again_marks_the_team_of_the_secret(team):
    SecretFactory(team=team)
    forget()

    work_out_due()

    assert marked() == {team}


@pytest.mark.parametrize("make", [SecretFactory, PrincipalFactory])
def test_a_change_of_owner_marks_the_team_before_and_after(team, make):
    before = TeamFactory()
    row = make(asset__team=team, asset__owner_kind="hand", team=before)
    forget()

    work_out_owners()

    row.refresh_from_db()
    assert row.team == team
    assert marked() == {before, team}


@pytest.mark.parametrize(("make", "of"), [(SecretFactory, "rotation"), (PrincipalFactory, "rights")])
def test_an_exemption_marks_the_team_of_what_it_is_for(team, make, of):
    row = make(team=team)
    exemption = Exemption.objects.create(
        of=of,
        **{"secret" if make is SecretFactory else "principal": row},
        reason="The old system ends in spring.",
        ends_on=timezone.localdate() + timedelta(days=30),
        asked_by=EngineerFactory(),
    )
    forget()

    approve_exemption(exemption=exemption, by=LeaderFactory())

    assert marked() == {team}
