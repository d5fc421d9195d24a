"""A collector whose assets and records a test writes down, to test what the inventory makes of them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from inventory.collector import (
    AssetRecord,
    BlobRecord,
    Collector,
    CollectorError,
    ConfigField,
    DoneRecord,
    Evidence,
    ExposureRecord,
    FindingRecord,
    StandingRecord,
)

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


class ScriptedCollector(Collector):
    slug = "scripted"
    label = "Scripted"
    asset_kind = "repository"
    fields = (ConfigField("place", "Place", "Where."),)

    assets: ClassVar[list[Any]] = []
    reads: ClassVar[dict[str, Callable[[Any], list[Any]]]] = {}

    @classmethod
    def clean(cls, config: Mapping[str, Any]) -> dict[str, Any]:
        if config.get("place") == "nowhere":
            raise CollectorError("There is no such place. Name another one.", permanent=True)
        return dict(config)

    def discover(self, context):
        for item in self.assets:
            if isinstance(item, Exception):
                raise item
            yield AssetRecord(item, "repository", item, f"/srv/{item}") if isinstance(item, str) else item

    def read(self, asset, context):
        for item in self.reads[asset.external_id](context):
            if isinstance(item, Exception):
                raise item
            yield item


def evidence(day: int = 0, *, author: str = "Tomas Ek", line: int = 3) -> Evidence:
    return Evidence(f"{day:040x}", author, "tomas.ek@halden.example", START + timedelta(days=day), f"{day:040d}", line)


def finding(name: str, *, key_id: str = "0123456789ab") -> FindingRecord:
    return FindingRecord("scripted-rule", name.ljust(64, "0"), key_id, 3, 3, "high", False, 40)


def found(name: str, path: str, day: int = 0, last: int | None = None, **more: Any) -> list[Any]:
    first = evidence(day)
    latest = first if last is None else evidence(last)
    return [
        BlobRecord(first.blob, 100, (finding(name),)),
        ExposureRecord(path, name.ljust(64, "0"), "scripted-rule", first, latest, **more),
    ]


def standing(tip: list[tuple[str, str]] = (), refs: list[tuple[str, str]] = ()) -> StandingRecord:
    pad = lambda rows: frozenset((path, name.ljust(64, "0")) for path, name in rows)  # noqa: E731
    return StandingRecord(pad(tip), pad(refs))


def done(*, full: bool = True, cursor: Mapping[str, Any] | None = None, **counts: int) -> DoneRecord:
    return DoneRecord(cursor or {"tips": {"main": "1"}}, full, {"commits": 1, "blobs": 1, "bytes": 100} | counts)
