"""Becomes the demo's OpenBao, after filling it where it is not yet: `python -m posture.demo.vault DEMO PORT LOGS`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from posture.demo.description import DemoError
from posture.demo.organisation import describe
from posture.demo.vault.make import make_vault
from posture.demo.vault.place import VaultPlace, program
from posture.demo.vault.server import command, configure, environment


def main(demo: Path, port: int, logs: Path) -> int:
    """Fill the vault if it is new, then go on as its server; returns only where that cannot be."""
    os.umask(0o077)
    place, server = VaultPlace.below(demo), program()
    if server is None:
        return 2
    place.failure.unlink(missing_ok=True)
    try:
        if not place.is_made:
            make_vault(demo, describe(demo).root, server, port=port, log_folder=logs)
        configure(place, port)
    except (DemoError, OSError) as error:
        place.failure.write_text(str(error))
        print(error, flush=True)
        return 1
    line = command(server, place)
    os.execve(line[0], line, environment(place))  # noqa: S606 - the server takes this process' place


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
