import itertools

import pytest
from django.test import Client

from posture.accounts.models import APIToken
from posture.accounts.services import create_api_token
from tests.api.organisation import Belongings
from tests.factories import EngineerFactory, LeaderFactory, MembershipFactory, TeamFactory, UserFactory


@pytest.fixture
def mine(db):
    """A team with one of everything."""
    return Belongings.of(TeamFactory(slug="alder", name="Alder"), "alder")


@pytest.fixture
def theirs(db):
    """Another team with three of everything, under words that nobody else uses."""
    return Belongings.of(TeamFactory(slug="zzbirch", name="Zzbirch"), "zzbirch", number=3)


@pytest.fixture
def member(mine):
    return MembershipFactory(team=mine.team).user


@pytest.fixture
def lead(mine):
    return MembershipFactory(team=mine.team, role="lead").user


@pytest.fixture
def rival(theirs):
    return MembershipFactory(team=theirs.team).user


@pytest.fixture
def stranger(db):
    """Somebody of no team."""
    return UserFactory()


@pytest.fixture
def engineer(db):
    return EngineerFactory()


@pytest.fixture
def leader(db):
    return LeaderFactory()


@pytest.fixture
def enter():
    """Return a client that is signed in as the person, or as nobody."""

    def entered(person=None, **options):
        client = Client(**options)
        if person is not None:
            client.force_login(person)
        return client

    return entered


@pytest.fixture
def carry():
    """Return a client that carries a new token of the person, and the token's row."""
    numbers = itertools.count()

    def carried(person, *scopes, **changed):
        name = f"token {next(numbers)}"
        token = create_api_token(user=person, name=name, scopes=scopes or ("read",), days=1)
        APIToken.objects.filter(name=name).update(**changed)
        return Client(headers={"Authorization": f"Bearer {token}"})

    return carried
