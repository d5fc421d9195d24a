"""The least rights that reading an account needs, as policies that can be copied."""

from __future__ import annotations

import json

METADATA: tuple[str, ...] = (
    "ec2:DescribeRegions",
    "iam:GenerateCredentialReport",
    "iam:GenerateServiceLastAccessedDetails",
    "iam:GetAccessKeyLastUsed",
    "iam:GetAccountAuthorizationDetails",
    "iam:GetCredentialReport",
    "iam:GetServiceLastAccessedDetails",
    "iam:ListAccessKeys",
    "iam:ListAccountAliases",
    "kms:DescribeKey",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListKeyRotations",
    "kms:ListKeys",
    "kms:ListResourceTags",
    "secretsmanager:GetResourcePolicy",
    "secretsmanager:ListSecretVersionIds",
    "secretsmanager:ListSecrets",
    "ssm:DescribeParameters",
    "ssm:ListTagsForResource",
)
"""None of these hands out a value."""
VALUES: tuple[str, ...] = (
    "codebuild:BatchGetProjects",
    "codebuild:ListProjects",
    "kms:Decrypt",
    "lambda:ListFunctions",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameterHistory",
)
"""What fingerprints need on top: these hand values out."""


def policy(sid: str, actions: tuple[str, ...], resource: str = "*") -> str:
    """Return a policy of one statement."""
    statement = {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def least_rights() -> str:
    """Return the policies, each with what it is for."""
    parts = (
        ("Metadata only: with this no value can be read.", policy("SecretsPostureMetadata", METADATA)),
        (
            "Only where fingerprints are switched on: values. Narrow the resource to what is to be compared.",
            policy("SecretsPostureFingerprints", VALUES),
        ),
        (
            "Only where roles are named: for the credential's own user. Each role has the rights above.",
            policy("SecretsPostureRoles", ("sts:AssumeRole",), "arn:aws:iam::ACCOUNT:role/ROLE"),
        ),
    )
    return "\n\n".join(f"# {why}\n{text}" for why, text in parts) + "\n"


__all__ = ["METADATA", "VALUES", "least_rights"]
