"""Reading of clone addresses as the collector does it, for tests with real hosts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from inventory.collector import (
    AssetRecord,
    BlobRecord,
    DoneRecord,
    ReadContext,
)
from inventory.collectors.repositories import RepositoriesCollector
from posture.common.fingerprint import load_key
from posture.common.inside import Network
from tests.repository.workbench import Reading, Repository


@dataclass
class Client:
    """One source that names a clone address; remembers between reads what the inventory would."""

    url: str
    context: ReadContext
    known: dict[str, BlobRecord] = field(default_factory=dict)

    def read(self, alive: Callable[[], None] = lambda: None, **changes: Any) -> Reading:
        """Read the repository, and keep what the next read builds on."""
        source = RepositoriesCollector(RepositoriesCollector.clean({"url": self.url}))
        context = replace(self.context, alive=alive, **changes)
        (asset,) = source.discover(context)
        assert isinstance(asset, AssetRecord)
        records = list(source.read(asset, replace(context, known_blobs=lambda: iter(list(self.known.values())))))
        reading = Reading(records, load_key(context.key_file))
        done = reading.done
        assert isinstance(done, DoneRecord)
        self.known.update({record.blob: record for record in reading.of(BlobRecord)})
        self.context = replace(self.context, cursor=done.cursor)
        return reading

    @property
    def mirrors(self) -> list[Path]:
        """The mirrors that it keeps."""
        return sorted((self.context.workspace / "mirrors").glob("*.git"))


def client(folder: Path, url: str, network: Network, **changes: Any) -> Client:
    """Return a source whose workspace lies in a folder; its credentials are files there."""
    load_key(folder / "key", create=not (folder / "key").exists())
    (folder / "credentials").mkdir(exist_ok=True)
    context = ReadContext(
        workspace=folder / "workspace",
        key_file=folder / "key",
        cursor={},
        known_blobs=lambda: iter(()),
        alive=lambda: None,
        credential_dir=folder / "credentials",
        limits={"wall_seconds": 60, "slow_seconds": 20},
        network=network,
    )
    return Client(url, replace(context, **changes))


def push(work: Repository, files: dict[str, bytes | str]) -> str:
    commit = work.commit(dict(files))
    work.git("push", "--quiet", "--force", "origin", "HEAD:refs/heads/main")
    return commit


def noise(kilobytes: int) -> bytes:
    """Return content that a pack cannot make smaller."""
    return secrets.token_hex(kilobytes * 512).encode()


def give(source: Client, credential: str) -> None:
    """Give the source a credential by name."""
    assert source.context.credential_dir
    (source.context.credential_dir / "git").write_text(f"{credential}\n")
