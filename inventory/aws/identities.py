"""IAM of one account: its users with their access keys, roles, groups and policies, and what each may do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from inventory.aws.access_keys import access_keys, key_record
from inventory.aws.credential_report import CredentialReport
from inventory.aws.failures import Refused
from inventory.aws.grants import identity_grants
from inventory.aws.last_access import LastAccess, Uses
from inventory.aws.policy import PolicyUnreadable, parse_policy
from inventory.aws.principals import group_record, policy_record, role_record, user_record
from inventory.aws.reading import Reading
from inventory.collector import PrincipalRecord, ProgressRecord, Record, SkipRecord
from inventory.store_records import Capability, GrantRecord, Matching, PrincipalKind


@dataclass
class _Learned:
    keys: list[dict[str, Any]] | None = None
    why: str = ""
    uses: Uses = field(default_factory=Uses)
    uses_of_keys_why: str = ""


@dataclass
class Identities:
    """Everybody in one account."""

    reading: Reading
    listed: set[str] = field(default_factory=set)
    """ARNs of the users and roles that were told."""

    def read(self) -> Iterator[Record]:
        """Yield everybody with what they may do, and the access keys of users."""
        account = self.reading.account
        report = CredentialReport.of(self.reading)
        if report.why:
            yield SkipRecord(report.why, "passwords, and the root user", partial=True)
        yield PrincipalRecord(account.everyone, PrincipalKind.GROUP, f"Everybody in account {account.number}")
        yield from report.root(self.reading)
        ended: list[Refused] = []
        told: dict[tuple[str, str], int] = {}
        access = LastAccess(self.reading.client)

        def job(entry: tuple[str, Mapping[str, Any]]) -> _Learned:
            kind, detail = entry
            return self._learn(kind, detail, access)

        for (kind, detail), learned in self.reading.crew().each(self._listed(ended), job):
            for what in (("access keys of users", learned.why), ("last uses of access keys", learned.uses_of_keys_why)):
                if what[1]:
                    told[what] = told.get(what, 0) + 1
            yield from self._told(kind, detail, learned, report)
            if self.reading.principals % 200 == 0:
                yield ProgressRecord("identities", self.reading.principals, self.reading.principals)
        if access.why:
            yield SkipRecord(access.why, "which rights were used", partial=False)
        for (what_for, why), count in told.items():
            yield SkipRecord(why, what_for, count, partial=what_for.startswith("access keys"))
        for refused in ended:
            raise refused

    def _listed(self, ended: list[Refused]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        try:
            for page in self.reading.pages(
                "iam", "get_account_authorization_details", PaginationConfig={"PageSize": 500}
            ):
                for kind, key in (
                    ("policy", "Policies"),
                    ("group", "GroupDetailList"),
                    ("role", "RoleDetailList"),
                    ("user", "UserDetailList"),
                ):
                    yield from ((kind, detail) for detail in page.get(key, ()) if detail.get("Arn"))
        except Refused as refused:
            ended.append(refused)

    def _learn(self, kind: str, detail: Mapping[str, Any], access: LastAccess) -> _Learned:
        learned = _Learned()
        if kind == "user":
            learned.keys, learned.why, learned.uses_of_keys_why = access_keys(self.reading.client, detail["UserName"])
        if kind in ("user", "role"):
            learned.uses = access.of(detail["Arn"])
        return learned

    def _told(
        self, kind: str, detail: Mapping[str, Any], learned: _Learned, report: CredentialReport
    ) -> Iterator[Record]:
        account = self.reading.account
        if kind == "policy":
            yield from self._policy(detail)
            return
        self.reading.principals += 1
        if kind == "group":
            group = group_record(detail, account)
            yield group
            yield from self._inline(group.external_id, detail.get("GroupPolicyList"))
            return
        self.listed.add(detail["Arn"])
        if kind == "role":
            yield role_record(detail, account, learned.uses)
            yield from self._inline(detail["Arn"], detail.get("RolePolicyList"))
        else:
            keys = learned.keys
            yield user_record(detail, account, keys, learned.uses, report.rows.get(detail["UserName"]), report.why)
            yield from self._inline(detail["Arn"], detail.get("UserPolicyList"))
            for key in keys or ():
                self.reading.secrets += 1
                yield key_record(key, detail)
        boundary = (detail.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
        if boundary:
            yield self._bounded(detail["Arn"], str(boundary))

    def _policy(self, detail: Mapping[str, Any]) -> Iterator[Record]:
        """Yield a managed policy and what it gives; one of AWS's own that nobody has says nothing."""
        own = f":{self.reading.account.number}:" in detail["Arn"]
        if not own and not (detail.get("AttachmentCount") or detail.get("PermissionsBoundaryUsageCount")):
            return
        self.reading.principals += 1
        record = policy_record(detail, self.reading.account)
        yield record
        versions = [each for each in detail.get("PolicyVersionList", ()) if each.get("IsDefaultVersion")]
        for version in versions[:1]:
            yield from self._granted(record.external_id, f"policy {record.name}", version.get("Document"))
        if not versions:
            yield SkipRecord("its default version is not told", f"policy {record.name}")

    def _inline(self, principal: str, policies: Any) -> Iterator[Record]:
        for policy in policies or ():
            name = f"inline policy {policy.get('PolicyName')} of {principal.rpartition('/')[2]}"
            yield from self._granted(principal, name, policy.get("PolicyDocument"))

    def _granted(self, principal: str, words: str, document: Any) -> Iterator[Record]:
        try:
            policy = parse_policy(document)
        except PolicyUnreadable as error:
            yield SkipRecord(f"it is not understood: {error}", words)
            return
        yield from identity_grants(principal, words, policy, self.reading.account)

    def _bounded(self, principal: str, boundary: str) -> GrantRecord:
        """Return what a permissions boundary does to all other rights: whether they apply is then not known."""
        account = self.reading.account
        return GrantRecord(
            principal,
            f"arn:{account.partition}:*:*:{account.number}:*",
            Matching.GLOB,
            tuple(Capability),
            f"permissions boundary {boundary.rpartition('/')[2]}",
            deny=True,
            condition="denies what the permissions boundary does not allow",
        )


__all__ = ["Identities"]
