"""Says what a credential allows in an account, by the smallest request for each thing; reads no value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from inventory.aws.client import Client
from inventory.aws.failures import Refused
from inventory.collector import Ability


@dataclass(frozen=True, slots=True)
class _Trial:
    name: str
    service: str
    operation: str
    gives: str
    given: dict[str, Any] = field(default_factory=dict)


_TRIALS = (
    _Trial("List regions", "ec2", "describe_regions", "what the account uses, where no regions are named"),
    _Trial("List secrets", "secretsmanager", "list_secrets", "names, ages and rotation", {"MaxResults": 1}),
    _Trial("List parameters", "ssm", "describe_parameters", "names and ages of secure parameters", {"MaxResults": 1}),
    _Trial("List encryption keys", "kms", "list_keys", "rotation of keys", {"Limit": 1}),
    _Trial(
        "Read users, roles and policies",
        "iam",
        "get_account_authorization_details",
        "who may do what",
        {"MaxItems": 1},
    ),
    _Trial("Read the credential report", "iam", "generate_credential_report", "passwords, and the root user"),
    _Trial("List access keys", "iam", "list_access_keys", "access keys with their age", {"MaxItems": 1}),
)


def abilities(client: Client, account: str, *, values: bool) -> Iterator[Ability]:
    """Yield what can be done in one account, one ability each."""
    yield Ability("Connect and sign in", True, f"account {account}")
    for trial in _TRIALS:
        try:
            client.call(trial.service, trial.operation, **trial.given)
        except Refused as refused:
            if refused.gone:
                # Whoever took a role has no keys of their own; the right was there.
                yield Ability(trial.name, True, trial.gives)
                continue
            detail = f"{refused.why}. Add it to the rights of this source's credential, see the least rights."
            yield Ability(trial.name, False, trial.gives, detail)
        else:
            yield Ability(trial.name, True, trial.gives)
    if values:
        why = "Trying it would read a value. The next collection says where it may not."
        yield Ability("Read values", None, "fingerprints, and secrets in variables", why)


__all__ = ["abilities"]
