"""Reads a stand-in for a cluster, or what stands before one, with the Kubernetes collector, as the inventory would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from inventory.collector import (
    AssetFactsRecord,
    AssetRecord,
    DoneRecord,
    GrantRecord,
    LiveExposureRecord,
    PrincipalRecord,
    ReadContext,
    SecretRecord,
    SkipRecord,
)
from inventory.collectors.kubernetes import KubernetesCollector
from posture.common.fingerprint import load_key
from posture.common.inside import Network
from tests.services.kubernetes_api import KubernetesAPI

REFERENCE = "env:POSTURE_CREDENTIAL_KUBERNETES"


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

    def secrets(self, namespace: str = "pay") -> dict[str, SecretRecord]:
        """Return the secrets of a namespace by path."""
        return {record.path: record for record in self.of(SecretRecord, namespace)}

    @property
    def principals(self) -> dict[str, PrincipalRecord]:
        """Return all principals by id."""
        return {record.external_id: record for record in self.of(PrincipalRecord)}

    @property
    def grants(self) -> list[GrantRecord]:
        """Return all grants."""
        return self.of(GrantRecord)

    def grants_of(self, principal: str) -> list[GrantRecord]:
        """Return what one principal has directly."""
        return [grant for grant in self.grants if grant.principal == principal]

    @property
    def exposures(self) -> dict[str, LiveExposureRecord]:
        """Return what stands outside of stores, by place."""
        return {record.path: record for record in self.of(LiveExposureRecord)}

    @property
    def told(self) -> list[SkipRecord]:
        """Everything that was skipped."""
        return self.skips + self.of(SkipRecord)

    def of_skips(self, asset: str) -> list[SkipRecord]:
        """Return what was skipped of one asset."""
        return self.of(SkipRecord, asset)

    def facts(self, asset: str) -> dict[str, Any]:
        """Return what was learned of an asset."""
        return dict(self.of(AssetFactsRecord, asset)[-1].attributes)


@dataclass
class Reading:
    """How a test reads."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    shared: Path
    """Where the compiled detection lies, which takes seconds to make."""
    known: list[tuple[str, str, str]] = field(default_factory=list)
    alive: Callable[[], None] = lambda: None

    def context(self, credential: str, **more: Any) -> ReadContext:
        """Return a context with this credential."""
        self.monkeypatch.setenv("POSTURE_CREDENTIAL_KUBERNETES", credential)
        key = self.folder / "fingerprint.key"
        load_key(key, create=True)
        workspace = self.folder / "mirrors" / "1"
        workspace.mkdir(parents=True, exist_ok=True)
        self.shared.mkdir(exist_ok=True)
        if not (engine := workspace.parent / "engine").exists():
            engine.symlink_to(self.shared)
        given = {"network": Network(anywhere=True), "alive": self.alive, "cursor": {}} | more
        return ReadContext(
            workspace=workspace,
            key_file=key,
            known_blobs=lambda: iter(()),
            known_versions=lambda: iter(self.known),
            credential=REFERENCE,
            credential_dir=self.folder,
            **given,
        )

    def collector(self, cluster: KubernetesAPI, **config: Any) -> KubernetesCollector:
        """Return a collector of the cluster."""
        return KubernetesCollector(KubernetesCollector.clean({"url": cluster.url} | config))

    def collect(
        self, cluster: KubernetesAPI, credential: str = "", *, cursor: Any = None, network: Any = None, **config: Any
    ) -> Collected:
        """Read everything."""
        collector = self.collector(cluster, **config)
        more = {"network": network} if network else {}
        context = self.context(credential or cluster.admin, cursor=cursor or {}, **more)
        found = Collected()
        for record in collector.discover(context):
            if isinstance(record, SkipRecord):
                found.skips.append(record)
            else:
                found.assets[record.name] = record
                found.records[record.name] = list(collector.read(record, context))
                assert isinstance(found.records[record.name][-1], DoneRecord)
        return found
