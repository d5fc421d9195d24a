"""Adding and changing sources: no two of one name, and no place collected twice."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.collector import Collector, CollectorError, collectors
from inventory.models import Asset, Credential, Exposure, Principal, Secret, Source
from inventory.scored import score_again
from inventory.services.reach import bind_credential, refuse_places
from posture.common.credential_reference import BadReference, check_reference


class NameTaken(CollectorError):
    """Another source has the name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is already a source named {name!r}. Choose another name.", permanent=True)


class CredentialMissing(CollectorError):
    """A source of its kind reads nothing without a credential, and none is named."""

    def __init__(self, collector: type[Collector]) -> None:
        super().__init__(
            f"{collector.label} is read with a credential only: name one that holds {collector.needed_credential}.",
            permanent=True,
        )


class PlaceTaken(CollectorError):
    """Another source collects the place already, wholly or in part, so that it would count twice."""

    def __init__(self, config: Mapping[str, Any], how: str, source: Source) -> None:
        super().__init__(
            f"{_place(config)} {how} {_place(source.config)}, which the source {source.name!r} collects already. "
            f"What both hold would count twice: collect {source.name!r}, change it or switch it off.",
            permanent=True,
        )


def add_source(
    *,
    name: str,
    kind: str,
    config: Mapping[str, Any],
    interval: int = 3600,
    credential: str = "",
    operator: bool = False,
) -> Source:
    """Add a source that is due at once. An `operator` has access to the server, and may name hosts inside.

    Raises:
        CollectorError: with what to write instead, where something is not right.
    """
    collector = _collector(kind)
    clean = _checked(name=name, interval=interval, credential=credential)
    if collector.needed_credential and not credential:
        raise CredentialMissing(collector)
    clean["config"] = _clean_config(collector, config)
    refuse_places(collector, clean["config"], operator=operator)
    _refuse_overlap(collector, clean["config"])
    try:
        # Whether the name is free is the database's to say: two may be added at the same moment.
        with transaction.atomic():
            bind_credential(collector, clean["config"], credential, operator=operator)
            return Source.objects.create(kind=kind, placed_by_operator=operator, **clean)
    except IntegrityError as error:
        raise NameTaken(clean["name"]) from error


def source_for_folder(folder: Path) -> Source:
    """Return the source of a folder of repositories on this machine, added if there is none.

    Raises:
        CollectorError: the folder cannot be collected, or is a part of what another source collects.
    """
    place = os.path.realpath(folder.expanduser())
    # One that collects it on schedule comes before one that is switched off.
    for source in Source.objects.filter(kind="repositories").order_by("-enabled", "pk"):
        if source.config.get("path") and os.path.realpath(source.config["path"]) == place:
            return source
    return add_source(name=place, kind="repositories", config={"path": place}, operator=True)


def change_source(
    *,
    source: Source,
    name: str,
    config: Mapping[str, Any],
    interval: int,
    credential: str = "",
    enabled: bool = True,
    operator: bool = False,
) -> Source:
    """Change a source. Another address or folder drops its credential, so that none is sent to a host nobody meant.

    The place is looked at where it changes or is switched on: a source whose folder is gone can still be renamed,
    and switched off.

    Raises:
        CollectorError: with what to write instead, where something is not right.
    """
    collector = _collector(source.kind)
    clean = _checked(name=name, interval=interval, credential=credential)
    try:
        with transaction.atomic():
            row = Source.objects.select_for_update().get(pk=source.pk)
            clean["config"] = dict(config)
            if needs_place(row, config, enabled=enabled):
                clean["config"] = _clean_config(collector, config)
                refuse_places(collector, clean["config"], operator=operator or not _moves(row, clean["config"]))
                if enabled:
                    _refuse_overlap(collector, clean["config"], but=row)
            moved = _moves(row, clean["config"])
            if moved and credential and credential == row.credential:
                raise CollectorError(
                    "The place changed, so the credential must be named anew: leave it empty or name another one.",
                    permanent=True,
                )
            # In a browser another place takes the credential away; it is named in a second step then.
            if collector.needed_credential and not credential and enabled and (operator or not moved):
                raise CredentialMissing(collector)
            for field, value in clean.items():
                setattr(row, field, value)
            row.enabled = enabled
            row.placed_by_operator = operator or (row.placed_by_operator and not moved)
            bind_credential(collector, row.config, credential, operator=operator)
            if moved:
                row.next_due_at = timezone.now()
            row.save()
            return row
    except IntegrityError as error:
        raise NameTaken(clean["name"]) from error


def _moves(source: Source, config: Mapping[str, Any]) -> bool:
    return source.config != dict(config)


def needs_place(source: Source, config: Mapping[str, Any], *, enabled: bool) -> bool:
    """Say whether a change of the source is one for which its place must be there."""
    return dict(config) != source.config or (enabled and not source.enabled)


def remove_source(*, source: Source) -> None:
    """Remove a source with its assets and all that is known of them; housekeeping deletes its mirrors.

    Credentials stay known, and how severe each is follows from where it still stands.
    """
    with transaction.atomic():
        exposed = Credential.objects.filter(exposures__asset__source=source)
        held = Credential.objects.filter(holdings__version__secret__asset__source=source)
        for known in (exposed, held):
            Credential.objects.filter(pk__in=known.values("pk")).update(severity_due=True)
        of_these = {"asset__source": source}
        score_again(
            *(Asset.objects.filter(source=source), Exposure.objects.filter(**of_these)),
            *(Secret.objects.filter(**of_these), Principal.objects.filter(**of_these)),
        )
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


def _collector(kind: str) -> type[Collector]:
    collector = collectors().get(kind)
    if collector is None:
        known = ", ".join(collectors())
        raise CollectorError(f"There is no collector {kind!r}. Choose one of: {known}.", permanent=True)
    return collector


def _checked(*, name: str, interval: int, credential: str) -> dict[str, Any]:
    if not name.strip():
        raise CollectorError("Give the source a name.", permanent=True)
    if interval < 60:
        raise CollectorError("The interval must be a minute or more.", permanent=True)
    try:
        check_reference(credential)
    except BadReference as error:
        raise CollectorError(str(error), permanent=True) from error
    return {"name": name.strip()[:200], "interval": interval, "credential": credential}


def _clean_config(collector: type[Collector], config: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(config) - {field.name for field in collector.fields}
    if unknown:
        raise CollectorError(f"{collector.label} has no setting {sorted(unknown)[0]!r}.", permanent=True)
    return collector.clean(config)


def _place(config: Mapping[str, Any]) -> str:
    return ", ".join(str(value) for value in config.values()) or "The place"


def _refuse_overlap(collector: type[Collector], config: Mapping[str, Any], *, but: Source | None = None) -> None:
    others = Source.objects.filter(kind=collector.slug, enabled=True)
    for other in others.exclude(pk=but.pk) if but else others:
        if how := collector.overlap(config, other.config):
            raise PlaceTaken(config, how, other)
