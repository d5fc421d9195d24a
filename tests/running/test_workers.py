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
