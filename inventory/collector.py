"""What a collector is: it knows one kind of source, yields records, and knows no database.

A collector never lets a value out: records carry fingerprints. It raises `CollectorError` with words
that say what to do next, and no value.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

from inventory.exposure_records import (
    BlobRecord,
    Evidence,
    ExposureRecord,
    FindingRecord,
    LiveExposureRecord,
    Place,
    StandingRecord,
)
from inventory.name_records import RetoldRecord
from inventory.store_records import GrantRecord, PrincipalRecord, SecretRecord
from posture.common.inside import Network
from posture.common.origin import origin_of
from posture.common.registry import attribute, discover

ACCESS = "access"
"""In a cursor: whether all rights in the asset are told. Where not, whoever seems to have none may have some."""


class CollectorError(Exception):
    """A source or an asset could not be read. `permanent` says that trying again will not help."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class AssetRecord:
    """One thing the source holds: a repository, a vault mount, a pipeline."""

    external_id: str
    """Its name within the source, stable over runs."""
    kind: str
    name: str
    locator: str
    """How the collector finds it again: a path or an address, without credentials."""
    visibility: str = "unknown"


@dataclass(frozen=True, slots=True)
class AssetFactsRecord:
    """What a read learned of the asset itself."""

    default_ref: str = ""
    tip: str = ""
    codeowners: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SkipRecord:
    """Something that was not read, with the reason in words; makes the read partial when `partial`.

    An incremental read says again what earlier reads skipped and what is still not read.
    """

    reason: str
    what: str
    count: int = 1
    partial: bool = True


@dataclass(frozen=True, slots=True)
class ProgressRecord:
    """How far the read is, for people who wait."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class DoneRecord:
    """The last record of a read that went through to its end.

    `cursor` is handed to the next read. `full` says that every exposure of the asset was yielded, so that
    others are gone; an incremental read yields only what is new, and the rest still stands.
    """

    cursor: Mapping[str, Any]
    full: bool
    counts: Mapping[str, int]
    """commits, blobs, bytes read by this read."""


Record = (
    BlobRecord
    | ExposureRecord
    | LiveExposureRecord
    | StandingRecord
    | RetoldRecord
    | SecretRecord
    | PrincipalRecord
    | GrantRecord
    | AssetFactsRecord
    | SkipRecord
    | ProgressRecord
    | DoneRecord
)


@dataclass(frozen=True)
class ReadContext:
    """What a collector is given to read one asset."""

    workspace: Path
    """The data folder's place for mirrors and scratch files of this source."""
    key_file: Path
    """Where the fingerprint key lies."""
    cursor: Mapping[str, Any]
    """What the last complete read left; empty for the first."""
    known_blobs: Callable[[], Iterator[BlobRecord]]
    """Blobs of this asset in which something was found before, under the same rules and key."""
    alive: Callable[[], None]
    """Renews the lease; raises when the read was taken over. Call it at least every few seconds."""
    credential: str = ""
    """The *reference* of the source's credential, to be resolved only inside the collector."""
    credential_dir: Path | None = None
    """Where `file:` references are read from."""
    limits: Mapping[str, int] = field(default_factory=dict)
    network: Network = field(default_factory=Network)
    """How the source's host may be reached; as it is, only outside."""
    known_versions: Callable[[], Iterator[tuple[str, str, str]]] = lambda: iter(())
    """(path, number, key id) of the versions of this asset whose values were read before."""
    known_texts: Callable[[], Iterator[str]] = lambda: iter(())
    """Names that earlier reads of this asset told, asked for when a new value might stand in one."""


