"""What time alone does: deadlines that pass are told of once each, acceptances end by themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from posture.audit.models import Event
from posture.incidents.models import Part
from posture.incidents.services import sweep_deadlines
from posture.incidents.services.acts import Asked, act
from posture.notify.models import Delivery
from tests.factories import MembershipFactory, PartFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return MembershipFactory(role="lead").user


def days(number):
    return timezone.now() + timedelta(days=number)


@pytest.fixture
def part(lead):
    told = {"severity": "high", "contain_by": days(-1), "verify_by": days(4), "due_at": days(-1)}
    return PartFactory(team=lead.teams.get(), opened_at=days(-4), **told)


def test_a_deadline_that_passed_is_told_of_once(lead, part):
    assert sweep_deadlines() == 1
    assert sweep_deadlines() == 0

    assert Event.objects.filter(verb="incident.overdue").count() == 1
    assert Delivery.objects.filter(person=lead, kind="incident.deadline").count() == 1


def test_the_deadline_after_it_is_told_of_too(lead, part):
    sweep_deadlines()
    act([part.pk], Asked("contained"), actor=lead)
    assert sweep_deadlines() == 0
    Part.objects.update(verify_by=days(-1), due_at=days(-1))

    assert sweep_deadlines() == 1


def test_a_paused_deadline_does_not_pass(lead, part):
    act([part.pk], Asked("pause", "the vendor has to answer"), actor=lead)

    assert sweep_deadlines() == 0


def test_an_acceptance_ends_the_day_after_its_last(lead, part):
    Part.objects.update(state="risk_accepted", is_open=False, accepted_until=timezone.localdate())
    assert sweep_deadlines() == 0
    Part.objects.update(accepted_until=timezone.localdate() - timedelta(days=1))

    sweep_deadlines()

    after = Part.objects.get()
    assert (after.state, after.is_open, after.accepted_until) == ("reopened", True, None)
    assert after.verify_by > timezone.now()


def test_six_proposals_at_once_are_called_proposals(lead, part):
    parts = [part, *(PartFactory(team=part.team, severity="critical") for _ in range(5))]
    other = MembershipFactory(team=part.team, role="lead").user

    act([each.pk for each in parts], Asked("false_positive", "the vendor's examples"), actor=lead)

    told = Delivery.objects.filter(kind="incident.proposed")
    assert [(row.person_id, row.subject.split(",")[0]) for row in told] == [
        (other.pk, "6 proposals that wait for a second person")
    ]
