from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inventory.detection.hyperscan_engine import HyperscanEngine, load_engine
from posture.common.fingerprint import load_key
from posture.common.inside import Network
from tests.repository.network import Client, client
from tests.repository.workbench import Repository, Workbench
from tests.services.certificates import Authority
from tests.services.git_host import GitHost, git_host


@pytest.fixture(scope="session")
def engine_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tests of this run keep the compiled formats; those of the collectors use the same."""
    folder = tmp_path_factory.getbasetemp() / "engine"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def engine(engine_folder: Path) -> HyperscanEngine:
    return load_engine(engine_folder)


@pytest.fixture
def workbench(tmp_path: Path, engine: HyperscanEngine, engine_folder: Path) -> Workbench:
    (tmp_path / "engine").symlink_to(engine_folder)
    key_file = tmp_path / "key"
    return Workbench(tmp_path / "workspace", engine, load_key(key_file, create=True), key_file)


@pytest.fixture
def make_repository(tmp_path: Path) -> Callable[..., Repository]:
    def make(name: str = "one", *, bare: bool = False) -> Repository:
        return Repository(tmp_path / "folder" / name, bare=bare)

    return make


@pytest.fixture
def repository(make_repository: Callable[..., Repository]) -> Repository:
    return make_repository()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def remote(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "served" / "team" / "app.git", bare=True)


@pytest.fixture
def work(tmp_path: Path, remote: Repository) -> Repository:
    """A clone in which commits are made; `push` brings them to the host."""
    repository = Repository(tmp_path / "work")
    repository.git("remote", "add", "origin", str(remote.path))
    return repository


@pytest.fixture
def host(tmp_path: Path, remote: Repository, authority: Authority) -> Iterator[GitHost]:
    with git_host(tmp_path / "served", authority) as running:
        yield running


@pytest.fixture
def source(tmp_path: Path, host: GitHost, authority: Authority, engine_folder: Path) -> Client:
    (tmp_path / "engine").symlink_to(engine_folder)
    return client(tmp_path, host.url("team/app.git"), Network(anywhere=True, ca_file=str(authority.file)))
