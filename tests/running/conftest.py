"""The product, started for one test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running.product import Product


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """An installation that is not started yet and that leaves no process behind."""
    one = Product(tmp_path / "data")
    yield one
    one.end()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product that runs, shared by the tests that only look at it."""
    one = Product(tmp_path_factory.mktemp("shared") / "data")
    one.start_and_wait()
    yield one
    one.end()
