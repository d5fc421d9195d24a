"""The only writer of assets, secrets, credentials and exposures: applies a collector's records in batches.

Each batch is one transaction that first renews the read's lease under its fencing token, so a worker
that was presumed dead can write nothing more. Only a complete read marks what it did not see as gone.
Running again is safe: every write is an upsert by natural key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from inventory.collector import (
    AssetFactsRecord,
    AssetRecord,
    BlobRecord,
    DoneRecord,
    ExposureRecord,
    FindingRecord,
    ProgressRecord,
    Record,
    SkipRecord,
    StandingRecord,
)
from inventory.detection.paths import excluded_path
from inventory.detection.provider import formats
from inventory.exposure_merge import exposure_fields, merge
from inventory.models import Asset, Credential, Exposure, KnownBlob, Read, Run
from posture.common.steps import step

BATCH = 500
# Lengths that the columns of an asset hold.
MOST_NAME = 1000
MOST_LOCATOR = 4000
# What was skipped is counted in full, but only so many single things are named per read.
NAMED_SKIPS = 200


class LeaseLost(Exception):
    """Another worker holds the read now, or it was ended: this one must stop and write nothing more."""


def path_digest(path: str) -> str:
    """Return the key under which a path of any length is unique."""
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()


def sync_assets(*, run: Run, fence: int, records: Iterable[AssetRecord | SkipRecord]) -> int:
    """Write the assets that a source holds, and one read for each; returns how many.

    Assets that were not seen are gone, unless something was skipped for which nobody can say.

    Raises:
        LeaseLost: another worker holds the run.
    """
    skips = Skips()
    seen: list[str] = []
    iterator = iter(records)
    while batch := list(islice(iterator, BATCH)):
        found = [record for record in batch if isinstance(record, AssetRecord) and _fits(record)]
        skips.add(record for record in batch if isinstance(record, SkipRecord))
        skips.add(_too_long(record) for record in batch if isinstance(record, AssetRecord) and not _fits(record))
        with transaction.atomic():
            _renew(Run, run.pk, fence)
            now = timezone.now()
            Asset.objects.bulk_create(
                [
                    Asset(
                        source_id=run.source_id,
                        external_id=record.external_id,
                        kind=record.kind,
                        name=record.name[:MOST_NAME],
                        locator=record.locator,
                        visibility=record.visibility,
                        first_seen_at=now,
                        last_seen_at=now,
                    )
                    for record in found
                ],
                update_conflicts=True,
                unique_fields=["source", "external_id"],
                update_fields=["kind", "name", "locator", "last_seen_at", "gone_at"],
            )
            assets = Asset.objects.filter(
                source=run.source_id, external_id__in=[record.external_id for record in found]
            ).values_list("pk", flat=True)
            Read.objects.bulk_create([Read(run=run, asset_id=pk) for pk in assets], ignore_conflicts=True)
        seen.extend(record.external_id for record in found)
        step("assets")
    with transaction.atomic():
        _renew(Run, run.pk, fence)
        if not skips.partial:
            unseen = Asset.objects.present().filter(source=run.source_id).exclude(external_id__in=seen)
            unseen.update(gone_at=Now())
        Run.objects.filter(pk=run.pk).update(discovered=True, lease_expires_at=None, skipped=skips.as_list())
    return len(seen)


def _fits(record: AssetRecord) -> bool:
    return len(record.external_id) <= MOST_NAME and len(record.locator) <= MOST_LOCATOR


def _too_long(record: AssetRecord) -> SkipRecord:
    """Say so instead of cutting: a name that was cut could be another asset's."""
    return SkipRecord(f"its name is longer than {MOST_NAME} characters", record.external_id[:200])