@dataclass(frozen=True)
class ConfigField:
    """One field of a source's configuration, from which forms, checks and documentation are made."""

    name: str
    label: str
    help: str
    required: bool = False
    kind: str = "text"
    """text, path, url, boolean or number."""
    default: Any = ""


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing that the rights a source was given allow, or not: None is "could not be tried"."""

    name: str
    """In words: "List the secrets of a mount"."""
    allowed: bool | None
    gives: str
    """What is known thanks to it: "names, ages and versions"."""
    detail: str = ""
    """Why not, and what to do."""


class Collector(ABC):
    """Reads one kind of source. The docstring of each collector is shown to users."""

    slug: ClassVar[str]
    label: ClassVar[str]
    asset_kind: ClassVar[str]
    """What most of its assets are."""
    asset_kinds: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """What its assets are called for people, by kind; needed for each kind that is not `asset_kind`."""
    needed_credential: ClassVar[str] = ""
    """What the credential holds that it can read nothing without; empty: some of its sources need none."""
    rights_reach: ClassVar[Mapping[str, bool]] = MappingProxyType({})
    """Kinds of assets whose rights are those of principals of the whole source → whether also to the secrets of all its
    assets. The rights of any other kind are its own alone."""
    fields: ClassVar[tuple[ConfigField, ...]]
    attributes: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """What the attributes that a read learns of an asset are called on its page."""
    least_rights: ClassVar[str] = ""
    """The least rights it needs, as a policy that can be copied; empty where it needs none."""
    cannot_know: ClassVar[tuple[str, ...]] = ()
    """What it cannot tell from metadata alone, one sentence each."""
    tested_against: ClassVar[str] = ""
    """What stands behind its tests, and what does not; completes "Tested against"."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.config = config

    @classmethod
    def overlap(cls, config: Mapping[str, Any], other: Mapping[str, Any]) -> str:
        """Say how one cleaned configuration's place and another's meet; empty: they share nothing.

        The words go between the one place and the other: "is the same place as".
        """
        return "is the same place as" if dict(config) == dict(other) else ""

    @classmethod
    def origins(cls, config: Mapping[str, Any]) -> frozenset[str]:
        """Return the origins that a cleaned configuration leads to: a credential is bound to them (SECURITY W15)."""
        addresses = (str(config.get(field.name) or "") for field in cls.fields if field.kind == "url")
        return frozenset(filter(None, map(origin_of, addresses)))

    @classmethod
    @abstractmethod
    def clean(cls, config: Mapping[str, Any]) -> dict[str, Any]:
        """Check a configuration and return it normalised.

        Raises:
            CollectorError: with the reason and what to do, permanent.
        """

    def probe(self, context: ReadContext) -> list[Ability]:
        """Try the connection and say what the given rights allow, for whoever sets the source up; reads no value.

        Raises:
            CollectorError: nothing can be tried, with what to do.
        """
        found = sum(isinstance(record, AssetRecord) for record in self.discover(context))
        return [Ability("Find what is there", True, f"{found} found")]

    @abstractmethod
    def discover(self, context: ReadContext) -> Generator[AssetRecord | SkipRecord, None, None]:
        """Yield every asset that the source holds now."""

    @abstractmethod
    def read(self, asset: AssetRecord, context: ReadContext) -> Generator[Record, None, None]:
        """Yield what one asset holds, ending with a `DoneRecord`."""


def asset_kind_labels() -> dict[str, str]:
    """Return every kind of asset that a collector makes, in words for people, for filters and pages."""
    labels: dict[str, str] = {}
    for each in collectors().values():
        labels.setdefault(each.asset_kind, each.asset_kind.capitalize())
        labels.update(each.asset_kinds)
    return labels


@cache
def collectors() -> MappingProxyType[str, type[Collector]]:
    """Return every collector by slug."""
    return discover("inventory.collectors", attribute("COLLECTOR"), lambda collector: collector.slug)


__all__ = [
    "ACCESS",
    "Ability",
    "AssetFactsRecord",
    "AssetRecord",
    "BlobRecord",
    "Collector",
    "CollectorError",
    "ConfigField",
    "DoneRecord",
    "Evidence",
    "ExposureRecord",
    "FindingRecord",
    "GrantRecord",
    "LiveExposureRecord",
    "Place",
    "PrincipalRecord",
    "ProgressRecord",
    "ReadContext",
    "Record",
    "RetoldRecord",
    "SecretRecord",
    "SkipRecord",
    "StandingRecord",
    "asset_kind_labels",
    "collectors",
]
