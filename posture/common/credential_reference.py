"""Names of credentials that open sources. The inventory keeps the name; the value is fetched inside the collector.

Only these prefixes resolve, or a source could read the server's own files and variables (SECURITY W16):
`env:POSTURE_CREDENTIAL_…` and `file:NAME` under one folder. `vault:PATH#KEY` is resolved by the vault collector.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from posture.common.secret_value import SecretValue

_ENVIRONMENT = re.compile(r"env:(POSTURE_CREDENTIAL_[A-Z0-9_]{1,100})")
_FILE = re.compile(r"file:([A-Za-z0-9][A-Za-z0-9_.-]{0,100})")
_VAULT = re.compile(r"vault:([A-Za-z0-9_-][A-Za-z0-9_./-]{0,300})#([A-Za-z0-9_.-]{1,100})")
_RULE = (
    "Write env:POSTURE_CREDENTIAL_NAME, file:NAME or vault:PATH#KEY: the name of a credential, never the credential."
)
_MOST = 65_536


class BadReference(ValueError):
    """A credential's name is not one that may be used, or it leads to nothing."""


def check_reference(reference: str) -> str:
    """Return the reference when it has one of the allowed forms; empty means no credential.

    Raises:
        BadReference: it has not. The message does not repeat it: people paste values here by mistake.
    """
    if not reference:
        return reference
    vault = _VAULT.fullmatch(reference)
    if vault and ".." not in vault.group(1).split("/"):
        return reference
    if _ENVIRONMENT.fullmatch(reference) or _FILE.fullmatch(reference):
        return reference
    raise BadReference(_RULE)


def resolve(reference: str, folder: Path) -> SecretValue:
    """Fetch the value that a checked `env:` or `file:` reference names.

    Raises:
        BadReference: the form is not allowed, or there is no such variable or regular file.
    """
    check_reference(reference)
    environment = _ENVIRONMENT.fullmatch(reference)
    if environment:
        value = os.environ.get(environment.group(1))
        if not value:
            raise BadReference(
                f"The variable {environment.group(1)} is not set. Set it for the worker and collect again."
            )
        return SecretValue(value.strip())
    name = _FILE.fullmatch(reference)
    if not name:
        raise BadReference("Only env: and file: references can be used for this kind of source.")
    try:
        descriptor = os.open(folder / name.group(1), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise BadReference(f"{name.group(1)} cannot be read in the credential folder: {error.strerror}.") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise BadReference(f"{name.group(1)} in the credential folder is not a file.")
    with os.fdopen(descriptor, "rb") as handle:
        return SecretValue(handle.read(_MOST).strip())
