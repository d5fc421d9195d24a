"""Writes where values stand outside of stores, and in which blobs they were found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db.models.functions import Now
from django.utils import timezone

from inventory.collector import BlobRecord, ExposureRecord, LiveExposureRecord, SkipRecord, StandingRecord
from inventory.detection.paths import excluded_path
from inventory.exposure_merge import exposure_fields, merge
from inventory.models import Asset, Credential, Exposure, KnownBlob
from inventory.sync.credentials import Credentials
from inventory.sync.remembered import blob_findings
from inventory.sync.skips import Skips

BATCH = 500


def path_digest(path: str) -> str:
    """Return the key under which a path of any length is unique."""
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()


class ExposureWriter:
    """The blobs, exposures and standing of one read of one repository."""

    def __init__(self, asset: Asset, tag: str, credentials: Credentials, skips: Skips) -> None:
        self.asset = asset
        self.tag = tag
        self.credentials = credentials
        self.skips = skips
        self._blobs: list[BlobRecord] = []
        self._exposures: list[ExposureRecord] = []
        self._standing: StandingRecord | None = None

    @property
    def waiting(self) -> int:
        """How many records are to be written."""
        return len(self._blobs) + len(self._exposures)

    def take(self, record: object) -> bool:
        """Keep a record until the next writing; says whether it was one of these."""
        match record:
            case BlobRecord():
                self._blobs.append(record)
            case StandingRecord():
                self._standing = record
            case LiveExposureRecord():
                self.credentials.learn([record.finding])
                self._exposures.append(record.as_exposure(timezone.now()))
            case ExposureRecord():
                if noise := excluded_path(record.rule, record.path):
                    self.skips.add([SkipRecord(noise, "", partial=False)])
                else:
                    self._exposures.append(record)
            case _:
                return False
        return True

    def write(self) -> None:
        """Write what was taken; the caller holds the transaction and the lease."""
        blobs, exposures = self._blobs, self._exposures
        self._blobs, self._exposures = [], []
        if blobs:
            self._write_blobs(blobs)
        if exposures:
            self._write_exposures(exposures)

    def finish(self, *, whole: bool) -> None:
        """Say where everything stands now; after a `whole` read, what was not seen is gone."""
        if self._standing is not None:
            self._stand(self._standing)
        present = Exposure.objects.present().filter(asset=self.asset)
        if whole:
            unseen = present.exclude(seen_by=self.tag)
            Credential.objects.filter(pk__in=unseen.values("credential")).update(severity_due=True)
            unseen.update(gone_at=Now())
        present.update(last_seen_at=timezone.now())

    def _write_blobs(self, blobs: list[BlobRecord]) -> None:
        for record in blobs:
            self.credentials.learn(record.findings)
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
        credentials = self.credentials.of({record.fingerprint for record in exposures})
        self.credentials.mark_guessable(credentials, ((r.fingerprint, r.rule) for r in exposures))
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
                        place=Exposure.Place.LIVE if record.live else Exposure.Place.HISTORY,
                        first_seen_at=now,
                        last_seen_at=now,
                        seen_by=self.tag,
                        weak=self.credentials.is_weak(record.fingerprint, record.rule),
                        **fields,
                    )
                )
                continue
            merge(row, record, replace=record.whole)
            row.seen_by, row.last_seen_at, row.gone_at = self.tag, now, None
            row.weak = self.credentials.is_weak(record.fingerprint, record.rule)
            changed.append(row)
        Exposure.objects.bulk_create(new)
        names = [*exposure_fields(exposures[0]), "seen_by", "last_seen_at", "gone_at", "weak"]
        Exposure.objects.bulk_update(changed, names, batch_size=BATCH)

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
