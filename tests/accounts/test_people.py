import threading

import pytest
from django.db import connection

from posture.accounts.models import Membership, User
from posture.accounts.services import (
    NotAllowed,
    Refused,
    add_member,
    add_person,
    disable_person,
    enable_person,
    invite,
    remove_membership,
    set_membership,
    set_role,
)
from tests.factories import EngineerFactory, LeaderFactory, MembershipFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(engineer, leader, lead, developer):
    return {"engineer": engineer, "leader": leader, "lead": lead, "developer": developer, "stranger": UserFactory()}


NOT_ENGINEERS = ["leader", "lead", "developer", "stranger"]


@pytest.mark.parametrize("actor", NOT_ENGINEERS)
def test_w4_only_engineers_configure_people(people, actor):
    by, person = people[actor], UserFactory()

    for attempt in (
        lambda: set_role(user=person, role="leader", by=by),
        lambda: disable_person(user=person, by=by),
        lambda: enable_person(user=person, by=by),
        lambda: invite(email="new@halden.example", by=by),
        lambda: add_person(email="new@halden.example", by=by),
    ):
        with pytest.raises(NotAllowed):
            attempt()

    person.refresh_from_db()
    assert (person.role, person.is_active) == ("member", True)
    assert not User.objects.filter(email="new@halden.example").exists()


@pytest.mark.parametrize("role", User.Role.values)
@pytest.mark.parametrize("actor", [*NOT_ENGINEERS, "engineer"])
def test_w4_nobody_changes_their_own_role(people, actor, role):
    person = people[actor]
    EngineerFactory()
    before = person.role

    with pytest.raises((NotAllowed, Refused)):
        set_role(user=person, role=role, by=person)

    person.refresh_from_db()
    assert person.role == before


def test_an_engineer_gives_a_role_and_the_operator_does_too(engineer):
    person = UserFactory()

    set_role(user=person, role="leader", by=engineer)
    assert User.objects.get(pk=person.pk).role == "leader"
    set_role(user=person, role="engineer", by=None)
    assert User.objects.get(pk=person.pk).role == "engineer"


def test_a_role_that_does_not_exist_is_refused(engineer):
    with pytest.raises(ValueError):
        set_role(user=UserFactory(), role="superuser", by=engineer)


def test_the_last_engineer_stays(engineer):
    for attempt in (
        lambda: set_role(user=engineer, role="leader", by=None),
        lambda: disable_person(user=engineer, by=None),
    ):
        with pytest.raises(Refused, match="last security engineer"):
            attempt()

    EngineerFactory(is_active=False)
    with pytest.raises(Refused):
        disable_person(user=engineer, by=None)

    EngineerFactory()
    disable_person(user=engineer, by=None)
    assert not User.objects.get(pk=engineer.pk).is_active


def test_nobody_disables_themselves(engineer):
    EngineerFactory()

    with pytest.raises(Refused, match="themselves"):
        disable_person(user=engineer, by=engineer)


def test_an_engineer_who_was_just_demoted_has_no_right_left(engineer):
    # `engineer` is what an earlier query of the same request returned.
    User.objects.filter(pk=engineer.pk).update(role="member")

    with pytest.raises(NotAllowed):
        set_role(user=UserFactory(), role="leader", by=engineer)


@pytest.mark.django_db(transaction=True)
def test_w30_two_engineers_who_demote_each_other_leave_one():
    first, second = EngineerFactory(), EngineerFactory()
    gate = threading.Barrier(2)

    def demote(user, by):
        gate.wait()
        try:
            set_role(user=user, role="member", by=by)
        except (NotAllowed, Refused):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=demote, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert User.objects.filter(role="engineer").count() == 1


def test_an_e_mail_is_invited_once_in_any_case(engineer):
    invite(email="new@halden.example", name="New", by=engineer)

    with pytest.raises(Refused, match="here already") as refusal:
        invite(email="NEW@halden.example", name="Again", by=engineer)

    assert refusal.value.field == "email"
    assert User.objects.filter(name="Again").count() == 0


def test_a_lead_adds_and_removes_developers_of_their_teams_and_those_below(lead, team):
    below, person = TeamFactory(parent=team), UserFactory()

    for each in (team, below):
        assert add_member(team=each, email=person.email.upper(), role="developer", by=lead).role == "developer"
        remove_membership(team=each, user=person, by=lead)

    assert not person.memberships.exists()


@pytest.mark.parametrize("actor", ["developer", "stranger", "lead"])
def test_w1_nobody_changes_a_team_that_they_do_not_lead(people, actor, other_team):
    person = UserFactory()
    there = MembershipFactory(team=other_team).user

    with pytest.raises(NotAllowed):
        set_membership(team=other_team, user=person, role="developer", by=people[actor])
    with pytest.raises(NotAllowed):
        remove_membership(team=other_team, user=there, by=people[actor])
    with pytest.raises(NotAllowed):
        add_member(team=other_team, email="nobody@halden.example", role="developer", by=people[actor])

    assert list(other_team.memberships.values_list("user", flat=True)) == [there.pk]


def test_a_lead_of_a_team_below_has_no_say_above(team):
    lead_below = MembershipFactory(team=TeamFactory(parent=team), role="lead").user

    with pytest.raises(NotAllowed):
        set_membership(team=team, user=lead_below, role="developer", by=lead_below)


@pytest.mark.parametrize("actor", ["lead", "leader"])
def test_w4_only_engineers_make_and_unmake_leads(people, actor, team):
    second_lead = MembershipFactory(team=team, role="lead").user
    developer = people["developer"]

    for attempt in (
        lambda: set_membership(team=team, user=developer, role="lead", by=people[actor]),
        lambda: set_membership(team=team, user=second_lead, role="developer", by=people[actor]),
        lambda: remove_membership(team=team, user=second_lead, by=people[actor]),
    ):
        with pytest.raises(NotAllowed):
            attempt()

    assert Membership.objects.get(user=developer).role == "developer"
    assert Membership.objects.get(user=second_lead).role == "lead"
    set_membership(team=team, user=developer, role="lead", by=people["engineer"])
    assert Membership.objects.get(user=developer).role == "lead"


def test_w4_an_engineer_does_not_make_themselves_a_lead(engineer, team):
    with pytest.raises(Refused, match="themselves"):
        set_membership(team=team, user=engineer, role="lead", by=engineer)


def test_who_is_unknown_or_disabled_is_not_added(lead, team):
    gone = UserFactory(is_active=False)

    for email in ("nobody@halden.example", gone.email):
        with pytest.raises(Refused, match="Nobody here") as refusal:
            add_member(team=team, email=email, role="developer", by=lead)
        assert refusal.value.field == "email"


def test_a_refused_invitation_leaves_nobody_behind(engineer, team):
    with pytest.raises(ValueError):
        invite(email="new@halden.example", team=team, team_role="owner", by=engineer)

    assert not User.objects.filter(email="new@halden.example").exists()


def test_who_is_enabled_again_has_their_teams_but_no_old_key(lead, engineer):
    disable_person(user=lead, by=engineer)
    enable_person(user=lead, by=engineer)

    assert User.objects.get(pk=lead.pk).is_active
    assert lead.memberships.get().role == "lead"


def test_leaders_may_see_to_developers_too(team):
    assert set_membership(team=team, user=UserFactory(), role="developer", by=LeaderFactory()).pk
