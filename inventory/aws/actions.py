"""Which of AWS's actions decide over secrets, and what each is in the inventory's words.

Names from the service authorization reference of Secrets Manager, Systems Manager, KMS and IAM; what opens, changes
or hands out no secret is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from inventory.access_rule import fits
from inventory.store_records import Capability, Matching

_R, _L, _W, _D = Capability.READ, Capability.LIST, Capability.WRITE, Capability.DELETE
_U, _M = Capability.USE, Capability.MANAGE


def _named(texts: Mapping[Capability, str]) -> dict[Capability, frozenset[str]]:
    return {capability: frozenset(names.lower().split()) for capability, names in texts.items()}


SERVICES: Mapping[str, Mapping[Capability, frozenset[str]]] = {
    "secretsmanager": _named(
        {
            _R: "GetSecretValue",
            _L: "ListSecrets DescribeSecret ListSecretVersionIds",
            _W: "CreateSecret PutSecretValue UpdateSecret UpdateSecretVersionStage RotateSecret CancelRotateSecret",
            _D: "DeleteSecret",
            _M: "PutResourcePolicy DeleteResourcePolicy ReplicateSecretToRegions",
        }
    ),
    "ssm": _named(
        {
            _R: "GetParameter GetParameters GetParametersByPath GetParameterHistory",
            _L: "DescribeParameters",
            _W: "PutParameter LabelParameterVersion UnlabelParameterVersion",
            _D: "DeleteParameter DeleteParameters",
            _M: "PutResourcePolicy DeleteResourcePolicy",
        }
    ),
    "kms": _named(
        {
            _L: "ListKeys DescribeKey",
            _U: "Decrypt Encrypt ReEncryptFrom ReEncryptTo GenerateDataKey GenerateDataKeyPair Sign GenerateMac "
            "DeriveSharedSecret",
            _W: "EnableKey EnableKeyRotation DisableKeyRotation RotateKeyOnDemand ImportKeyMaterial UpdateAlias",
            _D: "DisableKey ScheduleKeyDeletion DeleteImportedKeyMaterial",
            _M: "PutKeyPolicy CreateGrant",
        }
    ),
    "iam": _named(
        {
            _L: "ListAccessKeys",
            _W: "CreateAccessKey UpdateAccessKey CreateLoginProfile UpdateLoginProfile "
            "CreateServiceSpecificCredential ResetServiceSpecificCredential",
            _D: "DeleteAccessKey",
            _M: "PutUserPolicy AttachUserPolicy DetachUserPolicy DeleteUserPolicy PutGroupPolicy AttachGroupPolicy "
            "DetachGroupPolicy PutRolePolicy AttachRolePolicy DetachRolePolicy DeleteRolePolicy CreatePolicyVersion "
            "SetDefaultPolicyVersion AddUserToGroup UpdateAssumeRolePolicy PassRole PutUserPermissionsBoundary "
            "DeleteUserPermissionsBoundary PutRolePermissionsBoundary DeleteRolePermissionsBoundary",
        }
    ),
}
PLACES: Mapping[str, str] = {"secretsmanager": "secret:*", "ssm": "parameter/*", "kms": "key/*", "iam": "*"}
"""What an ARN of each service has at its end, where all that it holds is meant."""


@lru_cache(maxsize=4096)
def _meant(pattern: str, service: str) -> frozenset[str]:
    names = (name for named in SERVICES[service].values() for name in named)
    return frozenset(name for name in names if fits(pattern, Matching.GLOB, f"{service}:{name}"))


def meant(patterns: Iterable[str], service: str) -> frozenset[str]:
    """Return the actions of a service that patterns (in small letters) stand for."""
    return frozenset().union(*(_meant(each, service) for each in patterns))


def everything(service: str) -> frozenset[str]:
    """Return all actions of a service that matter here."""
    return frozenset().union(*SERVICES[service].values())


def given_by(actions: frozenset[str], service: str) -> tuple[Capability, ...]:
    """Return what actions allow: one that does suffices."""
    table = SERVICES[service]
    return tuple(each for each in Capability if each in table and table[each] & actions)


def taken_by(actions: frozenset[str], service: str) -> tuple[tuple[Capability, ...], tuple[Capability, ...]]:
    """Return what a denial of actions takes away wholly, and what only in part: there are several ways to read."""
    table = SERVICES[service]
    touched = [each for each in Capability if each in table and table[each] & actions]
    whole = tuple(each for each in touched if table[each] <= actions)
    return whole, tuple(each for each in touched if each not in whole)


__all__ = ["PLACES", "SERVICES", "everything", "given_by", "meant", "taken_by"]
