"""The access keys of IAM's users: long-lived credentials, by their age and last use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.aws.client import Client
from inventory.aws.failures import Refused
from inventory.aws.reading import as_time
from inventory.aws.tags import tag_hints
from inventory.collector import SecretRecord
from inventory.store_records import SecretKind


def access_keys(client: Client, user: str) -> tuple[list[dict[str, Any]] | None, str, str]:
    """Return a user's keys, each with its last use; None with the reason where they are not told.

    The third is the reason why last uses are missing.
    """
    try:
        pages = client.pages("iam", "list_access_keys", UserName=user)
        keys = [dict(each) for page in pages for each in page.get("AccessKeyMetadata", ()) if each.get("AccessKeyId")]
    except Refused as refused:
        return None, "" if refused.gone else refused.why, ""
    missing = ""
    for key in keys:
        try:
            answer = client.call("iam", "get_access_key_last_used", AccessKeyId=key["AccessKeyId"])
            key["LastUsed"] = answer.get("AccessKeyLastUsed") or {}
        except Refused as refused:
            missing = refused.why
    return keys, "", missing


def key_record(key: Mapping[str, Any], user: Mapping[str, Any]) -> SecretRecord:
    """Return one key. Its id is its public name; no right can read it again, so that it has no address."""
    hints = tag_hints(user.get("Tags"))
    told = key.get("LastUsed")
    used = as_time((told or {}).get("LastUsedDate"))
    if told is None:
        last = "IAM does not tell its last use"
    else:
        last = "IAM, GetAccessKeyLastUsed" if used else "IAM, GetAccessKeyLastUsed: no use since 2015"
    facts: dict[str, Any] = {"Held by": str(user["UserName"])}
    if used and told:
        facts["Last used for"] = f"{told.get('ServiceName')} in {told.get('Region')}"[:100]
    status = key.get("Status")
    return SecretRecord(
        f"iam/user/{user['UserName']}/access-key/{key['AccessKeyId']}",
        kind=SecretKind.CLOUD_KEY,
        logs_in_as=str(user.get("Arn") or ""),
        environment=hints.environment,
        tier=hints.tier,
        created_at=as_time(key.get("CreateDate")),
        last_used_at=used,
        enabled={"Active": True, "Inactive": False, "Expired": False}.get(str(status)),
        auto_rotated=False,
        ephemeral=False,
        evidence=dict(hints.evidence)
        | {
            "created_at": "IAM, CreateDate",
            "rotated_at": "an access key is replaced, never changed",
            "last_used_at": last,
            "enabled": "IAM, Status",
            "expires_at": "an access key has no end",
            "auto_rotated": "IAM rotates no access key",
            "rotation_failed": "IAM rotates no access key",
            "ephemeral": "a long-lived key",
        },
        attributes=facts,
    )


__all__ = ["access_keys", "key_record"]
