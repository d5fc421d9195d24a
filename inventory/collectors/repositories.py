"""Collects git repositories: folders of them, one of them, or a clone address."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar
from urllib.parse import urlsplit

from inventory.collector import (
    AssetRecord,
    Collector,
    CollectorError,
    ConfigField,
    ReadContext,
    Record,
    SkipRecord,
)
from inventory.repository.address import AddressError, parse_address
from inventory.repository.discovery import discover
from inventory.repository.foreign import Refused, locate, refuse_borrowed_objects
from inventory.repository.mirror import Target
from inventory.repository.supervising import read_in_child
from inventory.repository.text import path_bytes, path_text


class RepositoriesCollector(Collector):
    """Reads git repositories: every branch and tag with their full history.

    Give a folder, and every repository in it is collected, or the address of one repository. Each is copied
    into the data folder first and read there; nothing in it is ever run, and later collections read only
    what is new. Submodules are not followed: they are repositories of their own. Files in Git LFS are
    counted, not read.
    """

    slug: ClassVar[str] = "repositories"
    label: ClassVar[str] = "Git repositories"
    asset_kind: ClassVar[str] = "repository"
    fields: ClassVar[tuple[ConfigField, ...]] = (
        ConfigField(
            "path",
            "Folder",
            "A folder of repositories on this server, or one repository. Fill in this or the clone address.",
            kind="path",
        ),
        ConfigField(
            "url", "Clone address", "Of one repository: https://, ssh:// or file://, without a password.", kind="url"
        ),
    )
    attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "commits": "Commits",
            "last_commit": "Last commit",
            "refs": "Branches and tags",
            "lfs": "Files in Git LFS",
            "submodules": "Submodules",
            "shallow": "Shallow clone",
            "damaged": "Damaged objects",
        }
    )
    least_rights: ClassVar[str] = (
        "A folder: the worker's user may read it. An address: its credential may clone, with read access to contents "
        "and no other."
    )
    cannot_know: ClassVar[tuple[str, ...]] = (
        "Whether a value that was found still works: its issuer is not asked.",
        "What stands in objects that no branch or tag reaches, in Git LFS and in submodules: it is counted, not read.",
    )
    tested_against: ClassVar[str] = (
        "real repositories, and real servers: git's own over HTTPS, and OpenSSH; hostile repositories and hosts too."
    )

    @classmethod
    def clean(cls, config: Mapping[str, Any]) -> dict[str, Any]:
        """Check that there is one folder that can be read, or one address that is allowed."""
        path = str(config.get("path") or "").strip()
        url = str(config.get("url") or "").strip()
        unknown = set(config) - {"path", "url"}
        if unknown:
            raise CollectorError(f"Unknown settings: {', '.join(sorted(unknown))}. Give path or url.", permanent=True)
        if path and url:
            raise CollectorError(
                "Both a folder (path) and a clone address (url) are given. Keep one of them and leave the other empty.",
                permanent=True,
            )
        if not path and not url:
            raise CollectorError(
                "Name what to collect: a folder of repositories (path), or the clone address of one (url).",
                permanent=True,
            )
        if url:
            try:
                address = parse_address(url)
            except AddressError as error:
                raise CollectorError(str(error), permanent=True) from error
            if address.scheme != "file":
                return {"url": address.text}
            path = address.path
        return {"path": str(_folder(path))}

    @classmethod
    def overlap(cls, config: Mapping[str, Any], other: Mapping[str, Any]) -> str:
        """Compare folders by where they really lie, and addresses by what they lead to."""
        if "url" in config and "url" in other:
            return "is the same repository as" if _leads_to_same(str(config["url"]), str(other["url"])) else ""
        if "path" not in config or "path" not in other:
            return ""
        here, there = (Path(os.path.realpath(str(each["path"]))) for each in (config, other))
        if here == there:
            return "is the same folder as"
        if there in here.parents:
            return "lies inside"
        return "contains" if here in there.parents else ""

    def discover(self, context: ReadContext) -> Generator[AssetRecord | SkipRecord, None, None]:
        """Yield the repositories below the folder, or the one at the address."""
        if url := self.config.get("url"):
            name = str(url).rstrip("/").rpartition("/")[2].removesuffix(".git")
            yield AssetRecord(external_id=url, kind=self.asset_kind, name=name, locator=url)
            return
        root = _unmoved(self.config["path"])
        found = 0
        skipped: list[SkipRecord] = []
        for place in discover(root, context.alive):
            if isinstance(place, SkipRecord):
                skipped.append(place)
                yield place
                continue
            found += 1
            relative = path_text(os.fsencode(os.path.relpath(place, root)))
            name = path_text(os.fsencode(place.name)).removesuffix(".git")
            yield AssetRecord(
                external_id=relative, kind=self.asset_kind, name=name, locator=path_text(os.fsencode(place))
            )
        if not found and skipped:
            raise CollectorError(f"Nothing in {path_text(os.fsencode(root))} could be read. {_first_said(skipped)}")
        if not found:
            raise CollectorError(
                f"There is no git repository in {path_text(os.fsencode(root))}. "
                "Check the folder, or clone something into it."
            )

    def read(self, asset: AssetRecord, context: ReadContext) -> Generator[Record, None, None]:
        """Yield the findings of one repository, read in a process of its own."""
        return read_in_child(self._target(asset), context)

    def _target(self, asset: AssetRecord) -> Target:
        if url := self.config.get("url"):
            try:
                address = parse_address(str(url))
            except AddressError as error:
                raise CollectorError(str(error), permanent=True) from error
            return Target(asset.external_id, address.text, None)
        root = _unmoved(self.config["path"])
        place = root / asset.external_id
        if not os.path.lexists(place):
            place = root / os.fsdecode(path_bytes(asset.external_id))
        try:
            foreign = locate(place, root) if place.is_dir() else None
            if foreign is None:
                raise CollectorError(f"{asset.locator} is no git repository any more.")
            refuse_borrowed_objects(foreign.git_dir)
        except Refused as refused:
            raise CollectorError(path_text(os.fsencode(str(refused))), permanent=True) from refused
        except OSError as error:
            raise CollectorError(f"{asset.locator} cannot be read ({error.strerror}).") from error
        return Target(asset.external_id, "", foreign)


def _leads_to_same(one: str, other: str) -> bool:
    """Say whether two clone addresses mean one repository: user, default port and `.git` make no difference."""
    (scheme, host, port, path), (other_scheme, other_host, other_port, other_path) = map(_parts, (one, other))
    # One host offers the same repositories over https and ssh, each on a port of its own.
    return (host, path) == (other_host, other_path) and (scheme != other_scheme or port == other_port)


def _parts(url: str) -> tuple[str, str, int, str]:
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "ssh": 22}.get(parts.scheme, 0)
    return parts.scheme, (parts.hostname or "").lower(), port, parts.path.strip("/").removesuffix(".git")


def _first_said(skipped: list[SkipRecord]) -> str:
    """Say why the first of what was skipped was, and how many there are."""
    first = next((skip for skip in skipped if skip.partial), skipped[0])
    more = f" {len(skipped) - 1} more were skipped." if len(skipped) > 1 else ""
    return f"{first.what.removeprefix('.: ')} ({first.reason}).{more}"


def _unmoved(stored: str) -> Path:
    """Return the folder of a source, as long as no link was put in its place or above it since it was named.

    Raises:
        CollectorError: it leads elsewhere now, perhaps out of the folders that may be collected, or cannot be read.
    """
    folder = _folder(stored)
    if folder != Path(stored):
        raise CollectorError(
            f"{stored} leads through a link now, which it did not when this source was added. "
            "Name the folder that is meant in the source's settings.",
            permanent=True,
        )
    return folder


def _folder(given: str) -> Path:
    """Return an existing, readable folder as an absolute path.

    Raises:
        CollectorError: what is wrong with it.
    """
    if "\0" in given:
        raise CollectorError("A folder's name cannot hold a NUL character.", permanent=True)
    path = Path(os.path.abspath(os.path.expanduser(given)))
    if not path.exists():
        raise CollectorError(f"The folder {path} does not exist. Check its name, or create it.", permanent=True)
    if not path.is_dir():
        raise CollectorError(
            f"{path} is a file, not a folder. Give a repository's folder, or a folder of repositories.", permanent=True
        )
    if not os.access(path, os.R_OK | os.X_OK):
        raise CollectorError(f"The folder {path} may not be read by this user. Change its permissions.", permanent=True)
    return path.resolve()


COLLECTOR = RepositoriesCollector
