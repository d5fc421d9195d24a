"""The credential report of an account: who has a password, what its root user has, and when it was used last."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from inventory.aws.failures import Refused
from inventory.aws.reading import Reading, as_time, later_than
from inventory.collector import GrantRecord, PrincipalRecord, Record, SecretRecord
from inventory.store_records import Capability, Matching, PrincipalKind, SecretKind

_ROOT = "<root_account>"
_WAITS, _PAUSE = 40, 0.5
_MOST_ROWS = 20_000
SAYS = "IAM credential report"


@dataclass(frozen=True, slots=True)
class Row:
    """What the report says of one user."""

    facts: Mapping[str, str]

    def flag(self, name: str) -> bool | None:
        """Return yes or no, or None where the report says neither."""
        return {"true": True, "false": False}.get(self.facts.get(name, "").strip().lower())

    def time(self, name: str) -> datetime | None:
        """Return a time; the report writes N/A and no_information for none."""
        try:
            return as_time(datetime.fromisoformat(self.facts.get(name, "").strip()))
        except ValueError:
            return None


@dataclass
class CredentialReport:
    """The rows of one account's report by user; empty where it may not be had."""

    rows: dict[str, Row] = field(default_factory=dict)
    why: str = ""
    """Why it is not there."""

    @classmethod
    def of(cls, reading: Reading) -> CredentialReport:
        """Have the report made, and read it."""
        client = reading.client
        try:
            for _ in range(_WAITS):
                if client.call("iam", "generate_credential_report").get("State") == "COMPLETE":
                    break
                reading.alive()
                time.sleep(_PAUSE)
            content = client.call("iam", "get_credential_report").get("Content") or b""
        except Refused as refused:
            return cls(why=refused.why)
        rows = csv.DictReader(io.StringIO(content.decode("utf-8", "replace")))
        found: dict[str, Row] = {}
        for row in rows:
            if len(found) >= _MOST_ROWS:
                break
            found[row.get("user") or ""] = Row({key: str(value) for key, value in row.items() if isinstance(key, str)})
        return cls(found)

    def root(self, reading: Reading) -> Iterator[Record]:
        """Yield the root user, who is in no list, and the access keys that it should not have."""
        row = self.rows.get(_ROOT)
        if row is None:
            return
        account = reading.account
        ours = f"{account.number}:root-user"
        reading.principals += 1
        yield _root_user(row, ours, account.everyone)
        yield GrantRecord(
            ours,
            f"arn:{account.partition}:*:*:{account.number}:*",
            Matching.GLOB,
            tuple(Capability),
            "the root user may do everything in its account",
            wildcard=True,
        )
        for number in ("1", "2"):
            if row.flag(f"access_key_{number}_active"):
                reading.secrets += 1
                yield _root_key(row, number)


def _root_user(row: Row, ours: str, everyone: str) -> PrincipalRecord:
    used = row.time("password_last_used")
    for number in ("1", "2"):
        used = later_than(used, row.time(f"access_key_{number}_last_used_date"))
    facts = {}
    if (mfa := row.flag("mfa_active")) is not None:
        facts["Second factor"] = mfa
    return PrincipalRecord(
        ours,
        PrincipalKind.HUMAN,
        "Root user",
        member_of=(everyone,),
        created_at=row.time("user_creation_time"),
        last_used_at=used,
        enabled=True,
        evidence={
            "created_at": f"{SAYS}, user_creation_time",
            "last_used_at": f"{SAYS}, password and keys" if used else f"{SAYS} tells no use",
            "enabled": "a root user cannot be switched off from within its account",
            "granted": "AWS counts no uses of rights for the root user",
            "used": "AWS counts no uses of rights for the root user",
        },
        attributes=facts,
    )


def _root_key(row: Row, number: str) -> SecretRecord:
    made = row.time(f"access_key_{number}_last_rotated")
    return SecretRecord(
        f"iam/root/access-key/{number}",
        kind=SecretKind.CLOUD_KEY,
        created_at=made,
        last_used_at=row.time(f"access_key_{number}_last_used_date"),
        enabled=True,
        auto_rotated=False,
        ephemeral=False,
        evidence={
            "created_at": f"{SAYS}, access_key_{number}_last_rotated",
            "rotated_at": "an access key is replaced, never changed",
            "last_used_at": f"{SAYS}, access_key_{number}_last_used_date",
            "enabled": f"{SAYS}, access_key_{number}_active",
            "expires_at": "an access key has no end",
            "auto_rotated": "IAM rotates no access key",
            "rotation_failed": "IAM rotates no access key",
            "ephemeral": "a long-lived key",
        },
        attributes={"Held by": "Root user"},
    )


__all__ = ["SAYS", "CredentialReport", "Row"]
