"""Users, roles, groups and policies of IAM as the inventory's principals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from inventory.aws.credential_report import SAYS, Row
from inventory.aws.grants import Account
from inventory.aws.last_access import Uses
from inventory.aws.policy import PolicyUnreadable, parse_policy
from inventory.aws.reading import as_time, later_than
from inventory.aws.tags import tag_attributes, tag_hints
from inventory.collector import PrincipalRecord
from inventory.store_records import PrincipalKind

_NO_END = "IAM sets no end"
_COUNTED = "IAM, services last accessed"


def user_record(
    detail: Mapping[str, Any],
    account: Account,
    keys: Sequence[Mapping[str, Any]] | None,
    uses: Uses,
    row: Row | None,
    report_why: str,
) -> PrincipalRecord:
    """Return a user: a person where it has a password for the console, else a workload."""
    hints = tag_hints(detail.get("Tags"))
    password = row.flag("password_enabled") if row else None
    used, evidence = _last_use(keys, uses, row)
    evidence |= dict(hints.evidence) | {
        "kind": f"{SAYS}, password_enabled"
        if password is not None
        else f"not known whether it has a password: {report_why}",
        "created_at": "IAM, CreateDate",
        "expires_at": _NO_END,
    }
    active = None if keys is None else any(key.get("Status") == "Active" for key in keys)
    enabled = True if password or active else (False if password is False and active is False else None)
    evidence["enabled"] = (
        "IAM: it has a password or an active access key"
        if enabled
        else "IAM: it has neither a password nor an active access key"
        if enabled is False
        else "IAM does not tell whether it has a password or an active access key"
    )
    facts: dict[str, Any] = {}
    if password is not None:
        facts["Password"] = password
    if row and (changed := row.time("password_last_changed")):
        facts["Password changed"] = changed.isoformat()
    if row and (mfa := row.flag("mfa_active")) is not None:
        facts["Second factor"] = mfa
    if keys is not None:
        facts["Access keys"] = len(keys)
    return PrincipalRecord(
        detail["Arn"],
        PrincipalKind.HUMAN if password else PrincipalKind.WORKLOAD,
        str(detail["UserName"]),
        environment=hints.environment,
        member_of=(*_groups(detail, account), *_policies(detail, account), account.everyone),
        created_at=as_time(detail.get("CreateDate")),
        last_used_at=used,
        enabled=enabled,
        granted=uses.granted,
        used=uses.used,
        evidence=evidence | _of_uses(uses),
        attributes=facts | _boundary(detail) | tag_attributes(hints),
    )


def role_record(detail: Mapping[str, Any], account: Account, uses: Uses) -> PrincipalRecord:
    """Return a role, with who is let in; when it was used last IAM tells for 400 days."""
    hints = tag_hints(detail.get("Tags"))
    told = detail.get("RoleLastUsed")
    used = later_than(as_time((told or {}).get("LastUsedDate")), uses.last)
    facts: dict[str, Any] = {}
    if trusted := ", ".join(_trusted(detail.get("AssumeRolePolicyDocument"))):
        facts["May be taken by"] = trusted[:500]
    if str(detail.get("Path") or "").startswith("/aws-service-role/"):
        facts["Made by a service of AWS"] = True
    return PrincipalRecord(
        detail["Arn"],
        PrincipalKind.WORKLOAD,
        str(detail["RoleName"]),
        environment=hints.environment,
        member_of=(*_policies(detail, account), account.everyone),
        created_at=as_time(detail.get("CreateDate")),
        last_used_at=used,
        enabled=True,
        granted=uses.granted,
        used=uses.used,
        evidence=dict(hints.evidence)
        | {
            "created_at": "IAM, CreateDate",
            "last_used_at": "IAM, RoleLastUsed" if used else "IAM tells no use within its window of 400 days",
            "expires_at": _NO_END,
            "enabled": "IAM switches no role off",
        }
        | _of_uses(uses),
        attributes=facts | _boundary(detail) | tag_attributes(hints),
    )


def group_record(detail: Mapping[str, Any], account: Account) -> PrincipalRecord:
    """Return a group of users."""
    return PrincipalRecord(
        group_id(str(detail["GroupName"]), account),
        PrincipalKind.GROUP,
        str(detail["GroupName"]),
        member_of=_policies(detail, account),
        created_at=as_time(detail.get("CreateDate")),
        evidence={"created_at": "IAM, CreateDate"},
    )


def policy_record(detail: Mapping[str, Any], account: Account) -> PrincipalRecord:
    """Return a managed policy, which others are given."""
    ours = f":{account.number}:" in detail["Arn"]
    facts: dict[str, Any] = {"Attached to": int(detail.get("AttachmentCount") or 0)}
    if not ours:
        facts["Made by AWS"] = True
    if changed := as_time(detail.get("UpdateDate")):
        facts["Changed"] = changed.isoformat()
    return PrincipalRecord(
        _policy_id(detail["Arn"], account),
        PrincipalKind.ROLE,
        str(detail.get("PolicyName") or detail["Arn"].rpartition("/")[2]),
        created_at=as_time(detail.get("CreateDate")),
        evidence={"created_at": "IAM, CreateDate"},
        attributes=facts,
    )


def _policy_id(arn: str, account: Account) -> str:
    """Return the id of a policy; AWS's own are the same in every account, and mean each account's own things."""
    return arn if f":{account.number}:" in arn else f"{account.number}:{arn}"


def _policies(detail: Mapping[str, Any], account: Account) -> tuple[str, ...]:
    attached = detail.get("AttachedManagedPolicies") or ()
    return tuple(_policy_id(each["PolicyArn"], account) for each in attached if each.get("PolicyArn"))


def group_id(name: str, account: Account) -> str:
    """Return the id of a group: users list theirs by name only, and IAM lets no two differ by path alone."""
    return f"{account.number}:group/{name}"


def _groups(detail: Mapping[str, Any], account: Account) -> Iterator[str]:
    for name in detail.get("GroupList") or ():
        yield group_id(str(name), account)


def _last_use(
    keys: Sequence[Mapping[str, Any]] | None, uses: Uses, row: Row | None
) -> tuple[datetime | None, dict[str, str]]:
    """Return when a user did something last, as far as all that tells it is known."""
    used = later_than(row.time("password_last_used") if row else None, uses.last)
    whole = row is not None and keys is not None
    for key in keys or ():
        if "LastUsed" not in key:
            whole = False
        else:
            used = later_than(used, as_time(key["LastUsed"].get("LastUsedDate")))
    if used is not None:
        said = "IAM, last use of password and access keys"
    else:
        said = "IAM tells no use of a password or a key" if whole else "IAM does not tell all uses"
    return used, {"last_used_at": said}


def _of_uses(uses: Uses) -> dict[str, str]:
    said = uses.why or _COUNTED
    return {"granted": said, "used": said}


def _boundary(detail: Mapping[str, Any]) -> dict[str, Any]:
    arn = (detail.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    return {"Permissions boundary": str(arn)[:300]} if arn else {}


def _trusted(document: Any) -> Iterator[str]:
    try:
        policy = parse_policy(document)
    except PolicyUnreadable:
        yield "not understood"
        return
    for statement in policy.statements:
        if not statement.deny:
            limit = " (under a condition)" if statement.condition else ""
            yield from (f"{named}{limit}" for named in statement.principals[:20])


__all__ = ["group_id", "group_record", "policy_record", "role_record", "user_record"]