class Skips:
    """What was not read, counted by reason, with the first so many named."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, bool], int] = {}
        self._unnamed: dict[tuple[str, bool], int] = {}
        self.partial = False

    def add(self, records: Iterable[SkipRecord]) -> None:
        """Count more."""
        for record in records:
            self.partial = self.partial or record.partial
            key = (record.reason, record.what, record.partial)
            if key in self._counts or len(self._counts) < NAMED_SKIPS:
                self._counts[key] = self._counts.get(key, 0) + record.count
            else:
                short = (record.reason, record.partial)
                self._unnamed[short] = self._unnamed.get(short, 0) + record.count

    def as_list(self) -> list[dict[str, Any]]:
        """Return the counts for storage."""
        named = [
            {"reason": reason, "what": what[:500], "count": count, "partial": partial}
            for (reason, what, partial), count in self._counts.items()
        ]
        more = [
            {"reason": reason, "what": "and more", "count": count, "partial": partial}
            for (reason, partial), count in self._unnamed.items()
        ]
        return named + more

    @property
    def total(self) -> int:
        """How many things were skipped in all."""
        return sum(self._counts.values()) + sum(self._unnamed.values())


class ReadSync:
    """Applies the records of one attempt at one read."""

    def __init__(self, read: Read, fence: int) -> None:
        self.read = read
        self.asset = read.asset
        self.fence = fence
        self.tag = f"{read.pk}.{fence}"
        self.skips = Skips()
        self.progress = ProgressRecord("starting", 0, 0)
        self.done: DoneRecord | None = None
        self._findings: dict[str, FindingRecord] = {}
        self._renewed = timezone.now() - timedelta(days=1)

    def alive(self) -> None:
        """Renew the lease, at most every tenth of its length.

        Raises:
            LeaseLost: another worker holds the read.
        """
        now = timezone.now()
        if (now - self._renewed).total_seconds() >= settings.LEASE_SECONDS / 10:
            _renew(Read, self.read.pk, self.fence, self.progress)
            self._renewed = now

    def apply(self, records: Iterator[Record]) -> None:
        """Write every record; the standing and the end last.

        Raises:
            LeaseLost: another worker holds the read.
            CollectorError: from the collector, passed through.
        """
        standing: StandingRecord | None = None
        facts: AssetFactsRecord | None = None
        blobs: list[BlobRecord] = []
        exposures: list[ExposureRecord] = []
        for record in records:
            match record:
                case BlobRecord():
                    blobs.append(record)
                case ExposureRecord():
                    if noise := excluded_path(record.rule, record.path):
                        self.skips.add([SkipRecord(noise, "findings of rules that guess", partial=False)])
                    else:
                        exposures.append(record)
                case StandingRecord():
                    standing = record
                case AssetFactsRecord():
                    facts = record
                case SkipRecord():
                    self.skips.add([record])
                case ProgressRecord():
                    self.progress = record
                    self.alive()
                case DoneRecord():
                    self.done = record
            if len(blobs) + len(exposures) >= BATCH:
                self._write(blobs, exposures)
                blobs, exposures = [], []
        self._write(blobs, exposures)
        self._finish(standing, facts)

    def _write(self, blobs: list[BlobRecord], exposures: list[ExposureRecord]) -> None:
        if not blobs and not exposures:
            return
        with transaction.atomic():
            _renew(Read, self.read.pk, self.fence, self.progress)
            self._write_blobs(blobs)
            self._write_exposures(exposures)
        self._renewed = timezone.now()
        step("batch")

    def _write_blobs(self, blobs: list[BlobRecord]) -> None:
        for record in blobs:
            for finding in record.findings:
                self._findings.setdefault(finding.fingerprint, finding)
        # A blob told twice in one batch would be the same row twice in one statement, which PostgreSQL refuses.
        by_blob: dict[str, KnownBlob] = {}
        for record in blobs:
            row = by_blob.setdefault(record.blob, KnownBlob(asset=self.asset, blob=record.blob, findings=[]))
            row.size, row.findings = record.size, row.findings + blob_findings(record)
        KnownBlob.objects.bulk_create(
            by_blob.values(),
            update_conflicts=True,
            unique_fields=["asset", "blob"],
            update_fields=["size", "findings"],
        )

    def _write_exposures(self, exposures: list[ExposureRecord]) -> None:
        if not exposures:
            return
        credentials = self._credentials({record.fingerprint for record in exposures})
        wanted = {(credentials[r.fingerprint], path_digest(r.path)): r for r in exposures}
        present = {
            (row.credential_id, row.path_digest): row
            for row in Exposure.objects.filter(
                asset=self.asset,
                credential__in=credentials.values(),
                path_digest__in=[digest for _, digest in wanted],
            )
        }
        now = timezone.now()
        new, changed = [], []
        for (credential, digest), record in wanted.items():
            row = present.get((credential, digest))
            if row is None:
                fields = exposure_fields(record)
                new.append(
                    Exposure(
                        asset=self.asset,
                        credential_id=credential,
                        path_digest=digest,
                        place=Exposure.Place.HISTORY,
                        first_seen_at=now,
                        last_seen_at=now,
                        seen_by=self.tag,
                        **fields,
                    )
                )
                continue
            merge(row, record, replace=record.whole)
            row.seen_by, row.last_seen_at, row.gone_at = self.tag, now, None
            changed.append(row)
        Exposure.objects.bulk_create(new)
        names = [*exposure_fields(exposures[0]), "seen_by", "last_seen_at", "gone_at"]
        Exposure.objects.bulk_update(changed, names, batch_size=BATCH)
        touched = Credential.objects.filter(pk__in=credentials.values())
        touched.update(last_seen_at=now, severity_due=True)

    def _credentials(self, fingerprints: set[str]) -> dict[str, int]:
        """Return the credential of each fingerprint, made where there is none yet."""
        self._remember(fingerprints)
        key_id = next(iter(self._findings.values())).key_id
        # Sorted, so that two workers that meet the same values take their rows in the same order.
        rows = [self._credential(self._findings[each]) for each in sorted(fingerprints)]
        Credential.objects.bulk_create(rows, ignore_conflicts=True)
        found = Credential.objects.filter(fingerprint__in=fingerprints, key_id=key_id)
        return dict(found.values_list("fingerprint", "pk"))

    def _remember(self, fingerprints: set[str]) -> None:
        """Find what a value is where an earlier read met it, and this one only saw where it went."""
        missing = fingerprints - self._findings.keys()
        if not missing:
            return
        for record in known_blobs(self.asset):
            for finding in record.findings:
                if finding.fingerprint in missing:
                    self._findings[finding.fingerprint] = finding

    @staticmethod
    def _credential(finding: FindingRecord) -> Credential:
        provider, form = formats().get(finding.rule, (None, None))
        now = timezone.now()
        return Credential(
            fingerprint=finding.fingerprint,
            key_id=finding.key_id,
            rule=finding.rule,
            provider=provider.slug if provider else "",
            kind=form.kind.value if form else "generic-secret",
            confidence=finding.confidence,
            # What people choose can be guessed, however long it looks (W27).
            weak=finding.weak or (form is not None and form.kind in ("password", "database-password")),
            first_seen_at=now,
            last_seen_at=now,
        )

    def _finish(self, standing: StandingRecord | None, facts: AssetFactsRecord | None) -> None:
        if self.done is None:
            raise ValueError("the collector ended without a DoneRecord")
        step("finish")
        with transaction.atomic():
            _renew(Read, self.read.pk, self.fence, self.progress)
            asset = Asset.objects.select_for_update().get(pk=self.asset.pk)
            unread = self.skips.as_list()
            partial = any(item["partial"] for item in unread)
            if standing is not None:
                self._stand(standing)
            if self.done.full and not partial:
                unseen = Exposure.objects.present().filter(asset=asset).exclude(seen_by=self.tag)
                Credential.objects.filter(pk__in=unseen.values("credential")).update(severity_due=True)
                unseen.update(gone_at=Now())
            now = timezone.now()
            Exposure.objects.present().filter(asset=asset).update(last_seen_at=now)
            if facts is not None:
                asset.default_ref, asset.tip = facts.default_ref[:MOST_NAME], facts.tip
                asset.codeowners, asset.attributes = facts.codeowners, dict(facts.attributes)
            asset.cursor, asset.unread, asset.owner_due = dict(self.done.cursor), unread, True
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

    def _stand(self, standing: StandingRecord) -> None:
        """Set where every exposure of the asset stands now."""
        changed: dict[str, list[int]] = {place: [] for place in Exposure.Place.values}
        touched: set[int] = set()
        rows = Exposure.objects.present().filter(asset=self.asset)
        for pk, path, fingerprint, place, credential in rows.values_list(
            "pk", "path", "credential__fingerprint", "place", "credential"
        ).iterator(chunk_size=2000):
            where = (path, fingerprint)
            now = "tip" if where in standing.tip else "ref" if where in standing.refs else "history"
            if now != place:
                changed[now].append(pk)
                touched.add(credential)
        for place, pks in changed.items():
            for chunk in _chunks(pks):
                Exposure.objects.filter(pk__in=chunk).update(place=place)
        for chunk in _chunks(sorted(touched)):
            Credential.objects.filter(pk__in=chunk).update(severity_due=True)


def _chunks(values: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]


def _renew(model: type[Run] | type[Read], pk: int, fence: int, progress: ProgressRecord | None = None) -> None:
    fields: dict[str, Any] = {"lease_expires_at": Now() + timedelta(seconds=settings.LEASE_SECONDS)}
    if progress is not None:
        fields |= {"step": progress.step[:100], "done": progress.done, "total": progress.total}
    if model.objects.held(pk, fence).update(**fields) != 1:
        raise LeaseLost(f"{model.__name__} {pk} is held by another worker")


def blob_findings(record: BlobRecord) -> list[list[Any]]:
    """Return a blob's findings for storage: fingerprints and places only."""
    return [
        [f.rule, f.fingerprint, f.key_id, f.line, f.end_line, f.confidence, f.weak, f.length] for f in record.findings
    ]


def known_blobs(asset: Asset) -> Iterator[BlobRecord]:
    """Yield what earlier reads of the asset found, blob by blob."""
    rows = KnownBlob.objects.filter(asset=asset).values_list("blob", "size", "findings")
    for blob, size, findings in rows.iterator(chunk_size=1000):
        yield BlobRecord(blob, size, tuple(FindingRecord(*finding) for finding in findings))


def forget_blobs(asset: Asset) -> None:
    """Drop what was remembered under other rules or another key, before everything is read anew."""
    KnownBlob.objects.filter(asset=asset).delete()


__all__ = ["LeaseLost", "ReadSync", "Skips", "forget_blobs", "known_blobs", "path_digest", "sync_assets"]
