"""Real workers are killed in the middle of real collections, on both brokers: nothing is lost and nothing is twice."""

import os
import signal
import time
from pathlib import Path

import pytest
from django.conf import settings

from inventory.models import Credential, Exposure, Read, Run, Source
from inventory.services import request_run
from posture.common.fingerprint import load_key
from tests.repositories import Repository, github_token
from tests.services.process import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.django_db(transaction=True)]

REPOSITORIES = 3
# Far above what it takes, for busy machines.
SECONDS = 180
QUICK = {"POSTURE_LEASE_SECONDS": "3", "POSTURE_DUE_SECONDS": "1"}


@pytest.fixture(scope="session")
def engine_cache(tmp_path_factory):
    """One folder of compiled formats for all workers of the run."""
    return tmp_path_factory.mktemp("engine")


@pytest.fixture
def source(tmp_path, engine_cache):
    """Three repositories: each has a secret of its own, one in history, and one that all share."""
    shared = github_token()
    for number in range(REPOSITORIES):
        repository = Repository(tmp_path / "repositories" / f"service-{number}")
        repository.commit({"shared.env": f"GITHUB_TOKEN={shared}\n", "own.env": f"TOKEN={github_token()}\n"})
        repository.commit({"old.env": f"GITHUB_TOKEN={github_token()}\n"})
        (repository.folder / "old.env").unlink()
        repository.commit({"README.md": "Nothing here.\n"})
    load_key(settings.FINGERPRINT_KEY_FILE, create=True)
    mirrors = tmp_path / "data" / "mirrors"
    mirrors.mkdir(parents=True)
    (mirrors / "engine").symlink_to(engine_cache)
    path = str(tmp_path / "repositories")
    return Source.objects.create(name="r", kind="repositories", config={"path": path}, next_due_at="2100-01-01T00:00Z")


def ended(run: Run) -> bool:
    run.refresh_from_db()
    return not run.is_active


def check(run: Run) -> None:
    """Everything was found once, and the run says so."""
    assert run.status == "complete", (run.status, run.error, list(run.reads.values("status", "error")))
    assert Exposure.objects.present().count() == 3 * REPOSITORIES
    assert Credential.objects.count() == 2 * REPOSITORIES + 1
    assert Exposure.objects.filter(place="history").count() == REPOSITORIES
    assert run.counts["exposures"] == 3 * REPOSITORIES
    assert run.reads.count() == REPOSITORIES


@pytest.mark.parametrize("point", ["claim:1", "claim:2", "assets:1", "batch:1", "finish:1", "committed:1", "sweep:1"])
def test_j1_a_worker_process_killed_at_any_step_loses_nothing_and_doubles_nothing(
    worker, broker_url, source, tmp_path, point
):
    once = tmp_path / "once"
    once.touch()
    run = request_run(source=source, trigger="command")

    worker(
        broker_url,
        concurrency=2,
        beat=True,
        environment=QUICK | {"POSTURE_STEP": f"{point}:kill", "POSTURE_STEP_ONCE": str(once)},
    )

    wait_until(lambda: ended(run), SECONDS, f"the run ends; see {tmp_path}/data")
    assert not once.exists(), "the fault must have happened, or the test proves nothing"
    check(run)


def test_j1_a_whole_worker_that_is_killed_is_replaced_by_another_that_does_its_work_again(
    worker, broker_url, source, tmp_path
):
    once = tmp_path / "once"
    once.touch()
    run = request_run(source=source, trigger="command")
    first = worker(
        broker_url, beat=True, environment=QUICK | {"POSTURE_STEP": "batch:1:stop", "POSTURE_STEP_ONCE": str(once)}
    )
    wait_until(lambda: not once.exists(), SECONDS, "the first worker is in the middle of a read")

    first.kill()
    worker(broker_url, beat=True, environment=QUICK)

    wait_until(lambda: ended(run), SECONDS, "the run ends")
    check(run)
    assert run.reads.filter(attempt=2).exists()


def test_j2_a_worker_that_was_frozen_past_its_lease_can_write_nothing_more(worker, broker_url, source, tmp_path):
    once = tmp_path / "once"
    once.touch()
    run = request_run(source=source, trigger="command")
    frozen = worker(
        broker_url,
        concurrency=1,
        beat=True,
        environment=QUICK | {"POSTURE_STEP": "batch:1:stop", "POSTURE_STEP_ONCE": str(once)},
    )
    wait_until(lambda: not once.exists(), SECONDS, "the first worker is frozen in the middle of a read")
    pool = frozen.children()
    worker(broker_url, concurrency=1, beat=True, environment=QUICK)
    wait_until(lambda: ended(run), SECONDS, "the second worker did it all")
    check(run)
    before = list(Exposure.objects.order_by("pk").values())

    for pid in pool:
        os.kill(pid, signal.SIGCONT)
    wait_until(lambda: b"was taken over" in frozen.log.read_bytes(), SECONDS, "the first worker notices")

    assert list(Exposure.objects.order_by("pk").values()) == before


def test_j7_an_asset_that_always_kills_its_worker_is_given_up_and_the_others_are_done(
    worker, broker_url, source, tmp_path
):
    run = request_run(source=source, trigger="command")
    worker(broker_url, concurrency=1, beat=True, environment=QUICK | {"POSTURE_STEP": "finish:1:kill"})
    # Every read's process dies at its end, so each of the three is tried three times and then given up.

    wait_until(lambda: ended(run), 2 * SECONDS, "the run ends")

    assert run.status == "failed"
    assert set(run.reads.values_list("status", "attempt")) == {("dead", 3)}
    assert all("Given up after 3 tries" in read.error for read in run.reads.all())


def test_j9_two_schedules_at_once_run_each_source_once(worker, broker_url, source, tmp_path):
    Source.objects.update(next_due_at="2026-01-01T00:00Z", interval=3600)

    worker(broker_url, concurrency=1, beat=True, environment=QUICK)
    worker(broker_url, concurrency=1, beat=True, environment=QUICK)

    wait_until(lambda: Run.objects.filter(status="complete").exists(), SECONDS, "the source is collected")
    time.sleep(3)
    check(Run.objects.get())


def test_j14_a_worker_that_is_asked_to_stop_gives_its_work_back_within_ten_seconds(
    worker, broker_url, source, tmp_path
):
    once = tmp_path / "once"
    once.touch()
    run = request_run(source=source, trigger="command")
    first = worker(
        broker_url,
        concurrency=1,
        beat=True,
        environment=QUICK | {"POSTURE_STEP": "claim:2:sleep", "POSTURE_STEP_ONCE": str(once)},
    )
    wait_until(lambda: not once.exists(), SECONDS, "a read has begun")

    began = time.monotonic()
    first.stop(seconds=30)
    took = time.monotonic() - began

    # It is asked to end within ten seconds; the margin is for a busy machine.
    assert took < 20
    assert not Read.objects.filter(run=run, status="running").exists()
    worker(broker_url, concurrency=2, beat=True, environment=QUICK)
    wait_until(lambda: ended(run), SECONDS, "the run ends")
    check(run)
    assert not run.reads.filter(attempt__gt=1).exists(), "being asked to stop is no fault of the asset"
    assert not list(Path("/proc").glob(f"{first.pid}/stat"))
