"""One shape of every refusal, which never repeats what was sent (SECURITY W26)."""

import json
import secrets

import pytest
from rest_framework.throttling import BaseThrottle

from inventory.api.assets import Assets
from inventory.api.collection import Sources

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


def error(response, code):
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) <= {"code", "message", "fields", "allowed"}
    assert body["error"]["code"] == code
    assert len(body["error"]["message"]) > 10
    return body["error"]


def test_400_says_what_is_known(enter, member, mine):
    response = enter(member).get("/api/v1/reads/", {"colour": "red"})

    assert response.status_code == 400
    assert error(response, "bad_parameter")["allowed"] == ["run", "asset", "status", "cursor", "page_size"]


def test_400_names_the_words_of_a_closed_set(enter, member, mine):
    response = enter(member).get("/api/v1/reads/", {"status": "red"})

    assert error(response, "bad_parameter")["allowed"][:2] == ["queued", "running"]


def test_400_of_a_parameter_that_is_there_twice(enter, member, mine):
    assert enter(member).get("/api/v1/reads/?status=running&status=queued").status_code == 400
    assert enter(member).get("/api/v1/exposures/?order=path&order=first").status_code == 400


@pytest.mark.parametrize("body", ["{", '{"source": 1}', "[1]", '"x"'])
def test_400_of_a_body_that_nobody_asked_for(enter, engineer, mine, body):
    address = f"/api/v1/sources/{mine.asset.source_id}/collect/"

    response = enter(engineer).post(address, body, **JSON)

    assert response.status_code == 400
    assert not mine.asset.source.runs.filter(status="queued").exists()
    error(response, response.json()["error"]["code"])


def test_401_403_404_405_406_and_415_have_the_one_shape(enter, carry, engineer, member, mine):
    collect = f"/api/v1/sources/{mine.asset.source_id}/collect/"
    told = {
        401: error(enter().get("/api/v1/me/"), "not_authenticated"),
        403: error(carry(engineer, "collect").get("/api/v1/me/"), "permission_denied"),
        404: error(enter(member).get("/api/v1/assets/999/"), "not_found"),
        405: error(enter(member).delete("/api/v1/assets/"), "method_not_allowed"),
        406: error(enter(member).get("/api/v1/me/", headers={"Accept": "text/html"}), "not_acceptable"),
        415: error(enter(engineer).post(collect, "<a/>", content_type="text/xml"), "unsupported_media_type"),
    }

    assert len({each["message"] for each in told.values()}) == 6


def test_405_names_the_methods_that_there_are(enter, member):
    assert enter(member).post("/api/v1/assets/", {}, **JSON)["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["", "nothing/", "assets", "assets/x/", "tokens/", "assets/1/delete/", "%2e%2e/", "é"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_404_of_every_other_address_is_the_apis_own(enter, member, path, method):
    response = getattr(enter(member), method)(f"/api/v1/{path}")

    assert response.status_code == 404
    error(response, "not_found")
    assert enter().get(f"/api/v1/{path}").status_code == 401


def test_429_says_when_to_go_on(enter, member, monkeypatch):
    class Closed(BaseThrottle):
        def allow_request(self, request, view):
            return False

        def wait(self):
            return 7

    monkeypatch.setattr(Assets, "throttle_classes", [Closed])

    response = enter(member).get("/api/v1/assets/")

    assert (response.status_code, response["Retry-After"]) == (429, "7")
    error(response, "throttled")


def test_w26_500_tells_an_id_and_nothing_else(enter, member, monkeypatch, caplog):
    value = secrets.token_hex(16)

    def broken(*args, **kwargs):
        raise RuntimeError(value)

    monkeypatch.setattr(Assets, "prepared", broken)

    response = enter(member).get("/api/v1/assets/")

    assert response.status_code == 500
    told = error(response, "server_error")["message"]
    assert value not in response.content.decode()
    assert any(each.getMessage().split(", ")[-1] in told for each in caplog.records if each.name == "posture.api")


def test_no_refusal_repeats_what_was_sent(enter, engineer, mine):
    canary = "spt_" + secrets.token_hex(16)
    client = enter(engineer)
    collect = f"/api/v1/sources/{mine.asset.source_id}/collect/"
    responses = [
        client.get("/api/v1/assets/", {canary: 1}),
        client.get("/api/v1/assets/", {"tier": canary}),
        client.get("/api/v1/assets/", {"order": canary}),
        client.get("/api/v1/assets/", {"cursor": canary}),
        client.get("/api/v1/people/", {"cursor": canary}),
        client.get("/api/v1/reads/", {"run": canary}),
        client.get("/api/v1/reads/", {"status": canary}),
        client.get("/api/v1/teams/a/scores/", {"since": canary}),
        client.get(f"/api/v1/{canary}/"),
        client.get("/api/v1/me/", headers={"Authorization": f"Bearer {canary}"}),
        client.generic(canary.upper(), "/api/v1/assets/"),
        client.post(collect, json.dumps({canary: canary}), **JSON),
        client.post(collect, canary, **JSON),
        client.post(collect, canary, content_type=f"text/{canary}"),
        client.get("/api/v1/me/", headers={"Accept": f"text/{canary}"}),
    ]

    for response in responses:
        assert 400 <= response.status_code < 500
        assert canary not in response.content.decode().lower()


def test_a_failing_collection_request_leaves_nothing(enter, engineer, mine, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError

    monkeypatch.setattr("inventory.api.collection.request_run", broken)

    assert Sources.write_scope == "collect"
    assert enter(engineer).post(f"/api/v1/sources/{mine.asset.source_id}/collect/", **JSON).status_code == 500
    assert not mine.asset.source.runs.filter(status="queued").exists()
