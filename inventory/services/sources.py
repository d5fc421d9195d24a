"""Adding and changing sources."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from inventory.collector import CollectorError, collectors
from inventory.models import Credential, Source
from posture.common.credential_reference import BadReference, check_reference


def add_source(
    *, name: str, kind: str, config: Mapping[str, Any], interval: int = 3600, credential: str = ""
) -> Source:
    """Add a source that is due at once.

    Raises:
        CollectorError: with what to write instead, where something is not right.
    """
    clean = _checked(name=name, kind=kind, config=config, interval=interval, credential=credential)
    if Source.objects.filter(name=clean["name"]).exists():
        raise CollectorError(f"There is already a source named {clean['name']!r}. Choose another name.", permanent=True)
    return Source.objects.create(**clean)


def source_for_folder(folder: Path) -> Source:
    """Return the source of a folder of repositories on this machine, added if there is none.

    Raises:
        CollectorError: the folder cannot be collected.
    """
    place = str(folder.expanduser().absolute())
    for source in Source.objects.filter(kind="repositories"):
        if source.config.get("path") == place:
            return source
    return add_source(name=place, kind="repositories", config={"path": place})


def change_source(
    *, source: Source, name: str, config: Mapping[str, Any], interval: int, credential: str = "", enabled: bool = True
) -> Source:
    """Change a source. Another address or folder drops its credential, so that none is sent to a host nobody meant.

    Raises:
        CollectorError: with what to write instead, where something is not right.
    """
    clean = _checked(name=name, kind=source.kind, config=config, interval=interval, credential=credential)
    with transaction.atomic():
        row = Source.objects.select_for_update().get(pk=source.pk)
        moved = row.config != clean["config"]
        if moved and credential and credential == row.credential:
            raise CollectorError(
                "The place changed, so the credential must be named anew: leave it empty or name another one.",
                permanent=True,
            )
        for field, value in clean.items():
            setattr(row, field, value)
        row.enabled = enabled
        if moved:
            row.next_due_at = timezone.now()
        row.save()
        return row


def remove_source(*, source: Source) -> None:
    """Remove a source with its assets and all that is known of them; housekeeping deletes its mirrors.

    Credentials stay known, and how severe each is follows from where it still stands.
    """
    with transaction.atomic():
        held = Credential.objects.filter(exposures__asset__source=source)
        Credential.objects.filter(pk__in=held.values("pk")).update(severity_due=True)
        source.delete()


def remove_orphaned_mirrors() -> int:
    """Delete the mirrors of sources that are configured no more: they are secrets at rest; returns how many sources."""
    kept = {workspace_of(pk).name for pk in Source.objects.values_list("pk", flat=True)}
    orphans = [
        folder
        for folder in Path(settings.WORKSPACE_DIR).glob("source-*")
        if folder.is_dir() and folder.name not in kept
    ]
    for folder in orphans:
        shutil.rmtree(folder)
    return len(orphans)


def workspace_of(source: int) -> Path:
    """Return the folder that holds a source's mirrors on this machine."""
    return Path(settings.WORKSPACE_DIR) / f"source-{source}"


def _checked(*, name: str, kind: str, config: Mapping[str, Any], interval: int, credential: str) -> dict[str, Any]:
    collector = collectors().get(kind)
    if collector is None:
        known = ", ".join(collectors())
        raise CollectorError(f"There is no collector {kind!r}. Choose one of: {known}.", permanent=True)
    if not name.strip():
        raise CollectorError("Give the source a name.", permanent=True)
    if interval < 60:
        raise CollectorError("The interval must be a minute or more.", permanent=True)
    unknown = set(config) - {field.name for field in collector.fields}
    if unknown:
        raise CollectorError(f"{collector.label} has no setting {sorted(unknown)[0]!r}.", permanent=True)
    try:
        check_reference(credential)
    except BadReference as error:
        raise CollectorError(str(error), permanent=True) from error
    return {
        "name": name.strip()[:200],
        "kind": kind,
        "config": collector.clean(config),
        "interval": interval,
        "credential": credential,
    }
