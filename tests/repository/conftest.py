from collections.abc import Callable
from pathlib import Path

import pytest

from inventory.detection.hyperscan_engine import HyperscanEngine, load_engine
from posture.common.fingerprint import load_key
from tests.repository.workbench import Repository, Workbench


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
