"""Credentials that Scaleway issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="scaleway",
    label="Scaleway",
    opens="Calls the Scaleway API as the IAM user or application that owns the key pair.",
    revoke="console.scaleway.com > IAM > API keys > Delete; or `scw iam api-key delete ACCESS_KEY`.",
    rotate="Create a second API key for the same IAM application, deploy it, then delete the first.",
    documentation="https://www.scaleway.com/en/docs/iam/how-to/create-api-keys/",
    formats=(
        Format(
            slug="scaleway-access-key",
            label="Scaleway access key id",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\bSCW[A-Z0-9]{17}\b",
            examples=("SCW_ACCESS_KEY=SCW<[A-Z0-9]{17}>",),
            counter_examples=("SCW<[A-Z0-9]{10}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="SCW",
            min_entropy=3.0,
        ),
        Format(
            slug="scaleway-secret-key",
            label="Scaleway secret key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near("(?:scaleway|scw)", UUID, called="secret|token|access|key"),
            examples=("SCW_SECRET_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("SCW_SECRET_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
