"""Collects in the foreground: `collect [--source NAME | --path DIR] [--json]`."""

from __future__ import annotations

import json
import logging
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from inventory.collector import CollectorError
from inventory.models import Read, Run, Source
from inventory.services import dead_given_up, finish_runs, perform_read, request_run, source_for_folder, start_run
from inventory.templatetags.inventory_display import GIT, counted, tally
from posture.pipeline import advance
from posture.readiness import prepare_data_folder


class Command(BaseCommand):
    help = "Collect sources now, in the foreground, and print what was done. With no option: every source."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--source", metavar="NAME", help="collect only this source")
        which.add_argument("--path", metavar="DIR", help="collect this folder, added as a source if new")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_data_folder(migrate=True)
        # The bar and the summary say what the log says; warnings and errors still show.
        logging.getLogger("inventory").setLevel(logging.WARNING)
        sources = self._sources(options["source"], options["path"])
        began = time.monotonic()
        console = Console(stderr=True, quiet=options["json"])
        runs = [collect(source, console) for source in sources]
        advance()
        total = totals(runs, time.monotonic() - began)
        self._tell_errors(runs)
        if options["json"]:
            self.stdout.write(json.dumps(total))
        else:
            self._tell(runs, total)
        failed = [run for run in runs if run.status in (Run.Status.FAILED, Run.Status.DEAD)]
        if failed:
            raise CommandError(f"{len(failed)} of {counted(len(runs), 'source')} failed.", returncode=1)

    def _sources(self, name: str | None, path: str | None) -> list[Source]:
        if path is not None:
            try:
                return [source_for_folder(Path(path))]
            except CollectorError as error:
                raise CommandError(str(error), returncode=2) from error
        if name is not None:
            try:
                return [Source.objects.get(name=name)]
            except Source.DoesNotExist:
                known = ", ".join(Source.objects.values_list("name", flat=True)) or "none yet"
                raise CommandError(f"There is no source named {name!r}. Sources: {known}.", returncode=2) from None
        sources = list(Source.objects.filter(enabled=True))
        if not sources:
            raise CommandError("There is no source yet. Add one: collect --path DIR, or apply FILE.", returncode=2)
        return sources

    def _tell_errors(self, runs: list[Run]) -> None:
        for run in runs:
            if run.error:
                self.stderr.write(f"{run.source}: {run.error}")
            for read in run.reads.exclude(error="").select_related("asset"):
                self.stderr.write(f"{read.asset}: {read.error}")

    def _tell(self, runs: list[Run], total: dict[str, Any]) -> None:
        for run in runs:
            self.stdout.write(f"{run.source}: {run.get_status_display().lower()}")
        self.stdout.write(f"{', '.join(self._did(runs))}, in {total['seconds']} s.")
        places = counted(total["exposures"], "place")
        self.stdout.write(f"{counted(total['credentials'], 'credential')} exposed in {places}.")

    def _did(self, runs: list[Run]) -> list[str]:
        """Return what was read, as phrases: repositories by what is new in them, then stores by what they told."""
        git = [run for run in runs if run.source.kind == GIT]
        stores = [run for run in runs if run.source.kind != GIT]
        names = ("repositories", "commits", "blobs", "bytes", "skipped")
        words = tally({name: sum(run.counts.get(name, 0) for run in git) for name in names}) if git else []
        if stores:
            did = {name: sum(run.counts.get(name, 0) for run in stores) for name in ("repositories", "skipped")}
            told = list(Read.objects.filter(run__in=stores).values_list("counts", flat=True))
            did |= {name: sum(counts.get(name, 0) for counts in told) for name in ("secrets", "principals")}
            words += tally(did, "stores")
        return words


def collect(source: Source, console: Console) -> Run:
    """Collect one source to its end, in this process, with a progress bar; returns its run."""
    run = request_run(source=source, trigger=Run.Trigger.COMMAND)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task(f"{source}: looking for what it holds", total=None)
        start_run(run.pk)
        reads = list(run.reads.select_related("asset"))
        progress.update(bar, total=len(reads))
        for read in reads:
            progress.update(bar, description=f"{source}: {read.asset}")
            perform_read(read.pk)
            progress.advance(bar)
    while Read.objects.filter(run=run, status__in=Run.ACTIVE).exists():
        # A worker took some of the reads: wait for it, and take over what it loses.
        time.sleep(0.5)
        dead_given_up()
        for pk in run.reads.claimable().values_list("pk", flat=True):
            perform_read(pk)
    finish_runs()
    run.refresh_from_db()
    return run


def totals(runs: list[Run], seconds: float) -> dict[str, Any]:
    """Add up what runs did; credentials and exposures are what the sources expose now."""
    names = ("repositories", "commits", "blobs", "bytes", "credentials", "exposures", "skipped")
    total: dict[str, Any] = {name: sum(run.counts.get(name, 0) for run in runs) for name in names}
    return total | {"seconds": round(seconds, 2)}
