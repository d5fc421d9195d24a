"""Key files: 64 hex digits a line, mode 0600, made at first use, kept outside the database."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from posture.common.secret_value import SecretValue

_BYTES = 32


def read_keys(path: Path, *, name: str, create: bool = False) -> list[SecretValue]:
    """Return the keys of a file, one a line and one at least; with `create` a file that is missing is made.

    Raises:
        FileNotFoundError: there is no file and `create` is not set.
        ValueError: the file holds no keys, or others may read it; `name` says what they are for.
    """
    if create and not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise ValueError(f"Others may read the {name} key {path}. Run: chmod 600 {path}")
    try:
        keys = [bytes.fromhex(line) for line in path.read_text(encoding="ascii").split()]
    except ValueError as error:
        raise _no_key(path, name) from error
    if not keys or any(len(key) != _BYTES for key in keys):
        raise _no_key(path, name)
    return [SecretValue(key) for key in keys]


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    staged = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_hex(_BYTES) + "\n")
    try:
        os.link(staged, path)  # Atomic, and never replaces a key that another process made first.
    except FileExistsError:
        pass
    finally:
        staged.unlink()


def _no_key(path: Path, name: str) -> ValueError:
    article = "an" if name[0] in "aeiou" else "a"
    return ValueError(f"{path} is not {article} {name} key: it must hold 64 hex digits. Restore it from backup.")
