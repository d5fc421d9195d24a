"""Runs the checks that need no test: style, types, import contracts, migrations, production settings."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "-W", "error", "manage.py"]
GATES: dict[str, list[str]] = {
    "ruff": [f"{BIN}/ruff", "check", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "."],
    "mypy": [f"{BIN}/mypy", "."],
    "import contracts": [f"{BIN}/lint-imports"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "production settings": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
}


def main() -> int:
    """Run every gate, show what the failed ones said, and return the exit code."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="posture-gates-") as folder:
        for name, command in GATES.items():
            started = time.monotonic()
            done = subprocess.run(
                command, cwd=ROOT, env=production(folder), capture_output=True, text=True, check=False
            )
            verdict = "FAILED" if done.returncode else "ok"
            print(f"{name:20} {verdict:6} {time.monotonic() - started:5.1f} s", flush=True)
            if done.returncode:
                failed.append(name)
                print(done.stdout + done.stderr, flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def production(data_folder: str) -> dict[str, str]:
    """Return an environment as in production, with a data folder that is thrown away."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("POSTURE_", "DATABASE_", "CELERY_"))
    }
    return kept | {
        "POSTURE_DATA_DIR": data_folder,
        "POSTURE_ORIGIN": "https://posture.example.org",
        "POSTURE_ALLOWED_HOSTS": "posture.example.org",
        "POSTURE_SECRET_KEY": secrets.token_urlsafe(50),
    }


if __name__ == "__main__":
    sys.exit(main())
