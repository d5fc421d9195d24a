"""Connects the demo organisation with its vault: starts that beside the product, and adds it as a source."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils import timezone

from inventory.collector import collectors
from inventory.declaration import Declaration, DeclarationError, SourceEntry, read_interval
from inventory.models import Source
from inventory.services.declaration import reconcile
from posture.common.address import AddressError
from posture.common.child import Child, Program
from posture.demo.organisation import describe
from posture.demo.vault.make import READER_POLICY
from posture.demo.vault.place import VaultPlace, missing, program
from posture.demo.vault.server import answers, url

VAULT_SOURCE = "Halden vault"
KIND = "vault"
CREDENTIAL = "demo-vault"
INTERVAL = "15m"
# Filling it takes a few seconds on a quiet machine.
MOST_SECONDS = 180.0
WAIT_FOR_IT = timedelta(minutes=5)
"""So long a collection that is due waits for the vault to serve; then it runs, and says that nobody answers."""


def demo_home() -> Path:
    """Return where everything of the demo lies."""
    return Path(settings.DATA_DIR) / "demo"


def vault_program(say: Callable[[str], None]) -> Program | None:
    """Return the program that fills the demo's vault and serves it; none where there is no demo, or no OpenBao.

    A source that a person removed or switched off does not come back.
    """
    demo = demo_home()
    place = VaultPlace.below(demo)
    if not Source.objects.filter(config__path=str(describe(demo).root)).exists():
        return None
    if program() is None:
        if lack := missing(demo):
            say(f"{lack.why}\n  {lack.command}")
        return None
    if place.connected.exists() and not Source.objects.filter(name=VAULT_SOURCE, enabled=True).exists():
        return None
    try:
        port = place.take_port()
        (demo / READER_POLICY).write_text(collectors()[KIND].least_rights)
    except (AddressError, OSError) as error:
        say(f"The demo's vault is not started: {error}")
        return None
    now = timezone.now()
    soon = Source.objects.filter(name=VAULT_SOURCE, next_due_at__lt=now + WAIT_FOR_IT)
    held_back = bool(soon.update(next_due_at=now + WAIT_FOR_IT))
    line = [sys.executable, "-m", "posture.demo.vault", str(demo.absolute()), str(port), str(log_folder().absolute())]

    def greet() -> None:
        connect(port, say, held_back=held_back)
        # Whoever supervises has nothing to ask the database after this.
        connections.close_all()

    return Program(
        "openbao",
        line,
        essential=False,
        is_ready=lambda: place.is_made and answers(port),
        when_ready=greet,
    )


def connect(port: int, say: Callable[[str], None], *, held_back: bool = False) -> None:
    """Add the vault as a source, or follow it to another port; what does not work is said, and the rest runs on.

    A collection that was held back is due now.
    """
    place = VaultPlace.below(demo_home())
    try:
        _hand_over(place)
        source = Source.objects.filter(name=VAULT_SOURCE).first()
        config = source.config if source else {"fingerprint": True}
        if source is None or config["url"] != url(port):
            entry = SourceEntry(
                VAULT_SOURCE,
                KIND,
                {**config, "url": url(port)},
                source.interval if source else read_interval(INTERVAL, VAULT_SOURCE),
                f"file:{CREDENTIAL}",
            )
            # Whoever starts the demo on this machine names its own server: only this source may reach it.
            reconcile(declaration=Declaration(sources=(entry,)), prune=False, keep=True)
        if held_back:
            Source.objects.filter(name=VAULT_SOURCE).update(next_due_at=timezone.now())
        place.connected.touch()
    except (DeclarationError, DatabaseError, OSError) as error:
        say(f"The demo's vault runs, but is not collected: {error}")


@contextmanager
def running_vault(say: Callable[[str], None]) -> Iterator[None]:
    """Run the demo's vault while the block lasts, for a command that collects and ends."""
    place = VaultPlace.below(demo_home())
    # Where the product runs on the same folder, its vault serves already.
    serves = place.is_made and answers(place.kept_port())
    found = None if serves else vault_program(say)
    if found is None or found.is_ready is None:
        yield
        return
    log_folder().mkdir(mode=0o700, exist_ok=True)
    child = Child(found, dict(os.environ), settings.BASE_DIR, log_folder())
    child.start()
    try:
        until = time.monotonic() + MOST_SECONDS
        while child.running and not found.is_ready() and time.monotonic() < until:
            child.read()
            time.sleep(0.1)
        if child.running and found.when_ready:
            found.when_ready()
        else:
            say(f"The demo's vault does not start; the reason is at the end of {child.log.path}")
        yield
        child.signal(signal.SIGTERM)
        while child.running and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        child.bury()


def log_folder() -> Path:
    """Return where programs that run beside the product write their logs."""
    return Path(settings.DATA_DIR) / "logs"


def _hand_over(place: VaultPlace) -> None:
    """Put what reads the vault where sources' credentials are kept, for this user only."""
    folder = Path(settings.CREDENTIAL_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target, scratch = folder / CREDENTIAL, folder / f".{CREDENTIAL}.{os.getpid()}"
    content = place.credential.read_bytes()
    if target.exists() and target.read_bytes() == content:
        return
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
    scratch.rename(target)


__all__ = ["VAULT_SOURCE", "connect", "running_vault", "vault_program"]
