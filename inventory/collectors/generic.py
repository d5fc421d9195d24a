"""Collects any other store from a file that describes it: uploaded, fetched from an address, or on this server."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from inventory.collector import (
    Ability,
    AssetRecord,
    Collector,
    CollectorError,
    ConfigField,
    DoneRecord,
    ProgressRecord,
    ReadContext,
    Record,
    SkipRecord,
)
from inventory.generic.cells import Unfit, text
from inventory.generic.entries import Entry, entries, next_page
from inventory.generic.fetch import check_header, fetch, fetched_pages, holds_credential, why_broken_off
from inventory.generic.records import MOST_STORE, MOST_STORES, Misfit, record_of, store_of
from inventory.generic.upload import UPLOADED
from posture.common.origin import origin_of

_BEAT = 1000
_PLACES = ("upload", "url", "path")


class GenericCollector(Collector):
    """Reads any store that a file describes: one row per secret, with its dates and facts, never its value.

    The file is CSV or JSON in a documented shape (docs/generic-format.md). It is uploaded, fetched from an address
    at each collection, or lies on this server. A file with a column that may hold values is refused before anything
    of it is kept. What the file does not say is not known.
    """

    slug: ClassVar[str] = "generic"
    label: ClassVar[str] = "Any store, from a file"
    asset_kind: ClassVar[str] = "store"
    fields: ClassVar[tuple[ConfigField, ...]] = (
        ConfigField("upload", "Uploaded file", "The file is uploaded on this source's page.", kind="boolean"),
        ConfigField("url", "Address", "https://, where the file is fetched each time, page by page.", kind="url"),
        ConfigField(
            "header",
            "Header for the credential",
            "Carries the credential as it is, such as X-Api-Key. Empty: Authorization, as a bearer token.",
        ),
        ConfigField("path", "File", "A CSV or JSON file on this server.", kind="path"),
        ConfigField("store", "Name of the store", "For what the file puts into no store.", default="store"),
    )
    least_rights: ClassVar[str] = "GET requests of the file's address and its pages. No right to any value is needed."
    cannot_know: ClassVar[tuple[str, ...]] = (
        "Whether a value found in a repository is one of these secrets: a file carries no values and no fingerprints.",
        "Whatever the file does not say, and whether what it says is still so.",
        "Who can use a secret, where the file is CSV: only JSON tells principals and grants.",
    )
    tested_against: ClassVar[str] = "files of every shape, and a loopback server that misbehaves in thirty ways."

    @classmethod
    def clean(cls, config: Mapping[str, Any]) -> dict[str, Any]:
        """Check that there is one place, and that it can be one."""
        known = {field.name for field in cls.fields}
        if set(config) - known:
            names = ", ".join(sorted(set(config) - known))
            raise CollectorError(f"Unknown settings: {names}. Known are {', '.join(sorted(known))}.", permanent=True)
        given = [name for name in _PLACES if config.get(name)]
        if len(given) != 1:
            raise CollectorError(
                "Say where the file comes from: uploaded (upload), an address (url) or a file on this server (path); "
                "one of them.",
                permanent=True,
            )
        cleaned: dict[str, Any] = {"store": _name(config.get("store"))}
        header = check_header(str(config.get("header") or "").strip())
        if given == ["upload"]:
            return cleaned | {"upload": True}
        if given == ["path"]:
            return cleaned | {"path": _file(str(config["path"]).strip())}
        return cleaned | {"url": _address(str(config["url"]).strip())} | ({"header": header} if header else {})

    @classmethod
    def overlap(cls, config: Mapping[str, Any], other: Mapping[str, Any]) -> str:
        """Compare addresses and files; uploads are each source's own."""
        same = any(config.get(name) and config.get(name) == other.get(name) for name in ("url", "path"))
        return "is the same file as" if same else ""

    def discover(self, context: ReadContext) -> Generator[AssetRecord | SkipRecord, None, None]:
        """Yield the stores that the file names."""
        pages = self._pages(context, anew=True)
        stores: set[str] = set()
        any_secret = False
        for entry in self._beating(pages, context):
            try:
                store = store_of(entry, self.config["store"])
            except Misfit as misfit:
                yield SkipRecord(str(misfit), entry.place)
                continue
            any_secret = any_secret or entry.section == "secrets"
            if store in stores:
                continue
            stores.add(store)
            if len(stores) > MOST_STORES:
                raise CollectorError(
                    f"The file names more than {MOST_STORES} stores. Give each source a file with fewer.",
                    permanent=True,
                )
            yield AssetRecord(external_id=store, kind=self.asset_kind, name=store, locator=self._shown())
        if not any_secret:
            raise CollectorError("The file names no secret. Nothing was marked as gone.")
        yield from self._missing(pages, context)

    def read(self, asset: AssetRecord, context: ReadContext) -> Generator[Record, None, None]:
        """Yield what the file says of one store."""
        now = datetime.now(UTC)
        counts = {"secrets": 0, "principals": 0, "grants": 0, "requests": 0}
        pages = self._pages(context, anew=False)
        for entry in self._beating(pages, context):
            try:
                if store_of(entry, self.config["store"]) != asset.external_id:
                    continue
                yield record_of(entry, asset.external_id, now)
            except Misfit as misfit:
                yield SkipRecord(str(misfit), entry.place)
                continue
            counts[entry.section] += 1
            if counts["secrets"] % _BEAT == 0:
                yield ProgressRecord("reading the file", counts["secrets"], 0)
        yield from self._missing(pages, context)
        yield DoneRecord(cursor={}, full=True, counts=counts)

    def probe(self, context: ReadContext) -> list[Ability]:
        """Fetch the file and say what it tells."""
        pages = self._pages(context, anew=True)
        counts = {"secrets": 0, "principals": 0, "grants": 0}
        misfits = 0
        for entry in self._beating(pages, context):
            try:
                record_of(entry, store_of(entry, self.config["store"]), datetime.now(UTC))
                counts[entry.section] += 1
            except Misfit:
                misfits += 1
        unread = f"{misfits:,} cannot be read; the runs of this source say which." if misfits else ""
        missing = "" if counts["grants"] else "The file tells none. Give it as JSON with principals and grants."
        return [
            Ability("Read the file", True, "what the store's owner wrote down"),
            Ability("Tell its secrets", bool(counts["secrets"]), f"{counts['secrets']:,} secrets with dates and facts"),
            Ability("Tell who can use them", bool(counts["grants"]), f"{counts['grants']:,} grants", missing),
            Ability("Make sense of every entry", not misfits, "nothing is left out", unread),
        ]

    def _pages(self, context: ReadContext, *, anew: bool) -> list[Path]:
        """Return the files that are read one after the other; only an address has more than one."""
        if self.config.get("path"):
            return [Path(self.config["path"])]
        if self.config.get("upload"):
            place = context.workspace / UPLOADED
            if not place.exists():
                raise CollectorError("No file was uploaded yet. Upload it on this source's page.", permanent=True)
            return [place]
        # The stores of one run are read from one file; on another machine it is fetched there.
        pages = [] if anew else fetched_pages(context.workspace)
        return pages or fetch(self.config["url"], self.config.get("header", ""), context)

    def _missing(self, pages: list[Path], context: ReadContext) -> Iterator[SkipRecord]:
        """Say what was not read, so that nothing of it is taken for gone."""
        if not self.config.get("url"):
            if next_page(pages[0]):
                reason = "the file says that another page follows (next); give all of it in one file"
                yield SkipRecord(reason, "next")
        elif reason := why_broken_off(context.workspace):
            yield SkipRecord(reason, f"what comes after page {len(pages)}")

    def _shown(self) -> str:
        if url := self.config.get("url"):
            return origin_of(url) + urlsplit(url).path
        return str(self.config.get("path") or "uploaded file")

    @staticmethod
    def _beating(pages: list[Path], context: ReadContext) -> Iterator[Entry]:
        for page, place in enumerate(pages, 1):
            for number, entry in enumerate(entries(place)):
                if number % _BEAT == 0:
                    context.alive()
                yield entry if len(pages) == 1 else replace(entry, place=f"page {page}, {entry.place}")


def _name(given: Any) -> str:
    try:
        return text(given or "store", MOST_STORE).strip() or "store"
    except Unfit as unfit:
        raise CollectorError(f"The name of the store is {unfit}.", permanent=True) from None


def _file(given: str) -> str:
    path = os.path.realpath(os.path.expanduser(given))
    if not os.path.isfile(path) or not os.access(path, os.R_OK):
        raise CollectorError(f"{given} is no file that this server can read. Check it.", permanent=True)
    return path


def _address(given: str) -> str:
    parts = urlsplit(given) if origin_of(given) else None
    if parts is None or parts.scheme.lower() not in ("http", "https"):
        raise CollectorError("The address must begin with https:// and name a host.", permanent=True)
    if "@" in parts.netloc:
        raise CollectorError(
            "The address may hold no user name and password. Name the credential of this source instead.",
            permanent=True,
        )
    if holds_credential(given):
        raise CollectorError(
            "The address holds a credential in its query, and addresses are shown to people. Name the credential of "
            "this source instead, which is sent in a header.",
            permanent=True,
        )
    return given


COLLECTOR = GenericCollector
