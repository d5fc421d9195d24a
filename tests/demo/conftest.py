import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posture.demo.description import DemoOrganisation
from posture.demo.repositories import build

SEED = 7
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


class Git:
    """Asks real git about the demo's repositories."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __call__(self, repository: str, *arguments: str) -> str:
        command = ["git", "--git-dir", str(self.root / f"{repository}.git"), *arguments]
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()

    def at(self, ref: str, repository: str, path: str) -> str:
        """The file at a ref, empty where it is not there."""
        command = ["git", "--git-dir", str(self.root / f"{repository}.git"), "show", f"{ref}:{path}"]
        done = subprocess.run(command, capture_output=True, check=False)
        return done.stdout.decode() if done.returncode == 0 else ""

    def refs(self, repository: str) -> list[str]:
        return self(repository, "for-each-ref", "--format=%(refname)").split()

    def versions(self, repository: str, path: str) -> Iterator[str]:
        """Every content that the path ever had on any ref."""
        for commit in self(repository, "log", "--all", "--full-history", "-m", "--format=%H", "--", path).split():
            yield self.at(commit, repository, path)


@pytest.fixture(scope="session")
def organisation(tmp_path_factory) -> DemoOrganisation:
    return build(tmp_path_factory.mktemp("demo"), seed=SEED, now=NOW)


@pytest.fixture(scope="session")
def git(organisation) -> Git:
    return Git(organisation.root)
