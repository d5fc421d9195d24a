"""`/healthz`: what load balancers and monitors are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from inventory.models import Run, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    long_ago = timezone.now() - timedelta(days=30)
    return Source.objects.create(
        name="main",
        kind="repositories",
        interval=3600,
        created_at=long_ago,
        next_due_at=timezone.now() + timedelta(hours=1),
    )


def ask(client: Client) -> Any:
    return client.get("/healthz").json()


def test_an_empty_product_is_well_and_needs_no_sign_in(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert "no-store" in answer.headers["Cache-Control"]


def test_j21_a_source_not_collected_for_eight_days_is_stale(client: Client, source: Source) -> None:
    run(source, timedelta(hours=1))
    assert ask(client)["status"] == "ok"

    Run.objects.update(finished_at=timezone.now() - timedelta(days=8))

    answer = ask(client)
    assert answer["status"] == "stale"
    assert answer["stale"] == ["a source was not collected for too long"]


def test_j21_a_failed_collection_does_not_count_as_collected(client: Client, source: Source) -> None:
    run(source, timedelta(hours=1), Run.Status.FAILED)

    assert ask(client)["status"] == "stale"


def test_j9_a_schedule_that_stands_still_is_noticed(client: Client, source: Source) -> None:
    run(source, timedelta(hours=1))
    Source.objects.update(next_due_at=timezone.now() - timedelta(minutes=30))

    assert ask(client)["stale"] == ["the schedule stands still"]


def test_j4_work_that_no_worker_takes_is_noticed(client: Client, source: Source) -> None:
    run(source, timedelta(hours=1))
    waiting = Run.objects.create(source=source, due_at=timezone.now(), created_at=timezone.now() - timedelta(hours=1))
    assert ask(client)["stale"] == ["work waits and no worker takes it"]

    waiting.lease_expires_at = timezone.now() + timedelta(minutes=1)
    waiting.status = Run.Status.RUNNING
    waiting.save()

    assert ask(client)["status"] == "ok"


def test_j6_a_database_that_is_away_is_said_with_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise DatabaseError("server closed the connection")

    monkeypatch.setattr(Run.objects, "filter", away)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "unreachable"}


def run(source: Source, ago: timedelta, status: str = Run.Status.COMPLETE) -> Run:
    finished = timezone.now() - ago
    return Run.objects.create(source=source, due_at=finished, status=status, finished_at=finished)
