"""Addresses that no page made: each is answered with what is wrong, never with a fault (SECURITY W7)."""

import base64
import json
import random

import pytest
from django.urls import reverse

from tests.factories import EngineerFactory, ExposureFactory, GrantFactory, SecretFactory

pytestmark = pytest.mark.django_db

LISTS = ["exposures", "credentials", "assets", "secrets", "principals"]
FILES = ["exposures-export", "credentials-export", "secrets-export", "principals-export"]
API = ["api-exposures-list", "api-credentials-list", "api-assets-list", "api-secrets-list"]
TIMES = [
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59.999999+00:00",
    "0001-01-01T00:00:00+00:00",
    "2026-11-24T10:00:00",
    "2026-11-24",
    "noon",
    "",
]
VALUES = [*TIMES, "\ud800", "a\x00b", 2**63, -(2**63), 2**200, 1.5, True, None, [], {}, "x" * 500, 0, -1]


def cursor(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.fixture
def engineer(client):
    ExposureFactory()
    SecretFactory()
    GrantFactory()
    client.force_login(EngineerFactory())
    client.raise_request_exception = True
    return client


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_w7_a_forged_place_in_a_list_is_no_fault(engineer, name, value):
    orders = engineer.get(reverse(f"inventory:{name}")).context["selection"].orders
    for order in orders:
        for place in ("after", "before"):
            for values in ([value, 1], [1, value], [value, value, 1], [value]):
                answer = engineer.get(reverse(f"inventory:{name}"), {"order": order, place: cursor(*values)})
                assert answer.status_code in (200, 400)


@pytest.mark.parametrize("name", [*(f"inventory:{each}" for each in [*LISTS, *FILES]), *API])
def test_w7_no_address_of_a_list_is_a_fault(engineer, name):
    chance = random.Random(name)
    words = ["q", "state", "kind", "severity", "team", "asset", "credential", "older", "newer", "order", "introduced"]
    words += ["after", "before", "cursor", "place", "gone", "owned", "environment", "source", "page_size", "limit", "x"]
    texts = [
        "",
        "a",
        "\x00",
        "9" * 30,
        "-1",
        "0",
        "999999",
        "%",
        "'\"",
        "é\u202e",
        "all",
        "yes",
        "none",
        "path",
        "-severity",
    ]
    texts += [cursor(*chance.choices(VALUES, k=2)) for _ in range(5)]

    for _ in range(120):
        asked = {word: chance.choice(texts) for word in chance.sample(words, 2)}
        answer = engineer.get(reverse(name), asked)
        if answer.streaming:
            b"".join(answer.streaming_content)
        assert answer.status_code in (200, 400, 404), asked
