"""Runs git on the demo's own repositories, deaf to the configuration of the machine and the person."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from posture.demo.description import DemoError


def git(*arguments: str, folder: Path, content: bytes | None = None) -> str:
    """Run one git command in `folder` and return its output.

    Raises:
        DemoError: git is missing or refuses.
    """
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, env=environment, input=content, capture_output=True, check=True
        )
    except FileNotFoundError:
        raise DemoError("git is not installed; install it (Debian: apt install git) and start again") from None
    except subprocess.CalledProcessError as error:
        # The output of fast-import can quote the stream, and so a fake secret: only the exit code is told.
        raise DemoError(
            f"git {arguments[0]} ended with {error.returncode} in {folder}; is the disk full or read-only?"
        ) from None
    return done.stdout.decode(errors="replace")
