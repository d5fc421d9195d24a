"""Writes the assets that a source holds, and one read for each."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from inventory.collector import AssetRecord, SkipRecord
from inventory.models import Asset, Credential, Exposure, Grant, Principal, Read, Run, Secret, Source
from inventory.scored import score_again
from inventory.sync.lease import renew
from inventory.sync.skips import Skips
from inventory.sync.storable import storable
from posture.common.steps import step

BATCH = 500
# Lengths that the columns of an asset hold.
MOST_NAME = 1000
MOST_LOCATOR = 4000


def sync_assets(*, run: Run, fence: int, records: Iterable[AssetRecord | SkipRecord]) -> int:
    """Write the assets that a source holds, and one read for each; returns how many.

    Assets that were not seen are gone, unless something was skipped for which nobody can say.

    Raises:
        LeaseLost: another worker holds the run.
    """
    skips = Skips()
    seen: list[str] = []
    iterator = map(storable, records)
    while batch := list(islice(iterator, BATCH)):
        found = [record for record in batch if isinstance(record, AssetRecord) and _fits(record)]
        skips.add(record for record in batch if isinstance(record, SkipRecord))
        skips.add(_too_long(record) for record in batch if isinstance(record, AssetRecord) and not _fits(record))
        with transaction.atomic():
            renew(Run, run.pk, fence)
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
        renew(Run, run.pk, fence)
        if not skips.partial:
            unseen = Asset.objects.present().filter(source=run.source_id).exclude(external_id__in=seen)
            of_these = {"asset__in": unseen}
            score_again(
                *(unseen, Exposure.objects.filter(**of_these)),
                *(Secret.objects.filter(**of_these), Principal.objects.filter(**of_these)),
            )
            # What they held is handed out no more, which decides how severe it is elsewhere.
            held = Credential.objects.filter(holdings__version__secret__asset__in=unseen)
            Credential.objects.filter(pk__in=held.values("pk")).update(severity_due=True)
            unseen.update(gone_at=Now())
            _empty_gone(run.source_id)
        Run.objects.filter(pk=run.pk).update(discovered=True, lease_expires_at=None, skipped=skips.as_list())
    return len(seen)


def _empty_gone(source: int) -> None:
    """Mark as gone what stores held that are gone: nothing there can be late, read or used any more."""
    emptied = 0
    for model in (Secret, Principal, Grant):
        rows = model._default_manager.filter(asset__source=source, asset__gone_at__isnull=False, gone_at=None)
        emptied += rows.update(gone_at=Now())
    if emptied:
        # Roles and rights of one store may reach into others of its source.
        Source.objects.filter(pk=source).owe_readers()


def _fits(record: AssetRecord) -> bool:
    return len(record.external_id) <= MOST_NAME and len(record.locator) <= MOST_LOCATOR


def _too_long(record: AssetRecord) -> SkipRecord:
    """Say so instead of cutting: a name that was cut could be another asset's."""
    return SkipRecord(f"its name is longer than {MOST_NAME} characters", record.external_id[:200])
