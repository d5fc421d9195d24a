"""Reads a stand-in for Google with the Google collector, as the inventory would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from inventory.collector import (
    AssetRecord,
    CollectorError,
    DoneRecord,
    GrantRecord,
    PrincipalRecord,
    ReadContext,
    SecretRecord,
    SkipRecord,
)
from inventory.collectors.google import GoogleCollector
from posture.common.fingerprint import load_key
from posture.common.inside import Network
from tests.services.fault_server import FaultServer, fault_server
from tests.services.google_api import GoogleAPI

REFERENCE = "env:POSTURE_CREDENTIAL_GOOGLE"


@dataclass
class Collected:
    """What one collection of everything brought, and what ended it."""

    assets: list[AssetRecord] = field(default_factory=list)
    records: list[Any] = field(default_factory=list)
    failure: CollectorError | None = None

    def of(self, kind: type) -> list[Any]:
        """Return the records of a kind."""
        return [record for record in self.records if isinstance(record, kind)]

    @property
    def secrets(self) -> dict[str, SecretRecord]:
        """Return the secrets by path."""
        return {record.path: record for record in self.of(SecretRecord)}

    @property
    def principals(self) -> dict[str, PrincipalRecord]:
        """Return the principals by name."""
        return {record.name: record for record in self.of(PrincipalRecord)}

    @property
    def grants(self) -> list[GrantRecord]:
        """Return all grants."""
        return self.of(GrantRecord)

    @property
    def skips(self) -> dict[str, SkipRecord]:
        """Return what was skipped, by what it is."""
        return {record.what: record for record in self.of(SkipRecord)}

    @property
    def done(self) -> DoneRecord | None:
        """Return the end; None where it did not come to it."""
        return next(iter(self.of(DoneRecord)), None)


@dataclass
class Reading:
    """How a test reads."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    api: GoogleAPI = field(default_factory=GoogleAPI)
    known: list[tuple[str, str, str]] = field(default_factory=list)
    alive: Callable[[], None] = lambda: None

    @contextmanager
    def served(self, **given: Any) -> Iterator[FaultServer]:
        """Serve the stand-in."""
        with fault_server(self.api, **given) as server:
            yield server

    def context(self, credential: str | None = None, **more: Any) -> ReadContext:
        """Return a context with this credential, else with one that the stand-in knows."""
        self.monkeypatch.setenv("POSTURE_CREDENTIAL_GOOGLE", self.api.credential if credential is None else credential)
        key = self.folder / "fingerprint.key"
        load_key(key, create=True)
        # Shared by the tests of one run: compiling the detection anew for each would take most of their time.
        workspace = self.folder.parent / "compiled" / "1"
        workspace.mkdir(parents=True, exist_ok=True)
        given = {"network": Network(anywhere=True), "alive": self.alive, "cursor": {}, "credential": REFERENCE} | more
        return ReadContext(
            workspace=workspace,
            key_file=key,
            known_blobs=lambda: iter(()),
            known_versions=lambda: iter(self.known),
            credential_dir=self.folder,
            **given,
        )

    def collect(self, server: FaultServer | None = None, *, context: Any = None, **config: Any) -> Collected:
        """Read everything, up to what goes wrong."""
        if server is None:
            with self.served() as own:
                return self.collect(own, context=context, **config)
        given = {"endpoint": server.url(""), "pace": 90_000} | config
        collector, found = GoogleCollector(GoogleCollector.clean(given)), Collected()
        try:
            for asset in collector.discover(context or self.context()):
                assert isinstance(asset, AssetRecord)
                found.assets.append(asset)
                for record in collector.read(asset, context or self.context()):
                    found.records.append(record)
        except CollectorError as failure:
            found.failure = failure
        return found
