"""A credential reaches git through pipes, and is nowhere else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from inventory.collector import CollectorError, ReadContext
from inventory.repository.askpass import answering
from inventory.repository.command import Git
from inventory.repository.mirror import Target
from inventory.repository.supervising import read_in_child
from posture.common.secret_value import SecretValue
from tests.repository.workbench import new_secret


@pytest.fixture
def git(tmp_path: Path) -> Git:
    (tmp_path / "scratch").mkdir()
    return Git(tmp_path / "scratch", protocol="https")


def filled(git: Git) -> dict[str, str]:
    """Ask git for the credential of an address, as its https transport does."""
    asked = b"protocol=https\nhost=host.example\n\n"
    done = subprocess.run(
        ["git", "-c", "credential.helper=", "credential", "fill"],
        env=git.environment,
        cwd=git.scratch,
        input=asked,
        capture_output=True,
        check=True,
    )
    return dict(line.split("=", 1) for line in done.stdout.decode().splitlines())


@pytest.mark.parametrize("user", ["deploy", ""])
def test_g11_git_is_answered_and_nothing_holds_the_value(git: Git, user: str) -> None:
    word = new_secret()
    with answering(git, SecretValue(f"{user}:{word}" if user else word)):
        for _ in range(2):
            answer = filled(git)
            assert (answer["username"], answer["password"]) == (user or "git", word)
        assert word not in repr(git.environment)
        for folder, _, names in os.walk(git.scratch):
            files = [Path(folder, name) for name in names]
            assert not any(word in path.read_text() for path in files if path.is_file())

    assert git.environment["GIT_ASKPASS"] == "/bin/false"


@pytest.mark.parametrize(
    ("url", "message"),
    [("https://host.example/x", "is not set"), ("ssh://git@host.example/x", "Remove the credential")],
)
def test_a_credential_that_cannot_be_used_is_said(tmp_path: Path, url: str, message: str) -> None:
    context = ReadContext(
        workspace=tmp_path / "workspace",
        key_file=tmp_path / "key",
        cursor={},
        known_blobs=lambda: iter(()),
        alive=lambda: None,
        credential="env:POSTURE_CREDENTIAL_NOT_SET_ANYWHERE",
        credential_dir=tmp_path,
    )

    with pytest.raises(CollectorError, match=message):
        list(read_in_child(Target(url, url, None), context))
