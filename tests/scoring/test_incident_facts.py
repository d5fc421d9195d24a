"""What the score reads of incidents: proved, claimed, late, paused, and what does not count."""

from datetime import timedelta

import pytest
from django.utils import timezone

from posture.incidents.models import Incident, Part
from posture.scoring.incident_facts import incident_facts
from tests.factories import TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory()


def days(number):
    return timezone.now() + timedelta(days=number)


def part(team, state="detected", *, opened=-10, due=20, **more):
    incident = Incident.objects.create(key=f"exposed-value:{Incident.objects.count()}", trigger="exposed-value")
    told = {"severity": "high", "verify_by": days(due), "opened_at": days(opened)} | more
    return Part.objects.create(incident=incident, team=team, owner_key=team.pk, state=state, **told)


def closed(team, state, at, **more):
    return part(team, state, is_open=False, closed_at=days(at), **more)


def facts(team):
    return incident_facts([team.pk], timezone.now())[team.pk]


def test_a_team_without_any_incident_has_no_facts(team):
    assert incident_facts([team.pk], timezone.now()) == {}


def test_the_proved_in_time_the_late_and_the_attested_are_told_apart(team):
    closed(team, "verified_closed", -1)
    closed(team, "verified_closed", -1, due=-2)
    closed(team, "attested", -1)

    assert [item.state for item in facts(team).items] == ["verified", "late", "attested"]


def test_a_claim_counts_as_one_only_where_it_was_made_in_time(team):
    part(team, "contained", claimed_at=days(-1))
    part(team, "contained", claimed_at=days(-1), due=-2)

    assert [item.state for item in facts(team).items] == ["claimed", "open"]


def test_what_is_overdue_says_by_how_much(team):
    part(team, due=-3)

    item = facts(team).items[0]

    assert item.due
    assert 3 <= item.overdue_days < 3.1
    assert 6.9 < item.deadline_days < 7.1


def test_a_pause_stops_the_clock(team):
    part(team, due=-3, paused_at=days(-4))

    assert not facts(team).items[0].due


@pytest.mark.parametrize("state", ["false_positive", "duplicate", "risk_accepted", "handed_over"])
def test_what_was_set_aside_or_handed_over_does_not_count(team, state):
    part(team)
    closed(team, state, -1)

    assert len(facts(team).items) == 1


def test_what_was_closed_before_the_window_is_forgotten(team):
    closed(team, "verified_closed", -91, opened=-120)

    assert facts(team).items == ()


def test_what_came_back_is_counted(team):
    part(team, "reopened", reopened=2)

    assert facts(team).reopened == 1
