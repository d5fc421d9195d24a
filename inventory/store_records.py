"""What a store tells of itself: its secrets with their versions, and who can use them.

No record has room for a value: what a version holds is a finding, which is a fingerprint. A fact that is
None is not known, and `evidence` says why; where it is known, `evidence` names the answer that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from inventory.exposure_records import FindingRecord

READERS = "readers"
"""In a secret's evidence: why it is not known who else can read it than those that are told."""


class SecretKind(StrEnum):
    """What a stored secret is; policies set a limit for each."""

    STORED = "generic-secret"
    CLOUD_KEY = "cloud-key"
    SERVICE_ACCOUNT_KEY = "service-account-key"
    STORAGE_KEY = "storage-key"
    DATABASE_PASSWORD = "database-password"
    TOKEN = "platform-token"
    CERTIFICATE = "certificate"
    PRIVATE_KEY = "private-key"
    ENCRYPTION_KEY = "kms-key"
    DYNAMIC = "dynamic-credential"

    @property
    def ends_by_itself(self) -> bool:
        """Whether it carries its own end, so that no limit of age is set for it."""
        return self in (SecretKind.CERTIFICATE, SecretKind.DYNAMIC)

    @property
    def label(self) -> str:
        """The kind in the reader's words."""
        return {
            "generic-secret": "Stored secret",
            "cloud-key": "Cloud access key",
            "service-account-key": "Service account key",
            "storage-key": "Storage key",
            "database-password": "Database password",
            "platform-token": "Token",
            "certificate": "Certificate",
            "private-key": "Private key",
            "kms-key": "Encryption key",
            "dynamic-credential": "Dynamic credential",
        }[self.value]


class VersionState(StrEnum):
    """Whether the store would hand a version out."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    DESTROYED = "destroyed"


class PrincipalKind(StrEnum):
    """Who or what can use secrets. A policy that others are given is a role."""

    HUMAN = "human"
    WORKLOAD = "workload"
    ROLE = "role"
    GROUP = "group"
    TOKEN = "token"

    @property
    def label(self) -> str:
        """The kind in the reader's words."""
        return {"human": "Person", "workload": "Workload", "role": "Role", "group": "Group", "token": "Token"}[self]


class Capability(StrEnum):
    """What a grant allows, in one vocabulary for every store."""

    READ = "read"
    """The value itself."""
    LIST = "list"
    """Names and metadata."""
    WRITE = "write"
    DELETE = "delete"
    USE = "use"
    """Sign, encrypt or decrypt with a key that stays inside."""
    MANAGE = "manage"
    """Change who may use it."""
    ADMIN = "admin"
    """Everything, past every other rule."""


class Matching(StrEnum):
    """How the pattern of a grant is to be read, and how several grants add up."""

    EXACT = "exact"
    """The address itself. Grants add up; a denial beats them."""
    GLOB = "glob"
    """`*` stands for anything, `?` for one character. Grants add up; a denial beats them."""
    VAULT = "vault"
    """`*` at the end stands for anything, `+` for one segment. Only the most specific pattern counts."""


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A key of a version that holds a secret value, known by its fingerprint."""

    key: str
    finding: FindingRecord


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """One version of a secret."""

    number: str
    state: VersionState
    created_at: datetime | None = None
    key_id: str = ""
    """Id of the fingerprint key under which its values were read now; empty where they were not, so that what is
    known of them stays."""
    held: tuple[HeldRecord, ...] = ()
    """What its keys hold, where its values were read now."""


@dataclass(frozen=True, slots=True)
class SecretRecord:
    """One named place in a store. Metadata alone is enough for it."""

    path: str
    """Its name within the asset, stable over runs."""
    kind: SecretKind = SecretKind.STORED
    address: str = ""
    """How grants of this source name it (a policy's path, an ARN); empty where no grant can."""
    logs_in_as: str = ""
    """External id of the principal of this source that its value lets in; empty where the store does not tell."""
    environment: str = ""
    tier: str = ""
    created_at: datetime | None = None
    rotated_at: datetime | None = None
    """When its value last changed; None together with a known `created_at` means never."""
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    enabled: bool | None = None
    auto_rotated: bool | None = None
    rotation_failed: bool | None = None
    ephemeral: bool | None = None
    """Made on request and ended by its issuer."""
    versions: tuple[VersionRecord, ...] = ()
    """Those that the store names; versions known from before stay, as superseded."""
    evidence: Mapping[str, str] = field(default_factory=dict)
    """Field → which answer of the store says so, or why it is not known."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """Further facts for people: label → text, number, yes or no. Never a value."""
    named_only: bool = False
    """Only its name was seen this time: what is known of it from before stays."""


@dataclass(frozen=True, slots=True)
class PrincipalRecord:
    """A person, workload, role, group or token that can use secrets."""

    external_id: str
    """Its name within the source, stable over runs; members and grants refer to it."""
    kind: PrincipalKind
    name: str
    environment: str = ""
    member_of: tuple[str, ...] = ()
    """External ids of the roles, groups and policies that it has, anywhere in the source."""
    members_told: bool = True
    """Whether `member_of` is all of it; where not, what was known of it from before stays too."""
    created_at: datetime | None = None
    last_used_at: datetime | None = None
    expires_at: datetime | None = None
    enabled: bool | None = None
    granted: int | None = None
    """How many rights it has, where the store counts their use; None: not known."""
    used: int | None = None
    """How many of these it used within the store's own window."""
    evidence: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GrantRecord:
    """What a principal may do with the addresses that a pattern fits."""

    principal: str
    """External id of a principal of the same asset."""
    pattern: str
    matching: Matching
    capabilities: tuple[Capability, ...]
    rule: str
    """The rule in the store's own words, for the reader: `policy payments: path "kv/data/pay/*" {read}`."""
    deny: bool = False
    wildcard: bool = False
    """It fits everything of its store, or every secret of one mount, account or project."""
    condition: str = ""
    """What else must hold for it, in words; then it is not known whether it applies."""
    last_used_at: datetime | None = None
