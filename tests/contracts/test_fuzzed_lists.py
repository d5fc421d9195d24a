"""Whatever an address asks of a list is answered: by the list, or by a refusal, and never by an error of ours."""

import base64
import json
import random
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from tests.api.cards import card
from tests.contracts.routes import ROUTES
from tests.factories import (
    AssetFactory,
    EngineerFactory,
    ExposureFactory,
    MembershipFactory,
    PrincipalFactory,
    RunFactory,
    SecretFactory,
    SnapshotFactory,
    TeamFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SEED = 20261124
MORE_THAN_A_PAGE = 26
VALUES = [
    "",
    "\x00",
    "a\x00b",
    "\ud800",
    "%ff",
    "-1",
    "0",
    "1e9",
    "999999",
    "99999999999999999999",
    "9" * 5000,
    "\u0661\u0662",
    "0001-01-01",
    "9999-12-31",
    "0001-01-01..9999-12-31",
    "1900-01-01..",
    "2026-02-30",
    "unknown",
    "yes",
    "all",
    "'\"><script>",
    "%_\\",
    "\u202e\U0001f600",
    "after.",
    "after.AAAA",
    "before." + base64.urlsafe_b64encode(b"[" * 3000).decode(),
    "x" * 3000,
]
# What a forged place may hold where a number, a time or a text of a row is expected.
PLACES = [
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+00:00",
    "2026-01-01T00:00:00",
    "2026-01-01T00:00:00+23:59:59.999999",
    "\ud800",
    "a\x00",
    "",
    "x" * 2000,
    "a" * 26,
    2**62,
    2**63 - 1,
    -(2**63),
    2**64,
    10**400,
    1e308,
    -0.0,
    float("nan"),
    float("inf"),
    True,
    None,
    [],
    {"gt": 1},
]


@pytest.fixture
def viewer():
    """An engineer who also has a team, and more rows of everything than one page shows."""
    user = EngineerFactory()
    team = MembershipFactory(user=user, team__slug="payments").team
    for _ in range(MORE_THAN_A_PAGE):
        asset = AssetFactory(team=team)
        ExposureFactory(asset=asset, team=team)
        SecretFactory(asset=asset)
        PrincipalFactory(asset=asset)
        RunFactory(source=asset.source)
    ExposureFactory(team=TeamFactory(), credential__weak=True)
    SnapshotFactory(team=team, card=card(team="payments"))
    return user


@pytest.fixture
def client(viewer):
    """A browser that is told of errors as people are, instead of raising them."""
    client = Client(raise_request_exception=False)
    client.force_login(viewer)
    return client


def lists():
    """Return the address of every page and endpoint that takes no part of its address from a row."""
    names = sorted(name for name, route in ROUTES.items() if route.get)
    found = [reverse(name) for name in names if takes_nothing(name)]
    assert {"/exposures/", "/credentials/", "/assets/", "/api/v1/exposures/", "/api/v1/reads/"} <= set(found)
    return [*found, "/teams/payments/", "/settings/teams/payments/", "/api/v1/teams/payments/scores/"]


def takes_nothing(name):
    """Say whether a named address is whole without a number or a slug."""
    space, _, short = name.rpartition(":")
    resolver = get_resolver()
    if space:
        _, resolver = resolver.namespace_dict[space]
    return any(not names for _, names in resolver.reverse_dict.getlist(short)[0][0])


def allowed(client, address):
    """Return the parameters that an address says it takes."""
    refused = client.get(address, {"no-such-thing": "1"})
    if refused.status_code != 400:
        return ["q", "page", "fix", "kind", "next", "actions"]
    if refused["Content-Type"].startswith("application/json"):
        return refused.json()["error"].get("allowed", [])
    return [*refused.context["allowed"]]


def test_w7_no_value_of_any_parameter_of_any_list_is_an_error_of_ours(client):
    chance = random.Random(SEED)
    asked = 0
    for address in lists():
        for name in allowed(client, address):
            for value in chance.sample(VALUES, 8):
                response = client.get(address, {name: value.encode("utf-8", "surrogatepass")})
                assert response.status_code in (200, 302, 400, 404), (address, name, value[:40])
                if response.streaming:
                    assert b"".join(response.streaming_content)
                asked += 1
    assert asked > 1000


def first_places(client):
    """Yield address, parameter and content of a real place in each list in each of its orders."""
    for address in lists():
        names = allowed(client, address)
        over_api = "/api/" in address
        if not {"after", "cursor"} & set(names):
            continue
        orders = [""]
        if "order" in names:
            refused = client.get(address, {"order": "no-such-order"})
            orders = refused.json()["error"]["allowed"] if over_api else refused.context["allowed"]
        for order in orders:
            query = {"order": order} if order else {}
            if over_api:
                following = client.get(address, {**query, "page_size": 1}).json()["next"] or ""
                place = parse_qs(urlsplit(following).query).get("cursor", [""])[0].removeprefix("after.")
            else:
                page = client.get(address, query)
                following = "" if page.streaming else page.context.get("pager", {}).get("next", "")
                place = parse_qs(following).get("after", [""])[0]
            if place:
                yield address, query, over_api, place


def packed(values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def test_w7_no_forged_place_in_any_list_is_an_error_of_ours(client):
    chance = random.Random(SEED)
    lists_seen, refused = set(), 0
    for address, query, over_api, place in first_places(client):
        try:
            values = json.loads(base64.urlsafe_b64decode(place + "=" * (-len(place) % 4)))
        except ValueError:
            continue  # A place by number alone, which is the framework's; the test above sends it nonsense.
        lists_seen.add(address)
        for position in range(len(values)):
            for forged in PLACES:
                cursor = packed([*values[:position], forged, *values[position + 1 :]])
                way = chance.choice(["after", "before"])
                asked = {**query, **({"cursor": f"{way}.{cursor}"} if over_api else {way: cursor})}
                response = client.get(address, asked)
                assert response.status_code in (200, 400), (address, query, position, forged)
                refused += response.status_code == 400
                if response.status_code == 400 and not over_api:
                    assert "no longer valid" in response.content.decode()
    assert {"/exposures/", "/credentials/", "/assets/", "/api/v1/exposures/", "/api/v1/credentials/"} <= lists_seen
    assert refused > 300
