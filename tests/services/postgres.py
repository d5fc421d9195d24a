"""A throwaway PostgreSQL; as a program it runs a command with DATABASE_URL set to it.

`python -m tests.services.postgres pytest …` keeps the command's exit code.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.process import IN_CI, free_port, server

PACKAGE = "postgresql"


def binaries() -> Path | None:
    """Return the folder of the newest installed server, or nothing."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parent.parent.name))
    if folders:
        return folders[-1].parent
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found and shutil.which("initdb") else None


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server on a free port and yield its address; nothing of it is left afterwards."""
    folder = binaries()
    if folder is None:
        raise FileNotFoundError("no PostgreSQL server is installed")
    place = Path(tempfile.mkdtemp(prefix="posture-postgres-"))
    # PostgreSQL refuses to run as root.
    options = {}
    if os.geteuid() == 0:
        shutil.chown(place, "nobody", "nogroup")
        options = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    data, port = place / "data", free_port()
    try:
        subprocess.run(
            [folder / "initdb", "-D", data, "-U", "posture", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=place,
            **options,
        )
        # Nothing here needs to survive a power cut, so it need not wait for the disk.
        settings = [
            "fsync=off",
            "full_page_writes=off",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=60",
        ]
        command = [str(folder / "postgres"), "-D", str(data), "-p", str(port)]
        command += [part for setting in settings for part in ("-c", setting)]
        with server(command, port, place.with_suffix(".log"), stop=signal.SIGINT, cwd=place, **options):
            yield f"postgresql://posture@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(place, ignore_errors=True)
        place.with_suffix(".log").unlink(missing_ok=True)


def main(command: list[str]) -> int:
    """Run the command against a fresh server and return its exit code."""
    if binaries() is None:
        print(f"The tests on PostgreSQL are skipped. To run them: sudo apt-get install {PACKAGE}", file=sys.stderr)
        return 1 if IN_CI else 0
    with postgres() as address:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
