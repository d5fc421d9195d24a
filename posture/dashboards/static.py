"""Serves Plotly's script from the Python package that ships it; nothing third-party is committed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import plotly
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

_FOLDER = Path(plotly.__file__).parent / "package_data"
_FILE = "plotly.min.js"


class PlotlyFinder(BaseFinder):
    """Finds `vendor/plotly.min.js`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=_FOLDER)
        self.storage.prefix = "vendor"  # type: ignore[attr-defined]

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to configure."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the file's place on disk."""
        if path != f"vendor/{_FILE}":
            return []
        return [str(_FOLDER / _FILE)] if find_all else str(_FOLDER / _FILE)

    def list(self, ignore_patterns: Any) -> Any:
        """Yield the one file."""
        if not matches_patterns(_FILE, ignore_patterns or ()):
            yield _FILE, self.storage
