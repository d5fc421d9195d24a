"""The `posture` console script: our own commands first, Django's behind `posture help --all`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.core.management import ManagementUtility, get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.db import OperationalError

from posture.celery import app  # Tasks sent from a command need the broker that it configures.

__all__ = ["Console", "app", "main"]

PACKAGES = {"posture", "inventory", "training"}
FAILED = 2


def own_commands() -> dict[str, BaseCommand]:
    """Return the product's commands by name, without those of the libraries it is made with."""
    found = sorted((name, place) for name, place in get_commands().items() if isinstance(place, str))
    return {name: load_command_class(place, name) for name, place in found if place.split(".")[0] in PACKAGES}


class Console(ManagementUtility):
    """Django's command line, told for those who run the product."""

    def execute(self) -> None:
        """Run the command; the version is the product's, and no command at all is asked for help."""
        if self.argv[1:] in (["--version"], ["version"]):
            print(product_version())
            return
        super().execute()

    def main_help_text(self, commands_only: bool = False) -> str:
        """Return what each of our commands does, one line each."""
        if commands_only or "--all" in self.argv:
            return super().main_help_text(commands_only)
        commands = own_commands()
        widest = max(map(len, commands), default=0)
        lines = [f"  {name:<{widest}}  {_first_sentence(command.help)}" for name, command in commands.items()]
        return "\n".join(
            [
                "Where every secret lives, whether it is really fixed, and what is not known.",
                "",
                f"Usage: {self.prog_name} COMMAND [options]",
                "",
                *lines,
                "",
                f"Start with `{self.prog_name} up`. `{self.prog_name} COMMAND --help` tells more of a command,",
                f"`{self.prog_name} help --all` lists Django's commands too.",
            ]
        )

    def fetch_command(self, subcommand: str) -> BaseCommand:
        """Return the command; one that does not exist is answered with those that may be meant."""
        if subcommand in get_commands():
            return super().fetch_command(subcommand)
        own = list(own_commands())
        meant = get_close_matches(subcommand, own, 2) or get_close_matches(subcommand, get_commands(), 1, 0.85)
        print(f"There is no command {subcommand!r}.", file=sys.stderr)
        print(f"Did you mean {_either(meant)}?" if meant else f"There are {', '.join(own)}.", file=sys.stderr)
        print(f"`{self.prog_name} --help` says what each does.", file=sys.stderr)
        sys.exit(FAILED)


def product_version() -> str:
    """Return the installed version; a checkout that was never installed has none."""
    try:
        return version("secrets-posture")
    except PackageNotFoundError:
        return "not installed"


def _first_sentence(text: str) -> str:
    sentence = text.partition(". ")[0]
    return f"{sentence.rstrip('.')}." if sentence else ""


def _either(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posture.settings")
    try:
        Console(sys.argv).execute()
    except KeyboardInterrupt:
        # What was under way is in the rows; the next start goes on from there.
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
    except OperationalError as error:
        print(f"The database cannot be used: {error}", file=sys.stderr)
        print(f"Check DATABASE_URL and your rights on the data folder {settings.DATA_DIR}.", file=sys.stderr)
        sys.exit(FAILED)
