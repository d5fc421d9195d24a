"""Sets teams, ownership rules and sources from one YAML file: `apply FILE [--prune] [--dry-run] [--yes]`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inventory.declaration import DeclarationError, read_declaration
from inventory.services.declaration import reconcile
from inventory.templatetags.inventory_display import counted
from posture.readiness import prepare_data_folder


class Command(BaseCommand):
    help = "Bring teams, ownership rules and sources to what a YAML file says; shows the difference first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file, or - for standard input")
        parser.add_argument("--prune", action="store_true", help="remove what the file no longer names")
        parser.add_argument("--dry-run", action="store_true", help="show the difference and change nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask (without a terminal nobody is asked)")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_data_folder(migrate=True)
        try:
            declaration = read_declaration(self._content(options["file"]))
            changes = reconcile(declaration=declaration, prune=options["prune"], keep=False)
            for change in changes:
                self.stdout.write(str(change))
            if not changes:
                self.stdout.write("Nothing differs.")
                return
            if options["dry_run"] or not self._agreed(options["yes"]):
                self.stdout.write("Nothing was changed.")
                return
            reconcile(declaration=declaration, prune=options["prune"], keep=True)
        except DeclarationError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{counted(len(changes), 'change')} made.")

    def _content(self, file: Path) -> str:
        try:
            return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise CommandError(f"{file} cannot be read: {reason}.", returncode=2) from error

    def _agreed(self, yes: bool) -> bool:
        if yes or not sys.stdin.isatty():
            return True
        return input("Make these changes? [y/N] ").strip().lower() in {"y", "yes"}
