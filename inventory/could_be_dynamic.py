"""Which long-lived secrets need not be kept, since what stands around them can issue the like on request; pure."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from inventory.store_records import SecretKind

_CLOUDS = ("aws", "azure", "google")
_CLOUD_ENGINES = frozenset({"aws", "azure", "gcp", "alicloud"})


class Way(StrEnum):
    """How a secret could be made on request instead of being kept, the readiest first."""

    DATABASE_ENGINE = "database-engine"
    CLOUD_ENGINE = "cloud-engine"
    SSH_ENGINE = "ssh-engine"
    DATABASE_LOGIN = "database-login"
    FEDERATION = "federation"
    DATABASE_ENGINE_MISSING = "database-engine-missing"

    @property
    def label(self) -> str:
        """What is done, in the reader's words."""
        return {
            Way.DATABASE_ENGINE: "By the database engine",
            Way.CLOUD_ENGINE: "By the cloud engine",
            Way.SSH_ENGINE: "By the SSH engine",
            Way.DATABASE_LOGIN: "By a cloud identity",
            Way.FEDERATION: "By taking a role",
            Way.DATABASE_ENGINE_MISSING: "Once an engine is mounted",
        }[self]

    @property
    def reason(self) -> str:
        """Why it could be, and what to do."""
        return {
            Way.DATABASE_ENGINE: "The same store has a database engine: a role of it issues a user for each request "
            "and drops it when its lease ends.",
            Way.CLOUD_ENGINE: "The same store has a cloud engine: a role of it issues keys for each request and takes "
            "them back when their lease ends.",
            Way.SSH_ENGINE: "The same store has an SSH engine. Where this is an SSH key, the engine signs one for "
            "minutes instead.",
            Way.DATABASE_LOGIN: "The cloud's own databases accept a token of the workload's identity in place of a "
            "password. Ask whether this database is one of them.",
            Way.FEDERATION: "Clouds hand out keys for minutes to workloads that prove who they are: an identity of the "
            "machine, or a role by federation from clusters and pipelines.",
            Way.DATABASE_ENGINE_MISSING: "This kind of store has a database engine, and none is mounted in it. With "
            "one, a role issues a user for each request.",
        }[self]


def way_of(kind: str, source_kind: str, engines: Collection[str]) -> Way | None:
    """Return how a secret that is changed by hand could be made on request; None where nothing known can.

    Of the kind of the secret, the kind of the source that it is in, and the engines that the same source has.
    """
    match kind:
        case SecretKind.DATABASE_PASSWORD:
            if "database" in engines:
                return Way.DATABASE_ENGINE
            if source_kind in _CLOUDS:
                return Way.DATABASE_LOGIN
            return Way.DATABASE_ENGINE_MISSING if source_kind == "vault" else None
        case SecretKind.CLOUD_KEY | SecretKind.SERVICE_ACCOUNT_KEY:
            return Way.CLOUD_ENGINE if _CLOUD_ENGINES.intersection(engines) else Way.FEDERATION
        case SecretKind.PRIVATE_KEY:
            return Way.SSH_ENGINE if "ssh" in engines else None
        case SecretKind.STORAGE_KEY:
            return Way.FEDERATION if source_kind in _CLOUDS else None
    return None


KINDS = (
    SecretKind.DATABASE_PASSWORD,
    SecretKind.CLOUD_KEY,
    SecretKind.SERVICE_ACCOUNT_KEY,
    SecretKind.PRIVATE_KEY,
    SecretKind.STORAGE_KEY,
)
"""The kinds that some way is known for."""

__all__ = ["KINDS", "Way", "way_of"]
