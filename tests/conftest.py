"""Real services as fixtures, and what a missing one means: a skip on a laptop, a failure in CI."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.append_only import let_tests_flush
from tests.services import moto as moto_service
from tests.services import openbao as openbao_service
from tests.services import postgres as postgres_service
from tests.services import prism as prism_service
from tests.services import redis as redis_service
from tests.services.process import IN_CI, missing
from tests.services.worker import Worker, start_worker

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server", "client", "admin_client", "admin_user"}
# A skip with this beginning is fine in CI too: the data can't be part of the repository.
OUTSIDE = "outside the repository:"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the choice of the second run, on PostgreSQL."""
    parser.addoption("--only-database", action="store_true", help="run only the tests that touch the database")


def pytest_configure(config: pytest.Config) -> None:
    """Give the tests what `up` gives the product: folders, and static files without a build."""
    let_tests_flush()
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    for folder in (Path(settings.STATIC_ROOT), settings.QUEUE_DIR, settings.QUEUE_DIR / "control"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the data folder that `tests.environment` made."""
    if settings.DATA_DIR.name.startswith("posture-tests-"):
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose by database: some tests mean nothing on SQLite, and most need not run twice."""
    on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    chosen = [item for item in items if on_postgres or not item.get_closest_marker("postgres")]
    if config.getoption("--only-database"):
        chosen = [item for item in chosen if touches_database(item)]
    left_out = [item for item in items if item not in set(chosen)]
    items[:] = chosen
    if left_out:
        config.hook.pytest_deselected(items=left_out)


def touches_database(item: pytest.Item) -> bool:
    """Say whether a test uses the database, but not through a browser, which would prove nothing new."""
    uses = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    # Whoever has PostgreSQL has Redis: the broker of files is tested with the database of files.
    by_files = getattr(item, "callspec", None) is not None and item.callspec.params.get("broker_url") == "filesystem"
    return bool(uses) and not by_files and not item.get_closest_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """In CI a skipped test is a failed one, so that a missing part can't go unnoticed."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(call.excinfo.value) if call.excinfo else ""
        if not reason.startswith(OUTSIDE):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped, which CI=true forbids: {reason}"
    return report


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of an empty PostgreSQL database server of this test run."""
    if postgres_service.binaries() is None:
        missing("PostgreSQL", postgres_service.PACKAGE)
    with postgres_service.postgres() as address:
        yield address


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Address of a Redis server of this test run."""
    if shutil.which("redis-server") is None:
        missing("Redis", redis_service.PACKAGE)
    with redis_service.redis_server() as address:
        yield address


@pytest.fixture(scope="session")
def openbao_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[openbao_service.OpenBao]:
    """Seen from its root namespace, an OpenBao of this test run; see `openbao` for a test's own part of it."""
    if not openbao_service.available():
        missing("OpenBao", openbao_service.PACKAGE)
    with openbao_service.openbao(tmp_path_factory.mktemp("openbao")) as server:
        yield server


@pytest.fixture
def openbao(openbao_server: openbao_service.OpenBao) -> openbao_service.OpenBao:
    """Return a namespace of its own on a real server, seen with a token that may do everything."""
    return openbao_server.inside(f"t{secrets.token_hex(4)}")


@pytest.fixture(scope="session")
def moto_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[moto_service.Moto]:
    """Stand-in for AWS of this test run; see `aws` for a test's own account in it."""
    if not moto_service.available():
        missing("moto", moto_service.PACKAGE)
    with moto_service.moto(tmp_path_factory.mktemp("moto")) as server:
        yield server


@pytest.fixture
def aws(moto_server: moto_service.Moto) -> moto_service.Moto:
    """Return an account of its own at a stand-in for AWS, seen by somebody who may do everything."""
    return moto_server.in_account(moto_service.new_account())


@pytest.fixture(scope="session")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Have a vendor's contract spoken: `prism(contract("azure.com/keyvault.json"), upstream)`; see there.

    One that was started stays until the end of the run, so that the same call costs nothing again.
    """
    if not prism_service.available():
        missing("Prism", prism_service.PACKAGE)
    started: dict[tuple[Path, str], str] = {}
    with ExitStack() as stack:

        def start(document: Path, upstream: str = "") -> str:
            if (document, upstream) not in started:
                folder = tmp_path_factory.mktemp("prism")
                started[document, upstream] = stack.enter_context(prism_service.prism(folder, document, upstream))
            return started[document, upstream]

        yield start


@pytest.fixture(params=["filesystem", "redis"])
def broker_url(request: pytest.FixtureRequest) -> str:
    """Address of an empty broker, first the one that needs no server, then Redis; mark such tests `broker`."""
    if request.param == "filesystem":
        return "filesystem://"
    import redis

    address = request.getfixturevalue("redis_url")
    with redis.Redis.from_url(address) as client:
        client.flushall()
    return address


@pytest.fixture
def worker(tmp_path: Path, transactional_db: None) -> Iterator[Callable[..., Worker]]:
    """Start real workers on this test's database: `worker(broker_url, concurrency=1, beat=True, environment={…})`.

    All workers of one test share one data folder (`tmp_path / "data"`), and with it the filesystem broker's queue.
    """
    started: list[Worker] = []

    def start(broker_url: str, **options: Any) -> Worker:
        started.append(start_worker(broker_url=broker_url, folder=tmp_path / "data", **options))
        return started[-1]

    yield start
    for each in started:
        each.kill()


@pytest.fixture
def publish(tmp_path: Path) -> Callable[..., None]:
    """Send a task by name to a broker, as the product would: `publish(broker_url, "inventory.tasks.…", 1)`."""
    from celery import Celery

    def send(broker_url: str, name: str, *arguments: Any) -> None:
        queue = tmp_path / "data" / "queue"
        (queue / "control").mkdir(mode=0o700, parents=True, exist_ok=True)
        with Celery("publisher", broker=broker_url, set_as_current=False) as sender:
            if broker_url.startswith("filesystem"):
                sender.conf.broker_transport_options = {
                    "data_folder_in": str(queue),
                    "data_folder_out": str(queue),
                    "control_folder": str(queue / "control"),
                }
            sender.send_task(name, args=arguments)

    return send


def pytest_report_header() -> str:
    """Name the database and say whether skips are failures."""
    engine = settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1]
    return f"database: {engine}; skips are {'failures' if IN_CI else 'allowed'} (CI={os.environ.get('CI', '')})"
