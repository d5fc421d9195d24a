"""One engine over all formats, compiled once for the whole session."""

import pytest

from inventory.detection.hyperscan_engine import HyperscanEngine, load_engine


@pytest.fixture(scope="session")
def engine(tmp_path_factory) -> HyperscanEngine:
    return load_engine(tmp_path_factory.mktemp("scanner"))
