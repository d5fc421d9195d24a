"""Every address by method by viewer by owner, made from the URL map (SECURITY W1, W24)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.contracts.matrix import METHODS, NOBODY, OTHER, OWN, SIGN_IN, VIEWERS, Route, Scene, World
from tests.contracts.routes import ROUTES

pytestmark = pytest.mark.django_db

REFUSED = {SIGN_IN, 401, 403, 404, 405}
# Sessions and the time a token was last used are kept whoever asks for whatever.
WRITES = re.compile(
    r'^\s*(INSERT|UPDATE|DELETE|REPLACE)\b(?!.*("django_session"|"last_used_at"|"last_login"))', re.I | re.S
)
OFFERED = [(name, method) for name, route in ROUTES.items() for method in METHODS if route.answers(method)]
NOT_OFFERED = [name for name, route in ROUTES.items() if not all(route.answers(method) for method in METHODS)]
READS = [name for name, route in ROUTES.items() if route.get]


def named(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Walk the URL map; a pattern without a name comes as its text, which no row has."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from named(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        else:
            yield f"{prefix}{entry.name}" if entry.name else str(entry.pattern), entry


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@contextmanager
def undone() -> Iterator[None]:
    """Let each cell find the world as it was made."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(route: Route, name: str, method: str, scene: Scene, **options):
    """Send the request of one cell; None where there is no such thing."""
    arguments = route.at(scene) if route.at else {}
    if arguments is None:
        return None
    address = reverse(name, kwargs=arguments)
    if route.query:
        address += "?" + "&".join(f"{key}={value}" for key, value in (route.query(scene) or {}).items())
    data = (route.data(scene) or {}) if route.data and method != "get" else {}
    sent = {"content_type": route.content_type} if route.content_type and method != "get" else {}
    browser: Client = scene.world.browser(scene.viewer, **options)
    with CaptureQueriesContext(connection) as captured:
        response = getattr(browser, method)(address, data, **sent)
        # What a page streams is asked for while it is read.
        if response.streaming:
            b"".join(response)
    response.spent = [each["sql"] for each in captured.captured_queries if "SAVEPOINT" not in each["sql"]]
    return response


def written(response, *, trail: bool = False) -> bool:
    """Say whether the answer changed anything but the asker's own session; a refusal is told to the audit trail."""
    return any(WRITES.match(sql) and (trail or '"audit_' not in sql) for sql in response.spent)


def outcome(response) -> int | str:
    """Name the answer: its status, or that it leads to sign-in."""
    if response.status_code == 302 and response["Location"].split("?")[0] == reverse("accounts:sign-in"):
        return SIGN_IN
    return response.status_code


def owners(route: Route) -> tuple[str, ...]:
    return (OWN, OTHER, NOBODY) if route.at else (OWN,)


def test_w1_every_route_has_a_row_and_every_row_a_route():
    names = {name for name, _ in named()}

    assert names - set(ROUTES) == set(), "Add a row for each to tests/contracts/routes.py."
    assert set(ROUTES) - names == set(), "These routes are gone: take their rows out."


@pytest.mark.parametrize(("name", "method"), OFFERED, ids=lambda value: value)
def test_w1_each_viewer_is_answered_what_the_table_says(name, method):
    route, world = ROUTES[name], World.made()
    wrong = []

    for owner in owners(route):
        for viewer in VIEWERS:
            with undone():
                response = ask(route, name, method, Scene(world, viewer, owner))
                if response is None:
                    continue
                expected, got = route.answers(method).of(viewer, owner), outcome(response)
                if got != expected:
                    wrong.append(f"{viewer} {method} {owner}: {got} instead of {expected}")
                if (method == "get" or got in REFUSED - {SIGN_IN}) and written(response):
                    wrong.append(f"{viewer} {method} {owner}: answered {got}, and yet something was written")
                if method == "get" and len(response.spent) > route.queries:
                    wrong.append(f"{viewer} {method} {owner}: {len(response.spent)} queries, budget {route.queries}")

    assert wrong == []


@pytest.mark.parametrize("name", NOT_OFFERED, ids=lambda value: value)
def test_w1_a_method_that_the_table_does_not_name_does_nothing(name):
    route, world = ROUTES[name], World.made()
    wrong = []

    for method in (method for method in METHODS if not route.answers(method)):
        with undone():
            response = ask(route, name, method, Scene(world, "engineer", OWN))
            if outcome(response) not in REFUSED or written(response):
                wrong.append(f"{method}: {outcome(response)}")

    assert wrong == []


@pytest.mark.parametrize("name", READS, ids=lambda value: value)
def test_w24_every_answer_carries_its_headers(name):
    route, world = ROUTES[name], World.made()

    for viewer in ("anonymous", "engineer", "token"):
        with undone():
            response = ask(
                route,
                name,
                "get",
                Scene(world, viewer, OWN),
            )
            policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
            assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
            assert policy["script-src"] == policy["form-action"] == policy["connect-src"] == "'self'"
            assert policy["style-src"] == "'self'"
            assert response["X-Frame-Options"] == "DENY"
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["Referrer-Policy"] in {"same-origin", "strict-origin"}
            assert "Access-Control-Allow-Origin" not in response
            assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.post and not route.without_csrf])
def test_w24_a_write_without_the_csrf_token_is_refused(name):
    route, world = ROUTES[name], World.made()

    with undone():
        response = ask(route, name, "post", Scene(world, "engineer", OWN), enforce_csrf_checks=True)

        assert response.status_code == 403
        assert not written(response, trail=True)
