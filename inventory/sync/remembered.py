"""What earlier reads of an asset learned, so that no blob and no version is read twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inventory.collector import BlobRecord, FindingRecord
from inventory.models import Asset, KnownBlob, Version


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


def known_versions(asset: Asset) -> Iterator[tuple[str, str, str]]:
    """Yield (path, number, key id) of the versions whose values were read before."""
    read = Version.objects.filter(secret__asset=asset).exclude(read_key="")
    yield from read.values_list("secret__path", "number", "read_key").iterator(chunk_size=2000)
