"""Reads a real server, or what stands before one, with the Vault collector, as the inventory would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from inventory.collector import (
    AssetRecord,
    DoneRecord,
    GrantRecord,
    PrincipalRecord,
    ReadContext,
    SecretRecord,
    SkipRecord,
)
from inventory.collectors.vault import VaultCollector
from posture.common.fingerprint import load_key
from posture.common.inside import Network
from tests.services.fault_server import Asked, Reply
from tests.services.openbao import OpenBao

REFERENCE = "env:POSTURE_CREDENTIAL_VAULT"


@dataclass
class Collected:
    """What one collection of everything brought."""

    assets: dict[str, AssetRecord] = field(default_factory=dict)
    records: dict[str, list[Any]] = field(default_factory=dict)
    skips: list[SkipRecord] = field(default_factory=list)

    def of(self, kind: type, asset: str | None = None) -> list[Any]:
        """Return the records of a kind, of one asset or of all."""
        chosen = self.records if asset is None else {asset: self.records[asset]}
        return [record for records in chosen.values() for record in records if isinstance(record, kind)]

    def secrets(self, asset: str) -> dict[str, SecretRecord]:
        """Return the secrets of an asset by path."""
        return {record.path: record for record in self.of(SecretRecord, asset)}

    def principals(self) -> dict[str, PrincipalRecord]:
        """Return all principals, without the namespace before their ids."""
        return {record.external_id.rpartition(":")[2]: record for record in self.of(PrincipalRecord)}

    def grants(self) -> list[GrantRecord]:
        """Return all grants."""
        return self.of(GrantRecord)

    @property
    def told(self) -> list[SkipRecord]:
        """Everything that was skipped."""
        return self.skips + self.of(SkipRecord)


@dataclass
class Reading:
    """How a test reads."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    known: list[tuple[str, str, str]] = field(default_factory=list)
    alive: Callable[[], None] = lambda: None

    def context(self, token: str, **more: Any) -> ReadContext:
        """Return a context with this credential."""
        self.monkeypatch.setenv("POSTURE_CREDENTIAL_VAULT", token)
        key = self.folder / "fingerprint.key"
        load_key(key, create=True)
        workspace = self.folder / "mirrors" / "1"
        workspace.mkdir(parents=True, exist_ok=True)
        given = {"network": Network(anywhere=True), "alive": self.alive} | more
        return ReadContext(
            workspace=workspace,
            key_file=key,
            cursor={},
            known_blobs=lambda: iter(()),
            known_versions=lambda: iter(self.known),
            credential=REFERENCE,
            credential_dir=self.folder,
            **given,
        )

    def collector(self, server: OpenBao, url: str = "", **config: Any) -> VaultCollector:
        """Return a collector of what the server is seen from."""
        given = {"url": url or server.url, "namespace": server.namespace} | config
        return VaultCollector(VaultCollector.clean(given))

    def collect(self, server: OpenBao, token: str = "", **config: Any) -> Collected:
        """Read everything."""
        collector = self.collector(server, **config)
        context = self.context(token or server.token)
        found = Collected()
        for record in collector.discover(context):
            if isinstance(record, SkipRecord):
                found.skips.append(record)
            else:
                name = record.external_id.removeprefix(f"{server.namespace}/")
                found.assets[name] = record
                found.records[name] = list(collector.read(record, context))
                assert isinstance(found.records[name][-1], DoneRecord)
        return found


def passed_on(server: OpenBao) -> Callable[[Asked], Reply]:
    """Return an answer of a loopback server that asks the real one."""
    session = requests.Session()

    def answer(asked: Asked) -> Reply:
        kept = {name: value for name, value in asked.headers.items() if name.lower() not in ("host", "content-length")}
        # Prepared by hand, so that the path goes through as it was sent.
        request = requests.Request(asked.method, server.url, headers=kept, data=asked.body).prepare()
        request.url = server.url + asked.path
        told = session.send(request, timeout=30)
        return Reply(told.content, told.status_code, {"Content-Type": told.headers.get("Content-Type", "")})

    return answer
