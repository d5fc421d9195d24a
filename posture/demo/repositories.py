"""Builds the demo organisation's repositories on disk, all or none."""

from __future__ import annotations

import json
import random
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from posture.demo.description import DemoError, DemoOrganisation
from posture.demo.git import git
from posture.demo.organisation import SLUG, describe
from posture.demo.shelf import SHELF, Plan
from posture.demo.timeline import Timeline
from posture.demo.values import Values

LAYOUT = 1
"""Raised when what `describe` says no longer fits repositories that were made before."""
SHALLOW_DEPTH = "12"

Progress = Callable[[int, int, str], None]


def build(
    folder: Path, *, seed: int | None = None, now: datetime | None = None, progress: Progress | None = None
) -> DemoOrganisation:
    """Make the demo organisation below `folder`, or keep the one that is there, and describe it.

    Secrets are drawn anew each time, unless a test gives a `seed`. `progress` is told how many
    repositories are done, how many there are, and the name of the next.

    Raises:
        DemoError: something else lies in the way, or the folder cannot be written.
    """
    organisation = describe(folder)
    if _is_built(organisation.root, _marker(folder)):
        return organisation
    now = now or datetime.now(UTC)
    try:
        _sweep(folder)
        folder.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{SLUG}-", dir=folder))
    except OSError as error:
        raise DemoError(f"{folder} cannot be written ({error.strerror}); choose another folder") from None
    try:
        values = Values(seed)
        for number, plan in enumerate(SHELF):
            if progress:
                progress(number, len(SHELF), plan.repository.name)
            _make(scratch, plan, values, _dice(seed, plan.repository.name), now)
        if progress:
            progress(len(SHELF), len(SHELF), "")
        _marker(folder).write_text(json.dumps({"layout": LAYOUT, "made": now.isoformat()}) + "\n")
        scratch.chmod(0o755)
        scratch.rename(organisation.root)
    except OSError as error:
        raise DemoError(f"{folder} cannot be written ({error.strerror}); free some space and start again") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return organisation


def _dice(seed: int | None, name: str) -> random.Random:
    """Return what decides authors and dates, where nothing depends on chance being secret."""
    return random.Random(secrets.token_bytes(16) if seed is None else f"{seed}/{name}")  # noqa: S311


def _marker(folder: Path) -> Path:
    return folder / f".{SLUG}.json"


def _is_built(root: Path, marker: Path) -> bool:
    """Say whether our repositories are there already.

    Raises:
        DemoError: something is there that this version did not make.
    """
    if not root.exists():
        return False
    try:
        layout = json.loads(marker.read_text())["layout"]
    except (OSError, ValueError, KeyError, TypeError):
        layout = None
    if layout != LAYOUT:
        raise DemoError(
            f"{root} exists and was not made by this version of the demo; "
            "move it away or choose another folder, then start again"
        )
    return True


def _sweep(folder: Path) -> None:
    """Remove what a build that was killed left behind an hour ago or longer."""
    for left in folder.glob(f".{SLUG}-*"):
        if time.time() - left.stat().st_mtime > 3600:
            shutil.rmtree(left, ignore_errors=True)


def _make(root: Path, plan: Plan, values: Values, dice: random.Random, now: datetime) -> None:
    """Make one bare repository."""
    name = f"{plan.repository.name}.git"
    git("init", "--quiet", "--bare", "--initial-branch=main", "--template=", name, folder=root)
    place = root / name
    if plan.stack is None:
        return
    stream = Timeline(plan, plan.stack, dice, values, now).write().stream()
    # Without a limit, fast-import would write the objects of a small repository one file each.
    git("-c", "fastimport.unpackLimit=1", "fast-import", "--quiet", "--done", folder=place, content=stream)
    if plan.shallow:
        whole = place.rename(root / f"{name}.whole")
        clone = ["clone", "--quiet", "--bare", "--no-local", "--template=", f"--depth={SHALLOW_DEPTH}"]
        git(*clone, whole.as_uri(), name, folder=root)
        shutil.rmtree(whole)
