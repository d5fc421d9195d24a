"""The parts that tests of killed workers stand on: a real worker, this test's database, both brokers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Run, Source
from tests.services.process import wait_until

pytestmark = [pytest.mark.broker, pytest.mark.slow]


@pytest.fixture
def source(tmp_path):
    (tmp_path / "repositories").mkdir()
    return Source.objects.create(
        name="empty folder",
        kind="repositories",
        config={"path": str(tmp_path / "repositories")},
        next_due_at=timezone.now() - timedelta(minutes=5),
    )


def test_a_message_sent_by_name_is_worked_on(transactional_db, broker_url, worker, publish, source) -> None:
    worker(broker_url)

    publish(broker_url, "inventory.tasks.dispatch_due")

    wait_until(lambda: Run.objects.exclude(finished_at=None).count() == 1, 30, "the run to end")
    assert Run.objects.get().source == source


def test_j9_two_schedules_open_one_run(transactional_db, broker_url, worker, source) -> None:
    often = {"POSTURE_DUE_SECONDS": "1"}
    first = worker(broker_url, concurrency=1, beat=True, environment=often)
    second = worker(broker_url, concurrency=1, beat=True, environment=often)

    wait_until(lambda: Run.objects.exclude(finished_at=None).exists(), 30, "the run to end")
    for one in (first, second):
        wait_until(lambda one=one: one.log.read_text().count("dispatch_due") >= 3, 30, "several looks")

    assert Run.objects.count() == 1


def test_j1_what_is_asked_after_a_kill_is_done(transactional_db, broker_url, worker, publish, source) -> None:
    dead = worker(broker_url, concurrency=1)
    dead.kill()
    publish(broker_url, "inventory.tasks.dispatch_due")

    worker(broker_url, concurrency=1)

    wait_until(lambda: Run.objects.exclude(finished_at=None).count() == 1, 30, "the run to end")
