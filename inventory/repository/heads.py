"""What the reference files of a repository on disk say, by our own parser; everything in them may lie."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inventory.repository.plain_files import Refused, read_small

_OID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_PACK = re.compile(r"pack-[0-9a-f]+\.pack")
_PACKED_REFS_LIMIT = 256 << 20
_LOOSE_REFS_LIMIT = 500_000


@dataclass(frozen=True)
class Heads:
    """What a foreign repository's reference files say, by our own parser."""

    working: bool
    refs: dict[bytes, bytes]
    """Full name → object id in hex."""
    head: bytes
    """What HEAD says: a reference's full name, an object id, or nothing."""
    origin_head: bytes
    """The reference that the origin's HEAD names in a working clone, or nothing."""
    shallow: bytes

    @property
    def detached(self) -> bool:
        """Whether HEAD is a commit by itself."""
        return bool(_OID.fullmatch(self.head))

    def digest(self, git_dir: Path) -> str:
        """Return a digest that changes when references, HEAD, the shallow list, packs or loose objects change."""
        said = hashlib.sha256()
        for name, oid in sorted(self.refs.items()):
            said.update(name + b"\0" + oid + b"\0")
        said.update(self.head + b"\0" + self.origin_head + b"\0" + self.shallow + b"\0")
        for pack in packs(git_dir):
            said.update(os.fsencode(pack.name) + str(pack.stat(follow_symlinks=False).st_size).encode())
        with os.scandir(git_dir / "objects") as folders:
            fans = sorted(
                (each.name, each.stat(follow_symlinks=False).st_mtime_ns) for each in folders if len(each.name) == 2
            )
        said.update(repr(fans).encode())
        return said.hexdigest()


def packs(git_dir: Path) -> list[Path]:
    """Return the pack files, in order of name."""
    folder = git_dir / "objects/pack"
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _PACK.fullmatch(path.name) and not path.is_symlink())


def read_heads(git_dir: Path, *, working: bool) -> Heads:
    """Read references, HEAD and the shallow list of a repository on disk."""
    packed = read_small(git_dir / "packed-refs", _PACKED_REFS_LIMIT) or b""
    refs = dict(_packed(packed))
    refs.update(_loose(git_dir))
    return Heads(
        working=working,
        refs=refs,
        head=_pointer(git_dir / "HEAD"),
        origin_head=_pointer(git_dir / "refs/remotes/origin/HEAD") if working else b"",
        shallow=read_small(git_dir / "shallow", 1 << 24) or b"",
    )


def _packed(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    for line in content.split(b"\n"):
        oid, _, name = line.partition(b" ")
        if name.startswith(b"refs/") and _OID.fullmatch(oid):
            yield name.rstrip(b"\r"), oid


def _loose(git_dir: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield references that lie in files of their own, without recursion and never through a link."""
    left = _LOOSE_REFS_LIMIT
    folders = [git_dir / "refs"]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                left -= 1
                if left < 0:
                    raise Refused(
                        "too many references", f"{git_dir} has too many loose references. Run `git pack-refs --all`."
                    )
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    said = (read_small(Path(entry.path), 1024) or b"").strip()
                    if _OID.fullmatch(said):
                        yield os.fsencode(os.path.relpath(entry.path, git_dir)), said


def _pointer(path: Path) -> bytes:
    """Return what a HEAD file names."""
    if path.is_symlink():
        target = os.fsencode(os.readlink(path))
        return target if target.startswith(b"refs/") else b""
    said = (read_small(path, 4096) or b"").strip()
    if said.startswith(b"ref:"):
        name = said[4:].strip()
        return name if name.startswith(b"refs/") else b""
    return said if _OID.fullmatch(said) else b""
