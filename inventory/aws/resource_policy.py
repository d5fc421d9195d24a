"""What the policy of a secret gives: to principals of its account, to everybody there, and to those outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from inventory.access_rule import fits
from inventory.aws.grants import Account, capabilities_on, meaning
from inventory.aws.policy import Policy, Statement
from inventory.collector import GrantRecord, PrincipalRecord
from inventory.store_records import Matching, PrincipalKind

_ROOT = re.compile(r"(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?")
_DELETED = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,28}")
"""What AWS writes in place of a principal that was deleted."""
ANYONE, EVERYBODY = "outside:*", "outside:everybody"
"""An identity that stands for all there are, and a group of those who are named: a denial reaches all of them."""


@dataclass
class Outsiders:
    """Who resource policies name: principals of the account as they are listed, and those outside, told once."""

    account: Account
    listed: set[str]
    """ARNs of users and roles that are told as principals of their own."""
    told: set[str] = field(default_factory=set)
    unknown: int = 0
    """How often a principal of the account is named that is not listed."""

    def grants(self, arn: str, name: str, policy: Policy) -> Iterator[PrincipalRecord | GrantRecord]:
        """Yield what the policy of one secret gives, and those outside before they are given something."""
        for number, statement in enumerate(policy.statements, 1):
            conditions = _conditions(statement, arn, policy, self.account)
            if conditions is None:
                continue
            rule = f"resource policy of {name}, statement {statement.sid or number}"
            for named, limit in _principals(statement):
                for principal in self._meant(named, statement):
                    if principal.startswith("outside:") and principal not in self.told:
                        self.told.add(principal)
                        yield _outsider(principal)
                    words = f"{rule}: {'Deny' if statement.deny else 'Allow'} {_actions(statement)} to {named[:200]}"
                    yield from _told(principal, arn, statement, words, (*conditions, limit))

    def _meant(self, named: str, statement: Statement) -> Iterator[str]:
        """Yield the external ids that a principal of a statement stands for."""
        root = _ROOT.fullmatch(named)
        own = root is not None and root.group(1) == self.account.number
        if named == "*":
            yield self.account.everyone
            yield EVERYBODY if statement.deny else ANYONE
        elif own:
            # Allowing one's own account only lets its policies decide, which they do anyway.
            if statement.deny:
                yield self.account.everyone
        elif named in self.listed:
            yield named
        elif named.startswith(f"arn:{self.account.partition}:iam::{self.account.number}:"):
            self.unknown += 1
        elif not _DELETED.fullmatch(named):
            yield f"outside:{root.group(1) if root else named}"[:900]


def _principals(statement: Statement) -> Iterator[tuple[str, str]]:
    for named in statement.principals:
        yield named, ""
    if statement.not_principals:
        yield "*", f"not for {', '.join(statement.not_principals)[:200]}"


def _conditions(statement: Statement, arn: str, policy: Policy, account: Account) -> tuple[str, ...] | None:
    """Return what else must hold for the secret; None where the statement is not about it."""
    if statement.not_resources:
        return (f"does not hold for {', '.join(statement.not_resources)[:200]}", statement.condition)
    for resource in statement.resources or ("*",):
        target = meaning(resource, "secretsmanager", account, variables=policy.variables)
        if target is not None and (target.whole or fits(target.pattern, Matching.GLOB, arn)):
            return (*target.conditions, statement.condition)
    return None


def _told(
    principal: str, arn: str, statement: Statement, words: str, conditions: tuple[str, ...]
) -> Iterator[GrantRecord]:
    for capabilities, limit in capabilities_on(statement, "secretsmanager"):
        if capabilities:
            yield GrantRecord(
                principal,
                arn,
                Matching.EXACT,
                capabilities,
                words,
                deny=statement.deny,
                condition="; ".join(dict.fromkeys(filter(None, (*conditions, limit)))),
            )


def _actions(statement: Statement) -> str:
    if statement.not_actions:
        return f"all but {', '.join(statement.not_actions[:5])}"
    return ", ".join(statement.actions[:5])


def _outsider(principal: str) -> PrincipalRecord:
    named = principal.removeprefix("outside:")
    if principal == EVERYBODY:
        return PrincipalRecord(principal, PrincipalKind.GROUP, "Everybody outside the account")
    if principal == ANYONE:
        name = "Anyone, from any account"
    elif named.isdigit():
        name = f"Account {named}, outside"
    else:
        name = f"{named}, outside"
    why = "AWS tells of principals outside the account only that a policy names them"
    fields = ("created_at", "last_used_at", "expires_at", "enabled", "granted", "used")
    return PrincipalRecord(
        principal,
        PrincipalKind.WORKLOAD,
        name,
        member_of=(EVERYBODY,) if principal == ANYONE else (EVERYBODY, ANYONE),
        evidence=dict.fromkeys(fields, why),
        attributes={"Outside the account": True},
    )


__all__ = ["ANYONE", "EVERYBODY", "Outsiders"]
