import pytest
from django.test import Client

from tests.factories import EngineerFactory, LeaderFactory, MembershipFactory, TeamFactory


@pytest.fixture(autouse=True)
def onward(settings):
    """These tests know nothing of the pages above."""
    settings.LOGIN_REDIRECT_URL = "/"


@pytest.fixture(autouse=True)
def quick_passwords(settings, request):
    """A slow hash only where the test is about its time."""
    if "real_passwords" not in request.fixturenames:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def real_passwords():
    """Ask for the hash of production."""


@pytest.fixture
def team(db):
    return TeamFactory(name="Payments", slug="payments")


@pytest.fixture
def other_team(db):
    return TeamFactory(name="Rivals", slug="rivals")


@pytest.fixture
def engineer(db):
    return EngineerFactory(name="Ada Engineer")


@pytest.fixture
def leader(db):
    return LeaderFactory(name="Lena Leader")


@pytest.fixture
def lead(team):
    return MembershipFactory(team=team, role="lead", user__name="Lou Lead").user


@pytest.fixture
def developer(team):
    return MembershipFactory(team=team, user__name="Dev Developer").user


@pytest.fixture
def enter():
    """Return a browser in which the person is signed in."""

    def signed_in(person, **options):
        client = Client(**options)
        client.force_login(person)
        return client

    return signed_in
