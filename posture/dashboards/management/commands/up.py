"""Starts the whole product on this machine: `up [--repositories FOLDER] [--no-demo]`."""

from __future__ import annotations

import gc
import os
import signal
import sys
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from posture.common import address
from posture.common.child import Program
from posture.common.folder_lock import FolderInUseError, FolderLock
from posture.common.supervisor import Supervisor
from posture.demo_vault import vault_program
from posture.first_run import prepare
from posture.readiness import prepare_data_folder


class Command(BaseCommand):
    help = "Start web server, worker and schedule together, and set up what is missing. Ctrl-C stops them."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repositories", metavar="FOLDER", help="collect this folder of git repositories")
        parser.add_argument("--no-demo", action="store_true", help="start empty instead of with the demo organisation")

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _interrupt)
        try:
            code = self._run(options["repositories"], demo=not options["no_demo"])
        except KeyboardInterrupt:
            code = 0
        self._say("Stopped." if code == 0 else "Stopped, because of the error above.")
        sys.exit(code)

    def _run(self, folder: str | None, *, demo: bool) -> int:
        os.umask(0o077)  # Whatever is written in the data folder is for this user only.
        repositories = existing_folder(folder)
        prepare_data_folder(migrate=False)
        lock = take_lock(settings.DATA_DIR)
        bind = self._free_address()
        # The settings were read before there was a folder to keep the key in, or with an address that is taken.
        if bind != settings.BIND or not (_is_set("POSTURE_SECRET_KEY") or (settings.DATA_DIR / "secret_key").exists()):
            start_again(POSTURE_BIND=bind)
        prepare_data_folder(migrate=True)
        collect_static_files()
        links = prepare(repositories, demo, self._say)
        vault = vault_program(self._say)
        connections.close_all()
        # What is loaded stays until the end; going through it once more would make a stop a second slower.
        gc.freeze()

        log_folder = settings.DATA_DIR / "logs"
        log_folder.mkdir(mode=0o700, exist_ok=True)
        lock.describe(settings.ORIGIN)
        supervisor = Supervisor(
            [*programs(), *([vault] if vault else [])],
            environment=environment(),
            folder=settings.BASE_DIR,
            log_folder=log_folder,
            say=self._say,
        )
        return supervisor.run(
            is_ready=lambda: address.answers(*address.split(bind), "/healthz"),
            when_ready=lambda: self._welcome(links, log_folder),
        )

    def _free_address(self) -> str:
        """Return the address to take: the one asked for, or near the usual one when that is taken."""
        try:
            host, port = address.split(settings.BIND)
            if address.is_free(host, port):
                return settings.BIND
            if _is_set("POSTURE_BIND"):
                raise CommandError(
                    f"{settings.BIND} is in use by another program. Stop that, or set POSTURE_BIND to a free address.",
                    returncode=2,
                )
            free = address.next_free(host, port)
        except address.AddressError as error:
            raise CommandError(str(error), returncode=2) from error
        self._say(f"Port {port} is in use, so this takes {free}. Set POSTURE_BIND to choose one.")
        return f"{host}:{free}"

    def _welcome(self, links: list[tuple[str, str]], log_folder: Path) -> None:
        self._say(f"\nSecrets Posture runs at {settings.ORIGIN}")
        if links:
            self._say("Sign in with one of these links; each works once. `manage.py signin EMAIL` makes another.")
        width = max((len(label) for label, _ in links), default=0)
        for label, link in links:
            self._say(f"  {label:{width}}  {link}")
        self._say(f"Logs are in {log_folder}. Ctrl-C stops everything.\n")

    def _say(self, text: str) -> None:
        # Whoever read our words may be gone; the product runs on.
        with suppress(BrokenPipeError):
            self.stdout.write(text)
            self.stdout.flush()


def existing_folder(name: str | None) -> Path | None:
    """Return the folder that the person named, whatever shell they typed `~` in."""
    if not name:
        return None
    folder = Path(name).expanduser().absolute()
    if not folder.exists():
        raise CommandError(
            f"There is no folder {folder}. Name a folder that holds git repositories, or one repository.", returncode=2
        )
    if not folder.is_dir():
        raise CommandError(
            f"{folder} is a file. Name a folder that holds git repositories, or one repository.", returncode=2
        )
    return folder


def take_lock(data_folder: Path) -> FolderLock:
    """Make sure that nothing else runs on this data folder."""
    lock = FolderLock(data_folder)
    try:
        lock.take()
    except FolderInUseError as error:
        where = str(error) or "it is just starting"
        raise CommandError(
            f"The product already runs on the data folder {data_folder} ({where}). "
            "Use that one, stop it first, or set POSTURE_DATA_DIR to another folder.",
            returncode=2,
        ) from error
    return lock


def collect_static_files() -> None:
    """Put styles and scripts, named by their content, where the web server finds them."""
    try:
        call_command("collectstatic", interactive=False, verbosity=0)
    except OSError as error:
        raise CommandError(
            f"Styles and scripts cannot be written to {settings.STATIC_ROOT}: {error.strerror}. "
            "Free some space, or make the folder yours, and start again.",
            returncode=2,
        ) from error


def programs() -> list[Program]:
    """Return what runs: web server, worker and schedule, each as an administrator would start it in production."""
    celery = [sys.executable, "-m", "celery", "-A", "posture"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        Program("web", [sys.executable, "-m", "gunicorn", "-c", "python:posture.gunicorn", "posture.wsgi"]),
        # QUIT makes a worker drop what it does; its rows are found by their leases and done again.
        Program("worker", [*celery, "worker", "-c", str(settings.WORKERS), "-O", "fair", *quiet], hurry=signal.SIGQUIT),
        Program("beat", [*celery, "beat", "--pidfile="]),
    ]


def environment() -> dict[str, str]:
    """Return what the programs are started with: ours, and file names that hold from any working folder."""
    own = dict(os.environ)
    for name, value in own.items():
        if name.endswith("_FILE") and name.startswith(("POSTURE_", "DATABASE_", "CELERY_")) and value:
            own[name] = str(Path(value).absolute())
    return own | {
        "POSTURE_DATA_DIR": str(settings.DATA_DIR.absolute()),
        "POSTURE_CREDENTIAL_DIR": str(settings.CREDENTIAL_DIR.absolute()),
        "POSTURE_FINGERPRINT_KEY_PATH": str(settings.FINGERPRINT_KEY_FILE.absolute()),
        "POSTURE_AUDIT_KEY_PATH": str(settings.AUDIT_KEY_FILE.absolute()),
        "POSTURE_AUDIT_ANCHOR_DIR": str(settings.AUDIT_ANCHOR_DIR.absolute()),
        "DJANGO_SETTINGS_MODULE": "posture.settings",
        # glibc keeps a heap per thread otherwise, which a web server with threads pays for in memory.
        "MALLOC_ARENA_MAX": "2",
    }


def start_again(**changed: str) -> NoReturn:
    """Replace this process by the same command, so that the settings are read anew."""
    again = "POSTURE_STARTED_AGAIN"
    if again in os.environ:
        raise CommandError(
            f"No key can be kept in {settings.DATA_DIR}, or no address can be had. "
            "Set POSTURE_SECRET_KEY and POSTURE_BIND.",
            returncode=2,
        )
    os.environ.update(changed, **{again: "yes"})
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - the same program, no shell


def _is_set(name: str) -> bool:
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Treat both like Ctrl-C until the supervisor takes over."""
    raise KeyboardInterrupt
