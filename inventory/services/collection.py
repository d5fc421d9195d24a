"""Opening, doing and ending collections. The rows say what is to be done; whoever holds the lease does it."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now
from django.utils import timezone

from inventory.collector import AssetRecord, Collector, CollectorError, ReadContext, collectors
from inventory.models import Asset, Exposure, Read, Run, Source
from inventory.services.reach import network_of
from inventory.services.sources import workspace_of
from inventory.sync import LeaseLost, ReadSync, known_blobs, known_versions, storable, sync_assets
from inventory.sync.names import known_texts
from posture.common.steps import step

logger = logging.getLogger(__name__)

UNEXPECTED = (
    "A fault in this product stopped it, not the source. Try again; "
    "if it comes back, report it with what the worker's log says at this time."
)
GIVEN_UP = (
    "Given up after {tries} tries: each time its process ended before it was done, most often because memory ran "
    "short or the machine was restarted. Retry; if it comes back, give the worker more memory, or look at its log."
)


class Stopping(Exception):
    """This worker is asked to stop: the unit in hand goes back to the queue, uncounted."""


def request_run(*, source: Source, trigger: str) -> Run:
    """Open a run of the source now, or return the one that is already under way."""
    with transaction.atomic():
        Source.objects.select_for_update().get(pk=source.pk)
        active = source.runs.filter(status__in=Run.ACTIVE).first()
        if active is not None:
            return active
        return Run.objects.create(source=source, due_at=timezone.now(), trigger=trigger)


def open_due_runs() -> list[Run]:
    """Open one run for each source whose time has come; what was missed in a pause collapses to one.

    Two schedulers at the same moment open it once: the due time is taken by compare-and-set.
    """
    opened = []
    for source in Source.objects.filter(enabled=True, next_due_at__lte=Now()):
        with transaction.atomic():
            following = timezone.now() + timedelta(seconds=source.interval)
            mine = Source.objects.filter(pk=source.pk, next_due_at=source.next_due_at).update(next_due_at=following)
            if mine and not source.runs.filter(status__in=Run.ACTIVE).exists():
                run, made = Run.objects.get_or_create(source=source, due_at=source.next_due_at)
                if made:
                    opened.append(run)
    return opened


def dead_given_up() -> int:
    """Mark runs and reads that lost their worker too often as dead, and say so; returns how many."""
    gone = 0
    for model in (Run, Read):
        dead = model.objects.claimable().filter(attempt__gte=settings.ATTEMPTS)
        gone += dead.update(
            status=Run.Status.DEAD,
            finished_at=Now(),
            lease_expires_at=None,
            error=GIVEN_UP.format(tries=settings.ATTEMPTS),
        )
    return gone


def retry_read(*, read: Read) -> bool:
    """Queue a read that failed or was given up once more, with its run; False where the run has a successor."""
    with transaction.atomic():
        run = Run.objects.select_for_update().select_related("source").get(pk=read.run_id)
        others = run.source.runs.filter(status__in=Run.ACTIVE).exclude(pk=run.pk)
        if others.exists():
            return False
        again = Read.objects.filter(pk=read.pk, status__in=[Run.Status.DEAD, Run.Status.FAILED]).update(
            status=Run.Status.QUEUED, attempt=0, error="", finished_at=None, dispatched_at=None
        )
        if again:
            Run.objects.filter(pk=run.pk).update(status=Run.Status.RUNNING, finished_at=None, lease_expires_at=None)
        return bool(again)


def context(
    source: Source, *, cursor: dict[str, Any], alive: Callable[[], None], asset: Asset | None = None
) -> ReadContext:
    """Return what the collector is given for this source or asset."""
    workspace = workspace_of(source.pk)
    workspace.mkdir(parents=True, exist_ok=True, mode=0o700)
    return ReadContext(
        workspace=workspace,
        key_file=Path(settings.FINGERPRINT_KEY_FILE),
        cursor=cursor,
        known_blobs=lambda: known_blobs(asset) if asset else iter(()),
        known_versions=lambda: known_versions(asset) if asset else iter(()),
        alive=alive,
        credential=source.credential,
        credential_dir=Path(settings.CREDENTIAL_DIR),
        network=network_of(operator=source.placed_by_operator),
        known_texts=lambda: known_texts(asset) if asset else iter(()),
    )


def collector_for(source: Source) -> Collector:
    """Return the source's collector, configured.

    Raises:
        CollectorError: there is no collector of that kind, or its configuration is no longer right.
    """
    kind = collectors().get(source.kind)
    if kind is None:
        raise CollectorError(f"No collector of the kind {source.kind!r} is installed.", permanent=True)
    kind.clean(source.config)
    # As it was stored: cleaning would follow a link that was put in the place of a folder since.
    return kind(source.config)


def start_run(pk: int) -> None:
    """Claim a run, find its assets and queue a read for each. Does nothing where somebody else has it."""
    fence = Run.objects.claim(pk, settings.LEASE_SECONDS)
    if fence is None:
        return
    step("claim")
    run = Run.objects.select_related("source").get(pk=pk)
    alive = _renewer(Run, pk, fence)
    try:
        collector = collector_for(run.source)
        with closing(collector.discover(context(run.source, cursor={}, alive=alive))) as records:
            found = sync_assets(run=run, fence=fence, records=records)
        logger.info("run %s found %s assets", pk, found)
    except LeaseLost:
        logger.warning("run %s was taken over", pk)
    except (Stopping, KeyboardInterrupt):
        _release(Run, pk, fence)
        raise
    except CollectorError as error:
        _fail(Run, pk, fence, str(error))
    except Exception:
        logger.exception("run %s failed", pk)
        _fail(Run, pk, fence, UNEXPECTED)


def perform_read(pk: int, *, stopping: Callable[[], bool] = lambda: False) -> None:
    """Claim a read, collect its asset and write what was found. Does nothing where somebody else has it."""
    fence = Read.objects.claim(pk, settings.LEASE_SECONDS)
    if fence is None:
        return
    step("claim")
    read = Read.objects.select_related("asset", "run__source").get(pk=pk)
    sync = ReadSync(read, fence)
    began = time.monotonic()

    def alive() -> None:
        if stopping():
            raise Stopping
        sync.alive()

    try:
        alive()
        asset = read.asset
        record = AssetRecord(asset.external_id, asset.kind, asset.name, asset.locator, asset.visibility)
        given = context(read.run.source, cursor=asset.cursor, alive=alive, asset=asset)
        with closing(collector_for(read.run.source).read(record, given)) as records:
            sync.apply(records)
        logger.info("read %s ended after %.1f s", pk, time.monotonic() - began)
    except LeaseLost:
        logger.warning("read %s was taken over", pk)
    except (Stopping, KeyboardInterrupt):
        _release(Read, pk, fence)
        raise
    except CollectorError as error:
        _fail(Read, pk, fence, str(error))
    except Exception:
        logger.exception("read %s failed", pk)
        _fail(Read, pk, fence, UNEXPECTED)


def finish_runs() -> list[int]:
    """End the runs whose reads have all ended, and return them. The end is a question to the rows, never a message."""
    ended = []
    waiting = Read.objects.filter(run=OuterRef("pk"), status__in=Run.ACTIVE)
    ready = Run.objects.filter(status=Run.Status.RUNNING, discovered=True).filter(~Exists(waiting))
    for run in ready.select_related("source"):
        step("sweep")
        reads = list(run.reads.values_list("status", "counts", "skipped"))
        statuses = {status for status, _, _ in reads}
        good = {Run.Status.COMPLETE, Run.Status.PARTIAL} & statuses
        if statuses <= {Run.Status.COMPLETE} and not any(item["partial"] for item in run.skipped):
            status = Run.Status.COMPLETE
        elif reads and not good:
            status = Run.Status.FAILED
        else:
            status = Run.Status.PARTIAL
        changed = Run.objects.filter(pk=run.pk, status=Run.Status.RUNNING).update(
            status=status, finished_at=Now(), lease_expires_at=None, counts=run_counts(run, reads)
        )
        ended += [run.pk] * changed
    return ended


def run_counts(run: Run, reads: list[tuple[str, dict[str, int], list[dict[str, Any]]]]) -> dict[str, int]:
    """Add up what a run did: repositories, commits, blobs, bytes, skipped; and what its source now exposes."""
    total: Counter[str] = Counter()
    for _, counts, skipped in reads:
        total.update({name: value for name, value in counts.items() if name in {"commits", "blobs", "bytes"}})
        total["skipped"] += sum(item["count"] for item in skipped)
    exposures = Exposure.objects.present().filter(asset__source=run.source_id)
    return {
        "repositories": len(reads),
        "commits": total["commits"],
        "blobs": total["blobs"],
        "bytes": total["bytes"],
        "credentials": exposures.values("credential").distinct().count(),
        "exposures": exposures.count(),
        "skipped": total["skipped"] + sum(item["count"] for item in run.skipped),
    }


def _renewer(model: type[Run] | type[Read], pk: int, fence: int) -> Callable[[], None]:
    last = time.monotonic()

    def alive() -> None:
        nonlocal last
        if time.monotonic() - last < settings.LEASE_SECONDS / 10:
            return
        last = time.monotonic()
        until = Now() + timedelta(seconds=settings.LEASE_SECONDS)
        if model.objects.held(pk, fence).update(lease_expires_at=until) != 1:
            raise LeaseLost(f"{model.__name__} {pk} is held by another worker")

    return alive


def _release(model: type[Run] | type[Read], pk: int, fence: int) -> None:
    """Give the unit back at once; stopping is no fault of the unit, so the attempt does not count."""
    model.objects.held(pk, fence).update(
        status=Run.Status.QUEUED, attempt=F("attempt") - 1, lease_expires_at=None, dispatched_at=None
    )


def _fail(model: type[Run] | type[Read], pk: int, fence: int, error: str) -> None:
    failed = model.objects.held(pk, fence).update(
        status=Run.Status.FAILED, error=storable(error), finished_at=Now(), lease_expires_at=None
    )
    if failed and model is Read:
        Asset.objects.filter(reads=pk).update(last_status=Run.Status.FAILED)
