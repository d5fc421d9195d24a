"""Applies the records of one read in batches, each in one transaction; the end of the read comes last."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from inventory.collector import (
    ACCESS,
    AssetFactsRecord,
    BlobRecord,
    DoneRecord,
    ExposureRecord,
    ProgressRecord,
    Record,
    RetoldRecord,
    SkipRecord,
    StandingRecord,
)
from inventory.models import Asset, Read, Run, Source
from inventory.sync.assets import MOST_NAME
from inventory.sync.credentials import Credentials
from inventory.sync.exposures import ExposureWriter
from inventory.sync.lease import renew
from inventory.sync.names import NameWriter
from inventory.sync.skips import Skips
from inventory.sync.storable import storable
from inventory.sync.stores import StoreWriter
from posture.common.steps import step

BATCH = 500
FROM_GIT = (BlobRecord, ExposureRecord, StandingRecord, RetoldRecord)


class ReadSync:
    """Applies the records of one attempt at one read."""

    def __init__(self, read: Read, fence: int) -> None:
        self.read = read
        self.asset = read.asset
        self.fence = fence
        self.skips = Skips()
        self.progress = ProgressRecord("starting", 0, 0)
        self.done: DoneRecord | None = None
        self._facts: AssetFactsRecord | None = None
        tag = f"{read.pk}.{fence}"
        credentials = Credentials(self.asset)
        self._stores = StoreWriter(self.asset, tag, credentials, self.skips)
        self._writers = (
            NameWriter(self.asset),
            ExposureWriter(self.asset, tag, credentials, self.skips),
            self._stores,
        )
        self._renewed = timezone.now() - timedelta(days=1)

    def alive(self) -> None:
        """Renew the lease, at most every tenth of its length.

        Raises:
            LeaseLost: another worker holds the read.
        """
        now = timezone.now()
        if (now - self._renewed).total_seconds() >= settings.LEASE_SECONDS / 10:
            renew(Read, self.read.pk, self.fence, self.progress)
            self._renewed = now

    def apply(self, records: Iterator[Record]) -> None:
        """Write every record; the end of the read last. What came before a fault of any kind is kept.

        Raises:
            LeaseLost: another worker holds the read.
            CollectorError: from the collector, passed through.
        """
        with ExitStack() as broken_off:
            broken_off.callback(self._keep)
            self._take(records)
            broken_off.pop_all()
        self._write()
        self._finish()

    def _take(self, records: Iterator[Record]) -> None:
        for told in records:
            # Names in a repository are spelled out where it is read, since their digests identify them.
            record = told if isinstance(told, FROM_GIT) else storable(told)
            match record:
                case AssetFactsRecord():
                    self._facts = record
                case SkipRecord():
                    self.skips.add([record])
                case ProgressRecord():
                    self.progress = record
                    self.alive()
                case DoneRecord():
                    self.done = record
                case _ if not any(writer.take(record) for writer in self._writers):
                    raise TypeError(f"{type(record).__name__} is no record that can be written")
            if sum(writer.waiting for writer in self._writers) >= BATCH:
                self._write()

    def _keep(self) -> None:
        """Write what waits when a read breaks off; nothing is gone by it, since nobody knows what else there is."""
        self._write()
        with transaction.atomic():
            renew(Read, self.read.pk, self.fence, self.progress)
            self._stores.finish(whole=False)

    def _write(self) -> None:
        if not any(writer.waiting for writer in self._writers):
            return
        with transaction.atomic():
            renew(Read, self.read.pk, self.fence, self.progress)
            for writer in self._writers:
                writer.write()
        self._renewed = timezone.now()
        step("batch")

    def _finish(self) -> None:
        if self.done is None:
            raise ValueError("the collector ended without a DoneRecord")
        step("finish")
        with transaction.atomic():
            renew(Read, self.read.pk, self.fence, self.progress)
            asset = Asset.objects.select_for_update().get(pk=self.asset.pk)
            whole = self.done.full and not self.skips.partial
            for writer in self._writers:
                writer.finish(whole=whole)
            unread = self.skips.as_list()
            partial = any(item["partial"] for item in unread)
            now = timezone.now()
            if self._facts is not None:
                asset.default_ref, asset.tip = self._facts.default_ref[:MOST_NAME], self._facts.tip
                asset.codeowners, asset.attributes = self._facts.codeowners, dict(self._facts.attributes)
            if asset.last_read_at is None or asset.cursor.get(ACCESS) != self.done.cursor.get(ACCESS):
                # Whether all who can read are known changes what is told of them, also where nobody is new.
                Source.objects.filter(pk=asset.source_id).owe_readers()
            asset.cursor, asset.unread, asset.owner_due = dict(self.done.cursor), unread, True
            asset.validity_due = True
            asset.last_read_at = asset.last_seen_at = now
            asset.last_complete_at = asset.last_complete_at if partial else now
            asset.last_status = Run.Status.PARTIAL if partial else Run.Status.COMPLETE
            asset.save()
            Read.objects.held(self.read.pk, self.fence).update(
                status=asset.last_status,
                finished_at=Now(),
                lease_expires_at=None,
                step="",
                counts=dict(self.done.counts),
                skipped=unread,
                error="",
            )
        step("committed")
