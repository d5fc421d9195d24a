"""Makes small real git repositories for tests; what looks like a secret is random."""

import os
import random
import string
import subprocess
from pathlib import Path

PEOPLE = {"GIT_AUTHOR_NAME": "Tomas Ek", "GIT_AUTHOR_EMAIL": "tomas.ek@halden.example"}
PEOPLE |= {"GIT_COMMITTER_NAME": "Tomas Ek", "GIT_COMMITTER_EMAIL": "tomas.ek@halden.example"}


def github_token() -> str:
    """A random value in the shape of a GitHub token."""
    letters = string.ascii_letters + string.digits
    return "ghp_" + "".join(random.SystemRandom().choice(letters) for _ in range(36))


class Repository:
    """A real repository with a working tree, to commit to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "GIT_CONFIG_NOSYSTEM": "1", **PEOPLE}
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, files: dict[str, str], message: str = "Change") -> str:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")
