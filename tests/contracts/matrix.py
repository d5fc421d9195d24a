"""What the access matrix (SECURITY W1) is made of: who looks, whose thing it is, and what is answered.

A new route needs one row in `routes.py`; the test fails until it has one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from posture.accounts.models import Team, User
from posture.accounts.services import create_api_token
from tests.factories import EngineerFactory, LeaderFactory, MembershipFactory, TeamFactory

SIGN_IN = "sign-in"
"""The answer that leads to the sign-in page."""
OWN, OTHER, NOBODY = "own", "another team's", "nobody's"
METHODS = ("get", "post", "put", "patch", "delete")
Expected = int | str | tuple[int | str, int | str, int | str]
"""One answer, or three: for one's own team's thing, another team's, nobody's."""


@dataclass(frozen=True)
class Answers:
    """What each kind of viewer is answered. Tokens have the scope `read` only."""

    anonymous: Expected
    developer: Expected
    lead: Expected
    engineer: Expected
    leader: Expected
    token: Expected = SIGN_IN
    """A developer's token; it opens no page, only the API."""
    engineer_token: Expected = SIGN_IN

    def but(self, **changed: Expected) -> Answers:
        """Return the same answers except for these viewers."""
        return replace(self, **changed)

    def of(self, viewer: str, owner: str) -> int | str:
        """Return the one answer to this viewer about a thing of this owner."""
        expected: Expected = getattr(self, viewer)
        return expected[(OWN, OTHER, NOBODY).index(owner)] if isinstance(expected, tuple) else expected


VIEWERS = tuple(field.name for field in fields(Answers))


def anybody(code: int | str = 200) -> Answers:
    """Signed in or not."""
    return Answers(*[code] * len(VIEWERS))


def signed_in(code: int | str = 200) -> Answers:
    """Everybody who is signed in, whatever their teams."""
    return Answers(SIGN_IN, code, code, code, code)


def by_team(code: int | str = 200) -> Answers:
    """By the one visibility rule: members see what is their team's; the rest does not exist for them."""
    return signed_in(code).but(developer=(code, 404, 404), lead=(code, 404, 404))


def leads(code: int | str = 200) -> Answers:
    """Who acts for the team: its leads, engineers and leaders."""
    return by_team(code).but(developer=404)


def overseers(code: int | str = 200) -> Answers:
    """Who sees everything: engineers and leaders."""
    return signed_in(code).but(developer=404, lead=404)


def engineers(code: int | str = 200) -> Answers:
    """Engineers; leaders see that it is there and may not."""
    return overseers(code).but(leader=403)


def over_api(answers: Answers, *, write: bool = False) -> Answers:
    """Turn answers of a page into those of the API: 401 without a key, and a read token reads as its person."""
    if write:
        return answers.but(anonymous=401, token=403, engineer_token=403)
    return answers.but(anonymous=401, token=answers.developer, engineer_token=answers.engineer)


@dataclass(frozen=True)
class World:
    """Two teams, and one person of each kind; developer and lead are of the first team."""

    own: Team
    other: Team
    people: dict[str, User]
    tokens: dict[str, str]
    sessions: dict[str, str]
    """Cookies of those who are signed in, so that not every cell signs in anew."""

    @classmethod
    def made(cls) -> World:
        """Make the rows."""
        own, other = TeamFactory(slug="own"), TeamFactory(slug="other")
        people = {
            "developer": MembershipFactory(team=own).user,
            "lead": MembershipFactory(team=own, role="lead").user,
            "engineer": EngineerFactory(),
            "leader": LeaderFactory(),
        }
        EngineerFactory()  # So that the first is not the last one.
        tokens = {
            "token": create_api_token(user=people["developer"], name="matrix", scopes=["read"], days=1),
            "engineer_token": create_api_token(user=people["engineer"], name="matrix", scopes=["read"], days=1),
        }
        sessions = {viewer: _session(person) for viewer, person in people.items()}
        return cls(own, other, people, tokens, sessions)

    def browser(self, viewer: str, **options: Any) -> Client:
        """Return a client that is signed in, or carries a token, as the viewer."""
        if viewer in self.tokens:
            return Client(headers={"Authorization": f"Bearer {self.tokens[viewer]}"}, **options)
        client = Client(**options)
        if viewer in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[viewer]
        return client


def _session(person: User) -> str:
    client = Client()
    client.force_login(person)
    session = client.session
    # As after a first page, so that no cell has to write this down.
    session.update({"started": int(time.time()), "used": int(time.time()), "role": person.role})
    session.save()
    key: str = session.session_key or ""
    return key


@dataclass(frozen=True)
class Scene:
    """One cell: who looks at whose thing. Rows build their object from it."""

    world: World
    viewer: str
    owner: str

    @property
    def team(self) -> Team | None:
        """The team that owns the thing."""
        return {OWN: self.world.own, OTHER: self.world.other, NOBODY: None}[self.owner]

    @property
    def person(self) -> User | AnonymousUser:
        """Who looks; a token's person for a token."""
        kind = {"token": "developer", "engineer_token": "engineer"}.get(self.viewer, self.viewer)
        return self.world.people.get(kind) or AnonymousUser()

    @property
    def overseer(self) -> User:
        """Somebody who sees everything: whose opaque ids are the hardest to refuse."""
        return self.world.people["leader"]


Build = Callable[[Scene], dict[str, Any] | None]


@dataclass(frozen=True)
class Route:
    """One row: the answers per method, and how to make what the address names."""

    get: Answers | None = None
    post: Answers | None = None
    put: Answers | None = None
    patch: Answers | None = None
    delete: Answers | None = None
    at: Build | None = None
    """Makes a thing of `scene.team` and returns the address's arguments; None from it: there is no such thing.
    A route without `at` names nothing, so that it is asked once."""
    query: Build | None = None
    """What stands after the `?`."""
    data: Build | None = None
    """Fields that the write needs to succeed."""
    content_type: str = ""
    """`application/json` for the API."""
    queries: int = 12
    """Most queries that a read may cost."""
    without_csrf: bool = False
    """Whether a write needs no CSRF token, with the reason beside the row."""

    def answers(self, method: str) -> Answers | None:
        """Return the answers to a method, None where it is not offered."""
        answers: Answers | None = getattr(self, method)
        return answers
