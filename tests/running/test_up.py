"""`manage.py up` as a person meets it: real processes, real signals."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.running.product import Product, alive
from tests.services.process import wait_until

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_j14_a_stop_ends_everything_within_ten_seconds(product: Product, number: int) -> None:
    product.start_and_wait()
    below = product.below()

    product.signal(number)
    seconds = product.wait(30)

    assert seconds < 10
    assert product.process.returncode == 0
    assert alive(below) == {}
    assert len(below) >= 5  # web and its worker, the worker and its pool, beat


def test_j14_an_interrupt_stops_a_background_job_of_a_script_too(product: Product) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # As a shell does before it starts one.
    try:
        product.start_and_wait()
    finally:
        signal.signal(signal.SIGINT, before)

    product.signal(signal.SIGINT)

    assert product.wait(30) < 10
    assert product.process.returncode == 0


def test_a_second_start_keeps_the_data(product: Product) -> None:
    product.start_and_wait()
    before = people(product)
    product.signal(signal.SIGTERM)
    product.wait(30)

    product.start_and_wait()

    assert people(product) == before
    assert before


def test_a_second_start_at_the_same_time_is_refused_in_words(running: Product, tmp_path: Path) -> None:
    second = Product(tmp_path / "second")

    second.start(POSTURE_DATA_DIR=str(running.folder))
    second.wait(60)

    assert second.process.returncode == 2
    assert f"already runs on the data folder {running.folder} (http://127.0.0.1:{running.port})" in second.output
    assert running.get("/healthz").status == 200


def test_what_dies_is_started_again(product: Product) -> None:
    product.start_and_wait()
    below = product.below()
    mains = {min(pid for pid, line in below.items() if f" {name} " in line) for name in ("worker", "beat")}

    for pid in mains:
        os.kill(pid, signal.SIGKILL)

    wait_until(lambda: product.log("worker").count(" ready") > 1, 120, "a second worker")
    wait_until(lambda: product.log("beat").count("beat: Starting") > 1, 120, "a second beat")
    assert "worker ended by itself (killed by SIGKILL) and is started again" in product.output
    assert not mains & set(product.below())


def test_nothing_outlives_a_parent_that_was_killed(product: Product) -> None:
    product.start_and_wait()
    below = product.below()

    product.signal(signal.SIGKILL)
    product.wait(10)

    wait_until(lambda: not alive(below), 20, "the children to follow their parent")


def test_the_folder_and_what_is_in_it_are_for_its_owner_only(running: Product) -> None:
    assert stat.S_IMODE(running.folder.stat().st_mode) == 0o700
    for name in ("queue", "queue/control", "logs"):
        assert stat.S_IMODE((running.folder / name).stat().st_mode) == 0o700
    for name in ("secret_key", "fingerprint.key", "logs/worker.log"):
        assert stat.S_IMODE((running.folder / name).stat().st_mode) == 0o600


def test_pages_and_their_styles_are_served_without_any_other_step(running: Product) -> None:
    page = running.get("/sign-in/")
    style = next(part for part in page.body.decode().split('"') if part.startswith("/static/css/"))
    answer = running.get(style)

    assert page.status == 200
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_console_stays_readable(running: Product) -> None:
    assert len(running.output.splitlines()) < 12
    assert "Traceback" not in running.output
    assert f"http://127.0.0.1:{running.port}/" in running.output


def test_web_worker_and_schedule_stay_below_500_mb_together(running: Product) -> None:
    for _ in range(20):
        running.get("/sign-in/")

    total = sum(anonymous_megabytes(pid) for pid in running.below())

    assert 50 < total < 500


@pytest.mark.parametrize(
    ("arguments", "variables", "words"),
    [
        (["--repositories", "/nonexistent/code"], {}, "There is no folder /nonexistent/code."),
        (["--repositories", __file__], {}, "is a file. Name a folder that holds git repositories"),
        ([], {"POSTURE_DATA_DIR": "/proc/nowhere"}, "The data folder /proc/nowhere cannot be written"),
        ([], {"POSTURE_DATA_DIR": __file__}, f"The data folder {__file__} cannot be written"),
        ([], {"POSTURE_BIND": "8000"}, "Write host:port, such as 127.0.0.1:8000."),
        ([], {"POSTURE_BIND": "192.0.2.1:8000"}, "POSTURE_BIND 192.0.2.1:8000 cannot be used"),
        (
            [],
            {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
            "The database cannot be used. Check DATABASE_URL",
        ),
    ],
)
def test_what_cannot_work_is_refused_in_words(
    product: Product, arguments: list[str], variables: dict[str, str], words: str
) -> None:
    product.start(*arguments, **variables)
    product.wait(60)

    assert product.process.returncode == 2
    assert words in " ".join(product.output.split())
    assert "Traceback" not in product.output


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(product: Product) -> None:
    with socket.create_server(("127.0.0.1", product.port)):
        product.start()
        product.wait(60)

    assert product.process.returncode == 2
    assert f"127.0.0.1:{product.port} is in use by another program." in product.output


@pytest.mark.broker
def test_a_database_and_a_broker_elsewhere_need_two_variables_and_no_more(
    product: Product, postgres_url: str, redis_url: str
) -> None:
    product.start_and_wait(DATABASE_URL=postgres_url, CELERY_BROKER_URL=redis_url)

    assert product.get("/healthz").status == 200
    assert not (product.folder / "posture.sqlite3").exists()
    wait_until(lambda: "dispatch_due" in product.log("worker"), 30, "the first look through Redis")
    product.signal(signal.SIGTERM)
    assert product.wait(30) < 10


def people(product: Product) -> list[tuple[str]]:
    with sqlite3.connect(product.folder / "posture.sqlite3") as database:
        return database.execute("SELECT email FROM accounts_user ORDER BY email").fetchall()


def anonymous_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0
