"""Secrets and identities that go wrong open incidents, and evidence closes them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from posture.audit.models import Event
from posture.incidents.models import Incident, Part
from posture.incidents.services import open_triggered
from posture.incidents.services.acts import Asked, act
from posture.incidents.trigger import triggers
from tests.factories import AssetFactory, EngineerFactory, PrincipalFactory, SecretFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def vault():
    return AssetFactory(kind="vault", team=TeamFactory())


def days(number):
    return timezone.now() + timedelta(days=number)


def secret(vault, **more):
    return SecretFactory(asset=vault, team=vault.team, policy_due=False, **more)


@pytest.mark.parametrize(
    ("facts", "opens"),
    [
        ({"rotation_failed": True}, ["failed-rotation"]),
        ({"rotation_failed": None}, []),
        ({"due_at": days(-1), "limit_days": 90, "tier": "critical"}, ["stale-secret"]),
        ({"due_at": days(-1), "limit_days": 90}, []),
        ({"due_at": days(-40), "limit_days": 90}, ["stale-secret"]),
        ({"due_at": days(-40), "limit_days": 90, "exempt_until": days(9).date()}, []),
        ({"due_at": None, "limit_days": 90}, []),
    ],
)
def test_a_secret_opens_what_its_store_and_policy_say_and_nothing_for_what_is_not_known(vault, facts, opens):
    secret(vault, **facts)

    open_triggered()

    assert [row.trigger for row in Incident.objects.all()] == opens


@pytest.mark.parametrize(
    ("facts", "severity"),
    [
        ({"admin": True, "reads_in": ["production"]}, "critical"),
        ({"wildcard": True, "reads_in": ["development", "staging"]}, "high"),
        ({"admin": True, "reads_in": None}, "medium"),
        ({"admin": None, "wildcard": None}, None),
        ({"admin": True, "enabled": False}, None),
        ({"admin": True, "kind": "human"}, None),
    ],
)
def test_a_machine_with_too_many_rights_is_as_bad_as_what_it_opens(vault, facts, severity):
    PrincipalFactory(asset=vault, team=vault.team, **facts)

    open_triggered()

    assert [part.severity for part in Part.objects.all()] == ([severity] if severity else [])


def test_opening_again_opens_nothing_twice(vault):
    secret(vault, rotation_failed=True)

    open_triggered()
    open_triggered()

    assert Event.objects.filter(verb="incident.open").count() == Part.objects.count() == 1


def test_what_the_store_says_is_over_is_closed_with_its_word(vault):
    row = secret(vault, rotation_failed=True)
    open_triggered()
    row.rotation_failed = None
    row.save()
    open_triggered()
    assert Part.objects.get().state == "detected"

    row.rotation_failed = False
    row.save()
    open_triggered()

    part = Part.objects.get()
    assert part.state == "verified_closed"
    event = Event.objects.about("part", [part.pk]).last()
    assert event.reason == "The store tells of no failed rotation any more."
    assert event.data["evidence"]["id"] == row.pk


def test_rights_that_are_not_known_any_more_close_nothing(vault):
    row = PrincipalFactory(asset=vault, team=vault.team, admin=True)
    open_triggered()
    row.admin = row.wildcard = None
    row.save()

    open_triggered()

    assert Part.objects.get().is_open


def test_what_goes_wrong_again_reopens_and_what_a_person_set_aside_does_not(vault):
    row = secret(vault, rotation_failed=True)
    open_triggered()
    for failed in (False, True):
        row.rotation_failed = failed
        row.save()
        open_triggered()
    part = Part.objects.get()
    assert (part.state, part.reopened) == ("reopened", 1)
    act([part.pk], Asked("false_positive", "the engine is switched off"), actor=EngineerFactory())

    open_triggered()

    assert Part.objects.get().state == "false_positive"


def test_a_secret_that_another_team_owns_now_takes_its_incident_along(vault):
    row = secret(vault, rotation_failed=True)
    open_triggered()
    before, after = vault.team, TeamFactory()
    row.team = after
    row.save()

    open_triggered()
    open_triggered()

    assert dict(Part.objects.values_list("team", "state")) == {before.pk: "handed_over", after.pk: "detected"}


def test_every_trigger_says_what_it_is_and_what_to_do():
    for trigger in triggers().values():
        assert trigger.__doc__
        assert trigger.label
        assert trigger.remedy().endswith(".")
