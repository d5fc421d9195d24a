"""One engine over all formats; compiled only when they changed since the last session."""

import os
from pathlib import Path

import pytest

from inventory.detection.hyperscan_engine import HyperscanEngine, load_engine


@pytest.fixture(scope="session")
def engine(request, tmp_path_factory) -> HyperscanEngine:
    cache = getattr(request.config, "cache", None)
    folder = Path(cache.mkdir("scanner")) if cache is not None else tmp_path_factory.mktemp("scanner")
    before = set(folder.iterdir())
    made = load_engine(folder)
    if set(folder.iterdir()) - before:
        for stale in before:
            os.unlink(stale)
    return made
