"""How many requests a minute one caller may make."""

import time

import pytest
from django.core.cache import caches

from posture.api import rate

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


@pytest.fixture(autouse=True)
def three(settings, monkeypatch):
    """Three requests a minute, and a clock that stands 20 s into one."""
    settings.API_RATE = 3
    now = [60_000_020.0]
    monkeypatch.setattr(rate.time, "time", lambda: now[0])
    counted = caches["default"]
    counted.clear()
    yield now
    counted.clear()


def asked(client, times):
    return [client.get(ME).status_code for _ in range(times)]


def test_more_than_so_many_are_refused_until_the_minute_is_over(carry, member, three):
    client = carry(member)
    assert asked(client, 4) == [200, 200, 200, 429]

    refused = client.get(ME)

    assert refused["Retry-After"] == "40"
    assert refused.json()["error"]["code"] == "throttled"
    assert "Retry-After" in refused.json()["error"]["message"]
    three[0] += int(refused["Retry-After"])
    assert asked(client, 1) == [200]


def test_a_person_is_counted_with_all_their_tokens_and_apart_from_others(carry, enter, member, lead):
    assert asked(carry(member), 1) + asked(carry(member), 1) + asked(enter(member), 1) == [200] * 3

    assert asked(carry(member), 1) == asked(enter(member), 1) == [429]
    assert asked(enter(lead), 3) == [200] * 3


def test_what_is_forbidden_counts(carry, engineer, mine):
    client = carry(engineer)
    address = f"/api/v1/sources/{mine.asset.source_id}/collect/"

    codes = [client.post(address, content_type="application/json").status_code for _ in range(4)]

    assert codes == [403, 403, 403, 429]


def test_a_count_that_its_cache_dropped_begins_anew(carry, member, monkeypatch):
    client = carry(member)
    with monkeypatch.context() as dropping:
        dropping.setattr(rate.cache, "add", lambda *args, **options: False)
        assert asked(client, 1) == [200]

    assert asked(client, 3) == [200, 200, 429]


def test_writes_count_and_are_not_done_beyond_the_limit(carry, engineer, mine):
    client = carry(engineer, "read", "collect")
    address = f"/api/v1/sources/{mine.asset.source_id}/collect/"
    asked(client, 3)

    assert client.post(address, content_type="application/json").status_code == 429
    assert not mine.asset.source.runs.filter(status="queued").exists()


def test_what_nobody_has_and_the_document_count_too(enter, member):
    client = enter(member)

    codes = [client.get(f"/api/v1/{path}").status_code for path in ("nothing/", "schema/", "nothing/", "schema/")]

    assert codes == [404, 200, 404, 429]


def test_strangers_are_told_to_sign_in_and_use_up_nobodys_requests(enter, member):
    assert asked(enter(), 5) == [401] * 5
    assert asked(enter(member), 3) == [200] * 3


def test_none_is_any_number(enter, member, settings):
    settings.API_RATE = 0

    assert asked(enter(member), 6) == [200] * 6


@pytest.mark.slow
def test_processes_count_together_where_there_is_a_redis(carry, member, settings, redis_url):
    settings.CACHES = redis_at(redis_url)
    client = carry(member)

    assert asked(client, 2) == [200, 200]
    caches["default"].incr(rate_key(member))  # As another process would.
    assert asked(client, 1) == [429]


def test_a_redis_that_does_not_answer_stops_nobody(carry, member, settings, caplog):
    settings.CACHES = redis_at("redis://127.0.0.1:1/0")
    started = time.monotonic()

    assert asked(carry(member), 5) == [200] * 5

    assert time.monotonic() - started < 30
    assert "not counted" in caplog.text


def redis_at(address):
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": address,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }


def rate_key(member):
    return f"api-rate:{member.pk}:1000000"
