"""What a child is told to read, and its limits."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from inventory.repository.command import SLOW_SECONDS
from inventory.repository.foreign import Foreign
from inventory.repository.mirror import FREE_FLOOR, Target
from posture.common.inside import Network
from posture.common.secret_value import SecretValue


@dataclass(frozen=True)
class Limits:
    """Bounds of one read; a bound reached is a record, never silence."""

    blob_bytes: int = 20 << 20
    """A blob above this is scanned at its head and tail only."""
    edge_bytes: int = 1 << 20
    memory_bytes: int = 2 << 30
    cpu_seconds: int = 2 * 3600
    wall_seconds: int = 4 * 3600
    file_bytes: int = 32 << 30
    free_bytes: int = FREE_FLOOR
    slow_seconds: int = SLOW_SECONDS

    @classmethod
    def from_mapping(cls, given: Mapping[str, int]) -> Limits:
        """Take the bounds that are ours out of what the context gives."""
        return cls(**{name: int(given[name]) for name in cls.__dataclass_fields__ if name in given})


@dataclass(frozen=True)
class Job:
    """One repository to read, in a form that travels as JSON."""

    external_id: str
    url: str
    git_dir: str
    """Folder of the repository in base64 of its bytes, or empty for an address."""
    working: bool
    identity: list[int]
    """Device and inode of that folder when it was checked."""
    workspace: str
    engine_cache: str
    """Folder of the compiled formats, beside the workspace, since all sources share them."""
    key_file: str
    cursor: dict[str, Any]
    limits: dict[str, int]
    network: dict[str, Any]
    """How the host of an address may be reached."""
    parent: int = 0

    @classmethod
    def of(
        cls,
        target: Target,
        *,
        workspace: Path,
        engine_cache: Path | None = None,
        key_file: Path,
        cursor: Mapping[str, Any],
        limits: Mapping[str, int],
        network: Network | None = None,
    ) -> Job:
        """Describe the reading of a target."""
        foreign = target.foreign
        # The child runs in another folder, so that relative paths would lead elsewhere.
        workspace = workspace.absolute()
        return cls(
            external_id=target.external_id,
            url=target.url,
            git_dir=base64.b64encode(os.fsencode(foreign.git_dir)).decode() if foreign else "",
            working=foreign.working if foreign else False,
            identity=list(foreign.identity) if foreign else [],
            workspace=str(workspace),
            engine_cache=str((engine_cache or workspace.parent / "engine").absolute()),
            key_file=str(key_file.absolute()),
            cursor=dict(cursor),
            limits=asdict(Limits.from_mapping(limits)),
            network=(network or Network()).to_dict(),
            parent=os.getpid(),
        )

    @property
    def target(self) -> Target:
        """What to mirror."""
        foreign = None
        if self.git_dir:
            git_dir = Path(os.fsdecode(base64.b64decode(self.git_dir)))
            foreign = Foreign(git_dir, self.working, identity=tuple(self.identity))
        return Target(self.external_id, self.url, foreign)

    def to_line(self, credential: bytes = b"") -> bytes:
        """Return the job, with the credential that is no part of it, as the first line of the child's stdin."""
        line = {"job": asdict(self), "credential": base64.b64encode(credential).decode()}
        return json.dumps(line, separators=(",", ":")).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> tuple[Job, SecretValue | None]:
        """Read a job and its credential back."""
        read = json.loads(line)
        credential = base64.b64decode(read["credential"])
        return cls(**read["job"]), SecretValue(credential) if credential else None
