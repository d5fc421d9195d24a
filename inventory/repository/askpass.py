"""Hands a credential to git without putting it into a command line, an environment, a configuration or a file (G11)."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from inventory.repository.command import Git
from posture.common.secret_value import SecretValue

_SCRIPT = b"""#!/bin/sh
case "$1" in
Username*) exec cat "${0%/*}/name" ;;
*) exec cat "${0%/*}/word" ;;
esac
"""
_USUAL_NAME = b"git"
"""Hosts that take a token as the password accept any user name."""


@contextmanager
def answering(git: Git, credential: SecretValue) -> Iterator[None]:
    """Let git ask for `user:password`, or a token alone, through two pipes as long as the block runs."""
    name, colon, word = credential.reveal().partition(b":")
    if not colon:
        name, word = _USUAL_NAME, name
    folder = git.scratch / "askpass"
    folder.mkdir(mode=0o700)
    script = folder / "answer"
    script.write_bytes(_SCRIPT)
    script.chmod(0o700)
    stop = threading.Event()
    pipes = {folder / "name": name, folder / "word": word}
    for pipe, answer in pipes.items():
        os.mkfifo(pipe, 0o600)
        threading.Thread(target=_serve, args=(pipe, answer, stop), daemon=True).start()
    usual = git.environment["GIT_ASKPASS"]
    git.environment["GIT_ASKPASS"] = str(script)
    git.answering = True
    try:
        yield
    finally:
        git.environment["GIT_ASKPASS"] = usual
        git.answering = False
        stop.set()
        for pipe in pipes:
            # Wakes the thread that waits for a reader.
            os.close(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))


def _serve(pipe: Path, answer: bytes, stop: threading.Event) -> None:
    while True:
        try:
            descriptor = os.open(pipe, os.O_WRONLY)
        except FileNotFoundError:
            return
        try:
            if stop.is_set():
                return
            with suppress(BrokenPipeError):  # Git was ended before it read the answer.
                os.write(descriptor, answer + b"\n")
        finally:
            os.close(descriptor)
