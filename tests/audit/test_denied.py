"""What is refused is written down once, and what cannot be written down does not happen."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from posture.audit.models import Event
from tests.factories import LeaderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(client: Client) -> Any:
    cache.clear()
    person = LeaderFactory()
    client.force_login(person)
    return person


def test_d5_a_denied_attempt_is_recorded_once_a_minute(leader: Any, client: Client) -> None:
    for _ in range(3):
        cache.clear()
        assert client.post(reverse("accounts:invite")).status_code == 403
    assert client.get(reverse("accounts:invite")).status_code == 403

    told = [(event.actor_id, event.verb, event.data["method"]) for event in Event.objects.all()]
    assert told == [(leader.pk, "access.denied", "POST"), (leader.pk, "access.denied", "GET")]
    assert Event.objects.first().data["route"] == "accounts:invite"


def test_a_refusal_stands_where_it_cannot_be_written(leader: Any, client: Client, settings: Any) -> None:
    settings.AUDIT_KEY_FILE = settings.DATA_DIR / "secret_key" / "none"

    assert client.post(reverse("accounts:invite")).status_code == 403


def test_w24_a_request_forged_in_the_name_of_a_person_is_not_told_of_them(leader: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(leader)

    assert browser.post(reverse("accounts:invite")).status_code == 403
    assert not Event.objects.exists()


def test_nothing_is_recorded_of_those_who_are_not_signed_in(client: Client) -> None:
    client.post(reverse("accounts:invite"))

    assert not Event.objects.exists()
