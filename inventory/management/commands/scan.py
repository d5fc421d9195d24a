"""Scans a folder, a file or a repository's history, without a database: `scan PATH [--history] [--json]`."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inventory.collector import CollectorError
from inventory.detection.hyperscan_engine import load_engine
from inventory.detection.paths import NOT_LISTED, excluded_path
from inventory.detection.worktree import WorktreeScan
from inventory.repository.history import scan_history
from inventory.templatetags.inventory_display import shown

CLEAN, FOUND, FAILED = 0, 1, 2


class Command(BaseCommand):
    help = "Find secrets in files, or with --history in every commit. Exits 0 (clean), 1 (found), 2 (could not scan)."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a folder or a file; with --history a git repository")
        parser.add_argument("--history", action="store_true", help="read every commit of every branch and tag")
        parser.add_argument("--json", action="store_true", help="print a list of objects; never a value")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if not path.exists():
            raise CommandError(f"There is no {path}. Name a folder, a file or a repository.", returncode=FAILED)
        skipped: dict[str, int] = {}
        try:
            found = list(self._findings(path, options["history"], skipped))
        except (CollectorError, OSError) as error:
            raise CommandError(f"{path} could not be scanned: {error}", returncode=FAILED) from error
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=1))
        else:
            self._tell(found)
        for reason, count in sorted(skipped.items()):
            self.stderr.write(f"{count} {reason}" if reason.endswith(NOT_LISTED) else f"Not scanned, {reason}: {count}")
        # Nothing found is no clean bill where something that should have been read was not.
        unread = [reason for reason in skipped if not harmless(reason)]
        sys.exit(FOUND if found else FAILED if unread else CLEAN)

    def _findings(self, path: Path, history: bool, skipped: dict[str, int]) -> Iterator[dict[str, Any]]:
        cache = engine_cache()
        if history:
            rows = scan_history(path, cache)
        else:
            scan = WorktreeScan(load_engine(cache), path)
            rows = scan.findings()
        for row in rows:
            if "skipped" in row:
                skipped[row["skipped"]] = skipped.get(row["skipped"], 0) + row["count"]
            elif reason := excluded_path(row["rule"], row["path"]):
                skipped[reason] = skipped.get(reason, 0) + 1
            else:
                yield row
        if not history:
            skipped.update(scan.skipped)

    def _tell(self, found: list[dict[str, Any]]) -> None:
        for row in found:
            commit = f" in {row['commit'][:12]}" if "commit" in row else ""
            self.stdout.write(f"{shown(row['path'])}:{row['line']}: {row['rule']} ({row['confidence']}){commit}")
        self.stdout.write(f"{len(found)} found." if found else "Nothing found.")


def harmless(reason: str) -> bool:
    """Say whether what was skipped for this reason holds nothing that a scan should have read."""
    return reason.endswith(NOT_LISTED) or reason.startswith(("link", "not a regular file"))


def engine_cache() -> Path | None:
    """Return where compiled formats are kept between scans: the user's cache folder, or nowhere if it can't be made."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "secrets-posture"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return folder
