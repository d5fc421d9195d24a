"""What the statements of policies let somebody do, in the inventory's words: pure.

A resource such as `*` means other things for each service and only one account's, so that each grant is written
out for the service and the account in which it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inventory.access_rule import fits
from inventory.aws.actions import PLACES, SERVICES, everything, given_by, meant, taken_by
from inventory.aws.policy import Policy, Statement
from inventory.store_records import Capability, GrantRecord, Matching

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_ARN_PARTS = 6


@dataclass(frozen=True, slots=True)
class Account:
    """The account in which a policy holds."""

    number: str
    partition: str = "aws"

    @property
    def everyone(self) -> str:
        """What stands for everybody who belongs to it."""
        return f"arn:{self.partition}:iam::{self.number}:root"

    def all_of(self, service: str) -> str:
        """Return the pattern of everything that a service holds here."""
        region = "" if service == "iam" else "*"
        return f"arn:{self.partition}:{service}:{region}:{self.number}:{PLACES[service]}"


@dataclass(frozen=True, slots=True)
class Target:
    """What a resource means in one service, and what else must hold."""

    pattern: str
    conditions: tuple[str, ...] = ()
    whole: bool = False
    """It fits everything that the service holds in a region or in the account."""


def identity_grants(principal: str, words: str, policy: Policy, account: Account) -> Iterator[GrantRecord]:
    """Yield what a policy gives to whoever has it; `words` name it for the reader."""
    for number, statement in enumerate(policy.statements, 1):
        rule = f"{words}, statement {statement.sid or number}"
        if _is_all(statement) and not statement.deny:
            yield from _of_everything(principal, rule, statement, policy, account)
            continue
        for service in SERVICES:
            actions = _actions(statement, service)
            if actions:
                for resource, target in _targets(statement, service, policy, account):
                    yield from _told(principal, rule, statement, service, actions, resource, target)


def capabilities_on(statement: Statement, service: str) -> Iterator[tuple[tuple[Capability, ...], str]]:
    """Yield what a statement gives or takes in a service, with what limits it."""
    actions = _actions(statement, service)
    if not statement.deny:
        yield given_by(actions, service), ""
        return
    # At AWS a denial beats administration too; what it leaves of it stands as rights of their own.
    whole, parts = taken_by(actions, service)
    yield whole and (*whole, Capability.ADMIN), ""
    yield parts and (*parts, Capability.ADMIN), "only some of the ways are denied"


def meaning(resource: str, service: str, account: Account, *, variables: bool = True) -> Target | None:
    """Return what a resource of a policy means in a service; None where it means nothing there."""
    conditions: tuple[str, ...] = ()
    if variables and "${" in resource:
        names = [name for name in _VARIABLE.findall(resource) if name not in ("*", "?", "$")]
        if names:
            conditions = (f"holds for what fits the policy variable {', '.join(names)[:100]}",)
        resource = _VARIABLE.sub(lambda found: {"*": "?", "?": "?", "$": "$"}.get(found.group(1), "*"), resource)
    if resource and not resource.strip("*"):
        return Target(account.all_of(service), conditions, whole=True)
    parts = resource.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS and parts[-1] == "*" and len(parts) > 2:
        parts += ["*"] * (_ARN_PARTS - len(parts))
    if len(parts) < _ARN_PARTS:
        if "*" not in resource:
            return None
        spans = f"the resource {resource[:100]} spans parts of an ARN"
        return Target(account.all_of(service), (*conditions, spans))
    named = ("arn", account.partition, service)
    if not all(fits(mine, Matching.GLOB, own) for mine, own in zip(parts[:3], named, strict=True)):
        return None
    number = parts[4]
    if not fits(number, Matching.GLOB, account.number):
        conditions = (*conditions, f"only where the account {number[:20]} allows it too")
    else:
        number = account.number
    region = "" if service == "iam" else parts[3]
    pattern = ":".join((*named, region, number, parts[5]))
    sample = PLACES[service].rstrip("*")
    whole = all(fits(parts[5], Matching.GLOB, sample + odd) for odd in ("\1", "\2/\1-\2"))
    return Target(pattern, conditions, whole)


def _is_all(statement: Statement) -> bool:
    return any(each in ("*", "*:*", "**") for each in statement.actions)


def _actions(statement: Statement, service: str) -> frozenset[str]:
    if statement.not_actions:
        return everything(service) - meant(statement.not_actions, service)
    return meant(statement.actions, service)


def _targets(statement: Statement, service: str, policy: Policy, account: Account) -> Iterator[tuple[str, Target]]:
    for resource in statement.resources:
        target = meaning(resource, service, account, variables=policy.variables)
        if target is not None:
            yield resource, target
    if statement.not_resources:
        but = f"everything but {', '.join(statement.not_resources)}"
        spared = [meaning(each, service, account, variables=policy.variables) for each in statement.not_resources]
        if not any(spared):
            yield but, Target(account.all_of(service), whole=True)
        elif not any(each and each.whole and not each.conditions for each in spared):
            limit = f"does not hold for {', '.join(statement.not_resources)[:200]}"
            yield but, Target(account.all_of(service), (limit,))


def _of_everything(
    principal: str, rule: str, statement: Statement, policy: Policy, account: Account
) -> Iterator[GrantRecord]:
    """Yield what all actions give: administration where they hold for all resources."""
    if any(not each.strip("*") for each in statement.resources):
        yield GrantRecord(
            principal,
            f"arn:{account.partition}:*:*:{account.number}:*",
            Matching.GLOB,
            tuple(Capability),
            f"{rule}: Allow * on *",
            wildcard=True,
            condition=statement.condition,
        )
        return
    for service in SERVICES:
        for resource, target in _targets(statement, service, policy, account):
            yield from _told(principal, rule, statement, service, everything(service), resource, target)


def _told(
    principal: str,
    rule: str,
    statement: Statement,
    service: str,
    actions: frozenset[str],
    resource: str,
    target: Target,
) -> Iterator[GrantRecord]:
    conditions = (*target.conditions, statement.condition)
    for capabilities, limit in capabilities_on(statement, service):
        if not capabilities:
            continue
        yield GrantRecord(
            principal,
            target.pattern,
            Matching.GLOB,
            capabilities,
            f"{rule}: {_words(statement, service)} on {resource[:300]}",
            deny=statement.deny,
            # Names alone open nothing.
            wildcard=target.whole and not statement.deny and bool({*capabilities} - {Capability.LIST}),
            condition="; ".join(filter(None, (*conditions, limit))),
        )


def _words(statement: Statement, service: str) -> str:
    """Return what a statement says of a service, as it says it."""
    effect = "Deny" if statement.deny else "Allow"
    if statement.not_actions:
        return f"{effect} all of {service} but {', '.join(statement.not_actions[:5])}"
    named = [each for each in statement.actions if meant((each,), service)]
    more = f" and {len(named) - 5} more" if len(named) > 5 else ""
    return f"{effect} {', '.join(named[:5])}{more}"


__all__ = ["Account", "Target", "capabilities_on", "identity_grants", "meaning"]
