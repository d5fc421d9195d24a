import pytest
from django.core.management import CommandError, call_command

from posture.accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_an_unknown_person_is_an_error_that_says_what_to_do():
    with pytest.raises(CommandError, match="--role"):
        call_command("signin", "nobody@halden.example")
    assert not User.objects.exists()


def test_with_a_role_the_missing_person_is_made(capsys):
    call_command("signin", "First@halden.example", "--role", "engineer", "--name", "First Engineer")

    person = User.objects.get()
    assert (person.email, person.role, person.name) == ("first@halden.example", "engineer", "First Engineer")
    assert not person.has_usable_password()


def test_a_role_is_never_changed_by_the_way(capsys):
    UserFactory(email="mira@halden.example")

    call_command("signin", "mira@halden.example", "--role", "leader")

    assert User.objects.get().role == "member"
    assert "stays that" in capsys.readouterr().err


def test_a_disabled_person_gets_no_link(capsys):
    UserFactory(email="mira@halden.example", is_active=False)

    with pytest.raises(CommandError, match="disabled"):
        call_command("signin", "mira@halden.example")
    assert capsys.readouterr().out == ""


def test_what_is_not_an_address_makes_nobody():
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("signin", "mira", "--role", "leader")
