"""A folder of repositories as a source, met as the inventory meets it: found, then read one by one."""

from __future__ import annotations

from pathlib import Path

from inventory.collector import AssetRecord, ExposureRecord, ReadContext, Record, SkipRecord
from inventory.collectors.repositories import RepositoriesCollector
from posture.common.secret_value import SecretValue
from tests.repository.workbench import Repository, Workbench, new_secret, secret_file


class FolderSource:
    """One folder, collected with what a workbench has."""

    def __init__(self, folder: Path, workbench: Workbench) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.workbench = workbench
        self.collector = RepositoriesCollector(RepositoriesCollector.clean({"path": str(folder)}))
        self.context = ReadContext(
            workspace=workbench.workspace,
            key_file=workbench.key_file,
            cursor={},
            known_blobs=lambda: iter(()),
            alive=lambda: None,
        )

    def repository(self, name: str, *, bare: bool = False) -> tuple[Repository, str]:
        """Make a repository that holds one secret, and return both."""
        secret = new_secret()
        repository = Repository(self.folder / name, bare=bare)
        blob = repository.store(secret_file(secret))
        commit = repository.raw_commit(repository.tree([("100644", b"a.txt", blob)]))
        repository.git("update-ref", "refs/heads/main", commit)
        return repository, secret

    def discovered(self) -> tuple[list[AssetRecord], list[SkipRecord]]:
        records = list(self.collector.discover(self.context))
        assets = [record for record in records if isinstance(record, AssetRecord)]
        return assets, [record for record in records if isinstance(record, SkipRecord)]

    def names(self) -> list[str]:
        return [asset.external_id for asset in self.discovered()[0]]

    def skips(self) -> dict[str, tuple[str, bool]]:
        """Return what was skipped by the folder's name, with its reason and whether it makes the run partial."""
        return {skip.what.partition(":")[0]: (skip.reason, skip.partial) for skip in self.discovered()[1]}

    def asset(self, name: str) -> AssetRecord:
        return AssetRecord(name, "repository", name, str(self.folder / name))

    def read(self, name: str) -> list[Record]:
        return list(self.collector.read(self.asset(name), self.context))

    def finds(self, name: str, secret: str) -> bool:
        fingerprint = self.workbench.key.fingerprint(SecretValue(secret))
        found = [record for record in self.read(name) if isinstance(record, ExposureRecord)]
        return any(record.fingerprint == fingerprint for record in found)
