"""The compiled hyperscan database, cached on disk.

Compiling hundreds of patterns takes seconds, loading a serialised database a millisecond. The cache
is only ever a copy: a file that is missing, foreign, damaged or made for another processor is made anew.
"""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import secrets
import stat
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import hyperscan

from inventory.detection.rule import Rule, RuleError

logger = logging.getLogger(__name__)

_MAGIC = b"secrets-posture hyperscan 1\n"
_LARGEST_FILE = 256 * 1024 * 1024
_MODE = hyperscan.HS_MODE_BLOCK


def database(rules: Sequence[Rule], rule_set: str, cache_dir: Path | None) -> Any:
    """Return the database over all rules, whose ids are their places in the sequence, from the cache if it is there.

    Raises:
        RuleError: hyperscan cannot compile a pattern; the message names the format.
    """
    if cache_dir is None:
        return compile_database(rules)
    path = cache_dir / f"hyperscan-{_key(rule_set)}.db"
    found = _load(path)
    if found is None:
        found = compile_database(rules)
        _save(path, hyperscan.dumpb(found))
    return found


def compile_database(rules: Sequence[Rule]) -> Any:
    """Compile all rules into one database, or name the format that stands in the way."""
    made = hyperscan.Database(mode=_MODE)
    expressions = [rule.trigger for rule in rules]
    # A pattern without a bounded width is searched for in the whole content, so one report is enough.
    flags = [hyperscan.HS_FLAG_SINGLEMATCH if rule.width is None else 0 for rule in rules]
    try:
        made.compile(expressions=expressions, ids=list(range(len(rules))), flags=flags)
    except hyperscan.HyperscanError as error:
        for rule, expression, flag in zip(rules, expressions, flags, strict=True):
            try:
                hyperscan.Database(mode=_MODE).compile(expressions=[expression], ids=[0], flags=[flag])
            except hyperscan.HyperscanError as single:
                raise RuleError(rule.slug, f"hyperscan says {single}") from single
        raise RuntimeError(f"hyperscan cannot compile the {len(rules)} formats together: {error}") from error
    return made


def _key(rule_set: str) -> str:
    """Name everything that a serialised database depends on."""
    parts = (rule_set, version("hyperscan"), platform.machine(), _processor_features())
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


def _processor_features() -> str:
    """Return the vector features that hyperscan compiles for; a wrong guess only costs compiling anew."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return platform.processor()
    flags = next((line for line in lines if line.lower().startswith(("flags", "features"))), "")
    return " ".join(sorted(flag for flag in flags.split() if flag.startswith(("avx", "sse", "asimd", "sve"))))


def _load(path: Path) -> Any | None:
    """Read a cached database, or nothing if there is none that can be trusted."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as handle:
        about = os.fstat(handle.fileno())
        if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or about.st_mode & 0o077:
            logger.warning("the scanner's cache file is not private to this user, so it is made anew")
            return None
        if about.st_size > _LARGEST_FILE:
            return None
        content = handle.read()
    digest, payload = content[len(_MAGIC) : len(_MAGIC) + 32], content[len(_MAGIC) + 32 :]
    if not content.startswith(_MAGIC) or hashlib.sha256(payload).digest() != digest:
        logger.warning("the scanner's cache file is damaged, so it is made anew")
        return None
    try:
        loaded = hyperscan.loadb(payload, _MODE)
        loaded.scratch = hyperscan.Scratch(loaded)
        return loaded
    except hyperscan.HyperscanError:
        return None


def _save(path: Path, payload: bytes) -> None:
    """Put the file in place in one step; a data folder that cannot be written costs only speed."""
    staged = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as handle:
                handle.write(_MAGIC + hashlib.sha256(payload).digest() + payload)
            os.replace(staged, path)
        finally:
            staged.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("the compiled scanner cannot be cached in %s: %s", path.parent, error.strerror)
