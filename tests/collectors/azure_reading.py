"""Reads a stand-in for Azure with the Azure collector, as the inventory would."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from inventory.collector import (
    AssetFactsRecord,
    AssetRecord,
    CollectorError,
    DoneRecord,
    GrantRecord,
    PrincipalRecord,
    ReadContext,
    SecretRecord,
    SkipRecord,
)
from inventory.collectors.azure import AzureCollector
from posture.common.fingerprint import load_key
from posture.common.inside import Network
from tests.services.azure_api import AzureAPI
from tests.services.certificates import Authority
from tests.services.fault_server import FaultServer

REFERENCE = "env:POSTURE_CREDENTIAL_AZURE"


@dataclass
class Collected:
    """What one collection of everything brought."""

    assets: list[AssetRecord] = field(default_factory=list)
    records: list[Any] = field(default_factory=list)

    def of(self, kind: type) -> list[Any]:
        """Return the records of a kind."""
        return [record for record in self.records if isinstance(record, kind)]

    @property
    def secrets(self) -> dict[str, SecretRecord]:
        """Return the secrets by path."""
        return {record.path: record for record in self.of(SecretRecord)}

    @property
    def principals(self) -> dict[str, PrincipalRecord]:
        """Return the principals by their id at Azure."""
        return {record.external_id.partition("/")[2]: record for record in self.of(PrincipalRecord)}

    @property
    def skips(self) -> dict[str, SkipRecord]:
        """Return what was skipped, by what it is."""
        return {record.what: record for record in self.of(SkipRecord)}

    @property
    def facts(self) -> dict[str, str]:
        """Return what was told of the vault itself."""
        return {key: value for record in self.of(AssetFactsRecord) for key, value in record.attributes.items()}

    @property
    def done(self) -> DoneRecord:
        """Return the end."""
        return self.of(DoneRecord)[-1]

    def granted(self, principal: str) -> dict[str, GrantRecord]:
        """Return the grants of somebody, by pattern."""
        return {grant.pattern: grant for grant in self.of(GrantRecord) if grant.principal.endswith(f"/{principal}")}


@dataclass
class Reading:
    """How a test reads."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    api: AzureAPI
    server: FaultServer
    authority: Authority
    known: list[tuple[str, str, str]] = field(default_factory=list)
    alive: Callable[[], None] = lambda: None

    @property
    def network(self) -> Network:
        """Return a network that knows the stand-in's authority."""
        return Network(anywhere=True, ca_file=str(self.authority.file))

    def context(self, **more: Any) -> ReadContext:
        """Return a context with the stand-in's credential."""
        self.monkeypatch.setenv("POSTURE_CREDENTIAL_AZURE", more.pop("secret", self.api.credential))
        key = self.folder / "fingerprint.key"
        load_key(key, create=True)
        # Beside the folder of the test, so that the detection, which takes seconds to compile, is compiled once.
        workspace = self.folder.parent / "azure-mirrors" / "1"
        workspace.mkdir(parents=True, exist_ok=True)
        given = {"network": self.network, "alive": self.alive, "cursor": {}} | more
        return ReadContext(
            workspace=workspace,
            key_file=key,
            known_blobs=lambda: iter(()),
            known_versions=lambda: iter(self.known),
            credential=REFERENCE,
            credential_dir=self.folder,
            **given,
        )

    def cleaned(self, **config: Any) -> dict[str, Any]:
        """Return a configuration, of the stand-in's subscription unless told otherwise."""
        return AzureCollector.clean({"subscriptions": self.api.subscription} | self.api.config | config)

    def collector(self, **config: Any) -> AzureCollector:
        """Return a collector."""
        return AzureCollector(self.cleaned(**config))

    def collect(self, *, cursor: Any = None, **config: Any) -> Collected:
        """Read everything."""
        collector, context, found = self.collector(**config), self.context(cursor=cursor or {}), Collected()
        for record in list(collector.discover(context)):
            if isinstance(record, AssetRecord):
                found.assets.append(record)
                found.records += collector.read(record, context)
            else:
                found.records.append(record)
        return found


def lead_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every name under localhost lead to this machine, as not every system does by itself."""
    ask = socket.getaddrinfo

    def answer(host: Any, *given: Any, **more: Any) -> Any:
        return ask("127.0.0.1" if str(host).endswith(".localhost") else host, *given, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)


def pieces(records: Iterator[Any]) -> tuple[list[Any], CollectorError | None]:
    """Return what came before a collector's error, and the error; any other error is a fault of the collector."""
    found: list[Any] = []
    try:
        found.extend(records)
    except CollectorError as error:
        return found, error
    return found, None
