from types import MappingProxyType

import pytest

from inventory.services import collection, sources
from tests.factories import SourceFactory
from tests.scripted import ScriptedCollector


@pytest.fixture
def scripted(monkeypatch, settings, tmp_path):
    """The scripted collector, installed, with nothing in it."""
    installed = MappingProxyType({"scripted": ScriptedCollector})
    monkeypatch.setattr(collection, "collectors", lambda: installed)
    monkeypatch.setattr(sources, "collectors", lambda: installed)
    monkeypatch.setattr(ScriptedCollector, "assets", [])
    monkeypatch.setattr(ScriptedCollector, "reads", {})
    settings.WORKSPACE_DIR = tmp_path / "mirrors"
    return ScriptedCollector


@pytest.fixture
def source(scripted, db):
    return SourceFactory(kind="scripted", config={})
